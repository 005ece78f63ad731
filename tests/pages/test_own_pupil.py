"""Анна reads the diary of a pupil of her own class (R33), and nobody else does; nothing is written there."""

from __future__ import annotations

import pytest

from tests.diary_facts import MON, lesson_of
from tests.homework import attach, give
from tests.journal import Hand

PAGES = ("diary", "marks", "results", "absences", "notes")


def address(school, pupil, page):
    return f"/teacher/classes/{school.school_class('7А').id}/pupils/{pupil.id}/{page}"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_read_without_a_form(as_, school, page, at_most):
    anna, url = as_(school.anna), address(school, school.vitya, page)
    with at_most(8):
        found = anna.get(url)
    assert "Волков Виктор" in found.select_one("h1").text and not found.select("main form")
    links = [link["href"] for link in found.select("main nav.tabs a")]
    assert links == [address(school, school.vitya, one) for one in PAGES]


@pytest.mark.parametrize("page", PAGES)
def test_other_teachers_and_other_classes_pupils_are_not_there(as_, school, page):
    as_(school.boris).get(address(school, school.vitya, page), status=404)
    as_(school.anna).get(address(school, school.masha, page), status=404)
    as_(school.vera).get(address(school, school.vitya, page), status=403)


def test_marks_and_homework_with_its_file_are_read(as_, school):
    Hand(school, school.anna).puts(lesson_of(school, "Матем", MON), school.vitya, "4")
    homework = give(school, lesson_of(school, "Матем", MON), [school.vitya])
    file_id = attach(school, homework, "план.txt", "План\n".encode())
    anna = as_(school.anna)
    assert "Математика" in anna.get(address(school, school.vitya, "marks")).words
    assert anna.open(address(school, school.vitya, f"files/{file_id}")).status_code == 200
    as_(school.boris).get(address(school, school.vitya, f"files/{file_id}"), status=404)


def test_the_room_leads_to_the_pupil(as_, school):
    page = as_(school.anna).get(f"/teacher/classes/{school.school_class('7А').id}")
    link = next(link for link in page.select("main a") if "Волков Виктор" in link.text)
    assert link["href"].startswith(address(school, school.vitya, "marks"))
