"""Homework of lessons in a row, as all who read it see it (R5): one table of cases, five readers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from ejd import clock
from ejd.compliance.lists import listing
from ejd.compliance.metrics import By, Figure
from ejd.compliance.queries import report_of
from ejd.compliance.scope import Scope, launches
from ejd.diary.queries import week_of
from ejd.journal.models import Homework
from ejd.journal.queries_lesson import record_of
from ejd.journal.queries_today import open_lessons
from ejd.schedule.models import Lesson, LessonState
from ejd.schedule.queries import lessons_of_day
from tests.journal import Hand
from tests.world import NOW, TODAY

TUESDAY, THURSDAY = date(2026, 9, 15), date(2026, 9, 17)
LESSON = timedelta(minutes=50)

# lessons of the day by number: «+» with homework, «-» without, «x» cancelled, «X» cancelled with homework
# → which owe homework (the first of each row), and at which it is missing
CASES = {
    "one": ("1-", [1], [1]),
    "one, filled": ("1+", [1], []),
    "a double, none": ("1- 2-", [1], [1, 2]),
    "a double, first only": ("1+ 2-", [1], []),
    "a double, second only": ("1- 2+", [1], []),
    "a double, both": ("1+ 2+", [1], []),
    "a double, first cancelled": ("1x 2-", [2], [2]),
    "a double, first cancelled with homework": ("1X 2-", [2], [2]),
    "a double, first cancelled, second filled": ("1x 2+", [2], []),
    "a double, second cancelled with homework": ("1- 2X", [1], [1]),
    "three, none": ("1- 2- 3-", [1], [1, 2, 3]),
    "three, the last only": ("1- 2- 3+", [1], []),
    "three, the first only": ("1+ 2- 3-", [1], []),
    "three, the middle cancelled": ("1+ 2x 3-", [1, 3], [3]),
    "two with a gap": ("1+ 3-", [1, 3], [3]),
}


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request, school, session, maths):
    """Tuesday's lessons of the course as told; everything else of the week is filled."""
    told, owing, missing = request.param
    anna = Hand(school, school.anna)
    for other in session.query(Lesson).filter(Lesson.course_id == maths.id, Lesson.day < TODAY, Lesson.day != TUESDAY):
        anna.sets(other, "№ 1", at=other.ends_at)
    first = session.get(Lesson, school.lesson(maths, TUESDAY).id)
    starts_at, due_at = first.starts_at, first.homework_due_at
    made = {}
    for number, state in [(int(word[0]), word[1]) for word in told.split()]:
        lesson = first if not made else Lesson(course_id=maths.id, day=TUESDAY, teacher_id=school.anna.id)
        lesson.number, lesson.homework_due_at = number, due_at
        lesson.starts_at = starts_at + (number - 1) * LESSON
        lesson.ends_at = lesson.starts_at + LESSON
        session.add(lesson)
        session.flush()
        made[number] = lesson
        if state in "+X":
            anna.sets(lesson, "№ 2", at=lesson.ends_at)
        if state in "xX":
            session.execute(update(Lesson).where(Lesson.id == lesson.id).values(state=LessonState.CANCELLED.value))
    session.flush()
    session.expire_all()
    return made, owing, missing


def test_control_asks_the_first_of_a_row(school, session, maths, case):
    made, owing, missing = case
    settings = Hand(school, school.anna).settings
    asked = {"scope": Scope(TUESDAY, TUESDAY, class_id=maths.class_id, subject_id=maths.subject_id),
             "launches": launches(settings), "today": TODAY, "now": NOW}
    total = report_of(session, by=By.CLASS, **asked).total
    assert total[Figure.HOMEWORK_OWED] == len(owing)
    listed = {figure: [place.lesson_id for place in listing(session, figure=figure, limit=9, **asked).places]
              for figure in (Figure.HOMEWORK_OWED, Figure.HOMEWORK_MISSING)}
    assert listed[Figure.HOMEWORK_OWED] == [made[number].id for number in owing]
    assert listed[Figure.HOMEWORK_MISSING] == [made[number].id for number in owing if number in missing]


def test_a_teachers_open_lessons_are_those_of_control(school, session, maths, case):
    made, owing, missing = case
    found = open_lessons(session, teacher_id=school.anna.id, before=TODAY, now=clock.now(),
                         settings=Hand(school, school.anna).settings)
    ids = {lesson.id: number for number, lesson in made.items()}
    assert sorted(ids[row.lesson_id] for row in found if row.lesson_id in ids and "домашнее задание" in row.lacks) == [
        number for number in owing if number in missing]


def test_the_list_of_a_day_tells_every_lesson_of_a_row(school, session, maths, case):
    _, _, missing = case
    found = lessons_of_day(session, day=TUESDAY, class_id=maths.class_id)
    assert [row.number for row in found
            if row.course_id == maths.id and not row.cancelled and not row.homework_filled] == missing


def test_the_lessons_page_tells_what_counts(school, session, case):
    made, _, missing = case
    lacking = [number for number, lesson in made.items()
               if lesson.state == LessonState.PLANNED and record_of(session, lesson, NOW).counting is None]
    assert lacking == missing


def test_families_are_told_once_at_the_next_lesson(school, session, case):
    """Where there is any homework for that lesson, they read it and nothing else."""
    made, _, missing = case
    there = session.query(Homework).filter(Homework.lesson_id.in_([lesson.id for lesson in made.values()])).count()
    week = week_of(session, pupil_id=school.vitya.id, monday=date(2026, 9, 14), today=TODAY, now=NOW,
                   settings=Hand(school, school.anna).settings)
    said = {lesson.unpublished for day in week.days if day.day == THURSDAY for lesson in day.lessons
            if lesson.subject == "Математика"}
    assert said == ({"учитель не опубликовал задание"} if missing and not there else {""})
