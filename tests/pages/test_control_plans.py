"""Plans, results and copies over a span and filter: each figure opens exactly its rows, each row the place where it is
mended (R15, R50, R60)."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ejd import clock
from ejd.plans.services import NewTopic, fill_plan
from tests.results import Setter, term
from tests.visitor import Page

PAGE = "/admin/control/plans"


def figure(page: Page, group: str, title: str) -> int:
    found = next(one for one in page.select(f"ul[aria-label='{group}'] li") if one.b.text == title)
    return int(found.select_one(".figure").text)


def missing(page: Page) -> int:
    return figure(page, "Итоговые отметки", "Не выставлено, срок вышел")


@pytest.fixture
def ended(school):
    """The first quarter has ended on 4 September, the first half-year on the 11th; 7Б is marked by half-years (R15)."""
    term(school, 1).ends_on = date(2026, 9, 4)
    term(school, 1, "half_years").ends_on = date(2026, 9, 11)
    school.school_class("7Б").term_scheme = "half_years"
    school.session.commit()
    return school


# 7А: mathematics 8, Russian 8, English 4 and 4; 7Б: mathematics 3; nothing in class 1 (R14).
@pytest.mark.parametrize(("query", "many"), [
    ("", 27), ("from=2026-09-01&to=2026-09-04", 24), ("from=2026-09-05&to=2026-09-17", 3),
    ("class=7А", 24), ("class=7Б", 3), ("teacher=anna", 11), ("teacher=boris", 12), ("subject=Русский", 8),
    ("teacher=boris&subject=Русский", 8), ("class=7Б&teacher=boris", 0), ("kind=oral", 27)])
def test_results_are_judged_by_each_journals_own_period_in_span_and_filter(as_, ended, query, many):
    ids = {"7А": ended.school_class("7А").id, "7Б": ended.school_class("7Б").id, "anna": ended.anna.id,
           "boris": ended.boris.id, "Русский": ended.course("7А", "Русский").subject_id, "oral": ended.kind("oral").id}
    query = re.sub("|".join(ids), lambda found: str(ids[found[0]]), query)
    page = as_(ended.dina).get(f"{PAGE}?{query}")
    assert missing(page) == many
    if many:
        opened = as_(ended.dina).get(page.select_one("ul[aria-label='Итоговые отметки'] a")["href"])
        assert len(opened.select("tbody tr")) == many


def test_a_week_in_which_no_period_ends_says_so(as_, ended):
    page = as_(ended.dina).get(f"{PAGE}?from=2026-09-14&to=2026-09-17")
    assert "не кончается ни один начатый учебный период" in page.words


def test_what_was_set_is_not_missing_and_what_was_set_late_is_told(as_, ended):
    math = ended.course("7Б", "Математика")
    half = str(term(ended, 1, "half_years").id)
    Setter(ended, ended.anna).sets(math, {ended.zoya: "5"}, period=half)
    page = as_(ended.dina).get(PAGE)
    assert missing(page) == 26 and figure(page, "Итоговые отметки", "Выставлено после срока") == 1
    late = as_(ended.dina).get(page.select_one("a[href*=results-late]")["href"])
    [row] = late.select("tbody tr")
    assert row.th.text == "Зимина Зоя Захаровна"
    assert row.select_one("[data-title='Период']").text == "I полугодие"
    assert row.select_one("[data-title='Стоит']").text == "5"
    place = as_(ended.dina).get(row.select_one("[data-title='Предмет'] a")["href"])
    assert "Зимина Зоя" in place.words and "I полугодие" in place.words, "where results are set"


@pytest.mark.parametrize("by", ["class", "teacher", "subject"])
def test_every_figure_opens_exactly_its_rows(as_, ended, by):
    fill_plan(ended.session(), course_id=ended.course("7А", "Математика").id, actor_id=ended.anna.id, now=clock.now(),
              topics=[NewTopic(f"Тема {number}") for number in range(60)])
    dina = as_(ended.dina)
    page = dina.get(f"{PAGE}?by={by}")
    told = 0
    for link in page.select("table.parts tbody td a[href*='/control/']"):
        if "plans-behind" in link["href"] and "часов" in link.parent["data-title"]:
            continue  # hours, not journals
        opened = dina.get(link["href"])
        assert opened.caption.text.split()[0] == link.text, f"{link.parent['data-title']}: {link['href']}"
        told += 1
    assert told >= 10
    total = page.select("table.parts tbody.total td")
    assert total
    for place, cell in enumerate(total):
        parts = [row.select("td")[place].text for row in page.select("table.parts tbody:not(.total) tr")]
        assert int(cell.text) == sum(map(int, parts)), cell["data-title"]


def test_a_plan_is_looked_at_as_the_last_day_left_it(as_, school):
    """Анна gave four lessons by 7 September (Tue 1, Thu 3, Fri 4, Mon 7) and ten by today's end, none from the plan."""
    fill_plan(school.session(), course_id=school.course("7А", "Математика").id, actor_id=school.anna.id,
              now=clock.now(), topics=[NewTopic(f"Тема {number}") for number in range(60)])
    school.session.commit()
    dina = as_(school.dina)
    assert figure(dina.get(f"{PAGE}?from=2026-09-01&to=2026-09-07"), "Планы", "Часов отставания") == 4
    assert figure(dina.get(PAGE), "Планы", "Часов отставания") == 9, "today's lesson is not over"


def test_copies_belong_to_the_periods_that_end_in_the_span_and_to_classes(as_, ended):
    dina = as_(ended.dina)
    assert figure(dina.get(f"{PAGE}?from=2026-09-01&to=2026-09-04"), "Заверение", "Просрочено") == 3
    assert figure(dina.get(f"{PAGE}?from=2026-09-05&to=2026-09-17"), "Заверение", "Просрочено") == 0
    one = dina.get(f"{PAGE}?class={ended.school_class('7А').id}")
    assert figure(one, "Заверение", "Просрочено") == 1
    [row] = dina.get(one.select_one("ul[aria-label=Заверение] a")["href"]).select("tbody tr")
    assert dina.get(row.th.a["href"]).h1.text == "I четверть, 2026/2027: заверение"
    assert "заверяют целиком" in dina.get(f"{PAGE}?teacher={ended.anna.id}").words


def test_the_question_goes_along_to_the_other_pages(as_, school):
    dina = as_(school.dina)
    page = dina.get(f"/admin/control?class={school.school_class('7А').id}&from=2026-09-01&to=2026-09-10")
    for title in ("Планы, итоги, заверение", "Семьи и листы", "Отметки, задания, уроки"):
        page = dina.get(page.find("a", string=title)["href"])
        assert page.select_one("#class option[selected]").text == "7А", title
        assert (page.select_one("#from")["value"], page.select_one("#to")["value"]) == ("2026-09-01", "2026-09-10")


def test_the_page_opens_with_the_year_for_what_is_late_is_late_after_its_term(as_, school):
    page = as_(school.dina).get(PAGE)
    assert page.select_one("nav[aria-label=Дни] [aria-current]").text == "Год 2026/2027"


def test_a_view_of_this_page_opens_this_page(as_, school):
    dina = as_(school.dina)
    page = dina.get(f"{PAGE}?class={school.school_class('7А').id}&by=subject")
    form = dina.get(page.find("a", string="Запомнить этот вид")["href"])
    dina.submit(form, "main form", {"name": "Планы 7А"})
    for address in ("/admin/control", PAGE, "/admin/control/families", "/admin/control/views"):
        opened = dina.get(dina.get(address).find("a", string="Планы 7А")["href"])
        assert opened.h1.text == "Контроль: планы, итоги, заверение"
        assert opened.select_one("#class option[selected]").text == "7А"
        assert opened.select_one("nav[aria-label=Разбивка] [aria-current]").text == "По предметам"


def test_lists_are_files_too(as_, ended):
    dina = as_(ended.dina)
    for name in ("results-missing", "copies-overdue", "copies-due", "plans-missing"):
        page = dina.get(f"/admin/control/{name}?from=2026-09-01&to=2026-09-17")
        xlsx, pdf = (link["href"] for link in page.select("p.actions a"))
        book = load_workbook(BytesIO(dina.get(xlsx).response.data)).active
        assert str(book.max_row - 4) == page.caption.text.split()[0]
        assert dina.get(pdf).response.data.startswith(b"%PDF")


def test_eight_statements(as_, ended, at_most):
    dina = as_(ended.dina)
    for address in (PAGE, f"{PAGE}?by=teacher&class={ended.school_class('7А').id}", f"{PAGE}.xlsx",
                    *(f"/admin/control/{name}" for name in ("plans-behind", "plans-missing", "results-missing",
                                                            "results-late", "copies-overdue", "copies-due"))):
        with at_most(8):
            dina.get(address)
