"""Days out of days: a pupil of a class who is taught at home for a while."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.roster.stays import holds, without


def day(number: int) -> date:
    return date(2026, 9, number)


@pytest.mark.parametrize(("stays", "away", "left"), [
    ([(1, None)], [], [(1, None)]),
    ([(1, None)], [(5, 9)], [(1, 4), (10, None)]),
    ([(1, None)], [(5, None)], [(1, 4)]),
    ([(1, 20)], [(1, 20)], []),
    ([(5, 20)], [(1, 9)], [(10, 20)]),
    ([(1, 4), (10, None)], [(3, 12)], [(1, 2), (13, None)]),
    ([(1, 9)], [(10, None)], [(1, 9)]),
    ([(10, None)], [(1, 9)], [(10, None)]),
    ([(1, None)], [(3, 4), (8, 9)], [(1, 2), (5, 7), (10, None)]),
    ([], [(1, None)], []),
])
def test_what_is_left_of_days(stays, away, left):
    def spans(pairs):
        return [(day(first), last and day(last)) for first, last in pairs]

    assert without(spans(stays), spans(away)) == spans(left)


@pytest.mark.parametrize(("stay", "on", "held"), [
    ((5, 9), 5, True), ((5, 9), 9, True), ((5, 9), 4, False), ((5, 9), 10, False), ((5, None), 30, True),
])
def test_both_days_are_included(stay, on, held):
    assert holds((day(stay[0]), stay[1] and day(stay[1])), day(on)) is held
