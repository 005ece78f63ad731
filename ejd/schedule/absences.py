"""Teachers who are away from–to (R6): noted by the office, taken back when they come after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from ejd.audit import trail
from ejd.db import Session
from ejd.refusal import Refused
from ejd.roster.belonging import touching
from ejd.roster.models import Employment, Person
from ejd.schedule.models import TeacherAbsence

LONGEST_REASON = 100
LONGEST_ABSENCE = 366  # days


@dataclass(frozen=True, slots=True)
class AbsenceOfTeacher:
    """An absence as a list shows it."""

    id: int
    teacher_id: int
    teacher: str
    from_on: date
    to_on: date
    reason: str

    def holds(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on


def note_absence(session: Session, *, actor_id: int, teacher_id: int, from_on: date, to_on: date, reason: str,
                 now: datetime) -> TeacherAbsence:
    """A teacher is away from–to. The same absence noted again is the one that stands."""
    reason = " ".join(reason.split())
    if to_on < from_on:
        raise Refused("Последний день отсутствия – не раньше первого", field="to_on")
    if (to_on - from_on).days > LONGEST_ABSENCE:
        raise Refused("Отсутствие не длиннее года: дальше меняют нагрузку", field="to_on")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Причина не длиннее {LONGEST_REASON} знаков", field="reason")
    works_here = session.scalar(select(Employment.id).where(
        Employment.person_id == teacher_id, touching(Employment, from_on, to_on)).limit(1))
    if works_here is None:
        raise Refused("В эти дни этот человек в школе не работает", field="teacher_id")
    standing = session.scalars(select(TeacherAbsence).where(
        TeacherAbsence.withdrawn_at.is_(None), TeacherAbsence.teacher_id == teacher_id,
        TeacherAbsence.from_on <= to_on, TeacherAbsence.to_on >= from_on).with_for_update()).first()
    if standing is not None and (standing.from_on, standing.to_on) == (from_on, to_on):
        return standing
    if standing is not None:
        raise Refused("Часть этих дней уже записана как отсутствие: сначала отмените ту запись", field="from_on")
    absence = TeacherAbsence(teacher_id=teacher_id, from_on=from_on, to_on=to_on, reason=reason, noted_at=now,
                             noted_by_id=actor_id)
    session.add(absence)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="absence.noted", subject_id=absence.id,
                 teacher=teacher_id, from_on=from_on, to_on=to_on)
    return absence


def withdraw_absence(session: Session, *, actor_id: int, absence: TeacherAbsence, now: datetime) -> None:
    """The teacher is not away after all; substitutions that were named stay until they are taken back."""
    if absence.withdrawn_at is not None:
        return
    absence.withdrawn_at = now
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="absence.withdrawn", subject_id=absence.id,
                 teacher=absence.teacher_id)


def absences_from(session: Session, day: date) -> list[AbsenceOfTeacher]:
    """Absences that are not over by the day, the earliest first. One statement."""
    return _shown(session, TeacherAbsence.to_on >= day)


def absences_on(session: Session, day: date) -> list[AbsenceOfTeacher]:
    """Who is away on the day. One statement."""
    return _shown(session, TeacherAbsence.to_on >= day, TeacherAbsence.from_on <= day)


def absence_with_id(session: Session, absence_id: int) -> TeacherAbsence | None:
    return session.get(TeacherAbsence, absence_id)


def _shown(session: Session, *where: ColumnElement[bool]) -> list[AbsenceOfTeacher]:
    rows = session.execute(
        select(TeacherAbsence, Person).join(Person, Person.id == TeacherAbsence.teacher_id)
        .where(TeacherAbsence.withdrawn_at.is_(None), *where)).all()
    found = [(absence.from_on, person.sort_key, AbsenceOfTeacher(
        absence.id, person.id, person.short_name, absence.from_on, absence.to_on, absence.reason))
        for absence, person in rows]
    return [shown for _, _, shown in sorted(found, key=lambda one: one[:2])]
