"""Weekly sums of lessons and homework (R60): counted once the week is over, believed until it is written to.

Triggers note every week that was written to (`db.NOTED`), in the writer's own transaction. So whoever reads believes
exactly the weeks that nothing he can see has touched since they were counted, and asks the lessons of all others; a
count reads one snapshot and forgets only the notes that it has seen in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from ejd import clock
from ejd.db import Session, clashed, let_others_write, one_snapshot, table_of, writing
from ejd.jobs.kinds import every
from ejd.journal.lessons_in_a_row import NOT_SET, PLANNED, PUBLISHED_AT, begins_row, of_class
from ejd.journal.models import Homework
from ejd.journal.week_models import ChangedWeek, CountedWeek, LessonSum
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import monday_of

SUMS = table_of(LessonSum)
WEEK = timedelta(days=7)
COUNTS = ("cancelled", "filled", "untold", "unattended", "owed", "on_time", "late", "not_set")
_KEY = ("course_id", "teacher_id")


@dataclass(frozen=True, slots=True)
class Week:
    """First and last day with lessons of a week whose sums hold."""

    first: date
    last: date

    def within(self, first: date, last: date) -> bool:
        return first <= self.first and self.last <= last

    def is_over(self, today: date) -> bool:
        return monday_of(self.first) + WEEK <= today


def holding(first: date, last: date) -> Select[*tuple[Any, ...]]:
    """The weeks of the span whose sums hold, each as one text that `read` understands: so they can be asked together
    with something else."""
    changed = exists().where(ChangedWeek.monday == CountedWeek.monday)
    return select(cast(CountedWeek.first, String).concat("/").concat(cast(CountedWeek.last, String))).where(
        CountedWeek.last >= first, CountedWeek.first <= last, ~changed)


def read(text: str) -> Week:
    return Week(*map(date.fromisoformat, text.split("/")))


@every(minutes=10)
def keep(session: Session) -> None:
    """Count the weeks that are over and not counted, or written to since: each in a short transaction of its own."""
    for monday in waiting(session, clock.today()):
        try:
            count(session, monday, clock.now())
        except DBAPIError as error:
            if not clashed(error):  # else another process has just counted it
                raise
        let_others_write(session)


def waiting(session: Session, today: date) -> list[date]:
    """The Mondays of the weeks to be counted, the latest first."""
    begin = session.scalar(select(func.min(Lesson.day)))
    if begin is None:
        return []
    known = set(session.scalars(select(CountedWeek.monday)))
    changed = set(session.scalars(select(ChangedWeek.monday).distinct()))
    over = (monday_of(today) - monday_of(begin)).days // 7
    return [monday for weeks in range(1, over + 1)
            if (monday := monday_of(today) - weeks * WEEK) in changed or monday not in known]


def count(session: Session, monday: date, now: datetime) -> None:
    """Write down the sums of one week. Two counts of it at once: the database lets one of them win."""
    with writing():
        one_snapshot(session)
        week, settled = _days_of(session, monday, now)
        if not settled:  # times that do not fit the day: such a week stays to be asked row by row
            return
        seen = list(session.scalars(select(ChangedWeek.id).where(ChangedWeek.monday == monday)))
        session.execute(delete(LessonSum).where(LessonSum.day.between(monday, monday + WEEK - timedelta(days=1))))
        session.execute(insert(LessonSum).from_select(["day", *_KEY, *COUNTS], counts(week)))
        if not session.execute(update(CountedWeek).where(CountedWeek.monday == monday)
                               .values(first=week.first, last=week.last)).rowcount:  # type: ignore[attr-defined]
            session.add(CountedWeek(monday=monday, first=week.first, last=week.last))
        session.execute(delete(ChangedWeek).where(ChangedWeek.id.in_(seen)))


def recount(session: Session) -> list[date]:
    """The Mondays of weeks whose sums are believed and differ from what their lessons say; none when all is well."""
    wrong = []
    for text in session.scalars(holding(date.min, date.max)).all():
        week = read(text)
        kept = select(*(SUMS.c[name] for name in (*_KEY, *COUNTS))).where(SUMS.c.day == week.first)
        counted = [tuple(row)[1:] for row in session.execute(counts(week))]
        if sorted(map(repr, counted)) != sorted(repr(tuple(row)) for row in session.execute(kept)):
            wrong.append(monday_of(week.first))
    return wrong


def _days_of(session: Session, monday: date, now: datetime) -> tuple[Week, bool]:
    """The days of the week that have lessons, and whether nothing of it waits for the clock any more."""
    sunday = monday + WEEK - timedelta(days=1)
    until = min(clock.at(monday + WEEK), now)
    late = or_(Lesson.ends_at > until, Lesson.homework_due_at >= until)
    first, last, unsettled = session.execute(
        select(func.min(Lesson.day), func.max(Lesson.day), func.sum(case((late, 1), else_=0)))
        .where(Lesson.day.between(monday, sunday))).one()
    return Week(first or monday, last or sunday), not unsettled


def counts(week: Week) -> Select[*tuple[Any, ...]]:
    """The sums of a week, out of its lessons: day, course, teacher and COUNTS in their order."""
    planned = Lesson.state == PLANNED
    attended, told = Lesson.attendance_at.is_not(None), Lesson.topic_at.is_not(None)
    owes = and_(planned, Lesson.homework_due_at.is_not(None), begins_row(Lesson, (week.first, week.last)))
    what: Sequence[ColumnElement[bool]] = (
        Lesson.state == LessonState.CANCELLED.value, and_(planned, attended, told), and_(planned, attended, ~told),
        and_(planned, ~attended), owes, and_(owes, Lesson.homework_due_at >= PUBLISHED_AT),
        and_(owes, Lesson.homework_due_at < PUBLISHED_AT), and_(owes, NOT_SET.is_(True)))
    return (select(literal(week.first), Lesson.course_id, Lesson.teacher_id,
                   *(func.sum(case((condition, 1), else_=0)) for condition in what))
            .outerjoin(Homework, of_class(Lesson))
            .where(Lesson.day.between(week.first, week.last), Lesson.state != LessonState.MOVED.value)
            .group_by(Lesson.course_id, Lesson.teacher_id))
