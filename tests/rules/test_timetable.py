"""Clashes of a timetable and its hours against the load."""

from __future__ import annotations

import pytest

from ejd.schedule.timetable import Clash, ClashKind, HoursDiffer, Place, clashes, hours_against_load

A, B = frozenset({70}), frozenset({71})
ANNA, BORIS = 1, 2


def place(course_id, classes=A, *, teacher=None, subgroup=0, group=False, weekday=1, number=1):
    return Place(weekday, number, course_id, classes, subgroup, group, teacher)


@pytest.mark.parametrize(("places", "expected"), [
    ([place(1), place(2, B)], []),
    ([place(1), place(2)], [Clash(ClashKind.CLASS, 70, 1, 1, (1, 2))]),
    ([place(1), place(2, number=2), place(3, weekday=2)], []),
    # subgroups sit side by side, in one subject or two
    ([place(1, subgroup=1), place(2, subgroup=2)], []),
    ([place(1, subgroup=1), place(2, subgroup=1)], [Clash(ClashKind.CLASS, 70, 1, 1, (1, 2))]),
    ([place(1), place(2, subgroup=1)], [Clash(ClashKind.CLASS, 70, 1, 1, (1, 2))]),
    # cross-class groups
    ([place(1, A | B, group=True), place(2, A | B, group=True)], []),
    ([place(1, A | B, group=True), place(2, B)], [Clash(ClashKind.CLASS, 71, 1, 1, (1, 2))]),
    ([place(1, A | B, group=True), place(2, A, subgroup=1)], []),
    # teachers
    ([place(1, teacher=ANNA), place(2, B, teacher=ANNA)], [Clash(ClashKind.TEACHER, ANNA, 1, 1, (1, 2))]),
    ([place(1, teacher=ANNA), place(2, B, teacher=BORIS)], []),
    ([place(1, subgroup=1, teacher=ANNA), place(2, subgroup=2, teacher=ANNA)],
     [Clash(ClashKind.TEACHER, ANNA, 1, 1, (1, 2))]),
    ([place(1), place(2, B)], []),  # two vacancies at once are no clash
])
def test_clashes(places, expected):
    assert clashes(places) == expected


def test_every_place_with_a_clash_is_named_in_order_of_the_week():
    places = [place(1, weekday=5), place(2, weekday=5), place(3, weekday=1), place(4, weekday=1)]
    assert [(clash.weekday, clash.course_ids) for clash in clashes(places)] == [(1, (3, 4)), (5, (1, 2))]


@pytest.mark.parametrize(("slots", "load", "expected"), [
    ({1: 2}, {1: 4}, []),
    ({1: 1}, {1: 4}, [HoursDiffer(1, 2, 4)]),
    ({}, {1: 2}, [HoursDiffer(1, 0, 2)]),
    ({1: 1}, {}, [HoursDiffer(1, 2, 0)]),
    # an hour and a half: one lesson a week or two
    ({1: 1}, {1: 3}, []),
    ({1: 2}, {1: 3}, []),
    ({1: 3}, {1: 3}, [HoursDiffer(1, 6, 3)]),
    # half an hour a week: a lesson every other week stands in the timetable or not
    ({}, {1: 1}, []),
    ({1: 1}, {1: 1}, []),
])
def test_hours_against_the_load(slots, load, expected):
    assert hours_against_load(slots, load) == expected
