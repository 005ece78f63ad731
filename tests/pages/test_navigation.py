"""The head of a page: its sections, and which of them the page belongs to."""

from datetime import date

import pytest


@pytest.mark.parametrize(("address", "section"), [
    ("/admin/control", "Контроль"), ("/admin/control/late", "Контроль"), ("/admin/classes/{class_id}", "Классы"),
    ("/admin/courses/{course_id}", "Классы"), ("/admin/people/{person_id}", "Люди"), ("/admin/staff", "Люди"),
    ("/admin/calendar", "Расписание"), ("/admin/weeks", "Расписание"), ("/admin/settings/limits", "Настройки"),
    ("/admin/access", "Настройки"), ("/admin/", None), ("/admin/import", None)])
def test_a_page_says_which_section_it_belongs_to(as_, school, address, section):
    page = as_(school.dina).get(address.format(
        class_id=school.school_class("7А").id, person_id=school.vitya.id, course_id=school.course("7А", "Матем").id))
    assert [link.text for link in page.select(".sections [aria-current]")] == ([section] if section else [])


def test_the_section_s_own_page_is_told_from_pages_inside_it(as_, school):
    lesson = school.lesson(school.course("7А", "Матем"), date(2026, 9, 15))
    for address, current in (("/teacher/", "page"), (f"/teacher/lessons/{lesson.id}", "true")):
        assert as_(school.anna).get(address).select_one(".sections [aria-current]")["aria-current"] == current
