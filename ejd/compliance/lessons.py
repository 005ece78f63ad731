"""Lessons by the timetable, held, and filled in on their day (R6, R60), as SQL shared by the figures and the lists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, or_

from ejd.compliance.metrics import Figure
from ejd.compliance.scope import Condition, Scope, under_control
from ejd.journal.deadlines import Launch
from ejd.journal.lessons_in_a_row import PLANNED
from ejd.schedule.models import Lesson, LessonState

F = Figure
# How a lesson stands, and in which figures it counts: a lesson is asked once, not once a figure.
STANDINGS: tuple[tuple[Figure, ...], ...] = (
    (F.LESSONS, F.LESSONS_CANCELLED),
    (F.LESSONS,),  # to come
    (F.LESSONS, F.LESSONS_HELD, F.ATTENDED, F.LESSONS_FILLED),
    (F.LESSONS, F.LESSONS_HELD, F.ATTENDED, F.LESSONS_UNFILLED),  # without a topic, and the day is over
    (F.LESSONS, F.LESSONS_HELD, F.ATTENDED),
    (F.LESSONS, F.LESSONS_HELD, F.NOT_ATTENDED, F.LESSONS_UNFILLED),
    (F.LESSONS, F.LESSONS_HELD),
)


def standing_of_lesson(scope: Scope, launch: Launch, now: datetime, today: date) -> Any:
    """Which of STANDINGS a lesson has; moved ones are left out before."""
    over = and_(Lesson.day < today, under_control(launch, Lesson.day, Lesson.course_id, since=scope.first))
    return case((Lesson.state == LessonState.CANCELLED.value, 0), (Lesson.ends_at > now, 1),
                (and_(Lesson.attendance_at.is_not(None), Lesson.topic_at.is_not(None)), 2),
                (Lesson.attendance_at.is_not(None), case((over, 3), else_=4)), (over, 5), else_=6)


def conditions_of_lessons(scope: Scope, launch: Launch, now: datetime, today: date) -> dict[Figure, Condition]:
    """Whether a lesson of the span, moved ones left out, counts in a figure."""
    held = and_(Lesson.state == PLANNED, Lesson.ends_at <= now)
    attended, told = Lesson.attendance_at.is_not(None), Lesson.topic_at.is_not(None)
    over = and_(held, Lesson.day < today, under_control(launch, Lesson.day, Lesson.course_id, since=scope.first))
    return {
        Figure.LESSONS: Lesson.state != LessonState.MOVED.value,
        Figure.LESSONS_CANCELLED: Lesson.state == LessonState.CANCELLED.value,
        Figure.LESSONS_HELD: held,
        Figure.LESSONS_FILLED: and_(held, attended, told),
        Figure.LESSONS_UNFILLED: and_(over, or_(~attended, ~told)),
        Figure.ATTENDED: and_(held, attended),
        Figure.NOT_ATTENDED: and_(over, ~attended),
    }
