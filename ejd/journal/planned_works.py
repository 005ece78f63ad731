"""A declared work is put off or brought forward to another lesson of its journal, before it is written (R16)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from ejd.audit import trail
from ejd.db import Session
from ejd.journal.closed import Doors
from ejd.journal.entering import refuse
from ejd.journal.marking import Refusal
from ejd.journal.models import Expectation, Mark, Work
from ejd.journal.occasions import lock_lessons
from ejd.refusal import Refused, Stale


def move_work(session: Session, *, actor_id: int, work_id: int, version: int, lesson_id: int, now: datetime) -> Work:
    """Give the work another lesson of the same journal. Refused once marks stand or are expected. Raises Stale."""
    work = session.scalars(select(Work).where(Work.id == work_id).execution_options(populate_existing=True)).one()
    if work.lesson_id == lesson_id:
        return work
    lessons = lock_lessons(session, [work.lesson_id, lesson_id])
    work = session.scalars(
        select(Work).where(Work.id == work_id).with_for_update().execution_options(populate_existing=True)).one()
    if work.version != version or work.lesson_id not in lessons or work.withdrawn_at is not None:
        raise Stale("Работу уже изменили", theirs=work.title or "без названия")
    former, other = lessons[work.lesson_id], lessons[lesson_id]
    if other.course_id != former.course_id:
        raise Refused("Выберите урок этого же журнала", field="lesson_id")
    if other.cancelled:
        refuse(Refusal.CANCELLED)
    doors = Doors(session, lessons.values())
    for lesson in lessons.values():
        doors.check(lesson, at=now, actor_id=actor_id)
    _refuse_written(session, work)
    if other.attendance_at is not None:
        raise Refused("Тот урок уже прошёл: выберите другой или объявите работу в нём", field="lesson_id")
    before, work.lesson_id, work.version = work.lesson_id, lesson_id, work.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="work.moved", subject_id=work.id, before=before,
                 after=lesson_id)
    doors.tell()
    return work


def _refuse_written(session: Session, work: Work) -> None:
    written = session.scalar(select(exists().where(Mark.work_id == work.id, Mark.withdrawn_at.is_(None))
                                    | exists().where(Expectation.work_id == work.id)))
    if written:
        raise Refused("Эту работу уже писали: за неё стоят или ожидаются отметки", field="lesson_id")
