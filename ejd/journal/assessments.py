"""The assessment calendar (R16): the year's assessment works with what is against each, for whoever plans and for
whoever publishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.journal import assessing
from ejd.journal.assessing import Assessment, Warned
from ejd.journal.models import Work, WorkKind
from ejd.roster.models import Course, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import ClassCalendar
from ejd.school.queries import calendar_of

NEW = 0  # the id of a work that is not declared yet
PLANNED = LessonState.PLANNED.value


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """An assessment work as the calendar shows it."""

    work: Assessment
    course_id: int
    lesson_id: int
    kind: str
    short_kind: str
    title: str
    minutes: int | None
    teacher_id: int | None
    teacher: str
    short_subject: str
    warned: Sequence[Warned]


@dataclass(frozen=True, slots=True)
class LessonToPlan:
    """A lesson for which a work may be planned, and what would be against it."""

    lesson_id: int
    day: date
    number: int
    warned: Sequence[Warned]


def year_of_assessments(session: Session, year_id: int) -> list[PlannedWork]:
    """Every assessment work of a year, by day, class and lesson, with its warnings. Five statements."""
    rows = session.execute(_works().where(Course.year_id == year_id)).all()
    return _shown(rows, _calendars(session, year_id))


def warnings_for(session: Session, *, lesson_id: int, minutes: int | None, series: str, work_id: int | None = None
                 ) -> list[str]:
    """What would be against an assessment work at the lesson; nothing is against a shorter one. `work_id` is the work
    itself, when it stands already."""
    if not assessing.is_assessment(minutes, whole_class=True):
        return []
    row = session.execute(_lesson_of_class(Lesson.id == lesson_id)).first()
    if row is None:
        return []
    return [warned.sentence for warned in _against(session, [row], series=series, work_id=work_id)[lesson_id]]


def lessons_to_plan(session: Session, *, course_id: int, from_on: date, series: str = "") -> list[LessonToPlan]:
    """The lessons of a journal from a day on, each with what would be against a work there. Six statements."""
    rows = session.execute(_lesson_of_class(Lesson.course_id == course_id, Lesson.day >= from_on)
                           .order_by(Lesson.day, Lesson.number)).all()
    against = _against(session, rows, series=series) if rows else {}
    return [LessonToPlan(row.lesson_id, row.day, row.number, against[row.lesson_id]) for row in rows]


def _against(session: Session, rows: Sequence[Row[Any]], *, series: str, work_id: int | None = None
             ) -> dict[int, list[Warned]]:
    """What would be against a work at each of a course's lessons."""
    one = rows[0]
    others = [_assessment(row) for row in session.execute(_works().where(
        Course.year_id == one.year_id, SchoolClass.grade == one.grade))]
    calendar = _calendars(session, one.year_id)[one.class_id]
    return {row.lesson_id: assessing.warnings(replace(_assessment(row), work_id=work_id or NEW, series=series), others,
                                              calendar) for row in rows}


def _calendars(session: Session, year_id: int) -> dict[int, ClassCalendar]:
    """The calendar of each class. Two statements."""
    calendar = calendar_of(session, year_id)
    return {class_id: calendar.of(grade=grade, days_per_week=days, scheme=scheme, class_id=class_id)
            for class_id, grade, days, scheme in session.execute(
                select(SchoolClass.id, SchoolClass.grade, SchoolClass.days_per_week, SchoolClass.term_scheme)
                .where(SchoolClass.year_id == year_id))}


def _facts() -> tuple[Any, ...]:
    """Columns that tell of a lesson what R16 asks: whose it is, how many the journal has, which of its day it is."""
    of_course, of_day, its_course = aliased(Lesson), aliased(Lesson), aliased(Course)

    def edge(which: Any) -> Any:
        return (select(which(of_day.number)).join(its_course, its_course.id == of_day.course_id)
                .where(its_course.class_id == Course.class_id, of_day.day == Lesson.day, of_day.state == PLANNED)
                .correlate(Course, Lesson).scalar_subquery())

    lessons = (select(func.count()).where(of_course.course_id == Course.id, of_course.state == PLANNED)
               .correlate(Course).scalar_subquery())
    return (Lesson.id.label("lesson_id"), Lesson.day, Lesson.number, Course.id.label("course_id"), Course.year_id,
            Course.class_id, Course.subject_id, Course.subgroup, Course.half_hours, SchoolClass.grade,
            SchoolClass.letter, Subject.name.label("subject"), Subject.short_name, lessons.label("lessons"),
            edge(func.min).label("first"), edge(func.max).label("last"))


def _lesson_of_class(*where: Any) -> Select[Any]:
    return (select(*_facts()).join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .join(SchoolClass, SchoolClass.id == Course.class_id).where(Lesson.state == PLANNED, *where))


def _works() -> Select[Any]:
    return (_lesson_of_class().add_columns(
        Work.id.label("work_id"), Work.title, Work.minutes, Work.series, WorkKind.name.label("kind"),
        WorkKind.short_name.label("short_kind"), Person)
        .join(Work, and_(Work.lesson_id == Lesson.id, Work.assessment, Work.withdrawn_at.is_(None)))
        .join(WorkKind, WorkKind.id == Work.kind_id).outerjoin(Person, Person.id == Lesson.teacher_id))


def _assessment(row: Row[Any]) -> Assessment:
    values = row._mapping
    return Assessment(values.get("work_id", NEW), row.class_id, f"{row.grade}{row.letter}", row.grade, row.subject_id,
                      row.subject, row.subgroup, row.day, row.number, values.get("series", ""), row.lessons,
                      row.half_hours, row.first, row.last)


def _shown(rows: Sequence[Row[Any]], calendars: dict[int, ClassCalendar]) -> list[PlannedWork]:
    works = {row.work_id: _assessment(row) for row in rows}
    warned = assessing.by_work(list(works.values()), calendars)
    found = [PlannedWork(works[row.work_id], row.course_id, row.lesson_id, row.kind, row.short_kind, row.title,
                         row.minutes, row.Person.id if row.Person else None,
                         row.Person.short_name if row.Person else "", row.short_name or row.subject,
                         warned.get(row.work_id, ())) for row in rows]
    return sorted(found, key=lambda one: (one.work.day, one.work.grade, one.work.class_name, one.work.number,
                                          one.work.subgroup, one.work.work_id))
