"""Homework of lessons in a row (R5): a double lesson, or a triple one, owes homework once, and it may stand in any of
them. As conditions of SQL, for control and for whoever shows what is open.

A row is lessons of one course on one day, planned, numbered without a gap; a cancelled one ends it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from ejd.journal.models import Homework
from ejd.schedule.models import Lesson, LessonState

PLANNED = LessonState.PLANNED.value


def of_class(lesson: Any, homework: Any = Homework) -> ColumnElement[bool]:
    """Whether the homework is the lesson's: the class's, for what named pupils have of their own counts nowhere."""
    return and_(homework.lesson_id == lesson.id, homework.named.is_(False))


def begins_row(lesson: Any, within: tuple[date, date] | None = None) -> ColumnElement[bool]:
    """Whether the lesson is the first of its row, or stands alone: the one that owes homework. `within` are days that
    the lessons asked about are of anyway: PostgreSQL would read all others too."""
    before = aliased(Lesson)
    return ~exists().where(before.course_id == lesson.course_id, before.day == lesson.day,
                           before.number == lesson.number - 1, before.state == PLANNED,
                           *([before.day.between(*within)] if within else [])).correlate_except(before)


def homework_of_row(lesson: Any, column: Any = Homework.id) -> Any:
    """A column of the homework that counts for the lesson: the first that stands in its row. A scalar subquery."""
    other, homework = aliased(Lesson), aliased(Homework)
    return (select(getattr(homework, column.key)).join(other, of_class(other, homework))
            .where(_in_one_row(lesson, other)).order_by(other.number).limit(1)
            .correlate_except(other, homework).scalar_subquery())


def has_homework(lesson: Any) -> ColumnElement[bool]:
    """Whether homework, or «не задано», that counts for the lesson is there."""
    return homework_of_row(lesson).is_not(None)


def _in_one_row(lesson: Any, other: Any) -> ColumnElement[bool]:
    between = aliased(Lesson)
    steps = func.abs(other.number - lesson.number)
    planned_between = (select(func.count()).select_from(between).where(
        between.course_id == lesson.course_id, between.day == lesson.day, between.state == PLANNED,
        (between.number - lesson.number) * (between.number - other.number) < 0)
        .correlate_except(between).scalar_subquery())
    return and_(other.course_id == lesson.course_id, other.day == lesson.day, other.state == PLANNED,
                or_(steps <= 1, planned_between == steps - 1))


# What counts for a lesson. The rest of its row is asked only where the lesson itself has none: few rows.
PUBLISHED_AT: ColumnElement[datetime] = func.coalesce(
    Homework.published_at, homework_of_row(Lesson, Homework.published_at), type_=Homework.published_at.type)
NOT_SET: ColumnElement[bool] = func.coalesce(Homework.not_set, homework_of_row(Lesson, Homework.not_set),
                                             type_=Homework.not_set.type)
