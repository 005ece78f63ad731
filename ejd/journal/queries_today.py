"""A teacher's open items: what of past lessons is still to be filled in, and which marks are awaited (R62)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, or_, select

from ejd.db import Session
from ejd.journal import expecting
from ejd.journal.closed import Door, door_columns
from ejd.journal.deadlines import term_of_teacher
from ejd.journal.expecting import Awaiting, Cell
from ejd.journal.launch import launch_of_homework, launch_of_marks
from ejd.journal.lessons_in_a_row import begins_row, has_homework
from ejd.journal.models import Expectation, Work, WorkKind
from ejd.journal.queries import control_of_marks, title_of
from ejd.roster.models import Course, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class AwaitedMarks:
    """Marks of one declared work that the teacher has not put yet, and until when they are on time (R4); no day where
    nobody is held to one (R7)."""

    lesson_id: int
    course: str
    kind: str
    title: str
    day: date
    count: int
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A past lesson that lacks something."""

    lesson_id: int
    course: str
    day: date
    number: int
    lacks: tuple[str, ...]


def awaited_marks(session: Session, *, teacher_id: int, today: date, now: datetime,
                  settings: Settings) -> list[AwaitedMarks]:
    """By work, the soonest due first, those without a term last; not those of closed lessons, which nobody can put
    (R8). One statement."""
    return awaited_of_teachers(session, teacher_ids=[teacher_id], today=today, now=now, settings=settings)[teacher_id]


def awaited_of_teachers(session: Session, *, teacher_ids: Collection[int], today: date, now: datetime,
                        settings: Settings) -> Mapping[int, list[AwaitedMarks]]:
    """The same of each of these teachers. One statement."""
    rows = session.execute(
        select(Lesson, Course, SchoolClass, Subject, WorkKind.name.label("kind"), Work.id.label("work_id"), Work.title,
               Expectation.responsible_id, Expectation.received_on, func.min(Expectation.due_on).label("due_on"),
               func.count().label("amount"),
               *door_columns(Lesson.day))
        .select_from(Expectation)
        .join(Work, and_(Work.id == Expectation.work_id, Work.withdrawn_at.is_(None)))
        .join(WorkKind, WorkKind.id == Work.kind_id)
        .join(Lesson, Lesson.id == Work.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Expectation.awaiting == Awaiting.TEACHER.value, Expectation.responsible_id.in_(teacher_ids))
        .group_by(Work.id, Lesson.id, Course.id, SchoolClass.id, Subject.id, WorkKind.id, Expectation.responsible_id,
                  Expectation.received_on)
        .order_by(Work.id, Expectation.responsible_id))
    found: dict[int, list[AwaitedMarks]] = {teacher_id: [] for teacher_id in teacher_ids}
    for (_, teacher_id), of_work in groupby((row for row in rows if not _shut(row, settings, now)),
                                            key=lambda row: (row.work_id, row.responsible_id)):
        found[teacher_id].append(_awaited(list(of_work), settings, today))
    return {teacher_id: sorted(works, key=lambda work: (work.due_on or date.max, work.day, work.lesson_id))
            for teacher_id, works in found.items()}


def _awaited(rows: Sequence[Any], settings: Settings, today: date) -> AwaitedMarks:
    """One work, of which marks may have been received on several days."""
    first, begins = rows[0], control_of_marks(settings, rows[0].SchoolClass)
    due_on = min(filter(None, (term_of_teacher(row.due_on, row.received_on, begins) for row in rows)), default=None)
    return AwaitedMarks(first.Lesson.id, title_of(first.Course, first.SchoolClass, first.Subject), first.kind,
                        first.title, first.Lesson.day, sum(row.amount for row in rows), due_on,
                        expecting.cell_of(Awaiting.TEACHER, due_on, today) is Cell.OVERDUE)


def _shut(row: Any, settings: Settings, now: datetime) -> bool:
    door = Door(row.door_term, row.door_year, row.door_until)
    return bool(door.why_shut(row.Lesson.day, settings=settings, at=now))


def open_lessons(session: Session, *, teacher_id: int, before: date, now: datetime,
                 settings: Settings) -> list[OpenLesson]:
    """This year's lessons before a day that lack topic, attendance or homework (R5, R6), the newest first; not closed
    ones (R8). One statement. Lessons before the launch date lack nothing (R7)."""
    return open_of_teachers(session, teacher_ids=[teacher_id], before=before, now=now, settings=settings)[teacher_id]


def open_of_teachers(session: Session, *, teacher_ids: Collection[int], before: date, now: datetime,
                     settings: Settings) -> Mapping[int, list[OpenLesson]]:
    """The same of each of these teachers. One statement."""
    no_homework = and_(Course.homework_expected.is_(True), begins_row(Lesson), ~has_homework(Lesson))
    rows = session.execute(
        select(Lesson, Course, SchoolClass, Subject, no_homework.label("no_homework"), *door_columns(Lesson.day))
        .join(Course, Course.id == Lesson.course_id)
        .join(SchoolYear, and_(SchoolYear.id == Course.year_id, SchoolYear.ends_on >= before))
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Lesson.teacher_id.in_(teacher_ids), Lesson.day < before, Lesson.state == LessonState.PLANNED.value,
               or_(Lesson.topic == "", Lesson.attendance_at.is_(None), no_homework))
        .order_by(Lesson.starts_at.desc()))
    found: dict[int, list[OpenLesson]] = {teacher_id: [] for teacher_id in teacher_ids}
    for row in rows:
        lacks = _lacks(row.Lesson, row.SchoolClass, row.no_homework, settings)
        if lacks and not _shut(row, settings, now):
            found[row.Lesson.teacher_id].append(OpenLesson(
                row.Lesson.id, title_of(row.Course, row.SchoolClass, row.Subject), row.Lesson.day, row.Lesson.number,
                lacks))
    return found


def _lacks(lesson: Lesson, school_class: SchoolClass | None, no_homework: bool, settings: Settings) -> tuple[str, ...]:
    grade = school_class.grade if school_class else None
    kept, homework_kept = (launch.covers(grade, lesson.day)
                           for launch in (launch_of_marks(settings), launch_of_homework(settings)))
    return tuple(word for word, lacking in (
        ("тема", kept and not lesson.topic),
        ("посещаемость", kept and lesson.attendance_at is None),
        ("домашнее задание", homework_kept and no_homework)) if lacking)
