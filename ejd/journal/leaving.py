"""What a pupil may not leave behind in a journal: a mark on a day when they are not in it any more, and works still
expected of them there (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from ejd.db import Session
from ejd.journal import works
from ejd.journal.models import Awaiting, Expectation, Mark, Work
from ejd.refusal import Refused
from ejd.roster.models import Course, CourseMember, Person
from ejd.schedule.models import Lesson
from ejd.words import long_date


class Leaving(NamedTuple):
    """A pupil out of a journal from a day on."""

    pupil_id: int
    course_id: int
    day: date


class MarksBehind(Refused):
    """Marks would stay behind; `left` says whose, in which journal, and the day of the last of them."""

    def __init__(self, reason: str, *, field: str, left: Leaving) -> None:
        super().__init__(reason, field=field)
        self.left = left


def journals_left(session: Session, *, pupil_id: int, class_id: int, day: date, groups: bool = False) -> list[Leaving]:
    """All journals of a class, left on one day; with the pupil's groups over several classes, when the school is."""
    mine = Course.id.in_(select(CourseMember.course_id).where(CourseMember.pupil_id == pupil_id))
    left = or_(Course.class_id == class_id, mine) if groups else Course.class_id == class_id
    return [Leaving(pupil_id, course_id, day) for course_id in session.scalars(select(Course.id).where(left))]


def leave_journals(session: Session, *, actor_id: int | None, left: Sequence[Leaving], field: str,
                   now: datetime) -> None:
    """Refused when a mark would stay behind; nothing is expected there any more, nor owed from before. To be called
    while the pupils are still in the journals."""
    if not left:
        return
    _refuse_marks(session, left, field)
    days = {(one.pupil_id, one.course_id): one.day for one in left}
    expected = session.execute(
        select(Expectation.work_id, Expectation.pupil_id, Expectation.awaiting, Lesson.course_id, Lesson.day)
        .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
        .where(Expectation.pupil_id.in_({one.pupil_id for one in left}), Work.withdrawn_at.is_(None),
               Lesson.course_id.in_({one.course_id for one in left}),
               Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value)))).all()
    for work_id, pupil_id, awaiting, course_id, day in expected:
        until = days.get((pupil_id, course_id))
        if until and (day >= until or awaiting == Awaiting.PUPIL):
            works.release(session, actor_id=actor_id, work_id=work_id, pupil_id=pupil_id, now=now)


def _refuse_marks(session: Session, left: Sequence[Leaving], field: str) -> None:
    days = {(one.pupil_id, one.course_id): one.day for one in left}
    rows = session.execute(
        select(Mark.pupil_id, Lesson.course_id, func.max(Lesson.day)).join(Lesson, Lesson.id == Mark.lesson_id)
        .where(Mark.pupil_id.in_({one.pupil_id for one in left}), Mark.withdrawn_at.is_(None),
               Lesson.course_id.in_({one.course_id for one in left}), Lesson.day >= min(days.values()))
        .group_by(Mark.pupil_id, Lesson.course_id))
    behind = [(last, pupil_id, course_id) for pupil_id, course_id, last in rows
              if (pupil_id, course_id) in days and last >= days[pupil_id, course_id]]
    if behind:
        last, pupil_id, course_id = max(behind)
        name = session.get_one(Person, pupil_id).full_name
        raise MarksBehind(f"{name}: в прежнем журнале есть отметка за {long_date(last)}. "
                          "Укажите день позже неё или сначала перенесите отметки",
                          field=field, left=Leaving(pupil_id, course_id, last))
