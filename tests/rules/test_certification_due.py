"""When printed journals are due and overdue, and which copy can be certified (R50, R52)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.certification.due import Period, State, overdue_from, periods, state_of, why_not_certified, why_not_sheets

FIRST = Period(1, "I четверть", date(2026, 9, 1), date(2026, 10, 23))
SECOND = Period(2, "II четверть", date(2026, 11, 2), date(2026, 12, 30))
HALF = Period(5, "I полугодие", date(2026, 9, 1), date(2026, 12, 30))
TRIMESTER = Period(8, "I триместр", date(2026, 9, 1), date(2026, 11, 20))
YEAR = Period(None, "Год", date(2026, 9, 1), date(2027, 5, 26))
LAUNCH = date(2026, 9, 1)


def test_classes_are_certified_by_quarters_whatever_they_are_marked_by():
    terms = [("half_years", HALF), ("quarters", SECOND), ("quarters", FIRST), ("trimesters", TRIMESTER)]
    assert periods(terms, YEAR) == [FIRST, SECOND, YEAR]
    assert periods([("half_years", HALF), ("trimesters", TRIMESTER)], YEAR) == [TRIMESTER, YEAR]
    assert periods([], YEAR) == [YEAR]


def test_it_is_late_from_the_eleventh_calendar_day_after_the_end():
    assert overdue_from(date(2026, 10, 23), 10) == date(2026, 11, 3)
    assert overdue_from(date(2026, 10, 23), 0) == date(2026, 10, 24)


@pytest.mark.parametrize(("today", "launched", "certified", "changed", "state"), [
    (date(2026, 10, 23), LAUNCH, False, False, State.AHEAD),  # its last day
    (date(2026, 10, 24), LAUNCH, False, False, State.DUE),
    (date(2026, 11, 2), LAUNCH, False, False, State.DUE),  # the tenth day
    (date(2026, 11, 3), LAUNCH, False, False, State.OVERDUE),
    (date(2026, 11, 3), LAUNCH, True, False, State.CERTIFIED),
    (date(2026, 11, 3), LAUNCH, True, True, State.OUT_OF_DATE),
    (date(2026, 11, 3), date(2026, 10, 24), False, False, State.BEFORE_LAUNCH),
    (date(2026, 11, 3), date(2026, 10, 23), False, False, State.OVERDUE),
    (date(2026, 11, 3), None, False, False, State.BEFORE_LAUNCH),
    (date(2026, 11, 3), None, True, False, State.CERTIFIED),
])
def test_how_a_class_stands(today, launched, certified, changed, state):
    assert state_of(FIRST, today=today, days=10, launched=launched, certified=certified, changed=changed) == state


@pytest.mark.parametrize(("sheets", "fits"), [(None, False), (0, False), (10, False), (11, True), (21, True),
                                              (31, True), (32, False), (-5, False)])
def test_sheets_are_counted_in_the_bound_copy(sheets, fits):
    assert (why_not_sheets(sheets, 21) is None) == fits


def may(**given):
    usual = {"last": date(2026, 10, 23), "printed_on": date(2026, 10, 26), "certified_on": date(2026, 10, 27),
             "today": date(2026, 10, 28), "changed": False}
    return why_not_certified(**(usual | given))


@pytest.mark.parametrize(("given", "field"), [
    ({}, None),
    ({"printed_on": date(2026, 10, 23)}, None),  # after the last lesson of the last day
    ({"printed_on": date(2026, 10, 22)}, "copy"),
    ({"changed": True}, "copy"),
    ({"certified_on": date(2026, 10, 25)}, "certified_on"),  # before it was printed
    ({"certified_on": date(2026, 10, 29)}, "certified_on"),  # tomorrow
    ({"certified_on": date(2026, 10, 26)}, None),
    ({"certified_on": date(2026, 10, 28)}, None),
])
def test_what_can_be_certified(given, field):
    refused = may(**given)
    assert (refused and refused[0]) == field
