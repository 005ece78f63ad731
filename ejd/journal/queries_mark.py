"""Single marks with when they were received and entered, for who may put that day right for a teacher (R3, R34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from ejd.db import Session
from ejd.journal.deadlines import WEEK
from ejd.journal.models import Mark, WorkKind
from ejd.roster.models import Person
from ejd.schedule.models import Lesson


@dataclass(frozen=True, slots=True)
class DatedMark:
    """A mark that stands, and its three days."""

    id: int
    version: int
    course_id: int
    pupil: str
    value: str
    kind: str
    lesson_day: date
    received_on: date
    received_reason: str
    entered_on: date


def late_marks(session: Session, *, course_id: int) -> Sequence[DatedMark]:
    """The marks of a journal that were entered later than a week after they were received, the newest first. One
    statement."""
    late = _marks().where(Lesson.course_id == course_id, Mark.days_taken > WEEK.days)
    return [_dated(row) for row in session.execute(late.order_by(Mark.received_on.desc(), Mark.id.desc()))]


def dated_mark(session: Session, mark_id: int) -> DatedMark | None:
    """One mark that was not withdrawn. One statement."""
    row = session.execute(_marks().where(Mark.id == mark_id)).one_or_none()
    return None if row is None else _dated(row)


def _marks() -> Select[*tuple[Any, ...]]:
    return (select(Mark.id, Mark.version, Lesson.course_id, Person, Mark.value, WorkKind.name, Lesson.day,
                   Mark.received_on, Mark.received_reason, Mark.entered_on)
            .join(Lesson, Lesson.id == Mark.lesson_id).join(Person, Person.id == Mark.pupil_id)
            .join(WorkKind, WorkKind.id == Mark.kind_id).where(Mark.withdrawn_at.is_(None)))


def _dated(row: Any) -> DatedMark:
    mark_id, version, course_id, pupil, *rest = row
    return DatedMark(mark_id, version, course_id, pupil.full_name, *rest)
