"""A teacher's open items: what of past lessons is still to be filled in, and which marks are awaited (R62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.journal import deadlines, expecting
from ejd.journal.expecting import Awaiting, Cell
from ejd.journal.models import Expectation, Homework, Work, WorkKind
from ejd.journal.queries import title_of
from ejd.roster.models import Course, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class AwaitedMarks:
    """Marks of one declared work that the teacher has not put yet, and until when they are on time (R4)."""

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


def awaited_marks(session: Session, *, teacher_id: int, today: date) -> list[AwaitedMarks]:
    """By work, the soonest due first. One statement."""
    due_on = func.min(Expectation.due_on)
    rows = session.execute(
        select(Lesson, Course, SchoolClass, Subject, WorkKind.name, Work.title, func.count(), due_on)
        .select_from(Expectation)
        .join(Work, and_(Work.id == Expectation.work_id, Work.withdrawn_at.is_(None)))
        .join(WorkKind, WorkKind.id == Work.kind_id)
        .join(Lesson, Lesson.id == Work.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Expectation.awaiting == Awaiting.TEACHER.value, Expectation.responsible_id == teacher_id)
        .group_by(Work.id, Lesson.id, Course.id, SchoolClass.id, Subject.id, WorkKind.id)
        .order_by(due_on, Lesson.id))
    return [AwaitedMarks(lesson.id, title_of(course, school_class, subject), kind, title, lesson.day, count, due,
                         expecting.cell_of(Awaiting.TEACHER, due, today) is Cell.OVERDUE)
            for lesson, course, school_class, subject, kind, title, count, due in rows]


def open_lessons(session: Session, *, teacher_id: int, before: date, settings: Settings) -> list[OpenLesson]:
    """This year's lessons before a day that lack topic, attendance or homework (R5, R6), the newest first. One
    statement. Lessons before the launch date lack nothing (R7)."""
    other = aliased(Lesson)  # of a double lesson: it owes homework once, in either of the two (as control counts)
    twin = exists().where(other.course_id == Lesson.course_id, other.day == Lesson.day,
                          other.state == LessonState.PLANNED.value)
    no_homework = and_(
        Course.homework_expected.is_(True),
        ~exists().where(Homework.lesson_id == Lesson.id),
        ~twin.where(other.number == Lesson.number - 1),
        ~twin.where(other.number == Lesson.number + 1, Homework.lesson_id == other.id))
    rows = session.execute(
        select(Lesson, Course, SchoolClass, Subject, no_homework)
        .join(Course, Course.id == Lesson.course_id)
        .join(SchoolYear, and_(SchoolYear.id == Course.year_id, SchoolYear.ends_on >= before))
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Lesson.teacher_id == teacher_id, Lesson.day < before, Lesson.state != LessonState.CANCELLED.value,
               or_(Lesson.topic == "", Lesson.attendance_at.is_(None), no_homework))
        .order_by(Lesson.starts_at.desc()))
    found = (OpenLesson(lesson.id, title_of(course, school_class, subject), lesson.day, lesson.number,
                        _lacks(lesson, school_class, homework, settings))
             for lesson, course, school_class, subject, homework in rows)
    return [lesson for lesson in found if lesson.lacks]


def _lacks(lesson: Lesson, school_class: SchoolClass | None, no_homework: bool, settings: Settings) -> tuple[str, ...]:
    by_grade, grade = settings.value("launch.grades", on=None), school_class.grade if school_class else None

    def controlled(key: str) -> bool:
        return deadlines.is_controlled(lesson.day,
                                       deadlines.control_begins(settings.day(key), by_grade, grade))

    kept, homework_kept = controlled("launch.marks"), controlled("launch.homework")
    return tuple(word for word, lacking in (
        ("тема", kept and not lesson.topic),
        ("посещаемость", kept and lesson.attendance_at is None),
        ("домашнее задание", homework_kept and no_homework)) if lacking)
