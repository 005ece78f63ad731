"""By when a mark and homework must be there, and from which day that is controlled (R1, R2, R5, R7). Pure.

R5's moment itself is made with the lesson (`schedule.making.homework_due`). A teacher's own days for an
expected mark are in `expecting.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from ejd.school import catalogue
from ejd.school.calendar import ClassCalendar
from ejd.words import counted, day

WEEK = timedelta(days=catalogue.WEEK)


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


@dataclass(frozen=True, slots=True)
class Launch:
    """The day control of marks, or of homework, starts (R7): for the school, and for parallels that have their own.
    No day: not yet."""

    day: date | None = None
    of_grades: Mapping[int, date] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, day: date | None, by_grade: Mapping[str, str | None]) -> Launch:
        """From settings, which keep grades and days as text."""
        return cls(day, {int(grade): date.fromisoformat(own) for grade, own in by_grade.items() if own})

    def day_for(self, grade: int | None) -> date | None:
        """The day of a class; a group over several classes has no grade and keeps to the school's day."""
        return self.of_grades.get(grade, self.day) if grade is not None else self.day

    def covers(self, grade: int | None, day: date) -> bool:
        return is_controlled(day, self.day_for(grade))

    def covers_all_from(self, day: date) -> bool:
        """Whether control had started everywhere by that day."""
        return self.day is not None and all(start <= day for start in self.days)

    @property
    def days(self) -> list[date]:
        """Every day on which control begins somewhere."""
        return [day for day in (self.day, *self.of_grades.values()) if day is not None]


def is_controlled(on: date, begins: date | None) -> bool:
    """Whether what was received, or taught, on that day can be late at all (R7)."""
    return begins is not None and on >= begins


def term_of_teacher(due_on: date | None, received_on: date, begins: date | None) -> date | None:
    """Until when an awaited mark is on time; None where nobody is held to it: before control begins (R7)."""
    return due_on if is_controlled(received_on, begins) else None


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
