"""Lessons brought into line in portions, so that nobody who saves waits long: working out only reads, and each portion
is written in a short transaction of its own.

What was changed (bells, calendar, load, a setting) is saved before. Should the program stop in between, the lessons
that are left stand as they were: the next change brings them into line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from ejd import clock
from ejd.db import Session, one_at_a_time
from ejd.refusal import Stale
from ejd.schedule import groundwork
from ejd.schedule.groundwork import Ground
from ejd.schedule.making import Alignment, Portion, in_portions, put_deadlines
from ejd.schedule.services import LESSONS, Published, align_lessons, rule_on, span_to_come, write_remade
from ejd.school import settings as school_settings
from ejd.school.calendar import Calendar
from ejd.school.models import SchoolYear

PORTION = 4000  # lessons of a transaction: tried, 0.1 s on SQLite


@dataclass(frozen=True, slots=True)
class Work:
    """What must be done to the lessons of one year, and what it was worked out from."""

    ground: Ground
    rules: tuple[str, ...]
    course_ids: frozenset[int] | None
    portions: Sequence[Portion]

    @property
    def year_id(self) -> int:
        return self.ground.calendar.year_id


def prepare_remake(session: Session, *, year_id: int, now: datetime, course_id: int | None = None) -> list[Work]:
    """Bring the lessons that have not begun into line with the timetable, calendar, bells and load of today; with a
    course, only its lessons and those whose deadlines hang on them. Empty when no timetable is published."""
    one_at_a_time(session, LESSONS)
    ground = groundwork.ground_of(session, year_id)
    if not ground.versions:
        return []
    first, settled_at = span_to_come(session, ground, now)
    course_ids = None if course_id is None else frozenset(groundwork.kin_of(ground.courses, course_id))
    standing, alignment = align_lessons(session, ground, first=first, settled_at=settled_at, course_ids=course_ids)
    return [Work(ground, _rules(session, ground), course_ids, in_portions(standing, alignment, most=PORTION))]


def foresee_lessons(session: Session, *, calendar: Calendar, now: datetime) -> Published | None:
    """What would become of the lessons to come if this were the year's calendar; only reads. None when no timetable
    is published."""
    year_id = calendar.year_id
    ground = Ground(calendar, groundwork.courses_of(session, calendar), groundwork.versions_of(session, year_id),
                    clock.zone())
    if not ground.versions:
        return None
    first, settled_at = span_to_come(session, ground, now)
    _, alignment = align_lessons(session, ground, first=first, settled_at=settled_at)
    return Published(None, len(alignment.added), len(alignment.changed), len(alignment.removed), len(alignment.kept))


def prepare_deadlines(session: Session, *, from_on: date) -> list[Work]:
    """Set R5's deadline anew for lessons from a day on, by the rule in force on each lesson's day."""
    one_at_a_time(session, LESSONS)
    rule = rule_on(school_settings.load(session))
    found = []
    for year_id in session.scalars(select(SchoolYear.id).where(SchoolYear.ends_on >= from_on)).all():
        ground, alignment = groundwork.ground_of(session, year_id), Alignment()
        standing = groundwork.standing_lessons(session, year_id=year_id, first=from_on)
        put_deadlines(standing, alignment, ground.courses, rule)
        found.append(Work(ground, _rules(session, ground), None, in_portions(standing, alignment, most=PORTION)))
    return found


def write_portion(session: Session, *, actor_id: int | None, work: Work, portion: Portion, now: datetime) -> Published:
    """Write whole days of lessons, in the order of the portions. Raises Stale when anything that this was worked out
    from has changed meanwhile: prepare anew."""
    one_at_a_time(session, LESSONS)
    ground = groundwork.ground_of(session, work.year_id)
    standing = groundwork.standing_lessons(session, year_id=work.year_id, first=portion.first, last=portion.last,
                                           course_ids=work.course_ids)
    if (ground, _rules(session, ground), frozenset(standing)) != (work.ground, work.rules, portion.standing):
        raise Stale("Уроки тем временем изменились")
    return write_remade(session, portion.alignment, actor_id=actor_id, year_id=work.year_id, from_on=portion.first,
                        to_on=portion.last, now=now)


def _rules(session: Session, ground: Ground) -> tuple[str, ...]:
    """Which homework rule is in force on each day of the year."""
    rule, calendar = rule_on(school_settings.load(session)), ground.calendar
    return tuple(rule(calendar.starts_on + timedelta(days))
                 for days in range((calendar.ends_on - calendar.starts_on).days + 1))
