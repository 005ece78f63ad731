"""Days taught by the timetable of another weekday («перенос»), for a span of grades. Lessons follow by remaking."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session, one_at_a_time
from ejd.refusal import Refused
from ejd.school import queries
from ejd.school.models import MovedDay
from ejd.school.year_plan import MovedDayPlan, fault_of_moved_day
from ejd.words import day

MOVED_DAYS = "moved days"  # the act that goes on once at a time


def move_day(session: Session, *, actor_id: int | None, year_id: int, plan: MovedDayPlan, now: datetime) -> MovedDay:
    """Let a day be taught by another weekday's timetable. The same again is the one that stands."""
    one_at_a_time(session, MOVED_DAYS)
    standing = session.scalars(select(MovedDay).filter_by(year_id=year_id)).all()
    if same := next((row for row in standing if plan_of(row) == plan), None):
        return same
    calendar = queries.calendar_of(session, year_id)
    if reason := fault_of_moved_day(plan, calendar, [plan_of(row) for row in standing]):
        raise Refused(reason, field="day")
    row = MovedDay(year_id=year_id, day=plan.day, weekday=plan.weekday, first_grade=plan.first_grade,
                   last_grade=plan.last_grade)
    session.add(row)
    session.flush()
    _note(session, "day.moved", row, actor_id, now)
    return row


def give_back_day(session: Session, *, actor_id: int | None, moved: MovedDay, now: datetime) -> None:
    """The day is taught by its own weekday again; not once it has come."""
    if moved.day <= clock.local(now).date():
        raise Refused(f"День {day(moved.day)} уже наступил: перенос остаётся в календаре, по нему учились")
    _note(session, "day.given_back", moved, actor_id, now)
    session.delete(moved)
    session.flush()


def plan_of(row: MovedDay) -> MovedDayPlan:
    return MovedDayPlan(row.day, row.weekday, row.first_grade, row.last_grade)


def _note(session: Session, verb: str, row: MovedDay, actor_id: int | None, now: datetime) -> None:
    trail.record(session, now=now, actor_id=actor_id, verb=verb, subject_id=row.id, day=row.day, weekday=row.weekday,
                 grades=[row.first_grade, row.last_grade])
