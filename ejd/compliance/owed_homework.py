"""Lessons whose homework is obligatory (R5), as SQL shared by the figures and the lists."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, true

from ejd.compliance import scope as scopes
from ejd.compliance.metrics import Figure
from ejd.compliance.scope import Condition, Rows, Scope, under_control
from ejd.journal.deadlines import Launch
from ejd.journal.lessons_in_a_row import NOT_SET, PLANNED, PUBLISHED_AT, begins_row, of_class
from ejd.journal.models import Homework
from ejd.roster.models import Course
from ejd.schedule.models import Lesson


def owed(query: Rows, scope: Scope, launch: Launch, now: datetime, *, of_any_course: bool = False) -> Rows:
    """`query` over lessons of the span held by now that owe homework: of lessons in a row the first;
    cancelled ones and courses without homework owe none (`of_any_course`: the caller leaves those courses out)."""
    query = (query.outerjoin(Homework, of_class(Lesson))
             .where(scopes.of_lessons(scope), Lesson.state == PLANNED, Lesson.ends_at <= now,
                    Lesson.homework_due_at.is_not(None), begins_row(Lesson, (scope.first, scope.last)),
                    under_control(launch, Lesson.day, Lesson.course_id, since=scope.first)))
    if of_any_course:
        return query
    return query.join(Course, Course.id == Lesson.course_id).where(Course.homework_expected.is_(True))


def is_figure(figure: Figure, now: datetime) -> Condition:
    """Whether a lesson that owes homework counts in the figure (`deadlines.homework_timeliness` as SQL)."""
    none = PUBLISHED_AT.is_(None)
    return {
        Figure.HOMEWORK_OWED: true(),
        Figure.HOMEWORK_ON_TIME: Lesson.homework_due_at >= PUBLISHED_AT,
        Figure.HOMEWORK_LATE: Lesson.homework_due_at < PUBLISHED_AT,
        Figure.HOMEWORK_MISSING: and_(Lesson.homework_due_at < now, none),
        Figure.HOMEWORK_AWAITED: and_(Lesson.homework_due_at >= now, none),
        Figure.HOMEWORK_NOT_SET: NOT_SET.is_(True),
    }[figure]
