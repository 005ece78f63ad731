"""What an id in somebody's rows stands for, in words: a lesson, a class, a subject, a teacher."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import select

from ejd.db import Session
from ejd.families.models import ServicePaper
from ejd.homeroom.models import Note
from ejd.journal.models import Homework, Mark, Work, WorkCriterion, WorkKind
from ejd.roster.models import Course, Employment, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear, Term
from ejd.words import day_year, in_subgroup, work_name

AT_ONCE = 500  # ids in one statement


def labels_of(session: Session, table: str, ids: Collection[int]) -> dict[int, str]:
    """The words for ids of a table, a few hundred in a statement."""
    every = sorted(ids)
    found: dict[int, str] = {}
    for first in range(0, len(every), AT_ONCE):
        found |= LABELS[table](session, every[first:first + AT_ONCE])
    return found


def _named(model: Any, name: Callable[[Any], str]) -> Callable[[Session, list[int]], dict[int, str]]:
    def labels(session: Session, ids: list[int]) -> dict[int, str]:
        return {row.id: name(row) for row in session.scalars(select(model).where(model.id.in_(ids)))}

    return labels


def _courses(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Course, Subject.name, SchoolClass).join(Subject, Subject.id == Course.subject_id)
                           .outerjoin(SchoolClass, SchoolClass.id == Course.class_id).where(Course.id.in_(ids)))
    return {course.id: course.name or ", ".join(filter(None, (
        in_subgroup(subject, course.subgroup), one.name if one else ""))) for course, subject, one in rows}


def _lessons(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Lesson.id, Lesson.day, Lesson.number, Subject.name)
                           .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
                           .where(Lesson.id.in_(ids)))
    return {lesson_id: f"{day_year(day)}, урок {number}, {subject}" for lesson_id, day, number, subject in rows}


def _works(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Work.id, WorkKind.name, Work.title).join(WorkKind, WorkKind.id == Work.kind_id)
                           .where(Work.id.in_(ids)))
    return {work_id: work_name(kind, title) for work_id, kind, title in rows}


def _homework(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Homework.id, Homework.text, Lesson.day, Subject.name)
                           .join(Lesson, Lesson.id == Homework.lesson_id).join(Course, Course.id == Lesson.course_id)
                           .join(Subject, Subject.id == Course.subject_id).where(Homework.id.in_(ids)))
    return {homework_id: f"{subject}, {day_year(day)}: {text}" for homework_id, text, day, subject in rows}


def _marks(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Mark.id, Mark.value, Mark.received_on, Subject.name)
                           .join(Lesson, Lesson.id == Mark.lesson_id).join(Course, Course.id == Lesson.course_id)
                           .join(Subject, Subject.id == Course.subject_id).where(Mark.id.in_(ids)))
    return {mark_id: f"{subject}, {value} за {day_year(on)}" for mark_id, value, on, subject in rows}


def _teachers(session: Session, ids: list[int]) -> dict[int, str]:
    """Of people only who works or worked here is named."""
    staff = select(Employment.person_id)
    return {one.id: one.short_name for one in session.scalars(
        select(Person).where(Person.id.in_(ids), Person.id.in_(staff)))}


LABELS: dict[str, Callable[[Session, list[int]], dict[int, str]]] = {
    "course": _courses,
    "homework": _homework,
    "lesson": _lessons,
    "mark": _marks,
    "note": _named(Note, lambda one: f"{day_year(one.day)}: {one.text}"),
    "person": _teachers,
    "pupil": _named(Person, lambda one: one.full_name),
    "school_class": _named(SchoolClass, lambda one: one.name),
    "school_year": _named(SchoolYear, lambda one: one.name),
    "service_paper": _named(ServicePaper, lambda one: f"№ {one.number} от {day_year(one.signed_on)}"),
    "subject": _named(Subject, lambda one: one.name),
    "term": _named(Term, lambda one: one.name),
    "work": _works,
    "work_criterion": _named(WorkCriterion, lambda one: one.title),
    "work_kind": _named(WorkKind, lambda one: one.name),
}
