"""Reading bases of processing and passport data: who has which, who has none, what must go, who has looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, select
from sqlalchemy.orm import aliased

from ejd.audit.models import AuditRecord
from ejd.db import Session
from ejd.privacy.grounds import BASIS_NAMES, Basis
from ejd.privacy.models import Passport, ProcessingBasis
from ejd.privacy.passport_data import EXAM_GRADE, keeps_until_october
from ejd.roster.belonging import held
from ejd.roster.models import Enrolment, Person, SchoolClass
from ejd.school.models import SchoolYear

LOOKS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PupilHere:
    """Somebody who is or was a pupil; the class of today, if there is one."""

    person: Person
    class_name: str
    grade: int | None

    @property
    def id(self) -> int:
        return self.person.id


@dataclass(frozen=True, slots=True)
class BasisRow:
    """A pupil of today with the basis that holds; without one, when the last was revoked."""

    pupil_id: int
    name: str
    class_id: int
    class_name: str
    since: date  # in this class
    kind: str
    number: str
    from_on: date | None
    revoked_on: date | None

    @property
    def basis(self) -> str:
        return BASIS_NAMES[Basis(self.kind)] if self.kind else ""


@dataclass(frozen=True, slots=True)
class PassportRow:
    """A pupil of class 11, or somebody whose data are still kept."""

    person: Person
    class_name: str
    passport: Passport | None
    due: bool  # must be erased

    @property
    def kept(self) -> bool:
        return self.passport is not None and self.passport.sealed is not None


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw the passport data of a pupil in full."""

    at: datetime
    by: str
    pupil_id: int
    pupil: str


def pupil_here(session: Session, *, pupil_id: int, day: date) -> PupilHere | None:
    """Somebody who was ever enrolled. One statement."""
    today = (select(SchoolClass.grade, SchoolClass.letter, Enrolment.pupil_id)
             .join(Enrolment, Enrolment.class_id == SchoolClass.id)
             .where(Enrolment.pupil_id == pupil_id, held(Enrolment, day)).subquery())
    ever = select(Enrolment.id).where(Enrolment.pupil_id == pupil_id).exists()
    row = session.execute(select(Person, today.c.grade, today.c.letter)
                          .outerjoin(today, today.c.pupil_id == Person.id)
                          .where(Person.id == pupil_id, Person.erased_at.is_(None), ever)).first()
    return PupilHere(row[0], f"{row.grade}{row.letter}" if row.grade else "", row.grade) if row else None


def grade_on(session: Session, pupil_id: int, day: date) -> int | None:
    return session.scalar(select(SchoolClass.grade).join(Enrolment, Enrolment.class_id == SchoolClass.id)
                          .where(Enrolment.pupil_id == pupil_id, held(Enrolment, day)))


def register_of_bases(session: Session, *, day: date, class_id: int | None = None) -> list[BasisRow]:
    """Every pupil of the day by class and name. One statement."""
    holds: Any = aliased(ProcessingBasis)
    revoked = (select(func.max(ProcessingBasis.to_on)).where(ProcessingBasis.pupil_id == Enrolment.pupil_id)
               .correlate(Enrolment).scalar_subquery())
    query = (
        select(Person, SchoolClass, Enrolment.from_on, holds, revoked)
        .join(Enrolment, Enrolment.pupil_id == Person.id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(holds, and_(holds.pupil_id == Person.id, holds.to_on.is_(None), holds.from_on <= day))
        .where(held(Enrolment, day)).order_by(SchoolClass.grade, SchoolClass.letter, Person.sort_key, Person.id))
    if class_id is not None:
        query = query.where(SchoolClass.id == class_id)
    return [BasisRow(person.id, person.full_name, one.id, one.name, since, basis.kind if basis else "",
                     basis.number if basis else "", basis.from_on if basis else None, None if basis else gone)
            for person, one, since, basis, gone in session.execute(query)]


def pupils_without(session: Session, *, day: date, class_id: int | None = None) -> list[BasisRow]:
    """The pupils of the day for whom no basis holds. One statement."""
    return [one for one in register_of_bases(session, day=day, class_id=class_id) if not one.kind]


def bases_of(session: Session, *, pupil_id: int) -> Sequence[ProcessingBasis]:
    """Every basis of a pupil, the latest first."""
    return session.scalars(select(ProcessingBasis).filter_by(pupil_id=pupil_id).order_by(
        ProcessingBasis.from_on.desc(), ProcessingBasis.id.desc())).all()


def is_revoked(session: Session, *, pupil_id: int) -> bool:
    """Whether the last basis of a pupil was revoked and none was noted since. One statement."""
    known = bases_of(session, pupil_id=pupil_id)
    return bool(known) and all(one.to_on is not None for one in known)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands about somebody beside the journal itself."""

    person: Person
    class_name: str
    has_passport: bool
    basis: ProcessingBasis | None


def kept_about(session: Session, *, person_id: int, day: date) -> Kept:
    """One statement."""
    in_class: Any = and_(Enrolment.pupil_id == Person.id, held(Enrolment, day))
    basis: Any = and_(ProcessingBasis.pupil_id == Person.id, ProcessingBasis.to_on.is_(None))
    person, school_class, sealed, row = session.execute(
        select(Person, SchoolClass, Passport.sealed.is_not(None), ProcessingBasis)
        .outerjoin(Enrolment, in_class).outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(Passport, Passport.pupil_id == Person.id).outerjoin(ProcessingBasis, basis)
        .where(Person.id == person_id)).one()
    return Kept(person, school_class.name if school_class else "", bool(sealed), row)


def standing_basis(session: Session, *, pupil_id: int) -> ProcessingBasis | None:
    """The basis that is not revoked."""
    return session.scalars(select(ProcessingBasis).filter_by(pupil_id=pupil_id, to_on=None)).first()


def basis_by_id(session: Session, basis_id: int) -> ProcessingBasis | None:
    return session.get(ProcessingBasis, basis_id)


def passport_of(session: Session, pupil_id: int) -> Passport | None:
    return session.get(Passport, pupil_id)


def passports(session: Session, *, day: date) -> list[PassportRow]:
    """The pupils of class 11, and whoever's data are still kept. One statement."""
    now = (select(Enrolment.pupil_id, SchoolClass.grade,
                  (cast(SchoolClass.grade, String) + SchoolClass.letter).label("name"))
           .join(SchoolClass, SchoolClass.id == Enrolment.class_id).where(held(Enrolment, day)).subquery())
    due = _due(day).with_only_columns(Passport.pupil_id)
    rows = session.execute(
        select(Person, now.c.name, Passport, case((Person.id.in_(due), True), else_=False))
        .outerjoin(now, now.c.pupil_id == Person.id).outerjoin(Passport, Passport.pupil_id == Person.id)
        .where((now.c.grade == EXAM_GRADE) | Passport.sealed.is_not(None))
        .order_by(now.c.name.is_(None), now.c.name, Person.sort_key, Person.id))
    return [PassportRow(person, name or "", passport, bool(due)) for person, name, passport, due in rows]


def passports_to_erase(day: date) -> Select[tuple[int]]:
    """How many are kept that must go (R41), for a statement of another."""
    return _due(day).with_only_columns(func.count())


def pupils_to_erase(session: Session, *, day: date) -> Sequence[int]:
    return session.scalars(_due(day).with_only_columns(Passport.pupil_id)).all()


def _due(day: date) -> Select[Any]:
    """`passport_data.must_go` as a statement; a test holds the two together."""
    of_11 = (Enrolment.pupil_id == Passport.pupil_id, SchoolClass.grade == EXAM_GRADE)
    there = (select(Enrolment.id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
             .where(*of_11, held(Enrolment, day)).exists())
    waits = (select(Enrolment.id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
             .join(SchoolYear, SchoolYear.id == SchoolClass.year_id)
             .where(*of_11, Enrolment.to_on >= SchoolYear.ends_on, SchoolYear.ends_on >= keeps_until_october(day))
             .exists())
    return select(Passport).where(Passport.sealed.is_not(None), ~there, ~waits)


def looks(session: Session, *, pupil_id: int | None = None) -> list[Look]:
    """Who has seen passport data in full, the latest first. One statement."""
    by, pupil = aliased(Person), aliased(Person)
    query = (select(AuditRecord.at, by, pupil).join(by, by.id == AuditRecord.actor_id)
             .join(pupil, pupil.id == AuditRecord.subject_id).where(AuditRecord.verb == "passport.seen")
             .order_by(AuditRecord.id.desc()).limit(LOOKS_SHOWN))
    if pupil_id is not None:
        query = query.where(AuditRecord.subject_id == pupil_id)
    return [Look(at, who.short_name, whose.id, whose.full_name) for at, who, whose in session.execute(query)]
