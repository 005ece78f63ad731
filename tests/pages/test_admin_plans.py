"""Plans of the school for the deputy head (R60, plan lag): page, filters, files."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd import clock
from ejd.plans.services import NewTopic, fill_plan

URL = "/admin/plans"


@pytest.fixture
def plans(school):
    """Mathematics in 7А has more hours than lessons, Russian has one topic; nobody else has a plan."""
    for name, many in (("Математика", 40), ("Русский", 1)):
        fill_plan(school.session, actor_id=school.anna.id, course_id=school.course("7А", name).id, now=clock.now(),
                  topics=[NewTopic(f"Тема {number}") for number in range(many)])


def journals(page):
    return [" ".join(row.select_one("th").text.split()) for row in page.select("tbody tr")]


def test_who_has_a_plan_and_how_far_behind_it_is(as_, school, plans):
    page = as_(school.dina).get(URL)
    assert len(journals(page)) == 6
    maths = next(row for row in page.select("tbody tr") if "7А, Математика" in row.text)
    assert [cell.text.strip() for cell in maths.select("td")] == [
        "Андреева\u00a0А.\u00a0А.", "40", "24", "9", "9", "0", "9", "40 / 15"]
    assert "плана нет" in next(row for row in page.select("tbody tr") if "7Б, Математика" in row.text).text


def test_the_tabs_count_and_narrow(as_, school, plans):
    dina = as_(school.dina)
    tabs = {link.text.split(":")[0]: link for link in dina.get(URL).select(".tabs a")}
    assert {name: int(link.text.split(":")[1]) for name, link in tabs.items()} == {
        "Все журналы": 6, "Плана нет": 4, "Отстают": 2, "Часов больше, чем уроков": 1, "Уроков больше, чем часов": 1}
    assert journals(dina.get(tabs["Часов больше, чем уроков"]["href"])) == ["7А, Математика"]


def test_filters_by_teacher_class_and_subject(as_, school, plans):
    dina = as_(school.dina)
    page = dina.get(URL)
    page = dina.submit(page, "form.filters", {"teacher": str(school.boris.id)}, status=200)
    assert journals(page) == ["7А, Иностранный язык (английский), подгруппа 2", "7А, Русский язык"]
    page = dina.get(URL, query_string={"class": school.school_class("7Б").id})
    assert journals(page) == ["7Б, Математика"]
    assert "Таких журналов нет" in dina.get(URL, query_string={"subject": "999"}).words
    dina.get(URL, query_string={"only": "ерунда"}, status=404)


def test_the_list_is_a_workbook_and_a_paper(as_, school, plans):
    dina = as_(school.dina)
    sheet = load_workbook(io.BytesIO(dina.get(f"{URL}.xlsx").response.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    maths = next(row for row in rows if row[:2] == ["7А", "Математика"])
    assert maths[3:] == ["есть", 40, 24, 9, 9, 0, 9, 40, 15]
    assert [row[1] for row in rows if row[3] == "нет" and row[0] == "7Б"] == ["Математика"]
    paper = PdfReader(io.BytesIO(dina.get(f"{URL}.pdf", query_string={"only": "behind"}).response.data))
    words = " ".join(paper.pages[0].extract_text().split())
    assert "Отстают" in words and "2 журнала" in words and "7Б" not in words


def test_a_plan_is_read_by_the_deputy(as_, school, plans):
    page = as_(school.dina).get(f"/admin/courses/{school.course('7А', 'Математика').id}/plan")
    assert "40 тем на 40 часов, в году 24 урока" in page.words and not page.select("form[method=post] textarea")
    empty = as_(school.dina).get(f"/admin/courses/{school.course('7Б', 'Математика').id}/plan")
    assert "ещё нет плана" in empty.words


def test_control_leads_to_the_plans(as_, school, plans):
    assert as_(school.dina).get("/admin/control").select_one(f"main a[href='{URL}']")
    as_(school.olga).get(URL, status=403)


def test_pages_ask_a_bounded_number_of_statements(as_, school, plans, at_most):
    dina = as_(school.dina)
    for page in (URL, f"{URL}.xlsx", f"/admin/courses/{school.course('7А', 'Математика').id}/plan"):
        with at_most(8):
            dina.get(page)
