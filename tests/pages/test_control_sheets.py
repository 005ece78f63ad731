"""The figures of weekly sheets open lists of the span, each row with the place where it is mended (R25, R60)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd import clock
from tests.families import on_paper, print_all

FAMILIES = "/admin/control/families"
SPAN = "from=2026-09-01&to=2026-09-21"  # sheets due on the 14th and on the 21st
# Two families: Витя's of 7А, printed for two weeks, one of them handed out; Маша's of 1А, not printed.
LISTS = {
    "sheets-due": ["1А", "1А", "7А", "7А"], "sheets-not-handed": ["1А", "1А", "7А"], "sheets-printed": ["7А", "7А"],
    "sheets-handed": ["7А"], "sheets-waiting": ["7А"], "sheets-in-time": ["7А"], "sheets-uncollected": []}


@pytest.fixture
def handed(school):
    """On Monday 21 September Анна has printed two weeks and handed out the latter on its last day."""
    on_paper(school, school.vera, school.vitya)
    on_paper(school, school.vera, school.masha)
    with clock.freeze(datetime(2026, 9, 21, 15, tzinfo=UTC)):
        first, *_ = sorted(print_all(school), key=lambda sheet: -sheet.monday.toordinal())
        first.handed_on, first.handed_to, first.handed_by_id = clock.today(), "guardian", school.anna.id
        school.session.commit()
        yield school


@pytest.mark.parametrize("name", LISTS)
def test_each_figure_opens_exactly_its_sheets(as_, handed, name):
    dina = as_(handed.dina)
    page = dina.get(f"{FAMILIES}?{SPAN}")
    links = [link for link in page.select("ul.figures a") if f"/{name}?" in link["href"]]
    if not LISTS[name]:
        assert not links
        return
    opened = dina.get(links[0]["href"])
    assert [row.th.text.strip() for row in opened.select("tbody tr")] == LISTS[name]
    assert links[0].text == str(len(LISTS[name]))


def test_a_row_names_family_week_and_state_and_leads_to_the_class(as_, handed):
    dina = as_(handed.dina)
    rows = dina.get(f"/admin/control/sheets-due?{SPAN}").select("tbody tr")
    told = [{cell["data-title"]: cell.text.replace("\u00a0", " ").strip() for cell in row.select("td")}
            for row in rows]
    assert {(row["Семья"], row["Неделя с"]) for row in told} == {
        (handed.vera.short_name.replace("\u00a0", " "), monday) for monday in ("пн, 7 сентября", "пн, 14 сентября")}
    assert {row["Как стоит"] for row in told} >= {"напечатан, не выдан", "выдан родителю 21 сентября"}
    by_state = {row["Как стоит"]: line.th.a["href"] for row, line in zip(told, rows, strict=True)}
    seventh, first = handed.school_class("7А").id, handed.school_class("1А").id
    assert by_state["напечатан, не выдан"].endswith(f"/classes/{seventh}/sheets#waiting")
    assert by_state["выдан родителю 21 сентября"].endswith(f"/classes/{seventh}/sheets/log")
    assert any(link.endswith(f"/classes/{first}/sheets#print") for link in by_state.values())
    for link in by_state.values():
        dina.get(link)


def test_what_a_family_let_lie_is_a_list_of_its_own(as_, handed):
    with clock.freeze(datetime(2026, 9, 30, 15, tzinfo=UTC)):
        dina = as_(handed.dina)
        figure = dina.get(f"{FAMILIES}?{SPAN}").select_one("ul.figures a[href*=sheets-uncollected]")
        [row] = dina.get(figure["href"]).select("tbody tr")
        assert figure.text == "1" and row.select_one("[data-title='Как стоит']").text == "напечатан, не забран"


def test_a_class_s_figure_opens_its_own_sheets(as_, handed):
    dina = as_(handed.dina)
    row = next(row for row in dina.get(f"{FAMILIES}?{SPAN}").select("table.parts tbody tr") if row.th.text == "7А")
    opened = dina.get(row.select_one("[data-title='Листы: положено'] a")["href"])
    assert [row.th.text.strip() for row in opened.select("tbody tr")] == ["7А", "7А"]
    assert opened.find("a", string="Ко всем цифрам")["href"].startswith(FAMILIES)


def test_workbook_and_paper_hold_the_same_rows(as_, handed):
    dina = as_(handed.dina)
    links = [link["href"] for link in dina.get(f"/admin/control/sheets-due?{SPAN}").select(".actions a")]
    book = load_workbook(BytesIO(dina.get(links[0]).response.data)).active
    assert [row[0] for row in book.iter_rows(min_row=5, values_only=True)] == LISTS["sheets-due"]
    assert book["D5"].value.date() == date(2026, 9, 7)
    text = re.sub(r"\s+", " ", PdfReader(BytesIO(dina.get(links[1]).response.data)).pages[0].extract_text())
    assert text.startswith("Недельные листы, которые положены") and "выдан родителю 21 сентября" in text


def test_eight_statements_whatever_the_list(as_, handed, at_most):
    dina = as_(handed.dina)
    for name in LISTS:
        for form in ("", ".xlsx", ".pdf"):
            with at_most(8):
                dina.get(f"/admin/control/{name}{form}?{SPAN}")


@pytest.mark.parametrize("query", ["from=x", "class=999", "from=2026-09-10&to=2026-09-01"])
def test_what_can_not_be_understood_is_one_sentence(as_, school, query):
    as_(school.dina).get(f"/admin/control/sheets-due?{query}", status=422)
