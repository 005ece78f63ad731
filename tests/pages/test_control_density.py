"""Journals whose marks are sparser than R13 asks: the figure, its light, its list (R13, R60)."""

from __future__ import annotations

import json

import pytest

from ejd.school.models import Setting
from tests.pages.test_control_overview import put
from tests.world import FIRST_DAY

PAGE = "/admin/control"
TITLE = "Журналов, где отметок меньше нормы"


def figure(page) -> int:
    return int(next(one for one in page.select("ul.figures li") if one.b.text == TITLE).select_one(".figure").text)


# Lessons held by now of those of a quarter: mathematics 10 of 34 in 7А (7 marks, so 2) and 5 of 17 in 7Б (5, so 1),
# Russian 8 of 25.5 (7, so 2), both groups of English 5 of 17 (1); class 1 has no marks (R14).
def test_journals_without_marks_are_below_the_norm(as_, school):
    page = as_(school.dina).get(PAGE)
    assert figure(page) == 5
    heading = next(one for one in page.select("h3") if one.text.startswith("Накопляемость"))
    assert heading.select_one(".badge").text == "тревога"
    opened = as_(school.dina).get(page.select_one("a[href*=journals-sparse]")["href"])
    assert len(opened.select("tbody tr")) == 5
    norms = sorted((row.th.text, row.select_one("[data-title=Предмет]").text[:3],
                    row.select_one("[data-title='Норма на ученика']").text) for row in opened.select("tbody tr"))
    assert norms == [("7А", "Ино", "1"), ("7А", "Ино", "1"), ("7А", "Мат", "2"), ("7А", "Рус", "2"), ("7Б", "Мат", "1")]
    assert opened.select_one("td[data-title=Предмет] a")["href"].startswith("/admin/courses/")


def test_enough_marks_take_a_journal_off_the_list(as_, school):
    """Two marks for each of eight pupils: fifteen are not enough, eighteen are."""
    for days in range(5):
        put(school, school.boris, "Русский язык", days=days)
    assert figure(as_(school.dina).get(PAGE)) == 5
    put(school, school.boris, "Русский язык", days=5)
    assert figure(as_(school.dina).get(PAGE)) == 4
    assert "Русский" not in as_(school.dina).get(f"{PAGE}/journals-sparse").table.text


@pytest.mark.parametrize(("filter_", "many"), [("class", 4), ("subject", 2), ("teacher", 2)])
def test_the_figure_and_the_list_take_the_filter(as_, school, filter_, many):
    course = school.course("7А", "Математика")
    key = {"class": course.class_id, "subject": course.subject_id, "teacher": school.anna.id}[filter_]
    page = as_(school.dina).get(f"{PAGE}?{filter_}={key}")
    assert figure(page) == many
    assert len(as_(school.dina).get(f"{PAGE}/journals-sparse?{filter_}={key}").select("tbody tr")) == many


def test_a_kind_of_work_has_no_norm(as_, school):
    assert TITLE not in as_(school.dina).get(f"{PAGE}?kind={school.kind('oral').id}").words


def test_bounds_kept_before_there_was_this_light_break_no_page(as_, school):
    bounds = {name: [1, 2] for name in ("late", "overdue", "homework", "lessons", "attendance", "lag", "results",
                                        "families", "sheets")}
    school.session.add(Setting(key="control.lights", valid_from=FIRST_DAY, value=json.dumps(bounds)))
    school.session.commit()
    for address in (PAGE, f"{PAGE}/plans", f"{PAGE}/families", "/admin/settings/control"):
        as_(school.galina).get(address)


def test_eight_statements(as_, school, at_most):
    dina = as_(school.dina)
    for address in (PAGE, f"{PAGE}?show=density", f"{PAGE}?compare=1", f"{PAGE}/journals-sparse",
                    f"{PAGE}/journals-sparse.xlsx"):
        with at_most(8):
            dina.get(address)
