"""Reading classes: the list with its numbers, one class, its load, and how it is divided into subgroups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.roster.belonging import held, lasting, unclosed
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseKind,
    CourseMember,
    Enrolment,
    Guardianship,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.roster.scopes import course_title
from ejd.school.models import SchoolYear
from ejd.words import in_hours


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class in the list. `vacancies` are journals without a teacher, `undivided` pupils times subjects in which
    they are in no subgroup yet."""

    id: int
    name: str
    pupils: int
    teacher_id: int | None
    teacher: str
    journals: int
    vacancies: int
    undivided: int


@dataclass(frozen=True, slots=True)
class Undivided:
    """A subject of a class in which some pupils are in no subgroup: they see no lessons and get no marks (R4)."""

    class_id: int
    subject_id: int
    subject: str
    pupils: int


@dataclass(frozen=True, slots=True)
class PupilRow:
    id: int
    name: str
    from_on: date
    to_on: date | None
    has_guardian: bool


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A class on a day: who learns in it, who has left, its class teacher, and what is still to do."""

    pupils: Sequence[PupilRow]
    left: Sequence[PupilRow]
    teacher: Person | None
    undivided: Sequence[Undivided]
    journals: int
    vacancies: int


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A journal in the load of a class or of a teacher."""

    id: int
    class_id: int | None  # none: a group over several classes, whose name stands for the class's
    class_name: str
    subject_id: int
    subject: str
    subgroup: int
    half_hours: int
    scheme: str
    homework_expected: bool
    retired_on: date | None
    teacher_id: int | None
    teacher: str
    pupils: int | None  # of a subgroup or group
    kind: str
    term_scheme: str | None
    bell_schedule_id: int | None

    @property
    def hours(self) -> str:
        """Weekly hours as they are written: «2», «0,5»."""
        return in_hours(self.half_hours)


class Divided(NamedTuple):
    """A subject that a class is divided for, with the journals of its subgroups to choose from."""

    subject_id: int
    subject: str
    choices: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Subgroup:
    course_id: int
    number: int
    teacher: str


@dataclass(frozen=True, slots=True)
class Division:
    """A class divided for a subject: its subgroups, and each pupil with the subgroup's journal, if there is one."""

    subject: Subject
    subgroups: Sequence[Subgroup]
    pupils: Sequence[tuple[int, str, int | None]]
    ever: bool  # whether anybody was in a subgroup before


def class_by_id(session: Session, class_id: int) -> tuple[SchoolClass, SchoolYear] | None:
    """A class with its year."""
    row = session.execute(select(SchoolClass, SchoolYear).join(SchoolYear, SchoolYear.id == SchoolClass.year_id)
                          .where(SchoolClass.id == class_id)).first()
    return (row[0], row[1]) if row else None


def day_within(year: SchoolYear, day: date) -> date:
    """The day, or the nearest one of the school year: in summer a class shows as it will begin, or as it ended."""
    return min(max(day, year.starts_on), year.ends_on)


def course_by_id(session: Session, course_id: int) -> Course | None:
    return session.get(Course, course_id)


def classes_to_join(session: Session, running: SchoolYear) -> list[tuple[int, str]]:
    """Where a pupil may be taken in: the classes of the running year and of those to come, which are told apart. One
    statement."""
    rows = session.execute(
        select(SchoolClass, SchoolYear).join(SchoolYear, SchoolYear.id == SchoolClass.year_id)
        .where(SchoolYear.starts_on >= running.starts_on)
        .order_by(SchoolYear.starts_on, SchoolClass.grade, SchoolClass.letter))
    return [(one.id, one.name if year.id == running.id else f"{one.name}, {year.name} учебный год")
            for one, year in rows]


def class_choices(session: Session, year_id: int) -> list[tuple[int, str]]:
    """Every class of the year, for choosing one. One statement."""
    return [(one.id, one.name) for one in session.scalars(
        select(SchoolClass).filter_by(year_id=year_id).order_by(SchoolClass.grade, SchoolClass.letter))]


def classes_of_year(session: Session, *, year_id: int, day: date) -> list[ClassRow]:
    """The classes of a year with their numbers on a day. Two statements."""
    undivided: dict[int, int] = {}
    for one in undivided_of(session, SchoolClass.year_id == year_id, day):
        undivided[one.class_id] = undivided.get(one.class_id, 0) + one.pupils
    pupils = select(func.count()).select_from(Enrolment).where(
        Enrolment.class_id == SchoolClass.id, held(Enrolment, day)).scalar_subquery()
    rows = session.execute(
        select(SchoolClass, pupils, Person, *_course_counts(day))
        .outerjoin(ClassTeacher, and_(ClassTeacher.class_id == SchoolClass.id, held(ClassTeacher, day)))
        .outerjoin(Person, Person.id == ClassTeacher.teacher_id)
        .where(SchoolClass.year_id == year_id).order_by(SchoolClass.grade, SchoolClass.letter))
    return [ClassRow(one.id, one.name, count, teacher and teacher.id, teacher.full_name if teacher else "",
                     journals, vacancies, undivided.get(one.id, 0))
            for one, count, teacher, journals, vacancies in rows]


def class_page(session: Session, *, class_id: int, day: date) -> ClassPage:
    """One class on a day. Four statements."""
    guarded = exists().where(Guardianship.pupil_id == Person.id, held(Guardianship, day))
    rows = [PupilRow(person.id, person.full_name, from_on, to_on, has_guardian)
            for person, from_on, to_on, has_guardian in session.execute(
                select(Person, Enrolment.from_on, Enrolment.to_on, guarded)
                .join(Enrolment, Enrolment.pupil_id == Person.id).where(Enrolment.class_id == class_id)
                .order_by(Person.sort_key, Person.id, Enrolment.from_on))]
    teacher = class_teacher_of(session, class_id=class_id, day=day)
    journals, vacancies = session.execute(select(*_course_counts(day)).where(SchoolClass.id == class_id)).one()
    return ClassPage([row for row in rows if row.to_on is None or row.to_on >= day],
                     [row for row in rows if row.to_on is not None and row.to_on < day], teacher,
                     undivided_of(session, SchoolClass.id == class_id, day), journals, vacancies)


def class_teacher_of(session: Session, *, class_id: int, day: date) -> Person | None:
    """Who is class teacher on a day. One statement."""
    return session.scalars(
        select(Person).join(ClassTeacher, ClassTeacher.teacher_id == Person.id)
        .where(ClassTeacher.class_id == class_id, held(ClassTeacher, day))).first()


def load_of_class(session: Session, *, class_id: int, day: date) -> list[CourseRow]:
    """Every journal of a class, the closed ones last. One statement."""
    return _load_rows(session, Course.class_id == class_id, day)


def groups_with_pupils_of(session: Session, *, class_id: int, day: date) -> list[CourseRow]:
    """The journals of groups over several classes in which pupils of the class are on a day. One statement."""
    ours = exists().where(CourseMember.course_id == Course.id, held(CourseMember, day),
                          Enrolment.pupil_id == CourseMember.pupil_id, Enrolment.class_id == class_id,
                          held(Enrolment, day))
    return _load_rows(session, and_(Course.class_id.is_(None), ours, unclosed(day)), day)


def subgroups_of_class(session: Session, *, class_id: int, day: date) -> list[Divided]:
    """The subjects that a class is divided for on a day. One statement."""
    found: dict[int, Divided] = {}
    for row in load_of_class(session, class_id=class_id, day=day):
        if row.subgroup and row.retired_on is None:
            told = f"{row.subgroup}, {row.teacher}" if row.teacher else str(row.subgroup)
            found.setdefault(row.subject_id, Divided(row.subject_id, row.subject, [])).choices.append((row.id, told))
    return list(found.values())


def load_of_teacher(session: Session, *, teacher_id: int, day: date) -> list[CourseRow]:
    """The journals a teacher has on a day. One statement."""
    return [row for row in _load_rows(session, TeachingAssignment.teacher_id == teacher_id, day)
            if row.retired_on is None or row.retired_on > day]


def course_row(session: Session, *, course_id: int, day: date) -> CourseRow:
    """One journal as its lists show it. One statement."""
    return _load_rows(session, Course.id == course_id, day)[0]


def _load_rows(session: Session, where: ColumnElement[bool], day: date) -> list[CourseRow]:
    members = select(func.count()).select_from(CourseMember).where(
        CourseMember.course_id == Course.id, held(CourseMember, day)).scalar_subquery()
    rows = session.execute(
        select(Course, SchoolClass, Subject, Person, members)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id).join(Subject, Subject.id == Course.subject_id)
        .outerjoin(TeachingAssignment, and_(TeachingAssignment.course_id == Course.id, held(TeachingAssignment, day)))
        .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
        .where(where))
    found = [CourseRow(course.id, course.class_id, one.name if one else course.name, subject.id, subject.name,
                       course.subgroup, course.half_hours, course.scheme, course.homework_expected,
                       course.retired_on, teacher and teacher.id,
                       teacher.full_name if teacher else "", count if course.is_group else None, course.kind,
                       course.term_scheme, course.bell_schedule_id)
             for course, one, subject, teacher, count in rows]
    return sorted(found, key=lambda row: (row.retired_on is not None, len(row.class_name), row.class_name,
                                          row.subject, row.subgroup))


def journals_of_pupil(session: Session, *, pupil_id: int, day: date) -> list[tuple[int, str]]:
    """The journals a pupil is in on a day, of the class and of the own groups, for choosing one. One statement."""
    rows = session.execute(
        select(Course.id, Course.name, Subject.name, Course.subgroup).join(Subject, Subject.id == Course.subject_id)
        .where(unclosed(day),
               or_(and_(Course.subgroup == 0, exists().where(
                       Enrolment.class_id == Course.class_id, Enrolment.pupil_id == pupil_id, held(Enrolment, day))),
                   exists().where(CourseMember.course_id == Course.id, CourseMember.pupil_id == pupil_id,
                                  held(CourseMember, day))))
        .order_by(Subject.name, Course.subgroup))
    return [(course_id, course_title(group, subject, subgroup)) for course_id, group, subject, subgroup in rows]


def teachers_of_course(session: Session, course_id: int) -> list[tuple[Person | None, date, date | None]]:
    """Who has taught a journal, from–to, the latest first; nobody is a vacancy. One statement."""
    return [(teacher, from_on, to_on) for teacher, from_on, to_on in session.execute(
        select(Person, TeachingAssignment.from_on, TeachingAssignment.to_on).select_from(TeachingAssignment)
        .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
        .where(TeachingAssignment.course_id == course_id).order_by(TeachingAssignment.from_on.desc()))]


def division_of(session: Session, *, class_id: int, subject_id: int, day: date) -> Division | None:
    """How a class is divided for a subject; None when it is not divided for it. Four statements."""
    subject = session.get(Subject, subject_id)
    here = and_(Course.class_id == class_id, Course.subject_id == subject_id)
    courses = [row for row in _load_rows(session, here, day) if row.subgroup and row.retired_on is None]
    if subject is None or not courses:
        return None
    memberships = session.scalars(select(CourseMember).where(
        CourseMember.course_id.in_([row.id for row in courses]))).all()
    place = {row.pupil_id: row.course_id for row in memberships if row.to_on is None or row.to_on >= day}
    pupils = session.scalars(
        select(Person).join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(Enrolment.class_id == class_id, lasting(Enrolment, day), ~taught_at_home(subject_id, day))
        .order_by(Person.sort_key, Person.id))
    return Division(subject, [Subgroup(row.id, row.subgroup, row.teacher) for row in courses],
                    [(person.id, person.full_name, place.get(person.id)) for person in pupils], bool(memberships))


def undivided_of(session: Session, where: ColumnElement[bool], day: date) -> list[Undivided]:
    """Subjects taught in subgroups, with how many pupils of the class are in none of them. One statement."""
    kin = aliased(Course)
    placed = exists().where(CourseMember.course_id == kin.id, kin.class_id == Course.class_id,
                            kin.subject_id == Course.subject_id, CourseMember.pupil_id == Enrolment.pupil_id,
                            held(CourseMember, day))
    rows = session.execute(
        select(SchoolClass.id, Subject.id, Subject.name, func.count(Enrolment.pupil_id.distinct()))
        .join(Course, Course.class_id == SchoolClass.id).join(Subject, Subject.id == Course.subject_id)
        .join(Enrolment, and_(Enrolment.class_id == SchoolClass.id, held(Enrolment, day)))
        .where(where, Course.subgroup > 0, unclosed(day), ~placed, ~taught_at_home(Course.subject_id, day))
        .group_by(SchoolClass.id, Subject.id, Subject.name))
    return sorted((Undivided(*row) for row in rows), key=lambda one: one.subject)


def taught_at_home(subject_id: Any, day: date) -> ColumnElement[bool]:
    """Whether the enrolled pupil has a journal of the subject at home on the day, in place of the class's."""
    home = aliased(Course)
    return exists().where(CourseMember.course_id == home.id, home.kind == CourseKind.HOME.value,
                          home.subject_id == subject_id, CourseMember.pupil_id == Enrolment.pupil_id,
                          held(CourseMember, day))


def _course_counts(day: date) -> tuple[Any, Any]:
    """Open journals of a class, and those of them that nobody teaches."""
    counted = select(func.count()).select_from(Course).where(
        Course.class_id == SchoolClass.id, unclosed(day))
    taught = exists().where(TeachingAssignment.course_id == Course.id, TeachingAssignment.teacher_id.is_not(None),
                            held(TeachingAssignment, day))
    return counted.scalar_subquery(), counted.where(~taught).scalar_subquery()
