"""What a year's terms, days off and bells may look like, and how they are prefilled. Pure.

A fault is a Russian sentence, None means there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class TermPlan:
    """A term as somebody wants it; both days included."""

    number: int
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class DayOffPlan:
    """Holidays (`holidays=True`, «каникулы») or a public day off, for a span of grades; both days included."""

    name: str
    starts_on: date
    ends_on: date
    holidays: bool = True
    first_grade: int = 1
    last_grade: int = 11


@dataclass(frozen=True, slots=True)
class BellPlan:
    """When a lesson of that number begins and ends, by the school's clock."""

    number: int
    starts_at: time
    ends_at: time
