"""By when a mark and homework must be there, and from which day that is controlled (R1, R2, R5, R7). Pure.

R5's moment itself is made with the lesson (`schedule.making.homework_due`). A teacher's own days for an
expected mark are in `expecting.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from ejd.school.calendar import ClassCalendar
from ejd.words import counted, day

WEEK = timedelta(days=7)


def last_day(received_on: date) -> date:
    """The last day on which entering the mark is on time: the seventh after it was received (R1)."""
    return received_on + WEEK


def days_taken(received_on: date, entered_on: date) -> int:
    """Calendar days from receiving to entering, whatever holidays fall in them (R9)."""
    return (entered_on - received_on).days


def days_late(received_on: date, entered_on: date) -> int:
    """By how many days a mark is late; 0 is on time. The eighth day is late by one (R1)."""
    return max(0, days_taken(received_on, entered_on) - WEEK.days)


@dataclass(frozen=True, slots=True)
class Limit:
    """The school's own, shorter term for a work kind (R2), in calendar or school days."""

    days: int
    unit: str  # calendar, school

    def last_day(self, received_on: date, calendar: ClassCalendar) -> date:
        """Never later than R1's week."""
        if self.unit == "school":
            return min(calendar.add_school_days(received_on, self.days), last_day(received_on))
        return min(received_on + timedelta(days=self.days), last_day(received_on))


def limit_of(limits: Mapping[str, Mapping[str, Any]], kind_code: str) -> Limit | None:
    """The limit that the setting `limits` names for a work kind; None when R1's week alone holds."""
    found = limits.get(kind_code)
    return Limit(found["days"], found["unit"]) if found else None


def after_school_term(received_on: date, entered_on: date, school_last_day: date) -> bool:
    """Beyond the school's own term but within the week: told apart, never called late (R2)."""
    return school_last_day < entered_on <= last_day(received_on)


def sentence_of_lateness(received_on: date, entered_on: date) -> str:
    """What a cell tells of a mark's timeliness, kindly and in full."""
    told = f"получена {day(received_on)}, срок до {day(last_day(received_on))}, внесена {day(entered_on)}"
    late = days_late(received_on, entered_on)
    return f"{told}: опоздание {counted(late, 'день', 'дня', 'дней')}" if late else told


def control_begins(launch: date | None, by_grade: Mapping[str, str], grade: int | None) -> date | None:
    """The day from which marks, or homework, of a class are controlled (R7); a parallel may have its own.

    None: nothing is controlled yet. A group over several classes has no grade and keeps to the school's day.
    """
    own = by_grade.get(str(grade))
    return date.fromisoformat(own) if own else launch


def is_controlled(on: date, begins: date | None) -> bool:
    """Whether what was received, or taught, on that day can be late at all (R7)."""
    return begins is not None and on >= begins


class Timeliness(StrEnum):
    """What is said of a lesson's homework (R5)."""

    ON_TIME = "вовремя"
    LATE = "с опозданием"
    MISSING = "нет"
    AWAITED = "ожидается"


def homework_timeliness(due_at: datetime, published_at: datetime | None, now: datetime) -> Timeliness:
    """Homework, or an explicit «не задано», against its deadline; the deadline's own moment is on time."""
    if published_at is None:
        return Timeliness.MISSING if now > due_at else Timeliness.AWAITED
    return Timeliness.LATE if published_at > due_at else Timeliness.ON_TIME
