"""Publishing a timetable and keeping the lessons that it makes as rows, ahead, until the year's end.

Lessons that have facts (topic, attendance, marks, works, homework) are never replaced.
Cancelling and substituting live in `substitutions.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ejd.db import Session
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A place in the timetable as somebody wants it: weekday 1–7 (ISO), lesson number, course."""

    weekday: int
    number: int
    course_id: int
    room: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the lessons: how many were added, changed (times, teacher), removed, kept for their facts."""

    version_id: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0


def publish_timetable(session: Session, *, actor_id: int | None, year_id: int, valid_from: date,
                      slots: Sequence[SlotPlan], now: datetime) -> Published:
    """Put a timetable in force from a day on, and make its lessons until the year's end.

    The same slots again change nothing. Once control has begun (R7) the day cannot lie in the past.
    Raises Refused for an unknown bell, a slot twice, a day outside the year.
    """
    raise NotImplementedError


def remake_lessons(session: Session, *, actor_id: int | None, year_id: int, now: datetime,
                   course_ids: Iterable[int] | None = None) -> Published | None:
    """Bring the lessons that have not begun into line with the timetable, calendar, bells and load of today.

    For after a change of any of these; None when no timetable is published. Does nothing when nothing differs.
    """
    raise NotImplementedError


def recompute_homework_deadlines(session: Session, *, from_on: date, settings: Settings) -> int:
    """Set R5's deadline anew for lessons from a day on, by the rule in force on each lesson's day; how many moved."""
    raise NotImplementedError
