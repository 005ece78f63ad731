"""Accepted excuses as acts on lessons ask for them: whose letter belongs into which lesson."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import case, func, select

from ejd.bulk import AT_ONCE
from ejd.db import Session
from ejd.journal.excusing import Excused, Span, prevailing
from ejd.journal.expecting import Presence
from ejd.journal.models import Excuse, ExcuseState, Mark
from ejd.journal.occasions import LessonFacts
from ejd.schedule.models import Lesson


class Excuses:
    """Those of the lessons' days: of the pupils asked for, or of everybody. One statement."""

    def __init__(self, session: Session, lessons: Collection[LessonFacts],
                 pupil_ids: Collection[int] | None = None) -> None:
        self._of_pupil: dict[int, list[Excused]] = defaultdict(list)
        if not lessons:
            return
        days = [lesson.day for lesson in lessons]
        query = select(Excuse.id, Excuse.pupil_id, Excuse.from_on, Excuse.to_on, Excuse.first_number,
                       Excuse.last_number, Excuse.code, Excuse.certificate).where(
            Excuse.state == ExcuseState.ACCEPTED.value, Excuse.from_on <= max(days), Excuse.to_on >= min(days))
        if pupil_ids is not None and len(pupil_ids) <= AT_ONCE:
            query = query.where(Excuse.pupil_id.in_(pupil_ids))
        for row in session.execute(query):
            span = Span(row.from_on, row.to_on, row.first_number, row.last_number)
            self._of_pupil[row.pupil_id].append(Excused(row.id, span, row.code, row.certificate))

    def __bool__(self) -> bool:
        return bool(self._of_pupil)

    def covering(self, lesson: LessonFacts, pupil_id: int) -> Excused | None:
        """The one whose letter stands in the lesson."""
        found = self._of_pupil.get(pupil_id)
        return prevailing(one for one in found if one.span.covers(lesson.day, lesson.number)) if found else None


def marked_at(session: Session, lesson_ids: Collection[int], pupil_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who received a mark at which lesson itself, and so was there, as lesson and pupil."""
    query = (select(Mark.lesson_id, Mark.pupil_id).join(Lesson, Lesson.id == Mark.lesson_id)
             .where(Mark.withdrawn_at.is_(None), Mark.received_on == Lesson.day, Mark.lesson_id.in_(lesson_ids)))
    if len(pupil_ids) <= AT_ONCE:
        query = query.where(Mark.pupil_id.in_(pupil_ids))
    return {(lesson_id, pupil_id) for lesson_id, pupil_id in session.execute(query)}


def waiting_letter(pupil_id: int) -> Any:
    """The letter that comes into a lesson when its attendance is taken, as a column of a statement about `Lesson`."""
    return (select(Excuse.code).where(
        Excuse.pupil_id == pupil_id, Excuse.state == ExcuseState.ACCEPTED.value, Lesson.attendance_at.is_(None),
        Excuse.from_on <= Lesson.day, Excuse.to_on >= Lesson.day,
        func.coalesce(Excuse.first_number, 0) <= Lesson.number,
        func.coalesce(Excuse.last_number, Lesson.number) >= Lesson.number)
        .order_by(case((Excuse.code == Presence.ABSENT.value, 1), else_=0), Excuse.certificate.desc(),
                  Excuse.id.desc()).limit(1).correlate(Lesson).scalar_subquery())
