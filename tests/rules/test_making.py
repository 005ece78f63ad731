"""How a timetable becomes lessons (R6), how new ones take the place of old ones, and when homework is due (R5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from ejd.schedule.making import (
    Alignment,
    CourseFacts,
    InForce,
    SlotFacts,
    Span,
    Standing,
    align,
    homework_due,
    in_portions,
    planned_lessons,
    put_deadlines,
)
from ejd.school.calendar import Calendar, Closure, Moved, TermDates

MOSCOW = ZoneInfo("Europe/Moscow")
YEAR = Calendar(
    1, "2026/2027", date(2026, 9, 1), date(2026, 10, 30),
    (Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 10, 30), True),),
    (TermDates(1, "quarters", 1, "I четверть", date(2026, 9, 1), date(2026, 10, 23)),))
BELLS = {1: (time(8, 30), time(9, 10)), 2: (time(9, 20), time(10, 0)), 3: (time(10, 20), time(11, 0))}
ANNA, BORIS, EVA = 1, 2, 3
MATHS, RUSSIAN, CHOIR = 10, 11, 12
OF_7A = YEAR.of(grade=7, scheme="quarters")
MONDAY = date(2026, 9, 21)


def course(course_id=MATHS, *, taught_by=((ANNA, date(2026, 9, 1), None),), classes=(70,), group=False, **kw):
    return CourseFacts(course_id, frozenset(classes), (OF_7A,), BELLS, tuple(Span(*span) for span in taught_by),
                       group, **kw)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


def planned(slots, courses, first=YEAR.starts_on, last=YEAR.ends_on):
    return planned_lessons([InForce(first, last, slots)], {c.id: c for c in courses}, MOSCOW)


def test_a_slot_makes_a_lesson_each_school_week():
    lessons = planned([SlotFacts(5, 1, 2, MATHS)], [course()])
    assert [lesson.day for lesson in lessons] == [date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21),
                                                  date(2026, 9, 28), date(2026, 10, 5), date(2026, 10, 12),
                                                  date(2026, 10, 19)]  # 26 October lies in the holidays
    assert (lessons[0].starts_at, lessons[0].ends_at) == (at(date(2026, 9, 7), 9, 20), at(date(2026, 9, 7), 10))
    assert {lesson.teacher_id for lesson in lessons} == {ANNA}


def test_a_moved_day_has_the_lessons_of_the_weekday_it_is_taught_by():
    """Saturday 12 September as a Monday, Monday 14 September as a Tuesday."""
    year = replace(YEAR, moved=(Moved(date(2026, 9, 12), 1), Moved(date(2026, 9, 14), 2)))
    maths = replace(course(), calendars=(year.of(grade=7, scheme="quarters"),))
    lessons = planned([SlotFacts(5, 1, 2, MATHS), SlotFacts(6, 2, 3, MATHS)], [maths], last=date(2026, 9, 16))
    assert sorted((lesson.day.day, lesson.number) for lesson in lessons) == [
        (1, 3), (7, 2), (8, 3), (12, 2), (14, 3), (15, 3)]


def test_a_day_off_of_one_class_takes_only_its_lessons():
    year = replace(YEAR, closures=(Closure("Карантин", MONDAY, MONDAY, False, 7, 7, class_id=70),))
    lessons = {class_id: planned([SlotFacts(5, 1, 1, MATHS)], [replace(course(), calendars=(
        year.of(grade=7, scheme="quarters", class_id=class_id),))], MONDAY, MONDAY) for class_id in (70, 71)}
    assert (len(lessons[70]), len(lessons[71])) == (0, 1)


def test_who_teaches_on_the_day_gets_the_lesson():
    handed_over = course(taught_by=((ANNA, date(2026, 9, 1), date(2026, 9, 13)), (BORIS, date(2026, 9, 14), None)))
    assert [lesson.teacher_id for lesson in planned([SlotFacts(5, 1, 1, MATHS)], [handed_over])[:2]] == [ANNA, BORIS]


def test_a_retired_course_has_no_more_lessons():
    lessons = planned([SlotFacts(5, 1, 1, MATHS)], [course(retired_on=date(2026, 9, 14))])
    assert [lesson.day for lesson in lessons] == [date(2026, 9, 7)]


def test_each_timetable_makes_lessons_only_while_in_force():
    lessons = planned_lessons(
        [InForce(date(2026, 9, 1), date(2026, 9, 13), [SlotFacts(1, 1, 1, MATHS)]),
         InForce(date(2026, 9, 14), date(2026, 9, 27), [SlotFacts(2, 2, 3, MATHS)])], {MATHS: course()}, MOSCOW)
    assert [(lesson.day, lesson.number) for lesson in lessons] == [
        (date(2026, 9, 7), 1), (date(2026, 9, 15), 3), (date(2026, 9, 22), 3)]


def test_a_school_in_another_zone_has_its_own_moments():
    lessons = planned_lessons([InForce(MONDAY, MONDAY, [SlotFacts(1, 1, 1, MATHS)])], {MATHS: course()},
                              ZoneInfo("Asia/Vladivostok"))
    assert lessons[0].starts_at == datetime(2026, 9, 20, 22, 30, tzinfo=UTC)


def test_a_group_over_classes_meets_when_any_of_them_has_school():
    first_class = YEAR.of(grade=1, days_per_week=5, scheme="quarters")
    six_days = YEAR.of(grade=7, days_per_week=6, scheme="quarters")
    choir = CourseFacts(CHOIR, frozenset({70, 10}), (first_class, six_days), BELLS, (), True)
    saturdays = planned([SlotFacts(1, 6, 1, CHOIR)], [choir], last=date(2026, 9, 13))
    assert [lesson.day for lesson in saturdays] == [date(2026, 9, 5), date(2026, 9, 12)]


# How standing lessons become the wanted ones. Everything happens on Monday, 21 September.

OLD_SLOT, NEW_SLOT = SlotFacts(1, 1, 1, MATHS), SlotFacts(-1, 1, 1, MATHS)


def standing(lesson_id=100, *, course_id=MATHS, number=1, day=MONDAY, teacher=ANNA, substitutes=None, slot=1,
             cancelled=False, due=None, ends=None):
    begins, finishes = BELLS[number]
    return Standing(lesson_id, course_id, day, number, at(day, begins.hour, begins.minute),
                    ends or at(day, finishes.hour, finishes.minute), teacher, substitutes, slot, cancelled, due)


def aligned(rows, slots, *, courses=None, facts=(), now=None, old_slots=(OLD_SLOT,)):
    courses = {c.id: c for c in courses or [course()]}
    wanted = planned_lessons([InForce(MONDAY, MONDAY, slots)], courses, MOSCOW)
    return align(rows, wanted, courses=courses, facts=facts, slots={s.id: s for s in (*old_slots, *slots)},
                 settled=lambda starts_at: now is not None and starts_at <= now)


def test_the_same_timetable_again_changes_nothing():
    assert aligned([standing()], [OLD_SLOT]) == Alignment()


def test_an_equal_place_of_a_new_version_changes_nothing():
    assert aligned([standing()], [NEW_SLOT]) == Alignment()


def test_a_lesson_that_moves_within_the_day_stays_the_same_row():
    moved = aligned([standing()], [SlotFacts(-1, 1, 3, MATHS)], facts={100})
    assert (moved.added, moved.removed, moved.kept) == ([], [], [])
    assert moved.changed == {100: {"number": 3, "starts_at": at(MONDAY, 10, 20), "ends_at": at(MONDAY, 11),
                                   "slot_id": -1}}


@pytest.mark.parametrize(("facts", "removed", "kept"), [(set(), [100], []), ({100}, [], [100])])
def test_a_lesson_no_timetable_wants_is_removed_unless_it_has_facts(facts, removed, kept):
    gone = aligned([standing()], [], facts=facts)
    assert ([row.id for row in gone.removed], gone.kept) == (removed, kept)


def test_a_new_course_gets_its_lesson_and_the_old_one_goes():
    changed = aligned([standing()], [SlotFacts(-1, 1, 1, RUSSIAN)],
                      courses=[course(), course(RUSSIAN, taught_by=[(BORIS, date(2026, 9, 1), None)])])
    assert [row.id for row in changed.removed] == [100]
    assert [(row["course_id"], row["number"], row["teacher_id"], row["slot_id"]) for row in changed.added] == [
        (RUSSIAN, 1, BORIS, -1)]


@pytest.mark.parametrize(("now", "touched"), [
    (at(MONDAY, 8, 29), True), (at(MONDAY, 8, 30), False), (at(MONDAY, 12), False), (None, True)])
def test_a_lesson_that_has_begun_is_past_touching(now, touched):
    assert bool(aligned([standing()], [], now=now).removed) is touched
    assert bool(aligned([], [OLD_SLOT], now=now).added) is touched


@pytest.mark.parametrize(("row", "load", "expected"), [
    # a hand-over renames the lessons to come
    (standing(), [(BORIS, MONDAY, None)], {"teacher_id": BORIS}),
    # a substitution stays (R6) …
    (standing(teacher=EVA, substitutes=ANNA), [(ANNA, MONDAY, None)], {}),
    # … for whoever has the course now …
    (standing(teacher=EVA, substitutes=ANNA), [(BORIS, MONDAY, None)], {"substitutes_id": BORIS}),
    # … and ends when the substitute gets the course
    (standing(teacher=EVA, substitutes=ANNA), [(EVA, MONDAY, None)], {"substitutes_id": None}),
    # somebody who stands in for a vacancy stays until there is a teacher
    (standing(teacher=EVA), [(None, MONDAY, None)], {}),
    (standing(teacher=EVA), [(BORIS, MONDAY, None)], {"teacher_id": BORIS}),
])
def test_teachers_of_lessons_to_come(row, load, expected):
    was = (ANNA, date(2026, 9, 1), date(2026, 9, 20))
    changed = aligned([row], [OLD_SLOT], courses=[course(taught_by=[was, *load])]).changed
    assert changed == ({row.id: expected} if expected else {})


@pytest.mark.parametrize(("rule", "expected"), [
    ("hour_after", at(MONDAY, 12)), ("day_end", at(MONDAY, 11)), ("lesson_end", at(MONDAY, 9, 10))])
def test_when_homework_is_due(rule, expected):
    """R5: an hour after the last lesson of the day; by setting its end, or the end of the lesson."""
    assert homework_due(rule, ends_at=at(MONDAY, 9, 10), last_ends_at=at(MONDAY, 11)) == expected


COURSES = {c.id: c for c in (course(), course(RUSSIAN), course(CHOIR, classes=(70, 71), group=True))}


def deadlines(rows, rule="hour_after", alignment=None):
    alignment = alignment or Alignment()
    put_deadlines(rows, alignment, COURSES, lambda _day: rule)
    return {lesson_id: values["homework_due_at"] for lesson_id, values in alignment.changed.items()}


def test_the_last_lesson_of_the_class_that_day_decides():
    rows = [standing(1, number=1), standing(2, course_id=RUSSIAN, number=3)]
    assert deadlines(rows) == {1: at(MONDAY, 12), 2: at(MONDAY, 12)}


def test_a_cancelled_last_lesson_does_not_count_and_has_no_deadline():
    rows = [standing(1, number=1), standing(2, course_id=RUSSIAN, number=3, cancelled=True, due=at(MONDAY, 12))]
    assert deadlines(rows) == {1: at(MONDAY, 10, 10), 2: None}


def test_a_group_over_classes_waits_for_the_later_of_its_own_and_their_last_lesson():
    rows = [standing(1, number=1), standing(3, course_id=CHOIR, number=3)]
    # the class's own homework is not put off by a group that only some of its pupils attend
    assert deadlines(rows) == {1: at(MONDAY, 10, 10), 3: at(MONDAY, 12)}
    assert deadlines([standing(1, number=3), standing(3, course_id=CHOIR, number=1)])[3] == at(MONDAY, 12)


def test_a_deadline_that_stands_right_is_not_written_again():
    assert deadlines([standing(due=at(MONDAY, 10, 10))]) == {}


def test_removed_lessons_no_longer_put_the_deadline_off_and_new_ones_do():
    first, last = standing(1, number=1, due=at(MONDAY, 12)), standing(2, course_id=RUSSIAN, number=3)
    assert deadlines([first, last], alignment=Alignment(removed=[last])) == {1: at(MONDAY, 10, 10)}
    new = {"course_id": RUSSIAN, "day": MONDAY, "ends_at": at(MONDAY, 11)}
    assert deadlines([standing(1, number=1)], alignment=Alignment(added=[new])) == {1: at(MONDAY, 12)}
    assert new["homework_due_at"] == at(MONDAY, 12)


def test_work_is_cut_into_whole_days_the_last_first():
    days = [date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)]
    rows = [standing(10 * index + number, day=day, number=number) for index, day in enumerate(days)
            for number in (1, 2)]
    work = Alignment(added=[{"day": days[2], "number": 3}], changed={1: {"number": 4}}, removed=[rows[3]], kept=[2])
    portions = in_portions(rows, work, most=4)
    assert [(portion.first, portion.last) for portion in portions] == [(days[2], days[2]), (days[0], days[1])]
    assert portions[0].alignment == Alignment(added=work.added)
    assert portions[1].alignment == Alignment(changed=work.changed, removed=work.removed, kept=work.kept)
    assert portions[1].standing == frozenset(rows[:4])
    assert in_portions(rows, Alignment(), most=4) == []
