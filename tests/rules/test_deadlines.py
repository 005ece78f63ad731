"""By when a mark and homework must be there: R1, R2, R5, R7, R9."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ejd import clock
from ejd.journal.deadlines import (
    Launch,
    Limit,
    Timeliness,
    after_school_term,
    days_late,
    days_taken,
    homework_timeliness,
    is_controlled,
    last_day,
    limit_of,
    sentence_of_lateness,
    term_of_teacher,
)
from ejd.school.calendar import Calendar, Closure, TermDates

THURSDAY = date(2026, 9, 3)
YEAR = Calendar(
    1, "2026/2027", date(2026, 9, 1), date(2027, 5, 26),
    closures=(Closure("Осенние каникулы", date(2026, 10, 24), date(2026, 11, 1), holidays=True),
              Closure("День народного единства", date(2026, 11, 4), date(2026, 11, 4), holidays=False)),
    terms=(TermDates(1, "quarters", 1, "I четверть", date(2026, 9, 1), date(2026, 10, 23)),
           TermDates(2, "quarters", 2, "II четверть", date(2026, 11, 2), date(2026, 12, 30))))
FIVE_DAYS = YEAR.of(grade=7, days_per_week=5, scheme="quarters")
SIX_DAYS = YEAR.of(grade=7, days_per_week=6, scheme="quarters")


@pytest.mark.parametrize(("entered", "taken", "late"), [
    (date(2026, 9, 3), 0, 0),
    (date(2026, 9, 9), 6, 0),
    (date(2026, 9, 10), 7, 0),  # the seventh day is on time
    (date(2026, 9, 11), 8, 1),  # the eighth is late by one
    (date(2026, 9, 12), 9, 2),
    (date(2026, 10, 3), 30, 23),
])
def test_a_mark_is_on_time_for_a_week(entered, taken, late):
    assert days_taken(THURSDAY, entered) == taken
    assert days_late(THURSDAY, entered) == late
    assert (entered <= last_day(THURSDAY)) is (late == 0)


@pytest.mark.parametrize(("moment", "late"), [
    (datetime(2026, 9, 10, 20, 59, 59, tzinfo=UTC), 0),  # 23:59:59 in Moscow, the seventh day
    (datetime(2026, 9, 10, 21, 0, tzinfo=UTC), 1),  # midnight: the eighth day, though still the tenth in UTC
])
def test_the_day_ends_at_midnight_in_the_schools_zone(moment, late):
    assert days_late(THURSDAY, clock.local(moment).date()) == late


def test_midnight_comes_earlier_in_vladivostok():
    clock.use_zone("Asia/Vladivostok")
    try:
        assert days_late(THURSDAY, clock.local(datetime(2026, 9, 10, 14, 0, tzinfo=UTC)).date()) == 1
    finally:
        clock.use_zone(clock.DEFAULT_ZONE)


def test_holidays_do_not_lengthen_the_week():
    """R9: seven calendar days, whatever holidays fall in them."""
    assert last_day(date(2026, 10, 23)) == date(2026, 10, 30)


@pytest.mark.parametrize(("limit", "received", "calendar", "expected"), [
    (Limit(0, "calendar"), date(2026, 9, 3), FIVE_DAYS, date(2026, 9, 3)),
    (Limit(3, "calendar"), date(2026, 9, 4), FIVE_DAYS, date(2026, 9, 7)),
    (Limit(3, "school"), date(2026, 9, 3), FIVE_DAYS, date(2026, 9, 8)),  # Thursday: Fri, Mon, Tue
    (Limit(3, "school"), date(2026, 9, 3), SIX_DAYS, date(2026, 9, 7)),  # Thursday: Fri, Sat, Mon
    (Limit(3, "school"), date(2026, 10, 23), FIVE_DAYS, date(2026, 10, 30)),  # holidays: R1's week is the bound
    (Limit(3, "school"), date(2026, 11, 2), FIVE_DAYS, date(2026, 11, 6)),  # over a day off: 3, 5, 6
    (Limit(7, "calendar"), date(2026, 9, 3), FIVE_DAYS, date(2026, 9, 10)),
    (Limit(30, "calendar"), date(2026, 9, 3), FIVE_DAYS, date(2026, 9, 10)),  # never above seven days
    (Limit(7, "school"), date(2026, 9, 3), FIVE_DAYS, date(2026, 9, 10)),
])
def test_the_schools_own_term(limit, received, calendar, expected):
    assert limit.last_day(received, calendar) == expected


@pytest.mark.parametrize(("entered", "after"), [
    (date(2026, 9, 8), False),
    (date(2026, 9, 9), True),
    (date(2026, 9, 10), True),
    (date(2026, 9, 11), False),  # that is late (R1), another word
])
def test_after_the_schools_term_is_told_apart_from_late(entered, after):
    assert after_school_term(THURSDAY, entered, date(2026, 9, 8)) is after


def test_a_kind_without_a_limit_has_the_week():
    limits = {"oral": {"days": 0, "unit": "calendar"}}
    assert limit_of(limits, "oral") == Limit(0, "calendar")
    assert limit_of(limits, "project") is None


def test_lateness_is_said_kindly_and_in_full():
    assert sentence_of_lateness(THURSDAY, date(2026, 9, 12)).replace("\u00a0", " ") == (
        "получена 3 сентября, срок до 10 сентября, внесена 12 сентября: опоздание 2 дня")
    assert "опоздание" not in sentence_of_lateness(THURSDAY, date(2026, 9, 10))


@pytest.mark.parametrize(("days", "words"), [(1, "1 день"), (5, "5 дней"), (21, "21 день")])
def test_days_late_have_the_right_plural(days, words):
    told = sentence_of_lateness(THURSDAY, last_day(THURSDAY) + timedelta(days=days))
    assert told.replace("\u00a0", " ").endswith(f"опоздание {words}")


LAUNCH = date(2026, 9, 14)


@pytest.mark.parametrize(("launch", "own", "grade", "on", "controlled"), [
    (LAUNCH, {}, 7, date(2026, 9, 13), False),
    (LAUNCH, {}, 7, date(2026, 9, 14), True),
    (None, {}, 7, date(2026, 9, 14), False),  # not launched yet
    (LAUNCH, {"5": "2026-10-01"}, 5, date(2026, 9, 30), False),  # a parallel begins later
    (LAUNCH, {"5": "2026-10-01"}, 5, date(2026, 10, 1), True),
    (LAUNCH, {"5": "2026-10-01"}, 7, date(2026, 9, 30), True),
    (LAUNCH, {"5": "2026-09-01"}, 5, date(2026, 9, 1), True),  # or earlier
    (None, {"5": "2026-09-01"}, 5, date(2026, 9, 1), True),
    (LAUNCH, {"5": "2026-10-01"}, None, date(2026, 9, 14), True),  # a group over several classes
])
def test_control_begins_at_the_launch_date(launch, own, grade, on, controlled):
    assert is_controlled(on, Launch.of(launch, own).day_for(grade)) is controlled
    assert Launch.of(launch, own).covers(grade, on) is controlled


@pytest.mark.parametrize(("launch", "own", "day", "everywhere"), [
    (None, {}, LAUNCH, False),
    (LAUNCH, {}, LAUNCH, True),
    (LAUNCH, {"7": "2026-09-21"}, LAUNCH, False),
    (None, {"7": "2026-09-01"}, LAUNCH, False),
])
def test_whether_control_had_started_everywhere(launch, own, day, everywhere):
    assert Launch.of(launch, own).covers_all_from(day) is everywhere


@pytest.mark.parametrize(("received_on", "begins", "term"), [
    (THURSDAY, THURSDAY, last_day(THURSDAY)),
    (THURSDAY, THURSDAY + timedelta(days=1), None),  # R7: nobody is held to what came before
    (THURSDAY, None, None),
])
def test_a_teacher_has_a_term_where_control_has_begun(received_on, begins, term):
    assert term_of_teacher(last_day(received_on), received_on, begins) == term


DUE = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("published", "now", "said"), [
    (None, DUE, Timeliness.AWAITED),
    (None, DUE + MINUTE, Timeliness.MISSING),
    (DUE - MINUTE, DUE + MINUTE, Timeliness.ON_TIME),
    (DUE, DUE + MINUTE, Timeliness.ON_TIME),
    (DUE + MINUTE, DUE + 2 * MINUTE, Timeliness.LATE),
])
def test_homework_is_on_time_late_or_missing(published, now, said):
    assert homework_timeliness(DUE, published, now) is said
