"""Pages of an exemption («осв», R10): the office gives and ends it on the pupil's page, families read it."""

from datetime import date

import pytest

from ejd.journal.models import Exemption
from tests.pages.test_admin_people import act, of


def maths(school):
    return {"course_id": str(school.course("7А", "Матем").id)}


def test_a_pupil_is_exempt_and_the_family_reads_it(as_, school, at_most):
    visitor, url = as_(school.olga), of(school.vitya, "/exempt")
    with at_most(8):
        page = visitor.get(url)
    assert [one.text for one in page.select("#course_id option")][1:] == [
        "Иностранный язык (английский), подгруппа\u00a02", "Математика", "Русский язык"]
    act(visitor, url, {**maths(school), "from_on": "2026-09-14", "to_on": "2026-09-18"})
    pupil = of(school.vitya)
    with at_most(8):
        words = visitor.get(pupil).words
    assert "Математика, с 14 сентября 2026 по 18 сентября 2026" in words
    assert "освобождение" in as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary").words


def test_it_is_ended_by_a_page_that_says_what_will_happen(as_, school, session):
    visitor = as_(school.olga)
    act(visitor, of(school.vitya, "/exempt"), {**maths(school), "from_on": "2026-09-14"})
    end = visitor.get(of(school.vitya)).select_one("a[href*=exemptions]")["href"]
    assert "снова" in visitor.get(end).words
    act(visitor, end, {"last_day": "2026-09-16"})
    assert session.query(Exemption).one().to_on == date(2026, 9, 16)
    visitor.post(end, {"last_day": "2026-09-30"}, status=422)


@pytest.mark.parametrize(("data", "field"), [
    ({}, "course_id"), ({"course_id": "999999"}, "course_id"), ({"from_on": ""}, "from_on"),
    ({"to_on": "завтра"}, "to_on"), ({"to_on": "2026-09-01"}, "to_on")])
def test_what_is_not_clear_is_explained_at_its_field(as_, school, data, field):
    whole = {"course_id": maths(school)["course_id"] if data else "", "from_on": "2026-09-14", "to_on": "", **data}
    page = as_(school.olga).post(of(school.vitya, "/exempt"), whole, status=422)
    assert page.select_one(f"#{field}-error") and page.title.text.startswith("Ошибка:")
    assert page.select_one("#to_on")["value"] == whole["to_on"]


def test_who_is_no_pupil_is_in_no_journal(as_, school):
    page = as_(school.olga).get(of(school.vera, "/exempt"))
    assert "не учится" in page.select_one(".empty").text and not page.select("#form")


def test_the_inspector_looks_only_and_strangers_find_nothing(as_, school):
    as_(school.inna).get(of(school.vitya, "/exempt"), status=403)
    as_(school.anna).get(of(school.vitya, "/exempt"), status=403)
    as_(school.olga).get("/admin/exemptions/999999/end", status=404)
