"""Families who have signed in: every guardian of every pupil of a year, with whether the own password was set;
and beside them what they get on paper (R25, R60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from ejd.compliance.choices import Span
from ejd.compliance.metrics import Meaning
from ejd.compliance.scope import Scope
from ejd.credentials.models import Account
from ejd.db import Session
from ejd.families.queries_sheets import sheets_figures
from ejd.families.sheets_in_span import Figures, in_all
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


@dataclass(frozen=True, slots=True)
class OfClass:
    """A class: who has signed in, and its sheets of the span."""

    name: str
    class_id: int
    people: SignIns
    sheets: Figures


@dataclass(frozen=True, slots=True)
class Families:
    """By class, and the whole."""

    rows: Sequence[OfClass]
    people: SignIns
    sheets: Figures


SIGNED = Meaning(
    "Вошли", "Представители, которые вошли",
    "Представители учеников года, которые уже заменили одноразовый пароль своим; у кого несколько детей – один раз в "
    "школе и один раз в каждом классе.")


def families_in(session: Session, *, year_id: int, year: Span, scope: Scope, today: date, now: datetime) -> Families:
    """Of the classes of the filter. Six statements."""
    classes, guardians = guardians_of(session, year_id=year_id, day=day_of_guardians(scope, year, today))
    kept = [one for one in classes.values() if scope.class_id in (None, one.id)]
    ids = {one.id for one in kept}
    sheets = {one.class_id: one for one in sheets_figures(
        session, year_id=year_id, first=scope.first, last=scope.last, now=now, classes=classes) if one.class_id in ids}
    people = [row for row in guardians if row.class_id in ids]
    rows = [OfClass(one.name, one.id, sign_ins([row for row in people if row.class_id == one.id]),
                    sheets.get(one.id, Figures(one.id, one.name))) for one in kept]
    return Families(rows, sign_ins(people), in_all(sheets.values()))


def day_of_guardians(scope: Scope, year: Span, today: date) -> date:
    """Who is a pupil's guardian is asked for the last day, today at the latest, within the year."""
    return min(max(min(scope.last, today), year.first), year.last)


def guardians_of(session: Session, *, year_id: int, day: date) -> tuple[dict[int, SchoolClass], list[Guardian]]:
    """The year's classes in order, and their guardians by class and pupil. One statement."""
    pupil, guardian = aliased(Person), aliased(Person)
    rows = session.execute(
        select(SchoolClass, pupil, guardian, Guardianship.relation, Account.has_signed_in.label("used"))
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
