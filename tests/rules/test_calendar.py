"""School days, moved days, terms and ISO weeks (R9, R15): the year 2026/2027 of tests, quarters, autumn holidays,
4 November."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.school.calendar import Calendar, Closure, Moved, TermDates, monday_from, monday_of, week_code

AUTUMN = Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), holidays=True)
UNITY = Closure("День народного единства", date(2026, 11, 4), date(2026, 11, 4), holidays=False)
FEBRUARY = Closure("Дополнительные каникулы", date(2027, 2, 15), date(2027, 2, 21), True, first_grade=1, last_grade=1)
QUARTERS = (
    TermDates(1, "quarters", 1, "I четверть", date(2026, 9, 1), date(2026, 10, 23)),
    TermDates(2, "quarters", 2, "II четверть", date(2026, 11, 2), date(2026, 12, 30)),
    TermDates(3, "quarters", 3, "III четверть", date(2027, 1, 11), date(2027, 3, 26)),
    TermDates(4, "quarters", 4, "IV четверть", date(2027, 4, 5), date(2027, 5, 26)),
)
HALVES = (
    TermDates(5, "half_years", 1, "I полугодие", date(2026, 9, 1), date(2026, 12, 30)),
    TermDates(6, "half_years", 2, "II полугодие", date(2027, 1, 11), date(2027, 5, 26)),
)
YEAR = Calendar(1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26), (AUTUMN, UNITY, FEBRUARY), (*QUARTERS, *HALVES))
OF_7A = YEAR.of(grade=7, scheme="quarters")


@pytest.mark.parametrize(("day", "expected", "because"), [
    (date(2026, 8, 31), False, "before the year"),
    (date(2026, 9, 1), True, "its first day, a Tuesday"),
    (date(2026, 9, 5), False, "a Saturday of a five-day week"),
    (date(2026, 9, 6), False, "a Sunday"),
    (date(2026, 10, 23), True, "the last day before the holidays"),
    (date(2026, 10, 26), False, "holidays"),
    (date(2026, 11, 2), True, "the first day after them"),
    (date(2026, 11, 4), False, "a public day off"),
    (date(2026, 12, 31), False, "between terms, though no holidays are written"),
    (date(2027, 2, 15), True, "holidays of class 1 only"),
    (date(2027, 5, 26), True, "the last day"),
    (date(2027, 5, 27), False, "after the year"),
])
def test_school_days_of_a_seventh_class(day, expected, because):
    assert OF_7A.is_school_day(day) is expected, because


@pytest.mark.parametrize(("grade", "days_per_week", "day", "expected"), [
    (7, 6, date(2026, 9, 5), True),  # six-day week
    (7, 6, date(2026, 9, 6), False),  # Sunday never
    (1, 5, date(2027, 2, 15), False),  # additional holidays of class 1
    (2, 5, date(2027, 2, 15), True),
    (None, 5, date(2027, 2, 15), True),  # what closes one grade does not close the school
    (None, 5, date(2026, 10, 26), False),
])
def test_school_days_depend_on_grade_and_week(grade, days_per_week, day, expected):
    assert YEAR.of(grade=grade, days_per_week=days_per_week, scheme="quarters").is_school_day(day) is expected


CLASS_7A, CLASS_7B = 70, 71
QUARANTINE = Closure("Карантин", date(2026, 9, 14), date(2026, 9, 18), False, 7, 7, CLASS_7A)
MOVED = (Moved(date(2026, 9, 12), 5), Moved(date(2026, 9, 19), 1, 1, 4), Moved(date(2026, 9, 15), 5, 5, 11),
         Moved(date(2026, 10, 31), 5), Moved(date(2027, 6, 5), 5))
BUSY = Calendar(1, "2026/2027", YEAR.starts_on, YEAR.ends_on, (AUTUMN, QUARANTINE), QUARTERS, MOVED)


@pytest.mark.parametrize(("grade", "class_id", "days_per_week", "day", "expected", "because"), [
    (7, CLASS_7A, 5, date(2026, 9, 10), 4, "an ordinary Thursday"),
    (7, CLASS_7B, 5, date(2026, 9, 12), 5, "a Saturday taught as Friday, of a five-day week too"),
    (7, CLASS_7B, 6, date(2026, 9, 12), 5, "and of six days"),
    (3, None, 5, date(2026, 9, 19), 1, "moved for primary school"),
    (7, CLASS_7B, 5, date(2026, 9, 19), None, "but not for the seventh grade"),
    (7, CLASS_7B, 6, date(2026, 9, 19), 6, "whose Saturday stays one"),
    (None, None, 5, date(2026, 9, 19), None, "nor for the whole school"),
    (None, None, 5, date(2026, 9, 12), 5, "what moves every grade moves the school"),
    (7, CLASS_7A, 5, date(2026, 9, 15), None, "the quarantine of 7А comes before the moved day"),
    (7, CLASS_7B, 5, date(2026, 9, 15), 5, "7Б is taught as on Friday"),
    (7, None, 5, date(2026, 9, 16), 3, "a day off of one class closes nobody else"),
    (7, CLASS_7B, 5, date(2026, 10, 31), None, "holidays come before a moved day"),
    (7, CLASS_7B, 5, date(2027, 6, 5), None, "after the year nothing is taught"),
])
def test_whose_timetable_a_day_has(grade, class_id, days_per_week, day, expected, because):
    calendar = BUSY.of(grade=grade, days_per_week=days_per_week, scheme="quarters", class_id=class_id)
    assert calendar.weekday_taught(day) == expected, because
    assert calendar.is_school_day(day) is (expected is not None)


def test_a_moved_saturday_counts_as_a_school_day_of_a_limit():
    of_7b = BUSY.of(grade=7, scheme="quarters", class_id=CLASS_7B)
    assert of_7b.next_school_day(date(2026, 9, 11)) == date(2026, 9, 12)


@pytest.mark.parametrize(("day", "expected"), [
    (date(2026, 9, 17), date(2026, 9, 18)),
    (date(2026, 9, 18), date(2026, 9, 21)),  # over the weekend
    (date(2026, 10, 23), date(2026, 11, 2)),  # over the holidays
    (date(2026, 11, 3), date(2026, 11, 5)),  # over the public day off
    (date(2026, 6, 1), date(2026, 9, 1)),  # before the year: its first day
    (date(2027, 5, 26), None),  # the year has no more
])
def test_next_school_day(day, expected):
    assert OF_7A.next_school_day(day) == expected


@pytest.mark.parametrize(("day", "count", "expected"), [
    (date(2026, 9, 17), 0, date(2026, 9, 17)),
    (date(2026, 9, 17), 3, date(2026, 9, 22)),  # Fri, Mon, Tue
    (date(2026, 10, 22), 3, date(2026, 11, 3)),  # R9: limits in school days skip days off
    (date(2027, 5, 25), 3, date(2027, 5, 28)),  # after the year weekdays count
])
def test_a_limit_in_school_days_skips_days_off(day, count, expected):
    assert OF_7A.add_school_days(day, count) == expected


def test_school_days_of_a_span():
    assert OF_7A.school_days(date(2026, 10, 22), date(2026, 11, 5)) == [
        date(2026, 10, 22), date(2026, 10, 23), date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 5)]
    assert OF_7A.school_days(date(2026, 11, 5), date(2026, 10, 22)) == []
    assert OF_7A.school_days(date(2027, 6, 1), date(2027, 6, 30)) == []


@pytest.mark.parametrize(("scheme", "day", "term", "shown"), [
    ("quarters", date(2026, 9, 1), "I четверть", "I четверть"),
    ("quarters", date(2026, 10, 28), None, "I четверть"),  # in holidays a page opens with the term before
    ("quarters", date(2026, 11, 2), "II четверть", "II четверть"),
    ("half_years", date(2026, 11, 2), "I полугодие", "I полугодие"),
    ("half_years", date(2027, 8, 1), None, "II полугодие"),
    ("quarters", date(2026, 8, 1), None, "I четверть"),
    ("trimesters", date(2026, 9, 1), None, None),  # the school has none
    (None, date(2026, 11, 2), "II четверть", "II четверть"),  # nobody says: quarters
])
def test_the_term_of_a_day(scheme, day, term, shown):
    calendar = YEAR.of(grade=10, scheme=scheme)
    assert getattr(calendar.term_of(day), "name", None) == term
    assert getattr(calendar.term_to_show(day), "name", None) == shown


@pytest.mark.parametrize(("day", "monday", "code"), [
    (date(2026, 9, 14), date(2026, 9, 14), "2026-W38"),
    (date(2026, 9, 20), date(2026, 9, 14), "2026-W38"),
    (date(2027, 1, 1), date(2026, 12, 28), "2026-W53"),  # ISO weeks belong to the year of their Thursday
    (date(2027, 1, 4), date(2027, 1, 4), "2027-W01"),
])
def test_iso_weeks(day, monday, code):
    assert (monday_of(day), week_code(day), monday_from(code)) == (monday, code, monday)


@pytest.mark.parametrize("code", ["", "2026", "2026-W54", "2026-W00", "2026-w38", "٢٠٢٦-W38", "2026-W3", "0000-W01",
                                  "9999-W53", "2026-W38-1", "-W"])
def test_what_is_no_week(code):
    assert monday_from(code) is None
