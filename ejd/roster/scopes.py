"""What a person reaches: a teacher the journals assigned to them, a guardian the own children (R33)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, select

from ejd.db import Session
from ejd.roster.belonging import held, unclosed
from ejd.roster.models import Course, Enrolment, Guardianship, Person, SchoolClass, Subject, TeachingAssignment
from ejd.words import in_subgroup


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A journal as its teacher calls it: «7А, Математика», «7А, Информатика, подгруппа 2»."""

    id: int
    class_name: str
    subject: str
    subgroup: int
    title: str


@dataclass(frozen=True, slots=True)
class Child:
    """A guardian's child; the class is empty when the child is in none today."""

    pupil_id: int
    name: str
    class_name: str
    first_name: str


def course_title(class_name: str, subject: str, subgroup: int) -> str:
    title = in_subgroup(subject, subgroup)
    return f"{class_name}, {title}" if class_name else title


# Journals assigned to a teacher; built once, for every page of a journal asks it.
_today = bindparam("today", type_=Date)
CARDS = (
    select(Course, SchoolClass.grade, SchoolClass.letter, Subject.name, Course.subgroup)
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(SchoolClass, SchoolClass.id == Course.class_id))
TAUGHT = (
    CARDS.join(TeachingAssignment, TeachingAssignment.course_id == Course.id)
    .where(TeachingAssignment.teacher_id == bindparam("teacher_id"), held(TeachingAssignment, _today),
           unclosed(_today)))


def course_of_teacher(session: Session, *, teacher_id: int, course_id: int, today: date) -> CourseCard | None:
    """The journal when it is assigned to the teacher today."""
    row = session.execute(TAUGHT.where(Course.id == bindparam("course_id")),
                          {"teacher_id": teacher_id, "course_id": course_id, "today": today}).first()
    return _card(*row) if row else None


def course_card(session: Session, *, course_id: int, class_id: int | None = None) -> CourseCard | None:
    """Any journal, or one of the class, for whoever may look into it."""
    of_class = CARDS if class_id is None else CARDS.where(Course.class_id == class_id)
    row = session.execute(of_class.where(Course.id == course_id)).first()
    return _card(*row) if row else None


def courses_of_teacher(session: Session, *, teacher_id: int, today: date) -> list[CourseCard]:
    """Every journal assigned to the teacher today, by class, subject and subgroup. One statement."""
    rows = session.execute(TAUGHT, {"teacher_id": teacher_id, "today": today})
    ordered = sorted(rows, key=lambda row: (row[1] or 0, row[2] or "", row[3], row[4]))
    return [_card(*row) for row in ordered]


def classes_named(session: Session, class_ids: Collection[int]) -> list[tuple[int, str]]:
    """Classes by id with their names, for a class teacher's way to them. One statement, if there are any."""
    found = session.scalars(select(SchoolClass).where(SchoolClass.id.in_(class_ids))) if class_ids else ()
    return [(one.id, one.name) for one in sorted(found, key=lambda one: (one.grade, one.letter))]


def children_of(session: Session, *, guardian_id: int, today: date) -> list[Child]:
    """The guardian's children, the eldest first. One statement, made once: every page of a family asks it."""
    rows = session.execute(_CHILDREN, {"guardian_id": guardian_id, "today": today})
    ordered = sorted(rows, key=lambda row: (-(row.grade or 0), row.sort_key))
    return [Child(row.id, f"{row.last_name} {row.first_name}", f"{row.grade}{row.letter}" if row.grade else "",
                  row.first_name)
            for row in ordered]


def pupil_in_class(session: Session, *, class_id: int, pupil_id: int, day: date) -> tuple[str, str] | None:
    """The name of a pupil who is in the class on the day, and the class's; None for anybody else. One statement."""
    row = session.execute(
        select(Person.last_name, Person.first_name, SchoolClass.grade, SchoolClass.letter)
        .join(Enrolment, Enrolment.pupil_id == Person.id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Person.id == pupil_id, SchoolClass.id == class_id, held(Enrolment, day))).first()
    return (f"{row.last_name} {row.first_name}", f"{row.grade}{row.letter}") if row else None


def _children() -> Select[*tuple[Any, ...]]:
    today = bindparam("today", type_=Date)
    return (select(Person.id, Person.last_name, Person.first_name, Person.sort_key, SchoolClass.grade,
                   SchoolClass.letter).select_from(Guardianship)
            .join(Person, Person.id == Guardianship.pupil_id)
            .outerjoin(Enrolment, (Enrolment.pupil_id == Person.id) & held(Enrolment, today))
            .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
            .where(Guardianship.guardian_id == bindparam("guardian_id", type_=Integer), held(Guardianship, today)))


_CHILDREN = _children()


def _card(course: Course, grade: int | None, letter: str | None, subject: str, subgroup: int) -> CourseCard:
    class_name = f"{grade}{letter}" if grade else course.name
    return CourseCard(course.id, class_name, subject, subgroup, course_title(class_name, subject, subgroup))
