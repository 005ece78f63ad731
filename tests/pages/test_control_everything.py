"""Everything that control shows, in one workbook and on one paper; the figures are the pages' (R60)."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from ejd import clock
from ejd.school.models import Setting, Term
from tests import half_term
from tests.families import on_paper
from tests.half_term import HalfTerm

PAGE = "/admin/control"
GROUPS = {"Заверение": "Заверение печатных журналов", "Планы": "Планы (КТП)"}  # as a label, and as a heading
BREAKDOWNS = {"teacher": "По учителям", "class": "По классам", "subject": "По предметам", "kind": "По видам работ"}
DAYS = "from=2026-09-01&to=2026-09-28"


@pytest.fixture
def lived(school):
    """Four weeks of three classes, and a family on paper."""
    school.session.query(Setting).filter_by(key="launch.marks").update({"value": '"2026-09-02"'})
    on_paper(school, school.vera, school.vitya)
    HalfTerm(school, 3).live()
    with clock.freeze(half_term.NOW):
        yield school


def fetched(visitor, query: str, form: str) -> bytes:
    """The file that the form of the overview leads to."""
    begun = visitor.submit(visitor.get(f"{PAGE}?{query}"), "form[action*=everything]", {"form": form})
    done = visitor.get(begun.response.headers["Location"])
    return visitor.get(done.find("a", href=re.compile(r"/file$"))["href"]).response.data


def figures_of(book: Workbook) -> dict[tuple[str, str], int | float]:
    return {(row[0], row[1]): row[2] for row in book["Показатели"].iter_rows(min_row=5, values_only=True)}


def shown(page) -> dict[tuple[str, str], int]:
    """The big numbers of a page, by their group and title."""
    found = {}
    for group in page.select("ul.figures"):
        for one in group.select("li"):
            found[group["aria-label"], one.b.text] = one.select_one(".figure").text.replace("\u00a0", "")
    return found


def test_the_workbook_has_a_sheet_a_part_with_the_figures_of_the_pages(as_, lived):
    dina = as_(lived.dina)
    book = load_workbook(BytesIO(fetched(dina, DAYS, "xlsx")))
    assert book.sheetnames == [
        "Показатели", "По учителям", "По классам", "По предметам", "По видам работ", "Опоздания по неделям",
        "Дней до внесения", "Планы и итоги по классам", "Планы и итоги по учителям", "Планы и итоги по предметам",
        "Семьи и листы"]
    for sheet in book:
        assert sheet.max_row > 4, sheet.title
        assert "1 сентября 2026 – 28 сентября 2026" in sheet["A2"].value.replace("\u00a0", " ")
    figures_are_the_pages(dina, book)
    every_figure_says_how_it_is_counted(book)
    for by, sheet in BREAKDOWNS.items():
        breakdown_is_the_page_s(dina, book, by, sheet)


def figures_are_the_pages(dina, book: Workbook) -> None:
    figures = figures_of(book)
    pages = [shown(dina.get(f"{address}?{DAYS}")) for address in (PAGE, f"{PAGE}/plans", f"{PAGE}/families")]
    assert all(pages)
    assert figures["Отметки", "С опозданием"] > 0
    for (group, title), said in (one for page in pages for one in page.items()):
        value = figures[GROUPS.get(group, group), title]
        assert said.replace(",", ".") in {str(value), f"{value:.2f}"}, title


def every_figure_says_how_it_is_counted(book: Workbook) -> None:
    sheet = book["Показатели"]
    assert [cell.value for cell in sheet[4]] == ["Раздел", "Показатель", "Значение", "Светофор", "Как считается"]
    assert all(row[-1] and row[-1].endswith(".") for row in sheet.iter_rows(min_row=5, values_only=True))


def breakdown_is_the_page_s(dina, book: Workbook, by: str, sheet: str) -> None:
    rows = book[sheet].iter_rows(min_row=4, values_only=True)
    head = next(rows)
    late = {row[0]: row[head.index("С опозданием")] for row in rows}
    page = dina.get(f"{PAGE}?{DAYS}&by={by}")
    assert late == {row.th.text.strip(): int(re.match(r"\d+", row.select_one("[data-title='С опозданием']").text)[0])
                    for row in page.select("table.parts tbody tr")}


def test_the_filter_holds_in_every_sheet(as_, lived):
    seventh = lived.school_class("7А")
    book = load_workbook(BytesIO(fetched(as_(lived.dina), f"{DAYS}&class={seventh.id}", "xlsx")))
    assert all("7А" in sheet["A2"].value for sheet in book)
    for name in ("По классам", "Планы и итоги по классам", "Семьи и листы"):
        assert [row[0] for row in book[name].iter_rows(min_row=5, values_only=True)] == ["Все вместе", "7А"], name


def test_a_kind_of_work_has_neither_homework_nor_lessons(as_, lived):
    figures = figures_of(load_workbook(BytesIO(fetched(
        as_(lived.dina), f"{DAYS}&kind={lived.kind('oral').id}", "xlsx"))))
    assert ("Отметки", "С опозданием") in figures
    assert not any(group in {"Домашние задания", "Уроки и посещаемость"} for group, _ in figures)


def test_the_paper_has_the_tables_and_the_charts(as_, lived):
    dina = as_(lived.dina)
    paper = PdfReader(BytesIO(fetched(dina, DAYS, "pdf")))
    titles = [entry.title for entry in paper.outline]
    for wanted in ("Показатели контроля", "Отметки с опозданием по неделям (рисунок)", "Отметки по учителям",
                   "Домашние задания по классам", "Накопляемость по видам работ",
                   "Контроль планов и итогов по предметам", "Контроль: семьи и недельные листы"):
        assert wanted in titles
    assert any(title.startswith("Опоздания") and title.endswith("по учителям") for title in titles), "a chart"
    assert len(set(titles)) == len(titles)
    leaves = [re.sub(r"\s+", " ", leaf.extract_text()) for leaf in paper.pages]
    assert all(f"Страница {number} из {len(leaves)}" in leaf for number, leaf in enumerate(leaves, 1))
    late = shown(dina.get(f"{PAGE}?{DAYS}"))["Отметки", "С опозданием"]
    assert f"С опозданием {late}" in leaves[0]
    chart = next(leaf for leaf in leaves if "дней опоздания" in leaf)
    assert "Отметки с опозданием по неделям" in chart


def test_beside_the_figures_stand_those_of_the_term_before(as_, lived):
    first, second = (lived.session.query(Term).filter_by(scheme="quarters", number=number).one() for number in (1, 2))
    first.ends_on, second.starts_on, second.ends_on = date(2026, 9, 13), date(2026, 9, 14), date(2026, 9, 28)
    lived.session.commit()
    dina = as_(lived.dina)
    query = "from=2026-09-14&to=2026-09-28"
    head, *rows = load_workbook(BytesIO(fetched(dina, f"{query}&compare=1", "xlsx")))["Показатели"].iter_rows(
        min_row=4, values_only=True)
    was = {(row[0], row[1]): row[head.index("Было")] for row in rows}
    then = shown(dina.get(f"{PAGE}?from=2026-09-01&to=2026-09-13"))["Отметки", "Внесено отметок"]
    assert was["Отметки", "Внесено отметок"] == int(then) > 0
    alone = load_workbook(BytesIO(fetched(dina, query, "xlsx")))["Показатели"]
    assert "Было" not in [cell.value for cell in alone[4]], "not asked for"


@pytest.mark.parametrize(("query", "form", "sentence"), [
    (DAYS, "doc", "Выберите вид файла"), (DAYS, "", "Выберите вид файла"),
    ("from=x", "pdf", "Дата записывается как"), ("class=999", "xlsx", "Такого класса в списке нет")])
def test_what_can_not_be_made_is_one_sentence(as_, school, query, form, sentence):
    dina = as_(school.dina)
    page = dina.post(f"{PAGE}/everything?{query}", {"form": form, "key": "key-of-form"}, status=422)
    assert sentence in page.words


def test_days_out_of_every_year_are_a_file_too(as_, school):
    assert load_workbook(BytesIO(fetched(as_(school.dina), "from=2001-01-01&to=2001-02-01", "xlsx"))).sheetnames
    assert PdfReader(BytesIO(fetched(as_(school.dina), "from=2001-01-01&to=2001-02-01", "pdf"))).pages
