"""What a term is compared with (R60): a begun one with as many school days of the one before, a whole one with the
whole."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.compliance.comparing import SchoolDays, same_part

FIRST, SECOND = (date(2026, 9, 1), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 29))
DAYS = SchoolDays(5, [FIRST, SECOND], [(date(2026, 10, 24), date(2026, 11, 1)), (date(2026, 11, 4), date(2026, 11, 4))],
                  {date(2026, 11, 14)})


@pytest.mark.parametrize(("today", "until", "many"), [
    (date(2026, 11, 2), date(2026, 9, 1), 1),  # the first day beside the first
    (date(2026, 11, 3), date(2026, 9, 2), 2),
    (date(2026, 11, 4), date(2026, 9, 2), 2),  # the holiday is no school day
    (date(2026, 11, 5), date(2026, 9, 3), 3),
    (date(2026, 11, 8), date(2026, 9, 4), 4),  # on Sunday as on Friday
    (date(2026, 11, 9), date(2026, 9, 7), 5),  # the weekend of then is left out as that of now
    (date(2026, 11, 14), date(2026, 9, 14), 10),  # a Saturday to which a day was moved
    (date(2026, 12, 29), FIRST[1], 0),  # longer than the one before: all of it
    (date(2026, 12, 30), FIRST[1], 0),  # over: the whole with the whole
    (date(2027, 5, 1), FIRST[1], 0),
])
def test_the_same_part_of_the_term_before(today, until, many):
    assert same_part(DAYS, SECOND, FIRST, today) == (until, many)


def test_of_a_term_that_has_not_begun_nothing_is_compared():
    assert same_part(DAYS, SECOND, FIRST, date(2026, 10, 31)) is None
    assert same_part(SchoolDays(5, [(date(2026, 11, 3), SECOND[1])]), SECOND, FIRST, date(2026, 11, 2)) is None


def test_a_year_leaves_its_holidays_out():
    """R9: only school days are counted; the holidays of this year are longer than those of the last."""
    this, last = (date(2026, 9, 1), date(2027, 5, 26)), (date(2025, 9, 1), date(2026, 5, 26))
    terms = [(this[0], date(2026, 9, 2)), (date(2026, 9, 10), this[1]), last]
    assert same_part(SchoolDays(5, terms), this, last, date(2026, 9, 11)) == (date(2025, 9, 4), 4)
