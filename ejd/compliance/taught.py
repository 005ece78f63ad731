"""Lessons and homework of a span by journal and teacher, as one question of SQL: out of the sums of weeks that are
over, and row by row where none answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, bindparam, case, cast, false, func, literal, select, union_all

from ejd.compliance import scope as scopes
from ejd.compliance.lessons import STANDINGS, standing_of_lesson
from ejd.compliance.metrics import COUNTED
from ejd.compliance.owed_homework import is_figure, owed
from ejd.compliance.scope import MOST_KEPT, Condition, Launches, Rows, Scope, under_control
from ejd.db import Instant
from ejd.journal.week_models import LessonSum
from ejd.journal.week_sums import Week
from ejd.schedule.models import Lesson, LessonState

NOW = "now"
MOST_GAPS = 12  # between weeks whose sums hold; with more, all is asked row by row


@lru_cache(maxsize=MOST_KEPT)
def taught(spans: tuple[Scope, ...], launches: Launches, holding: tuple[Week, ...], today: date) -> Rows:
    """Place of the span, journal, teacher; then how many lessons have each of STANDINGS, then COUNTED. The moment is
    given with the execution, so that the same question is put into SQL once."""
    now: Any = bindparam(NOW, type_=Instant())
    parts: list[Rows] = []
    for number, scope in enumerate(spans):
        weeks = scopes.weeks_of_sums(scope, launches, holding, today)
        rest = scopes.rest_of(scope, weeks)
        if len(rest) > MOST_GAPS:
            weeks, rest = [], [scope]
        parts.append(_sums(scope, number, launches, weeks))
        for part in rest:
            parts.append(_lessons(part, number, launches, now, today))
            if scope.kind_id is None:
                parts.append(_homework(part, number, launches, now))
    place, course_id, teacher_id, *counts = union_all(*parts).subquery().columns
    of = (place, course_id, teacher_id)
    return select(*of, *(func.sum(count) for count in counts)).group_by(*of)


def _sums(scope: Scope, place: int, launches: Launches, weeks: Sequence[Week]) -> Rows:
    """Nothing of such a week is to come or awaited; a kind of work says nothing about homework."""
    marks, homework = (under_control(launch, LessonSum.day, LessonSum.course_id, since=scope.first)
                       for launch in (launches.marks, launches.homework))
    if scope.kind_id is not None:
        homework = false()
    counts = (LessonSum.cancelled, literal(0), LessonSum.filled, _where(marks, LessonSum.untold),
              _where(~marks, LessonSum.untold), _where(marks, LessonSum.unattended),
              _where(~marks, LessonSum.unattended), _where(homework, LessonSum.owed),
              _where(homework, LessonSum.on_time), _where(homework, LessonSum.late), literal(0),
              _where(homework, LessonSum.not_set))
    return select(literal(place).label("place"), LessonSum.course_id, LessonSum.teacher_id,
                  *(count.label(f"count_{number}") for number, count in enumerate(counts))).where(
        scopes.of_lesson_sums(scope, weeks))


def _lessons(scope: Scope, place: int, launches: Launches, now: datetime, today: date) -> Rows:
    """Each lesson is asked once how it stands."""
    standing = standing_of_lesson(scope, launches.marks, now, today).label("standing")
    rows = (select(Lesson.course_id, Lesson.teacher_id, standing, cast(func.count(), Integer).label("lessons"))
            .where(scopes.of_lessons(scope), Lesson.state != LessonState.MOVED.value)
            .group_by(Lesson.course_id, Lesson.teacher_id, "standing").subquery())
    return select(literal(place), rows.c.course_id, rows.c.teacher_id,
                  *(_where(rows.c.standing == number, rows.c.lessons) for number in range(len(STANDINGS))),
                  *[literal(0)] * len(COUNTED))


def _homework(scope: Scope, place: int, launches: Launches, now: datetime) -> Rows:
    """Of every course, whether it owes homework or not."""
    return owed(select(literal(place), Lesson.course_id, Lesson.teacher_id, *[literal(0)] * len(STANDINGS),
                       *(_where(is_figure(figure, now), literal(1)) for figure in COUNTED)).select_from(Lesson),
                scope, launches.homework, now, of_any_course=True)


def _where(condition: Condition, count: Any) -> Any:
    return case((condition, count), else_=0)
