"""Who may hold a credential card: families by class, and staff; each with the account there is. Bounded statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, not_, select, true
from sqlalchemy.orm import aliased

from ejd import names
from ejd.access import POSITION_NAMES, Position
from ejd.bulk import in_parts
from ejd.credentials.models import Account
from ejd.credentials.receiving import Custom, Table
from ejd.db import Session
from ejd.families.models import PupilAccess, ServiceForm
from ejd.families.provision import Form, PupilStanding, closed_to_guardian, closed_to_pupil
from ejd.roster.belonging import held
from ejd.roster.models import Employment, Enrolment, Guardianship, Person, SchoolClass
from ejd.school.queries import year_ahead
from ejd.school.settings import Settings
from ejd.words import NBSP

GUARDIAN, PUPIL = "Родитель (законный представитель)", "Ученик"
CLOSED = [form.value for form in Form if closed_to_guardian(form)]
LIMITED = Form.LIMITED.value


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom: one class, one parallel, all families (neither given), or the staff."""

    class_id: int | None = None
    grade: int | None = None
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in whose hands a card may come, in the place of a pupil of a class where it is handed out."""

    person: Person
    account: Account | None
    role: str
    class_id: int | None = None  # none: a member of staff
    grade: int = 0
    class_name: str = ""
    pupil: Person | None = None
    relation: str = ""
    table: Table | None = None  # of the issue register; none: no card of this kind is given out
    employed: bool = False
    closed: bool = False  # by forms of service whatever there would be to see (R23, R24, R32): no card is made


def custom_of(settings: Settings) -> Custom:
    """The school's decision (R32)."""
    return Custom(settings.value("cards.first_login", on=None), settings.value("cards.first_own", on=None))


def school_day(session: Session, today: date) -> date:
    """The day, or the nearest of the school year: before the first of September cards are made for the year to come."""
    year = year_ahead(session, today)
    return min(max(today, year.starts_on), year.ends_on) if year else today


def families(session: Session, *, scope: Scope, custom: Custom, day: date) -> list[Holder]:
    """Guardians and pupils by class and pupil, the guardians before their child. One statement."""
    guardian: Any = aliased(Person)
    of_guardian, of_pupil = aliased(Account), aliased(Account)
    rows = session.execute(
        select(SchoolClass, Person, of_pupil, guardian, of_guardian, Guardianship.relation,
               exists().where(Employment.person_id == guardian.id, held(Employment, day)).label("employed"),
               ServiceForm.form, _nothing_open(guardian, day).label("closed"),
               _decided(day, PupilAccess.paper_id.is_not(None)).label("asked"),
               _decided(day, PupilAccess.open.is_(False), PupilAccess.paper_id.is_(None)).label("switched_off"))
        .join(Enrolment, Enrolment.class_id == SchoolClass.id).join(Person, Person.id == Enrolment.pupil_id)
        .outerjoin(of_pupil, of_pupil.person_id == Person.id)
        .outerjoin(Guardianship, and_(Guardianship.pupil_id == Person.id, held(Guardianship, day)))
        .outerjoin(guardian, guardian.id == Guardianship.guardian_id)
        .outerjoin(of_guardian, of_guardian.person_id == guardian.id)
        .outerjoin(ServiceForm, and_(ServiceForm.pupil_id == Person.id, held(ServiceForm, day),
                                     ServiceForm.guardian_id == Guardianship.guardian_id))
        .where(held(Enrolment, day), _within(scope))
        .order_by(SchoolClass.grade, SchoolClass.letter, Person.sort_key, Person.id, guardian.sort_key, guardian.id))
    return list(_with_the_child_last(rows, custom, day))


def _nothing_open(guardian: Any, day: date) -> ColumnElement[bool]:
    """Whether every child of the guardian is closed to them."""
    other: Any = aliased(Guardianship)
    shut = exists().where(ServiceForm.guardian_id == other.guardian_id, ServiceForm.pupil_id == other.pupil_id,
                          held(ServiceForm, day), ServiceForm.form.in_(CLOSED))
    return not_(exists().where(other.guardian_id == guardian.id, held(other, day), not_(shut)))


def _decided(day: date, *what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(PupilAccess.pupil_id == Person.id, held(PupilAccess, day), *what)


def _with_the_child_last(rows: Any, custom: Custom, day: date) -> Iterator[Holder]:
    for _, group in groupby(rows, key=lambda row: row[1].id):
        of_pupil = list(group)
        school_class, pupil, own = of_pupil[0][:3]
        where = {"class_id": school_class.id, "grade": school_class.grade, "class_name": school_class.name,
                 "pupil": pupil}
        forms = []
        for row in of_pupil:
            if row[3]:
                forms.append(Form(row.form or Form.ELECTRONIC))
                yield Holder(row[3], row[4], GUARDIAN, relation=row.relation, table=Table.GUARDIANS,
                             employed=row.employed, closed=row.closed, **where)
        table = custom.table_of_pupil(school_class.grade)
        if not forms and table is Table.GUARDIANS:
            table = None  # nobody to receive it
        standing = PupilStanding(pupil.birth_date, school_class.grade, tuple(forms), of_pupil[0].asked,
                                 of_pupil[0].switched_off)
        shut = closed_to_pupil(standing, today=day, signs_from=custom.first_own)
        yield Holder(pupil, own, PUPIL, table=table, closed=shut is not None, **where)


def children_of(session: Session, guardian_ids: Collection[int], *, day: date) -> dict[int, list[str]]:
    """The children of each guardian who learn at the school, with their classes: «Волков Виктор, 7А» (R33). Whom a
    court keeps from a child is told nothing of it (R23). One statement for each five hundred."""
    limited = exists().where(ServiceForm.guardian_id == Guardianship.guardian_id, held(ServiceForm, day),
                             ServiceForm.pupil_id == Guardianship.pupil_id, ServiceForm.form == LIMITED)
    query = (select(Guardianship.guardian_id, Person, SchoolClass)
             .join(Person, Person.id == Guardianship.pupil_id).join(Enrolment, Enrolment.pupil_id == Person.id)
             .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
             .where(held(Guardianship, day), held(Enrolment, day), not_(limited))
             .order_by(SchoolClass.grade.desc(), SchoolClass.letter, Person.sort_key, Person.id))
    found: dict[int, list[str]] = defaultdict(list)
    for part in in_parts(guardian_ids):
        for guardian_id, child, school_class in session.execute(query.where(Guardianship.guardian_id.in_(part))):
            name = names.in_full(child.last_name, child.first_name, "")
            found[guardian_id].append(f"{name},{NBSP}{school_class.name}")
    return found


def holder_in_class(session: Session, *, class_id: int, person_id: int, custom: Custom, today: date) -> Holder | None:
    """Somebody of the class's families. Two statements."""
    found = families(session, scope=Scope(class_id=class_id), custom=custom, day=school_day(session, today))
    return next((one for one in found if one.person.id == person_id), None)


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.class_id is not None:
        return SchoolClass.id == scope.class_id
    return SchoolClass.grade == scope.grade if scope.grade is not None else true()


def staff(session: Session, *, day: date) -> list[tuple[Holder, frozenset[Position]]]:
    """Everybody who works at the school with what they are, by name. One statement."""
    rows = session.execute(
        select(Person, Account, cast(Employment.position, String))
        .join(Employment, Employment.person_id == Person.id).outerjoin(Account, Account.person_id == Person.id)
        .where(held(Employment, day)).order_by(Person.sort_key, Person.id, Employment.id))
    people: dict[int, tuple[Person, Account | None, dict[Position, None]]] = {}
    for person, account, position in rows:
        people.setdefault(person.id, (person, account, {}))[2][Position(position)] = None
    return [(Holder(person, account, ", ".join(POSITION_NAMES[one] for one in positions), employed=True),
             frozenset(positions)) for person, account, positions in people.values()]


def works(account: Account | None, real_now: datetime) -> bool:
    """Whether the person has a password to sign in with."""
    return account is not None and account.lets_in(real_now)
