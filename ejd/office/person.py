"""Everything about one person: classes, positions, family, exemptions, load, login (R33). For the person's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, cast, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ejd.access import MARKLESS, POSITION_NAMES, Position
from ejd.credentials.models import Account
from ejd.db import Session
from ejd.journal.models import Exemption
from ejd.roster.belonging import held, seems_settled
from ejd.roster.models import ClassTeacher, Course, Employment, Enrolment, Guardianship, Person, SchoolClass, Subject
from ejd.roster.queries_classes import CourseRow, load_of_teacher
from ejd.words import in_hours


@dataclass(frozen=True, slots=True)
class Stay:
    """Something held from–to: a class («pupil», «class_teacher»), a position, or an exemption from a subject. `id` is
    the class's, the position's or the exemption's own."""

    kind: str
    id: int
    title: str
    from_on: date
    to_on: date | None
    note: str

    def over(self, day: date) -> bool:
        return self.to_on is not None and self.to_on < day


@dataclass(frozen=True, slots=True)
class Relative:
    """A guardian of the person, or a child of theirs."""

    guardianship_id: int
    person_id: int
    name: str
    relation: str
    class_name: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about a person's place at school (R33: one person, however many roles)."""

    classes: Sequence[Stay]
    led: Sequence[Stay]  # as class teacher
    positions: Sequence[Stay]
    guardians: Sequence[Relative]
    children: Sequence[Relative]
    exemptions: Sequence[Stay]
    load: Sequence[CourseRow]
    account: Account | None
    current: Stay | None  # the class the pupil is in, without an end
    removable: bool  # nothing seems to have happened around them yet
    offices: frozenset[Position]  # positions that are not over

    def sees_marks(self, day: date) -> bool:
        """Whether any marks are in this person's reach: the school's, a class's, a child's or the own."""
        spans: list[Stay | Relative] = [*self.classes, *self.led, *self.children]
        return bool(self.offices - MARKLESS) or any(one.to_on is None or one.to_on >= day for one in spans)

    @property
    def week(self) -> str:
        """Hours a week over the whole load."""
        return in_hours(sum(row.half_hours for row in self.load))


def person_page(session: Session, *, person_id: int, day: date) -> PersonPage:
    """A person on a day, with the history. Four statements."""
    stays = _stays(session, person_id)
    relatives = _relatives(session, person_id, day)
    classes = [one for one in stays if one.kind == "pupil"]
    positions = [one for one in stays if one.kind == "position"]
    account, settled = session.execute(
        select(Account, seems_settled(person_id)).select_from(Person).outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id == person_id)).one()
    return PersonPage(
        classes=classes,
        led=[one for one in stays if one.kind == "class_teacher"],
        positions=[replace(one, title=POSITION_NAMES[Position(one.title)]) for one in positions],
        guardians=[one for is_child, one in relatives if not is_child],
        children=[one for is_child, one in relatives if is_child],
        exemptions=[one for one in stays if one.kind == "exemption"],
        load=load_of_teacher(session, teacher_id=person_id, day=day),
        account=account,
        current=min((one for one in classes if not one.over(day)), key=lambda one: one.from_on, default=None),
        removable=not settled,
        offices=frozenset(Position(one.title) for one in positions if not one.over(day)))


def _stays(session: Session, person_id: int) -> list[Stay]:
    """Classes, positions, classes led and exemptions, the latest first. One statement."""
    name = cast(SchoolClass.grade, String) + SchoolClass.letter
    between = case((and_(Enrolment.came_from != "", Enrolment.leave_reason != ""), "; "), else_="")
    note = (case((Enrolment.came_from != "", "прибыл: " + Enrolment.came_from), else_="") + between
            + Enrolment.leave_reason)
    rows = session.execute(union_all(
        select(literal("pupil"), Enrolment.class_id, name, Enrolment.from_on, Enrolment.to_on, note)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id).where(Enrolment.pupil_id == person_id),
        select(literal("class_teacher"), ClassTeacher.class_id, name, ClassTeacher.from_on, ClassTeacher.to_on,
               literal("")).join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
        .where(ClassTeacher.teacher_id == person_id),
        select(literal("position"), Employment.id, Employment.position, Employment.from_on, Employment.to_on,
               Employment.job_title).where(Employment.person_id == person_id),
        select(literal("exemption"), Exemption.id, Subject.name, Exemption.from_on, Exemption.to_on, literal(""))
        .join(Course, Course.id == Exemption.course_id).join(Subject, Subject.id == Course.subject_id)
        .where(Exemption.pupil_id == person_id)))
    stays = [Stay(*row) for row in rows]
    return sorted(stays, key=lambda one: (one.to_on is None, one.from_on, one.id), reverse=True)


def _relatives(session: Session, person_id: int, day: date) -> list[tuple[bool, Relative]]:
    """Guardians and children, those of today first; whether each is a child. One statement."""
    other: Any = aliased(Person)
    rows = session.execute(
        select(Guardianship, other, SchoolClass)
        .join(other, or_((Guardianship.pupil_id == person_id) & (other.id == Guardianship.guardian_id),
                         (Guardianship.guardian_id == person_id) & (other.id == Guardianship.pupil_id)))
        .outerjoin(Enrolment, (Enrolment.pupil_id == other.id) & held(Enrolment, day))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(or_(Guardianship.pupil_id == person_id, Guardianship.guardian_id == person_id))
        .order_by(Guardianship.to_on.is_not(None), other.sort_key))
    return [(row.guardian_id == person_id,
             Relative(row.id, person.id, person.full_name, row.relation, school_class.name if school_class else "",
                      row.from_on, row.to_on)) for row, person, school_class in rows]
