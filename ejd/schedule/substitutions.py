"""What becomes of single lessons (R6): cancelled, restored, taught by somebody else."""

from __future__ import annotations

from datetime import datetime

from ejd.db import Session
from ejd.schedule.models import Lesson


def cancel_lesson(session: Session, *, actor_id: int, lesson: Lesson, reason: str, now: datetime) -> None:
    """Take a lesson out of every denominator. Refused while marks stand or are awaited in it (R6)."""
    raise NotImplementedError


def restore_lesson(session: Session, *, actor_id: int, lesson: Lesson, now: datetime) -> None:
    """A cancelled lesson is planned again."""
    raise NotImplementedError


def substitute(session: Session, *, actor_id: int, lesson: Lesson, teacher_id: int | None, now: datetime) -> None:
    """Name who really teaches the lesson (R6); the teacher by assignment, or None, ends the substitution."""
    raise NotImplementedError
