"""Lessons by the timetable, held, and filled in on their day (R6, R60), as SQL shared by the figures and the lists."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, or_

from ejd.compliance.metrics import Figure
from ejd.compliance.scope import Condition, Scope, under_control
from ejd.journal.deadlines import Launch
from ejd.journal.lessons_in_a_row import PLANNED
from ejd.schedule.models import Lesson, LessonState


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
