"""What somebody leaves behind when their last position ends: asked before it is ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import ClassTeacher, TeachingAssignment


@dataclass(frozen=True, slots=True)
class LeftBehind:
    journals: int
    classes: int


def left_behind(session: Session, *, person_id: int, day: date) -> LeftBehind:
    """The journals that are taught and the classes that are led on a day. One statement."""
    journals, classes = (
        select(func.count()).select_from(model).where(model.teacher_id == person_id, held(model, day)).scalar_subquery()
        for model in (TeachingAssignment, ClassTeacher))
    return LeftBehind(*session.execute(select(journals, classes)).one())
