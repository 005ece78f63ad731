"""What is wrong with a timetable before it is published: who is wanted twice, by the bells, and what is worth knowing.

7А and 7Б keep to the first shift, 6В to the second, whose first lesson begins while the first shift has its sixth.
"""

from __future__ import annotations

from datetime import time

import pytest

from ejd.schedule.clashes import ClassWeek, Kind, Sitting, at_once, findings

A, B, V, PRIMARY = 70, 71, 60, 10
ANNA, BORIS = 1, 2
NAMES = {A: "7А", B: "7Б", V: "6В", PRIMARY: "1А"}
FIRST_SHIFT = {1: (8, 30), 2: (9, 20), 3: (10, 20), 4: (11, 20), 5: (12, 15), 6: (13, 5), 7: (13, 55), 8: (14, 45)}
SECOND_SHIFT = {1: (13, 30), 2: (14, 20), 3: (15, 20)}
CLASSES = {A: ClassWeek(A, "7А", 7, 5, tuple(FIRST_SHIFT)), B: ClassWeek(B, "7Б", 7, 6, tuple(FIRST_SHIFT)),
           V: ClassWeek(V, "6В", 6, 5, tuple(SECOND_SHIFT)),
           PRIMARY: ClassWeek(PRIMARY, "1А", 1, 5, tuple(FIRST_SHIFT))}
TEACHERS = {ANNA: "Андреева А. А.", BORIS: "Борисов Б. Б.", None: ""}


def sits(course_id, class_id=A, number=1, *, weekday=1, teacher=ANNA, title=None, also=(), **kw):
    hour, minute = (SECOND_SHIFT if class_id == V else FIRST_SHIFT)[number]
    ends = divmod(hour * 60 + minute + 40, 60)
    return Sitting(weekday, number, course_id, title or f"{NAMES[class_id]}, предмет {course_id}",
                   time(hour, minute), time(*ends), frozenset({class_id, *also}), teacher_id=teacher,
                   teacher=TEACHERS[teacher], **kw)


def kinds(*sittings):
    return [one.kind for one in findings(sittings, CLASSES)]


@pytest.mark.parametrize(("sittings", "expected", "because"), [
    ([sits(1), sits(2, B, teacher=BORIS)], [], "two classes, two teachers"),
    ([sits(1), sits(2, teacher=BORIS)], [Kind.CLASS], "two lessons of the whole class"),
    ([sits(1), sits(2, teacher=BORIS, subgroup=1)], [Kind.CLASS], "the whole class beside a subgroup"),
    ([sits(1, subgroup=1), sits(2, teacher=BORIS, subgroup=2)], [], "two subgroups side by side"),
    ([sits(1, subgroup=1), sits(2, teacher=BORIS, subgroup=1)], [Kind.SUBGROUP], "one subgroup in two places"),
    ([sits(1, subgroup=1), sits(2, subgroup=2)], [Kind.TEACHER], "one teacher of both subgroups"),
    ([sits(1), sits(2, B)], [Kind.TEACHER], "one teacher in two classes: merged, or a slip"),
    ([sits(1), sits(2, B, 2)], [], "one after the other"),
    ([sits(1), sits(2, B, weekday=2)], [], "on another day"),
    ([sits(1, A, 6), sits(2, V, 1)], [Kind.TEACHER], "13:05–13:45 and 13:30–14:10: other numbers, the same time"),
    ([sits(1, A, 1), sits(2, V, 1)], [], "the same number in two shifts is another time"),
    ([sits(1, A, 7), sits(2, V, 1, teacher=BORIS, room="12")], [], "no matter for two teachers"),
    ([sits(1, room="12"), sits(2, B, teacher=BORIS, room="12")], [Kind.ROOM], "two teachers in one room"),
    ([sits(1, room="Зал"), sits(2, B, teacher=BORIS, room="зал")], [Kind.ROOM], "however it is written"),
    ([sits(1, room="12"), sits(2, B, room="12")], [Kind.TEACHER], "a merged lesson in one room is told once"),
    ([sits(1, room="12"), sits(2, B, teacher=BORIS, room="13")], [], "two rooms"),
    ([sits(1), sits(2, B, teacher=BORIS)], [], "no room is no clash"),
    ([sits(1, group=True, also=(B,)), sits(2, B, teacher=BORIS)], [Kind.CLASS], "a cross-class group beside 7Б"),
    ([sits(1, group=True, also=(B,)), sits(2, teacher=BORIS, group=True)], [], "two groups side by side"),
    ([sits(1, group=True), sits(2, teacher=BORIS, subgroup=1)], [], "a group beside a subgroup"),
    ([sits(1, teacher=None), sits(2, B, teacher=None)], [Kind.VACANCY, Kind.VACANCY], "two vacancies are no clash"),
])
def test_who_is_wanted_twice(sittings, expected, because):
    assert kinds(*sittings) == expected, because


def test_a_pupil_taught_at_home_disturbs_nobody_but_the_teacher():
    at_home = Sitting(1, 1, 9, "Ким, Математика", time(8, 30), time(9, 10), teacher_id=BORIS, teacher=TEACHERS[BORIS])
    assert kinds(sits(1), at_home) == []
    assert kinds(sits(1, teacher=BORIS), at_home) == [Kind.TEACHER]


@pytest.mark.parametrize(("numbers", "gap"), [
    ((1, 2, 3), None), ((2, 3, 4), None),  # beginning late is no gap
    ((1, 3), "урок\u00a02"), ((1, 2, 5), "урок\u00a03, 4"),
])
def test_gaps_of_a_class(numbers, gap):
    found = findings([sits(number, A, number) for number in numbers], CLASSES)
    assert [one.sentence for one in found] == ([] if gap is None else [f"7А, понедельник: окно – {gap}"])


def test_a_lesson_of_one_subgroup_is_no_gap():
    assert kinds(sits(1), sits(2, A, 2, subgroup=1), sits(3, A, 3)) == []


@pytest.mark.parametrize(("class_id", "days", "long_days", "because"), [
    (A, [7, 7, 7], 0, "seven are the norm of classes 7–11"),
    (A, [8], 1, "eight are not"),
    (PRIMARY, [4, 4, 4], 0, "four in the first class"),
    (PRIMARY, [5, 4], 0, "five on one day of the week"),
    (PRIMARY, [5, 5], 1, "but not on two"),
    (PRIMARY, [6], 1, "six never"),
    (PRIMARY, [6, 5], 1, "the day of five is still spared"),
])
def test_days_longer_than_the_sanitary_norm(class_id, days, long_days, because):
    sittings = [sits(100 * weekday + number, class_id, number, weekday=weekday)
                for weekday, count in enumerate(days, 1) for number in range(1, count + 1)]
    assert kinds(*sittings) == [Kind.LONG_DAY] * long_days, because


def test_an_activity_is_no_lesson_of_the_norm():
    eight = [sits(number, A, number, lesson=number < 8) for number in range(1, 9)]
    assert kinds(*eight) == []


@pytest.mark.parametrize(("class_id", "expected"), [(A, [Kind.FREE_DAY]), (B, [])])
def test_a_saturday_of_a_class_that_learns_five_days(class_id, expected):
    assert kinds(sits(1, class_id, weekday=6)) == expected


def test_it_is_told_in_words_with_everybody_concerned():
    [one] = findings([sits(1, A, 6, title="7А, Математика"), sits(2, V, 1, title="6В, Математика")], CLASSES)
    assert one.sentence == ("понедельник, 13:05: Андреева А. А. – в двух местах: 7А, Математика (урок\u00a06) и "
                            "6В, Математика (урок\u00a01)")
    assert (one.class_ids, one.teacher_ids, one.doubtful, one.forbidden) == ({A, V}, {ANNA}, True, False)


def test_the_gravest_comes_first_then_the_order_of_the_week():
    found = kinds(sits(1, weekday=5), sits(2, weekday=5, teacher=BORIS), sits(3, A, 1, weekday=2, subgroup=1),
                  sits(4, A, 1, weekday=2, subgroup=1, teacher=BORIS), sits(5, B, weekday=3, teacher=None))
    assert found == [Kind.CLASS, Kind.SUBGROUP, Kind.VACANCY]


def test_three_at_once_are_told_together():
    first, second, third = sits(1), sits(2, B), sits(3, PRIMARY)
    assert at_once([third, sits(4, A, 2), first, second]) == [[third, first, second]]
