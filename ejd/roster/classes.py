"""Acts on classes: founding them, who learns in them from–to, who is their class teacher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ejd import names
from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.db import Session
from ejd.journal.leaving import journals_left, leave_journals
from ejd.refusal import Refused
from ejd.roster.belonging import (
    ONE_DAY,
    lasting,
    person_with_id,
    refuse_closed_year,
)
from ejd.roster.customs import usual_term_scheme
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseMember,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    SchoolClass,
    TeachingAssignment,
)
from ejd.school.calendar import WEEKS
from ejd.school.models import BellSchedule, DayOff, SchoolYear, TermScheme
from ejd.words import long_date


@dataclass(frozen=True, slots=True)
class Succession:
    """What an appointment from a day on changed: who was there on that day, and whether anything differed."""

    before: int | None
    differs: bool


def found_class(session: Session, *, actor_id: int | None, year_id: int, grade: int, letter: str, now: datetime,
                term_scheme: str | None = None, days_per_week: int = 5,
                bell_schedule_id: int | None = None) -> SchoolClass:
    """Open a class of a school year. Quarters or half-years by R15 unless said otherwise."""
    letter = names.class_letter(letter)
    if not 1 <= grade <= 11:
        raise Refused("Класс – от 1 до 11", field="grade")
    if not (letter.isalpha() and len(letter) == 1):
        raise Refused("Буква класса – одна, например «А»", field="letter")
    if days_per_week not in WEEKS:
        raise Refused("Учебная неделя – пять или шесть дней", field="days_per_week")
    if term_scheme is not None and term_scheme not in list(TermScheme):
        raise Refused("Выберите четверти, полугодия или триместры", field="term_scheme")
    if bell_schedule_id is not None and session.get(BellSchedule, bell_schedule_id) is None:
        raise Refused("Такого расписания звонков нет", field="bell_schedule_id")
    if session.scalar(select(SchoolClass.id).filter_by(year_id=year_id, grade=grade, letter=letter)):
        raise Refused(f"Класс {grade}{letter} уже есть", field="letter")
    school_class = SchoolClass(year_id=year_id, grade=grade, letter=letter, days_per_week=days_per_week,
                               term_scheme=term_scheme or usual_term_scheme(grade), bell_schedule_id=bell_schedule_id)
    session.add(school_class)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="class.founded", subject_id=school_class.id,
                 year_id=year_id, grade=grade, letter=letter)
    return school_class


def remove_class(session: Session, *, actor_id: int | None, class_id: int, now: datetime) -> None:
    """Take away a class opened by mistake; refused once it has had a pupil, a class teacher, a journal or a day
    off of its own."""
    school_class = _class_with_id(session, class_id)
    for table in (Enrolment, Course, ClassTeacher, DayOff):
        if session.scalar(select(table.id).where(table.class_id == class_id).limit(1)):
            raise Refused("В классе уже были ученики, классный руководитель, нагрузка или свои выходные: "
                          "убрать его нельзя")
    session.delete(school_class)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="class.removed", subject_id=class_id,
                 year_id=school_class.year_id, grade=school_class.grade, letter=school_class.letter)


def enrol(session: Session, *, actor_id: int | None, pupil_id: int, class_id: int, from_on: date,
          now: datetime, came_from: str = "") -> None:
    """Take a pupil into a class from a day on; `came_from` names the school that he was in before."""
    person = person_with_id(session, pupil_id)
    if session.scalar(select(Employment.id).where(Employment.person_id == pupil_id).limit(1)) or session.scalar(
            select(Guardianship.id).where(Guardianship.guardian_id == pupil_id).limit(1)):
        raise Refused(f"{person.full_name} – сотрудник или представитель: это не ученик", field="form")
    enrol_many(session, actor_id=actor_id, pairs=[(pupil_id, class_id)], from_on=from_on, now=now,
               came_from=came_from)


def enrol_many(session: Session, *, actor_id: int | None, pairs: Sequence[tuple[int, int]], from_on: date,
               now: datetime, came_from: str = "") -> None:
    """The same for many: pupil and class."""
    pupil_ids = {pupil_id for pupil_id, _ in pairs}
    learns = session.execute(
        select(Person, SchoolClass).select_from(Enrolment)
        .join(Person, Person.id == Enrolment.pupil_id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Enrolment.pupil_id.in_(pupil_ids), lasting(Enrolment, from_on)).limit(1)).first()
    if learns:
        raise Refused(f"{learns[0].full_name} уже учится в {learns[1].name}: переведите, а не зачисляйте заново",
                      field="from_on")
    if len(pupil_ids) < len(pairs):
        raise Refused("Один ученик не может быть зачислен в два класса", field="class_id")
    for class_id in {class_id for _, class_id in pairs}:
        _refuse_day(session, _class_with_id(session, class_id), from_on, "from_on")
    insert_many(session, Enrolment, [{"pupil_id": pupil_id, "class_id": class_id, "from_on": from_on,
                                      "came_from": names.tidy(came_from)[:200]} for pupil_id, class_id in pairs])
    trail.record_many(session, now=now, actor_id=actor_id, verb="pupil.enrolled",
                      acts=((pupil_id, {"class_id": class_id, "from_on": from_on}) for pupil_id, class_id in pairs))


def move_pupil(session: Session, *, actor_id: int | None, pupil_id: int, class_id: int, on: date,
               now: datetime) -> None:
    """Move a pupil to another class: the new one counts from that day, the old one to the day before. The old class's
    subgroups end along with it; those of the new one become a to-do."""
    current = _enrolment(session, pupil_id, on)
    target = _class_with_id(session, class_id)
    if current.class_id == class_id:
        raise Refused(f"Ученик уже в {target.name}", field="class_id")
    if on < current.from_on:
        raise Refused(f"В нынешнем классе ученик с {long_date(current.from_on)}: перевести раньше нельзя", field="on")
    _refuse_day(session, target, on, "on")
    before, until = current.class_id, current.to_on
    left = journals_left(session, pupil_id=pupil_id, class_id=before, day=on)
    leave_journals(session, actor_id=actor_id, left=left, field="on", now=now)
    _end_membership(session, pupil_id, on - ONE_DAY, class_id=before)
    if on == current.from_on:
        session.delete(current)
    else:
        current.to_on = on - ONE_DAY
    session.flush()
    session.add(Enrolment(pupil_id=pupil_id, class_id=class_id, from_on=on, to_on=until))
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="pupil.moved", subject_id=pupil_id,
                 from_class=before, to_class=class_id, on=on)


def pupil_leaves(session: Session, *, actor_id: int | None, pupil_id: int, last_day: date, reason: str,
                 now: datetime) -> None:
    """A pupil leaves school; what was marked stays."""
    current = _enrolment(session, pupil_id, last_day)
    if last_day < current.from_on:
        raise Refused(f"Последний день раньше первого: в классе с {long_date(current.from_on)}", field="last_day")
    refuse_closed_year(session, _class_with_id(session, current.class_id).year_id, last_day, field="last_day")
    left = journals_left(session, pupil_id=pupil_id, class_id=current.class_id, day=last_day + ONE_DAY, groups=True)
    leave_journals(session, actor_id=actor_id, left=left, field="last_day", now=now)
    _forget_later(session, pupil_id, last_day)
    _end_membership(session, pupil_id, last_day)
    current.to_on, current.leave_reason = last_day, names.tidy(reason)[:200]
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="pupil.left", subject_id=pupil_id,
                 class_id=current.class_id, last_day=last_day, enrolment=current.id)


def appoint_class_teacher(session: Session, *, actor_id: int | None, class_id: int, teacher_id: int | None,
                          from_on: date, now: datetime) -> bool:
    """Name the class teacher from a day on, or nobody; whether anything differed."""
    refuse_closed_year(session, _class_with_id(session, class_id).year_id, from_on, field="from_on")
    if teacher_id is not None:
        refuse_outsider(session, teacher_id, from_on)
    changed = succeed(session, ClassTeacher, {"class_id": class_id}, teacher_id, from_on)
    if changed.differs:
        trail.record(session, now=now, actor_id=actor_id, verb="class_teacher.appointed", subject_id=class_id,
                     before=changed.before, after=teacher_id, from_on=from_on)
    return changed.differs


def refuse_outsider(session: Session, person_id: int, day: date) -> None:
    """Classes and journals are given to people who work at the school."""
    if not session.scalar(select(Employment.id).where(
            Employment.person_id == person_id, lasting(Employment, day)).limit(1)):
        raise Refused("Этот человек в школе не работает: сначала запишите его должность", field="teacher_id")


def succeed(session: Session, table: Any, owner: dict[str, int], teacher_id: int | None, from_on: date) -> Succession:
    """Let somebody follow in a class or journal from a day on: who was there ends the day before, who was to come
    later does not come. A journal without a teacher is a row too: a vacancy."""
    rows = session.scalars(select(table).filter_by(**owner).where(lasting(table, from_on))).all()
    before = next((row for row in rows if row.from_on <= from_on), None)
    stays = before is not None and before.teacher_id == teacher_id and before.to_on is None
    if (stays and len(rows) == 1) or (not rows and teacher_id is None):
        return Succession(teacher_id, False)
    for row in rows:
        if row.from_on >= from_on:
            session.delete(row)
        elif not stays:
            row.to_on = from_on - ONE_DAY
    session.flush()
    if not stays and (teacher_id is not None or table is TeachingAssignment):
        session.add(table(**owner, teacher_id=teacher_id, from_on=from_on))
        session.flush()
    return Succession(before.teacher_id if before else None, True)


def _class_with_id(session: Session, class_id: int) -> SchoolClass:
    school_class = session.get(SchoolClass, class_id)
    if school_class is None:
        raise Refused("Такого класса нет: обновите страницу", field="class_id")
    return school_class


def _refuse_day(session: Session, school_class: SchoolClass, day: date, field: str) -> None:
    """Membership of a class begins in its school year, however early the order is written."""
    year = session.get_one(SchoolYear, school_class.year_id)
    refuse_closed_year(session, year.id, day, field=field)
    if not year.starts_on <= day <= year.ends_on:
        raise Refused(f"{school_class.name} – класс {year.name} учебного года: {long_date(day)} не подходит, укажите "
                      f"день с {long_date(year.starts_on)} по {long_date(year.ends_on)}", field=field)


def _enrolment(session: Session, pupil_id: int, day: date) -> Enrolment:
    """The enrolment of the day, while it or a later one goes on: once the next year is prepared there are two."""
    rows = session.scalars(select(Enrolment).where(Enrolment.pupil_id == pupil_id, lasting(Enrolment, day))
                           .order_by(Enrolment.from_on)).all()
    if not rows or rows[-1].to_on is not None:
        raise Refused("Сейчас этот человек ни в каком классе не учится")
    return rows[0]


def _forget_later(session: Session, pupil_id: int, last_day: date) -> None:
    """Who leaves before the class of the next year begins was never in it."""
    for row in session.scalars(select(Enrolment).where(Enrolment.pupil_id == pupil_id, Enrolment.from_on > last_day)):
        session.delete(row)
    session.flush()


def _end_membership(session: Session, pupil_id: int, last_day: date, class_id: int | None = None) -> None:
    """End the pupil's subgroups of a class, or all groups; those that had not begun never were."""
    rows = select(CourseMember).where(CourseMember.pupil_id == pupil_id, lasting(CourseMember, last_day + ONE_DAY))
    if class_id is not None:
        rows = rows.join(Course, Course.id == CourseMember.course_id).where(Course.class_id == class_id)
    for row in session.scalars(rows).all():
        if row.from_on > last_day:
            session.delete(row)
        else:
            row.to_on = last_day
    session.flush()
