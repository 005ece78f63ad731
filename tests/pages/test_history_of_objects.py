"""The history stands at its object: a lesson with its homework, a result of a term. Who, when, from what to what."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import HomeworkChange
from tests.journal import Hand


@pytest.fixture
def course(school):
    return school.course("7А", "Математика")


@pytest.fixture
def lesson(school, course):
    return school.lesson(course, date(2026, 9, 15))


def rows(page):
    return [" ".join(row.get_text(" ").replace("\xa0", " ").split()) for row in page.select("tbody tr")]


def test_homework_tells_what_it_said_before(as_, school, course, lesson, at_most):
    anna = Hand(school, school.anna)
    set_first = anna.sets(lesson, "№ 5")
    anna.sets(lesson, "№ 5, 6", version=set_first.version)
    anna.sets(lesson, "", not_set=True, version=set_first.version)
    reader, inspector = as_(school.anna), as_(school.inna)
    with at_most(8):
        told = rows(reader.get(f"/teacher/lessons/{lesson.id}/history"))
    assert "было: № 5, 6 стало: не задано" in told[0] and "Андреева А. А." in told[0]
    assert "было: № 5 стало: № 5, 6" in told[1]
    assert "Опубликовано домашнее задание" in told[2]
    with at_most(8):
        seen = inspector.get(f"/admin/courses/{course.id}/lessons/{lesson.id}/history")
    assert rows(seen)[:3] == told[:3]


def test_a_change_that_leaves_the_text_alone_is_no_change_of_text(school, session, lesson):
    anna = Hand(school, school.anna)
    homework = anna.sets(lesson, "№ 5", minutes=20)
    anna.sets(lesson, "№ 5", minutes=30, version=homework.version)
    assert not session.scalars(select(HomeworkChange)).all()


def test_works_and_topic_of_the_lesson_are_told_presence_of_a_pupil_is_not(as_, school, lesson):
    """R40: what a teacher may not know stands at no other place either."""
    anna = Hand(school, school.anna)
    anna.writes_topic(lesson, "Дроби")
    anna.declares(lesson)
    Hand(school, school.dina).notes(lesson, school.vitya, "б")
    told = rows(as_(school.anna).get(f"/teacher/lessons/{lesson.id}/history"))
    assert any("Записана тема" in row for row in told) and any("Объявлена работа" in row for row in told)
    assert not any("Волков" in row for row in told)


def test_nobody_else_reads_it(as_, school, course, lesson):
    as_(school.boris).get(f"/teacher/lessons/{lesson.id}/history", status=404)
    as_(school.boris).get(f"/teacher/courses/{course.id}/results/history", status=404)
    as_(school.olga).get(f"/admin/courses/{course.id}/results/history", status=403)
    other = school.course("7А", "Русский")
    as_(school.dina).get(f"/admin/courses/{other.id}/lessons/{lesson.id}/history", status=404)


def test_a_result_tells_who_set_it_and_who_changed_it(as_, school, course, at_most):
    """R12: the value that was offered is told where another was set."""
    with clock.freeze(clock.at(date(2026, 10, 22), 15)):
        for who, prefix, value in ((school.anna, "teacher", "5"), (school.dina, "admin", "4")):
            visitor, field = as_(who), f"r{school.vitya.id}"
            page = visitor.get(f"/{prefix}/courses/{course.id}/results")
            visitor.submit(page, "#results", {field: value})
        anna = as_(school.anna)
        with at_most(8):
            told = rows(anna.get(f"/teacher/courses/{course.id}/results/history"))
        assert "Дмитриева Д. Д. Волков В. П. I четверть 5 4" in told[0]
        assert "Андреева А. А. Волков В. П. I четверть нет 5" in told[1]
        assert "История" in anna.get(f"/teacher/courses/{course.id}/results").words
        assert rows(as_(school.inna).get(f"/admin/courses/{course.id}/results/history")) == told


def test_before_anything_was_set_it_says_so(as_, school, course, lesson):
    assert "ещё не ставили" in as_(school.anna).get(f"/teacher/courses/{course.id}/results/history").words
    assert "ещё ничего не делали" in as_(school.anna).get(f"/teacher/lessons/{lesson.id}/history").words
