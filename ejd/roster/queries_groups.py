"""Reading cross-class groups: the list with numbers, one group with its members, and a class to choose them from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from ejd.db import Session
from ejd.roster.belonging import held, lasting
from ejd.roster.models import Course, CourseMember, Enrolment, Person, SchoolClass, Subject, TeachingAssignment
from ejd.words import in_hours


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the list, with how many are in it."""

    id: int
    name: str
    kind: str
    subject: str
    half_hours: int
    teacher_id: int | None
    teacher: str
    pupils: int
    retired_on: date | None

    @property
    def hours(self) -> str:
        return in_hours(self.half_hours)


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A stay of a pupil in a group; the class is that of the day."""

    pupil_id: int
    name: str
    class_name: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group on a day: who is in it or will be, and who has left."""

    members: Sequence[GroupMember]
    left: Sequence[GroupMember]


@dataclass(frozen=True, slots=True)
class Choice:
    """A pupil of a class, and whether in the group."""

    pupil_id: int
    name: str
    member: bool


def groups_of_year(session: Session, *, year_id: int, day: date) -> list[GroupRow]:
    """Every group of a year with its numbers on a day, the closed ones last. One statement."""
    pupils = select(func.count()).select_from(CourseMember).where(
        CourseMember.course_id == Course.id, held(CourseMember, day)).scalar_subquery()
    rows = session.execute(
        select(Course, Subject.name.label("subject"), Person, pupils)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(TeachingAssignment, and_(TeachingAssignment.course_id == Course.id, held(TeachingAssignment, day)))
        .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
        .where(Course.year_id == year_id, Course.class_id.is_(None)))
    found = [GroupRow(course.id, course.name, course.kind, subject, course.half_hours, teacher and teacher.id,
                      teacher.full_name if teacher else "", count, course.retired_on)
             for course, subject, teacher, count in rows]
    return sorted(found, key=lambda row: (row.retired_on is not None, row.name, row.subject))


def group_page(session: Session, *, course_id: int, day: date) -> GroupPage:
    """Who is in the group, by class and by the alphabet, and who was. One statement."""
    rows = session.execute(
        select(Person, SchoolClass, CourseMember.from_on, CourseMember.to_on)
        .join(CourseMember, CourseMember.pupil_id == Person.id)
        .outerjoin(Enrolment, and_(Enrolment.pupil_id == Person.id, held(Enrolment, day)))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(CourseMember.course_id == course_id)
        .order_by(SchoolClass.grade, SchoolClass.letter, Person.sort_key, CourseMember.from_on))
    found = [GroupMember(person.id, person.full_name, one.name if one else "", from_on, to_on)
             for person, one, from_on, to_on in rows]
    return GroupPage([one for one in found if one.to_on is None or one.to_on >= day],
                     [one for one in found if one.to_on is not None and one.to_on < day])


def choices_of(session: Session, *, course_id: int, class_id: int, day: date) -> list[Choice]:
    """The pupils of a class from a day on, and who of them is in the group. One statement."""
    rows = session.execute(
        select(Person, CourseMember.id)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .outerjoin(CourseMember, and_(CourseMember.pupil_id == Person.id, CourseMember.course_id == course_id,
                                      lasting(CourseMember, day)))
        .where(Enrolment.class_id == class_id, lasting(Enrolment, day)).order_by(Person.sort_key, Person.id))
    members: dict[int, Choice] = {}
    for person, member_id in rows:
        known = members.get(person.id)
        members[person.id] = Choice(person.id, person.full_name,
                                    member_id is not None or known is not None and known.member)
    return list(members.values())
