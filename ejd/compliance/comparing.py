"""What a span of days is compared with: one that is over with the whole of the one before, one that has only begun with
as much of it as has passed of this, in school days (R60). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
LONGEST_WEEK = 6  # days


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """On which days the school as a whole has lessons: on those of its week, in its terms, holidays and days off left
    out; and on days to which another was moved."""

    week: int = LONGEST_WEEK  # days, from Monday
    terms: Collection[tuple[date, date]] = ()
    closed: Collection[tuple[date, date]] = ()
    moved: Collection[date] = frozenset()

    def within(self, first: date, last: date) -> Iterator[date]:
        for number in range((last - first).days + 1):
            day = first + number * DAY
            if self._taught(day):
                yield day

    def _taught(self, day: date) -> bool:
        if any(first <= day <= last for first, last in self.closed):
            return False
        if self.terms and not any(first <= day <= last for first, last in self.terms):
            return False
        return day in self.moved or day.isoweekday() <= self.week


def same_part(days: SchoolDays, span: tuple[date, date], before: tuple[date, date], today: date
              ) -> tuple[date, int] | None:
    """Until which day the span before is taken, and how many school days that are; 0 is the whole. None: nothing of
    this span has passed."""
    first, last = span
    if last < today:
        return before[1], 0
    passed = sum(1 for _ in days.within(first, today))
    then = list(days.within(*before))
    if not passed or not then:
        return None
    return (then[passed - 1], passed) if passed < len(then) else (before[1], 0)
