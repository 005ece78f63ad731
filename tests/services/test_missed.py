"""Days and lessons missed, by reason (R10), and the day of the school; recounted slowly, pupil by pupil."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from ejd.journal import missed
from ejd.journal.models import Attendance
from ejd.journal.school_day import day_of_school
from ejd.roster.members import members_of
from ejd.roster.models import Course, CourseKind, Enrolment
from ejd.schedule.models import Lesson, LessonState
from tests.diary_facts import MON, THU, TUE, lesson_of, note_presence
from tests.journal import Hand
from tests.world import NOW

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 17)


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


def of_vitya(school):
    return missed.of_class(school.session, class_id=school.school_class("7А").id, first=FIRST, last=LAST)[
        school.vitya.id]


def take(school, day, *subjects):
    for subject in subjects:
        Hand(school, school.anna).takes_attendance(lesson_of(school, subject, day))


def test_a_day_is_missed_when_all_its_lessons_are(school):
    take(school, MON, "Матем", "Русский")
    note_presence(school, lesson_of(school, "Матем", MON), "б")
    one = of_vitya(school)
    assert (one.all_days, one.lessons["б"]) == (0, 1)
    note_presence(school, lesson_of(school, "Русский", MON), "б")
    one = of_vitya(school)
    assert (one.days["б"], one.lessons["б"]) == (1, 2)


def test_while_attendance_of_a_lesson_is_not_known_the_day_is_not_missed(school):
    take(school, MON, "Матем")
    note_presence(school, lesson_of(school, "Матем", MON), "у")
    assert of_vitya(school).all_days == 0


def test_late_is_counted_apart(school):
    note_presence(school, lesson_of(school, "Матем", MON), "о")
    one = of_vitya(school)
    assert (one.late, one.all_lessons, one.all_days) == (1, 0, 0)


def test_another_subgroup_cancelled_lessons_and_activities_do_not_matter(school, anna):
    for subgroup in (1, 2):
        anna.takes_attendance(lesson_of(school, "Иностр", TUE, subgroup=subgroup))
    take(school, TUE, "Матем")
    for lesson in (lesson_of(school, "Иностр", TUE, subgroup=2), lesson_of(school, "Матем", TUE)):
        note_presence(school, lesson, "н")
    assert of_vitya(school).days["н"] == 1
    lesson_of(school, "Матем", TUE).state = LessonState.CANCELLED.value
    school.course("7А", "Иностр", 2).kind = CourseKind.ACTIVITY.value
    school.session.flush()
    assert of_vitya(school).all_lessons == 0


def test_in_a_class_count_the_days_in_it(school):
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    stay = school.session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one()
    stay.to_on = MON - timedelta(days=1)
    school.session.flush()
    assert of_vitya(school).all_lessons == 0


def slowly(school, pupil_id, first, last):
    """The same, lesson by lesson: a lesson without a letter was not missed."""
    session = school.session
    lessons: dict[date, list[str | None]] = {}
    late = 0
    for course in session.scalars(select(Course)):
        members = {one.pupil_id: one for one in members_of(session, course, first=first, last=last)}
        if pupil_id not in members:
            continue
        for lesson in session.scalars(select(Lesson).filter_by(course_id=course.id, state="planned")):
            code = session.scalar(select(Attendance.code).filter_by(lesson_id=lesson.id, pupil_id=pupil_id))
            if first <= lesson.day <= last and members[pupil_id].on(lesson.day):
                lessons.setdefault(lesson.day, []).append(code if code in {"н", "б", "у"} else None)
                late += code == "о"
    days: Counter = Counter()
    for letters in lessons.values():
        if all(letters):
            days[next(letter for letter in "нбу" if letter in letters)] += 1
    return days, Counter(letter for letters in lessons.values() for letter in letters if letter), late


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_equals_a_slow_recount(school, session, anna, seed):
    dice = Random(seed)
    lessons = session.scalars(select(Lesson).where(Lesson.day <= LAST, Lesson.ends_at <= NOW)).all()
    for lesson in lessons:
        luck = dice.random()
        if luck < 0.1:
            lesson.state = dice.choice((LessonState.CANCELLED.value, LessonState.MOVED.value))
            continue
        course = session.get(Course, lesson.course_id)
        for member in members_of(session, course, first=lesson.day, last=lesson.day):
            ill = (member.pupil_id + lesson.day.day) % 3 == 0  # whole days
            if dice.random() < (0.9 if ill else 0.1):
                anna.notes(lesson, session.get_one(type(school.vitya), member.pupil_id),
                           dice.choice("ббу") if ill else dice.choice("нуо"))
        if luck < 0.8:
            anna.takes_attendance(lesson)
    session.flush()
    for class_name in ("7А", "7Б", "1А"):
        of_class = missed.of_class(session, class_id=school.school_class(class_name).id, first=FIRST, last=LAST)
        for pupil_id, one in of_class.items():
            wanted = slowly(school, pupil_id, FIRST, LAST)
            assert (one.days, one.lessons, one.late) == wanted
            alone, days = missed.of_pupil(session, pupil_id=pupil_id, first=FIRST, last=LAST)
            assert (alone.days, alone.lessons, alone.late) == wanted
            assert [day.day for day in days] == sorted((day.day for day in days), reverse=True)
    year_id = school.school_class("7А").year_id
    for school_class, lines in missed.of_school(session, year_id=year_id, first=FIRST, last=LAST):
        assert {line.pupil_id: line.missed for line in lines} == missed.of_class(
            session, class_id=school_class.id, first=FIRST, last=LAST)
    assert any(line.missed.days for _, lines in missed.of_school(session, year_id=year_id, first=FIRST, last=LAST)
               for line in lines)


def day(school, class_name="7А"):
    rows = day_of_school(school.session, year_id=school.school_class("7А").year_id, day=THU, now=NOW)
    return next(row for row in rows if row.name == class_name)


def test_a_day_of_the_school(school):
    take(school, THU, "Матем")
    note_presence(school, lesson_of(school, "Матем", THU), "н")
    note_presence(school, lesson_of(school, "Матем", THU), "о", pupil=school.person("Ким", "Софья"))
    row = day(school)
    assert (row.pupils, row.present) == (8, 7)
    assert [one.name for one in row.all_day] == ["Волков Виктор"] and [one.name for one in row.late] == ["Ким Софья"]
    assert [(one.number, one.subject, one.teacher) for one in row.untaken] == [
        (2, "Русский язык", "Борисов\u00a0Б.\u00a0Б.")]


def test_who_was_in_a_lesson_is_not_away_all_day(school):
    take(school, THU, "Матем", "Русский")
    note_presence(school, lesson_of(school, "Русский", THU), "н")
    row = day(school)
    assert row.all_day == [] and [(one.name, one.part) for one in row.partly] == [("Волков Виктор", "2-й\u00a0урок")]
    assert row.untaken == []


def test_a_class_without_lessons_that_day_has_nothing_to_take(school):
    assert (day(school, "7Б").lessons, day(school, "7Б").untaken) == (0, [])
