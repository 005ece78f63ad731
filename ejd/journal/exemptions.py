"""«осв»: a pupil is exempt from a journal from–to: present, no mark expected, one possible (R10)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from ejd.audit import trail
from ejd.db import Session
from ejd.journal import works
from ejd.journal.models import Awaiting, Exemption, Expectation, Work
from ejd.journal.occasions import lock_lessons
from ejd.refusal import Refused
from ejd.roster.belonging import touching
from ejd.roster.members import member_of
from ejd.roster.models import Course, Person, Subject
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear
from ejd.words import long_date


def exemption_by_id(session: Session, exemption_id: int) -> tuple[Exemption, str] | None:
    """An exemption with the name of its subject."""
    row = session.execute(select(Exemption, Subject.name).join(Course, Course.id == Exemption.course_id)
                          .join(Subject, Subject.id == Course.subject_id).where(Exemption.id == exemption_id)).first()
    return (row[0], row[1]) if row else None


def exempt(session: Session, *, actor_id: int, pupil_id: int, course_id: int, from_on: date, to_on: date | None,
           now: datetime) -> Exemption:
    """Exempt a pupil from a journal, to the end of the year when no last day is known; nothing is expected or owed
    for works of those days any more. Why is not asked: the school keeps the paper (R40)."""
    course = session.get(Course, course_id)
    if course is None:
        raise Refused("Выберите предмет из списка", field="course_id")
    last = _last_day(session.get_one(SchoolYear, course.year_id), from_on, to_on)
    session.get(Person, pupil_id, with_for_update={"key_share": True})  # two hands come one after the other
    if member_of(session, course, pupil_id=pupil_id, first=from_on, last=last) is None:
        raise Refused("В эти дни ученик не учится по этому журналу", field="course_id")
    _refuse_twice(session, pupil_id, course_id, from_on, last)
    exemption = Exemption(pupil_id=pupil_id, course_id=course_id, from_on=from_on, to_on=to_on)
    session.add(exemption)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="exemption.given", subject_id=course_id, pupil=pupil_id,
                 from_on=from_on, to_on=to_on)
    _release(session, exemption, last, actor_id=actor_id, now=now)
    return exemption


def end_exemption(session: Session, *, actor_id: int, exemption_id: int, last_day: date, now: datetime) -> None:
    """Name an earlier last day; before the first day it was a mistake and never was.

    What was not expected on days behind stays so: nobody had asked the pupil for it, and it would be overdue at once.
    """
    exemption = session.get(Exemption, exemption_id, with_for_update=True)
    if exemption is None:
        raise Refused("Этого освобождения уже нет: обновите страницу")
    if exemption.to_on is not None and last_day > exemption.to_on:
        raise Refused(f"Освобождение кончается раньше, {long_date(exemption.to_on)}: чтобы продлить, запишите новое",
                      field="last_day")
    if last_day < exemption.from_on:
        session.delete(exemption)
    else:
        exemption.to_on = last_day
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="exemption.ended", subject_id=exemption.course_id,
                 pupil=exemption.pupil_id, last_day=last_day)


def _last_day(year: SchoolYear, from_on: date, to_on: date | None) -> date:
    """The last day it may reach; refused when the days are not a span of the school year."""
    for field, day in (("from_on", from_on), ("to_on", to_on)):
        if day is not None and not year.starts_on <= day <= year.ends_on:
            raise Refused("Освобождают внутри учебного года: "
                          f"с {long_date(year.starts_on)} по {long_date(year.ends_on)}", field=field)
    if to_on is not None and to_on < from_on:
        raise Refused("Последний день раньше первого", field="to_on")
    return to_on or year.ends_on


def _refuse_twice(session: Session, pupil_id: int, course_id: int, first: date, last: date) -> None:
    standing = session.scalars(select(Exemption).where(
        Exemption.pupil_id == pupil_id, Exemption.course_id == course_id, touching(Exemption, first, last))).first()
    if standing is not None:
        until = f" по {long_date(standing.to_on)}" if standing.to_on else ""
        raise Refused(f"Ученик уже освобождён от этого предмета с {long_date(standing.from_on)}{until}",
                      field="from_on")


def _release(session: Session, exemption: Exemption, last: date, *, actor_id: int, now: datetime) -> None:
    lessons = lock_lessons(session, session.scalars(select(Lesson.id).where(
        Lesson.course_id == exemption.course_id, Lesson.day.between(exemption.from_on, last))).all())
    expected = session.scalars(
        select(Expectation.work_id).join(Work, Work.id == Expectation.work_id)
        .where(Expectation.pupil_id == exemption.pupil_id, Work.lesson_id.in_(lessons), Work.withdrawn_at.is_(None),
               Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value))).order_by(Work.id)).all()
    for work_id in expected:
        works.release(session, actor_id=actor_id, work_id=work_id, pupil_id=exemption.pupil_id, now=now)
