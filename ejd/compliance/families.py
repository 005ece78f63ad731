"""Families who have signed in: every guardian of every pupil of a year, with whether the own password was set (R60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from ejd.credentials.models import Account
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Enrolment, Guardianship, Person, SchoolClass


@dataclass(frozen=True, slots=True)
class Guardian:
    """A guardian beside one child."""

    class_id: int
    class_name: str
    pupil_id: int
    pupil: str
    guardian_id: int
    guardian: str
    relation: str
    signed_in: bool


@dataclass(frozen=True, slots=True)
class SignIns:
    """Of a class or of the school, in people: guardians, and those who have signed in."""

    people: int
    signed_in: int

    @property
    def never(self) -> int:
        return self.people - self.signed_in


def guardians_of(session: Session, *, year_id: int, day: date) -> tuple[dict[int, SchoolClass], list[Guardian]]:
    """The year's classes in order, and their guardians by class and pupil. Who has set a password of the own has
    signed in. One statement."""
    pupil, guardian = aliased(Person), aliased(Person)
    used = and_(Account.password_hash.is_not(None), Account.must_change.is_(False))
    rows = session.execute(
        select(SchoolClass, pupil, guardian, Guardianship.relation, func.coalesce(used, False).label("used"))
        .outerjoin(Enrolment, and_(Enrolment.class_id == SchoolClass.id, held(Enrolment, day)))
        .outerjoin(pupil, pupil.id == Enrolment.pupil_id)
        .outerjoin(Guardianship, and_(Guardianship.pupil_id == pupil.id, held(Guardianship, day)))
        .outerjoin(guardian, guardian.id == Guardianship.guardian_id)
        .outerjoin(Account, Account.person_id == guardian.id)
        .where(SchoolClass.year_id == year_id)
        .order_by(SchoolClass.grade, SchoolClass.letter, pupil.sort_key, pupil.id, guardian.sort_key)).all()
    return {row.SchoolClass.id: row.SchoolClass for row in rows}, [
        Guardian(row.SchoolClass.id, row.SchoolClass.name, row[1].id, row[1].full_name, row[2].id, row[2].full_name,
                 row.relation, bool(row.used)) for row in rows if row[2] is not None]


def sign_ins(rows: Sequence[Guardian]) -> SignIns:
    """Each person once, however many children."""
    people = {row.guardian_id: row.signed_in for row in rows}
    return SignIns(len(people), sum(people.values()))
