"""When the journal is shut, when a term may be closed, and what a reopening needs (R8)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.journal import closing
from ejd.journal.closing import Closed

FIRST_QUARTER = Closed("I четверть", date(2026, 9, 1), date(2026, 10, 23))
TUESDAY = date(2026, 10, 20)


@pytest.mark.parametrize(("today", "edit_days", "closed", "year_closed", "says"), [
    (date(2026, 10, 20), None, None, False, None),
    (date(2027, 5, 20), None, None, False, None),  # without a window, only a closed term closes
    (date(2026, 10, 30), 10, None, False, None),  # the tenth day is open
    (date(2026, 10, 31), 10, None, False, "прошло больше 10 дн."),
    (date(2026, 10, 21), None, FIRST_QUARTER, False, "Закрыто: I четверть."),
    (date(2026, 10, 21), 10, FIRST_QUARTER, False, "Закрыто: I четверть."),
    (date(2026, 10, 21), None, FIRST_QUARTER, True, "Учебный год закрыт"),
    (date(2026, 10, 21), None, None, True, "Учебный год закрыт"),
])
def test_why_a_lesson_is_shut(today, edit_days, closed, year_closed, says):
    reason = closing.why_shut(TUESDAY, today=today, edit_days=edit_days, closed=closed, year_closed=year_closed)
    assert reason is None if says is None else (reason and says in reason)


@pytest.mark.parametrize(("day", "holds"), [
    (date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 10, 23), True), (date(2026, 10, 24), False)])
def test_a_closed_term_shuts_its_own_days(day, holds):
    assert FIRST_QUARTER.holds(day) is holds


LAST = date(2026, 10, 23)


@pytest.mark.parametrize(("today", "over", "expected", "reason", "is_director", "says"), [
    # a week after the last lesson whoever may close it does, though marks are missing
    (date(2026, 10, 30), True, 12, "", False, None),
    (date(2026, 10, 29), True, 12, "", False, "Раньше – только директор"),
    # earlier, when nothing is expected
    (date(2026, 10, 24), True, 0, "", False, None),
    (date(2026, 10, 29), True, 1, "", True, "назовите причину"),
    (date(2026, 10, 29), True, 1, "Ремонт", True, None),
    (date(2026, 10, 29), True, 1, "Ремонт", False, "Раньше – только директор"),
    # never while lessons go on
    (date(2026, 10, 23), False, 0, "Ремонт", True, "Уроки ещё идут"),
])
def test_when_a_term_may_be_closed(today, over, expected, reason, is_director, says):
    refusal = closing.refusal_to_close(today=today, last_lesson=LAST, last_is_over=over, expected=expected,
                                       reason=reason, is_director=is_director)
    assert refusal is None if says is None else (refusal and says in refusal)


def test_a_term_without_lessons_is_not_closed():
    assert closing.refusal_to_close(today=LAST, last_lesson=None, last_is_over=True, expected=0, reason="",
                                    is_director=True)


@pytest.mark.parametrize(("today", "early"), [(date(2026, 10, 29), True), (date(2026, 10, 30), False)])
def test_early_is_before_the_seventh_day(today, early):
    assert closing.is_early(today, LAST) is early


@pytest.mark.parametrize(("until", "reason", "field"), [
    (date(2026, 11, 10), "Справка из больницы", None),
    (date(2026, 11, 24), "Справка из больницы", None),  # two weeks
    (date(2026, 11, 25), "Справка из больницы", "until"),
    (date(2026, 11, 9), "Справка из больницы", "until"),
    (date(2026, 11, 10), "", "reason"),
])
def test_what_a_reopening_needs(until, reason, field):
    found = closing.refusal_to_reopen(until=until, today=date(2026, 11, 10), reason=reason)
    assert (found and found[0]) == field
