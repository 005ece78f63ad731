"""Acts on people: who they are, whose guardians they are, which positions they hold.

Classes and enrolment live in `classes.py`, joining two rows of one person in `ejd/office/joining.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, insert, or_, select

from ejd import clock, names
from ejd.access import POSITION_NAMES, Position
from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.credentials.models import Account, SignedSession
from ejd.db import Session, one_at_a_time
from ejd.refusal import Refused
from ejd.roster import classes, load
from ejd.roster.belonging import ONE_DAY, facts_about, held, lasting, person_with_id
from ejd.roster.models import (
    ClassTeacher,
    CourseMember,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    TeachingAssignment,
)
from ejd.words import long_date

OLDEST = date(1900, 1, 1)
LEADERS = (Position.DIRECTOR, Position.DEPUTY)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person about to be added."""

    last_name: str
    first_name: str
    patronymic: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """A guardianship about to be noted."""

    guardian_id: int
    pupil_id: int
    relation: str = ""


@dataclass(frozen=True, slots=True)
class NewEmployment:
    """A position about to be given."""

    person_id: int
    position: Position
    job_title: str = ""


def add_person(session: Session, *, actor_id: int | None, last_name: str, first_name: str, patronymic: str = "",
               birth_date: date | None = None, now: datetime) -> Person:
    """Write a new person down. The birth date is a pupil's only (R40)."""
    one = NewPerson(last_name, first_name, patronymic, birth_date)
    [person_id] = add_people(session, actor_id=actor_id, people=[one], now=now)
    return person_with_id(session, person_id)


def add_people(session: Session, *, actor_id: int | None, people: Sequence[NewPerson], now: datetime) -> list[int]:
    """The same for many; their ids in the order given."""
    today = clock.local(now).date()
    rows = [{**_named(one.last_name, one.first_name, one.patronymic), "birth_date": _born(one.birth_date, today)}
            for one in people]
    if not rows:
        return []
    ids = list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows))
    trail.record_many(session, now=now, actor_id=actor_id, verb="person.added", acts=((id, {}) for id in ids))
    return ids


def rename_person(session: Session, *, actor_id: int | None, person_id: int, last_name: str, first_name: str,
                  patronymic: str = "", now: datetime) -> bool:
    """Change a person's name; whether it differed."""
    person = person_with_id(session, person_id)
    named = _named(last_name, first_name, patronymic)
    if all(getattr(person, column) == value for column, value in named.items()):
        return False
    for column, value in named.items():
        setattr(person, column, value)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="person.renamed", subject_id=person_id)
    return True


def correct_birth_date(session: Session, *, actor_id: int | None, person_id: int, birth_date: date | None,
                       now: datetime) -> bool:
    """Put a pupil's birth date right; whether it differed."""
    person = person_with_id(session, person_id)
    if person.birth_date == _born(birth_date, clock.local(now).date()):
        return False
    person.birth_date = birth_date
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="person.redated", subject_id=person_id)
    return True


def remove_person(session: Session, *, actor_id: int | None, person_id: int, now: datetime) -> None:
    """Take away a person who was entered by mistake; refused as soon as anything has happened around them."""
    person = person_with_id(session, person_id)
    if reason := facts_about(session, person_id):
        raise Refused(reason)
    account = select(Account.id).where(Account.person_id == person_id)
    session.execute(delete(SignedSession).where(SignedSession.account_id.in_(account)))
    for table, column in ((Enrolment, Enrolment.pupil_id), (CourseMember, CourseMember.pupil_id),
                          (Guardianship, Guardianship.pupil_id), (Guardianship, Guardianship.guardian_id),
                          (Employment, Employment.person_id), (Account, Account.person_id)):
        session.execute(delete(table).where(column == person_id))
    session.delete(person)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="person.removed", subject_id=person_id)


def appoint_guardian(session: Session, *, actor_id: int | None, guardian_id: int, pupil_id: int, relation: str = "",
                     from_on: date, now: datetime) -> None:
    """Note somebody as a guardian of a pupil; from that day they see the child's diary."""
    person_with_id(session, guardian_id)
    one = NewGuardian(guardian_id, pupil_id, relation)
    appoint_guardians(session, actor_id=actor_id, guardians=[one], from_on=from_on, now=now)


def appoint_guardians(session: Session, *, actor_id: int | None, guardians: Sequence[NewGuardian], from_on: date,
                      now: datetime) -> None:
    """The same for many, all from one day."""
    if any(one.guardian_id == one.pupil_id for one in guardians):
        raise Refused("Человек не может быть представителем самого себя", field="guardian_id")
    if _learning(session, {one.guardian_id for one in guardians}, from_on):
        raise Refused("Это ученик школы: представителем может быть только взрослый", field="guardian_id")
    pairs = {(one.guardian_id, one.pupil_id) for one in guardians}
    if len(pairs) < len(guardians) or pairs & _guardianships(session, {pupil for _, pupil in pairs}, from_on):
        raise Refused("Этот представитель у ребёнка уже записан", field="guardian_id")
    insert_many(session, Guardianship, [
        {"guardian_id": one.guardian_id, "pupil_id": one.pupil_id, "from_on": from_on,
         "relation": names.tidy(one.relation).lower()[:40]} for one in guardians])
    trail.record_many(session, now=now, actor_id=actor_id, verb="guardian.appointed",
                      acts=((one.guardian_id, {"pupil": one.pupil_id, "from_on": from_on}) for one in guardians))


def relate(session: Session, *, actor_id: int | None, guardian_id: int, pupil_id: int, relation: str, on: date,
           now: datetime) -> bool:
    """Say otherwise who a guardian is to the child; whether it differed."""
    relation = names.tidy(relation).lower()[:40]
    rows = session.scalars(select(Guardianship).filter_by(guardian_id=guardian_id, pupil_id=pupil_id)
                           .where(lasting(Guardianship, on), Guardianship.relation != relation)).all()
    for row in rows:
        row.relation = relation
    session.flush()
    if rows:
        trail.record(session, now=now, actor_id=actor_id, verb="guardian.related", subject_id=guardian_id,
                     pupil=pupil_id)
    return bool(rows)


def end_guardianship(session: Session, *, actor_id: int | None, guardianship: Guardianship, last_day: date,
                     now: datetime) -> None:
    """Close a guardian's access to a child after a day; before the first day it was a mistake and never was."""
    if last_day < guardianship.from_on:
        session.delete(guardianship)
    else:
        guardianship.to_on = last_day
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="guardian.ended", subject_id=guardianship.guardian_id,
                 pupil=guardianship.pupil_id, last_day=last_day)


def employ(session: Session, *, actor_id: int | None, person_id: int, position: Position, job_title: str = "",
           from_on: date, now: datetime) -> None:
    """Give somebody a position (R34); one person may hold several."""
    person_with_id(session, person_id)
    employ_many(session, actor_id=actor_id, staff=[NewEmployment(person_id, position, job_title)],
                from_on=from_on, now=now)


def employ_many(session: Session, *, actor_id: int | None, staff: Sequence[NewEmployment], from_on: date,
                now: datetime) -> None:
    """The same for many, all from one day."""
    if any(one.position is Position.CLASS_TEACHER for one in staff):
        raise Refused("Классного руководителя назначают на странице класса", field="position")
    standing = _positions(session, {one.person_id for one in staff}, from_on)
    for one in staff:
        held_already = (one.person_id, one.position, names.fold(one.job_title))
        if held_already in standing:
            raise Refused(f"Эту должность человек уже занимает: {POSITION_NAMES[one.position].lower()}",
                          field="position")
        standing.add(held_already)
    insert_many(session, Employment, [
        {"person_id": one.person_id, "position": one.position.value, "from_on": from_on,
         "job_title": names.tidy(one.job_title)[:120]} for one in staff])
    trail.record_many(session, now=now, actor_id=actor_id, verb="position.given",
                      acts=((one.person_id, {"position": one.position.value, "from_on": from_on}) for one in staff))


def retitle(session: Session, *, actor_id: int | None, person_id: int, position: Position, job_title: str, on: date,
            now: datetime) -> bool:
    """Word the job of a position otherwise; whether it differed."""
    job_title = names.tidy(job_title)[:120]
    rows = session.scalars(select(Employment).filter_by(person_id=person_id, position=position.value)
                           .where(lasting(Employment, on), Employment.job_title != job_title)).all()
    for row in rows:
        row.job_title = job_title
    session.flush()
    if rows:
        trail.record(session, now=now, actor_id=actor_id, verb="position.retitled", subject_id=person_id,
                     position=position.value)
    return bool(rows)


def dismiss(session: Session, *, actor_id: int | None, employment: Employment, last_day: date, now: datetime) -> None:
    """End a position. With the last teaching one, journals become vacancies and the class stays without its teacher."""
    if last_day < employment.from_on:
        raise Refused(f"Последний день раньше первого: работает с {long_date(employment.from_on)}", field="last_day")
    _refuse_locking_out(session, employment, last_day)
    employment.to_on = last_day
    session.flush()
    person_id, position = employment.person_id, employment.position
    trail.record(session, now=now, actor_id=actor_id, verb="position.ended", subject_id=person_id,
                 position=position, last_day=last_day)
    if session.scalar(select(Employment.id).where(
            Employment.person_id == person_id, held(Employment, last_day + ONE_DAY)).limit(1)):
        return
    for course_id in session.scalars(select(TeachingAssignment.course_id).where(
            TeachingAssignment.teacher_id == person_id, held(TeachingAssignment, last_day + ONE_DAY))).all():
        load.assign_teacher(session, actor_id=actor_id, course_id=course_id, teacher_id=None,
                            from_on=last_day + ONE_DAY, now=now)
    for class_id in session.scalars(select(ClassTeacher.class_id).where(
            ClassTeacher.teacher_id == person_id, held(ClassTeacher, last_day + ONE_DAY))).all():
        classes.appoint_class_teacher(session, actor_id=actor_id, class_id=class_id, teacher_id=None,
                                      from_on=last_day + ONE_DAY, now=now)


def leave_work(session: Session, *, actor_id: int | None, person_id: int, last_day: date, now: datetime) -> None:
    """End every position of somebody, none before it began."""
    for employment in session.scalars(select(Employment).filter_by(person_id=person_id).where(
            lasting(Employment, last_day + ONE_DAY)).order_by(Employment.from_on)).all():
        dismiss(session, actor_id=actor_id, employment=employment, last_day=max(last_day, employment.from_on), now=now)


def _refuse_locking_out(session: Session, employment: Employment, last_day: date) -> None:
    """Somebody who can sign in must go on leading the school, or nobody could let anybody in again."""
    if Position(employment.position) not in LEADERS:
        return
    one_at_a_time(session, "leaders")
    rows = session.execute(
        select(Employment.id, Account).join(Account, Account.person_id == Employment.person_id)
        .where(Employment.position.in_(LEADERS), or_(Employment.id == employment.id, and_(
            Employment.from_on <= last_day + ONE_DAY, Employment.to_on.is_(None))))).all()
    can_sign_in = {employment_id for employment_id, account in rows if account.lets_in(clock.real_now())}
    if can_sign_in == {employment.id}:
        raise Refused("После этого дня в программу не войдёт ни директор, ни завуч: сначала назначьте другого и "
                      "выдайте ему пароль")


def _named(last_name: str, first_name: str, patronymic: str) -> dict[str, str]:
    """A name as it is kept, with its keys; refused at the field that can't be a name."""
    full = names.as_name(last_name), names.as_name(first_name), names.as_name(patronymic)
    if fault := names.fault_of_name(*full):
        field, reason = fault
        raise Refused(reason, field=field)
    return {"last_name": full[0], "first_name": full[1], "patronymic": full[2],
            "sort_key": names.sort_key(*full), "search_key": names.search_key(*full)}


def _born(birth_date: date | None, today: date) -> date | None:
    if birth_date is not None and not OLDEST <= birth_date <= today:
        raise Refused(f"Дата рождения {long_date(birth_date)} не подходит: проверьте год", field="birth_date")
    return birth_date


def _learning(session: Session, person_ids: set[int], day: date) -> bool:
    """Whether any of them is a pupil on the day or later."""
    return session.scalar(select(Enrolment.id).where(
        Enrolment.pupil_id.in_(person_ids), lasting(Enrolment, day)).limit(1)) is not None


def _guardianships(session: Session, pupil_ids: set[int], day: date) -> set[tuple[int, int]]:
    """Guardian and pupil of every guardianship of these pupils that is not over by the day."""
    return {(guardian_id, pupil_id) for guardian_id, pupil_id in session.execute(
        select(Guardianship.guardian_id, Guardianship.pupil_id)
        .where(Guardianship.pupil_id.in_(pupil_ids), lasting(Guardianship, day)))}


def _positions(session: Session, person_ids: set[int], day: date) -> set[tuple[int, Position, str]]:
    """Person, position and folded job title of every position that is not over by the day."""
    return {(person_id, Position(position), names.fold(job_title)) for person_id, position, job_title in
            session.execute(select(Employment.person_id, Employment.position, Employment.job_title)
                            .where(Employment.person_id.in_(person_ids), lasting(Employment, day)))}
