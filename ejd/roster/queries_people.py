"""Reading people: one person with everything that belongs to them, and the staff list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ejd import names
from ejd.access import POSITION_NAMES, Position
from ejd.bulk import in_parts
from ejd.db import Session
from ejd.roster.belonging import held, lasting, unclosed
from ejd.roster.models import (
    ClassTeacher,
    Course,
    Employment,
    Guardianship,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.words import in_hours


@dataclass(frozen=True, slots=True)
class StaffRow:
    person_id: int
    name: str
    positions: Sequence[str]
    leads: str  # the class, as class teacher
    journals: int
    half_hours: int

    @property
    def hours(self) -> str:
        return in_hours(self.half_hours)


def person_by_id(session: Session, person_id: int) -> Person | None:
    """A person whose row was not emptied."""
    return session.scalars(select(Person).where(Person.id == person_id, Person.erased_at.is_(None))).first()


def guardianship_by_id(session: Session, guardianship_id: int) -> Guardianship | None:
    """A guardianship without an end."""
    return session.scalars(select(Guardianship).where(
        Guardianship.id == guardianship_id, Guardianship.to_on.is_(None))).first()


def position_by_id(session: Session, employment_id: int) -> Employment | None:
    """A position without an end."""
    return session.scalars(select(Employment).where(Employment.id == employment_id, Employment.to_on.is_(None))).first()


def positions_of(session: Session, *, person_id: int, day: date) -> frozenset[Position]:
    """The positions a person holds on a day or later. One statement."""
    return frozenset(Position(value) for value in session.scalars(
        select(Employment.position).where(Employment.person_id == person_id, lasting(Employment, day))))


def job_of(session: Session, *, person_id: int, day: date) -> str:
    """As what somebody works here on a day, to be written beside the name on a paper. One statement."""
    return "; ".join(title or POSITION_NAMES[Position(position)].lower() for position, title in session.execute(
        select(Employment.position, Employment.job_title)
        .where(Employment.person_id == person_id, held(Employment, day)).order_by(Employment.id)))


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """How these people are called, in full. One statement for each five hundred."""
    return {person.id: person.full_name for part in in_parts(person_ids)
            for person in session.scalars(select(Person).where(Person.id.in_(part)))}


def member_of_staff(session: Session, last_name: str, first_name: str, patronymic: str, *, day: date) -> Person | None:
    """Somebody who works here on that day, by the full name. One statement."""
    return session.scalars(
        select(Person).join(Employment, Employment.person_id == Person.id)
        .where(Person.sort_key == names.sort_key(last_name, first_name, patronymic), held(Employment, day))
        .order_by(Person.id).limit(1)).first()


def staff_choices(session: Session, day: date) -> list[tuple[int, str]]:
    """Everybody who works at the school on a day or later, for choosing one. One statement."""
    people = session.scalars(select(Person).where(Person.id.in_(
        select(Employment.person_id).where(lasting(Employment, day))))
        .order_by(Person.sort_key, Person.id))
    return [(person.id, person.full_name) for person in people]


def staff_list(session: Session, *, day: date) -> list[StaffRow]:
    """Everybody who works at the school on a day, with load and class. Three statements."""
    people: dict[int, str] = {}
    titles: dict[int, list[str]] = defaultdict(list)
    for person, position, job_title in session.execute(
            select(Person, Employment.position, Employment.job_title)
            .join(Employment, Employment.person_id == Person.id).where(held(Employment, day))
            .order_by(Person.sort_key, Person.id, Employment.id)):
        people[person.id] = person.full_name
        titles[person.id].append(job_title or POSITION_NAMES[Position(position)])
    leads: dict[int, list[str]] = defaultdict(list)
    for teacher_id, school_class in session.execute(
            select(ClassTeacher.teacher_id, SchoolClass).join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
            .where(held(ClassTeacher, day)).order_by(SchoolClass.grade, SchoolClass.letter)):
        leads[teacher_id].append(school_class.name)
    load = {teacher_id: (journals, half_hours) for teacher_id, journals, half_hours in session.execute(
        select(TeachingAssignment.teacher_id, func.count(), func.sum(Course.half_hours))
        .join(Course, Course.id == TeachingAssignment.course_id)
        .where(held(TeachingAssignment, day), unclosed(day))
        .group_by(TeachingAssignment.teacher_id))}
    return [StaffRow(person_id, name, titles[person_id], ", ".join(leads[person_id]), *load.get(person_id, (0, 0)))
            for person_id, name in people.items()]


def subjects_by_id(session: Session) -> list[tuple[int, str]]:
    """All subjects, for choosing one. One statement."""
    return sorted(((row.id, row.name) for row in session.execute(select(Subject.id, Subject.name))),
                  key=lambda one: names.fold(one[1]))


def subject_choices(session: Session) -> list[str]:
    """The names of all subjects, for choosing one or typing another. One statement."""
    return sorted(session.scalars(select(Subject.name)))
