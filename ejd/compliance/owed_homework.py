"""Lessons whose homework is obligatory (R5), as SQL shared by the figures and the lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, true
from sqlalchemy.orm import aliased

from ejd.compliance import scope as scopes
from ejd.compliance.metrics import Figure, Launch
from ejd.compliance.scope import Condition, Rows, Scope, under_control
from ejd.journal.models import Homework
from ejd.roster.models import Course
from ejd.schedule.models import Lesson, LessonState

_PLANNED = LessonState.PLANNED.value
_before, _after, _second = aliased(Lesson), aliased(Lesson), aliased(Homework)


def _of_second(column: Any) -> Any:
    """The same of the homework that stands in the next lesson of a double one."""
    return (select(column).join(_after, _after.id == _second.lesson_id)
            .where(_after.course_id == Lesson.course_id, _after.day == Lesson.day,
                   _after.number == Lesson.number + 1, _after.state == _PLANNED)
            .correlate(Lesson).scalar_subquery())


# Asked of the second lesson only where the first has none: few rows.
PUBLISHED_AT: ColumnElement[datetime] = func.coalesce(Homework.published_at, _of_second(_second.published_at),
                                                      type_=Homework.published_at.type)
NOT_SET: ColumnElement[bool] = func.coalesce(Homework.not_set, _of_second(_second.not_set),
                                             type_=Homework.not_set.type)


def owed(query: Rows, scope: Scope, launch: Launch, now: datetime) -> Rows:
    """`query` over lessons of the span held by now that owe homework: the second of a double lesson inherits,
    cancelled ones and courses without homework owe none."""
    second_of_double = exists().where(
        _before.course_id == Lesson.course_id, _before.day == Lesson.day, _before.number == Lesson.number - 1,
        _before.state == _PLANNED).correlate(Lesson)
    return (query.join(Course, Course.id == Lesson.course_id)
            .outerjoin(Homework, Homework.lesson_id == Lesson.id)
            .where(scopes.of_lessons(scope), Lesson.state == _PLANNED, Lesson.ends_at <= now,
                   Lesson.homework_due_at.is_not(None), Course.homework_expected.is_(True), ~second_of_double,
                   under_control(launch, Lesson.day, Lesson.course_id, since=scope.first)))


def is_figure(figure: Figure, now: datetime) -> Condition:
    """Whether a lesson that owes homework counts in the figure (`metrics.figures_of_homework`)."""
    none = PUBLISHED_AT.is_(None)
    return {
        Figure.HOMEWORK_OWED: true(),
        Figure.HOMEWORK_ON_TIME: Lesson.homework_due_at >= PUBLISHED_AT,
        Figure.HOMEWORK_LATE: Lesson.homework_due_at < PUBLISHED_AT,
        Figure.HOMEWORK_MISSING: and_(none, Lesson.homework_due_at < now),
        Figure.HOMEWORK_AWAITED: and_(none, Lesson.homework_due_at >= now),
        Figure.HOMEWORK_NOT_SET: NOT_SET.is_(True),
    }[figure]
