"""Acts on the school's time: the year, its terms, days off and bells.

Each compares with what stands and changes only what differs, so that the same import twice changes nothing.
None touches lessons: whoever changes the calendar or bells calls `ejd.schedule.services.remake_lessons` after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ejd.db import Session
from ejd.school.models import BellSchedule, DayOff, SchoolYear
from ejd.school.year_plan import BellPlan, DayOffPlan, TermPlan


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows an act added, changed and removed; false when nothing differed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def open_year(session: Session, *, actor_id: int | None, starts_on: date, ends_on: date, now: datetime,
              terms: Mapping[str, Sequence[TermPlan]] | None = None,
              days_off: Sequence[DayOffPlan] | None = None) -> SchoolYear:
    """Open the school year («2026/2027» by its first day), or move the dates of the one that is open.

    Terms (by scheme) and days off not given are prefilled for a year that has none.
    """
    raise NotImplementedError


def put_terms(session: Session, *, actor_id: int | None, year_id: int, scheme: str, terms: Sequence[TermPlan],
              now: datetime) -> Changes:
    """Make `terms` all the terms of one scheme (R15)."""
    raise NotImplementedError


def put_days_off(session: Session, *, actor_id: int | None, year_id: int, rows: Sequence[DayOffPlan],
                 now: datetime) -> Changes:
    """Make `rows` all the holidays and days off of the year; those that have begun are never removed."""
    raise NotImplementedError


def put_day_off(session: Session, *, actor_id: int | None, year_id: int, row: DayOffPlan, now: datetime,
                day_off_id: int | None = None) -> DayOff:
    """Add one day off or span of holidays, or change the one named."""
    raise NotImplementedError


def remove_day_off(session: Session, *, actor_id: int | None, day_off_id: int, now: datetime) -> None:
    """Take away holidays or a day off that have not begun."""
    raise NotImplementedError


def put_bells(session: Session, *, actor_id: int | None, name: str, bells: Sequence[BellPlan],
              now: datetime) -> BellSchedule:
    """Make `bells` all the bells of the schedule of that name («Основное»), which is made when it is new."""
    raise NotImplementedError
