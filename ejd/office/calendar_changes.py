"""What a change of the year's dates or terms would do to lessons and marks, worked out before it is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from ejd.db import Session
from ejd.journal.models import Mark
from ejd.roster.customs import terms_scheme
from ejd.roster.models import Course, SchoolClass
from ejd.schedule.models import Lesson
from ejd.schedule.remaking import foresee_lessons
from ejd.schedule.services import Published
from ejd.school.calendar import SCHEMES, Calendar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What becomes of lessons to come (None: there is no timetable), and how many marks fall into another term."""

    lessons: Published | None
    marks: int

    @property
    def anything(self) -> bool:
        return bool(self.marks or (self.lessons and (self.lessons.anything or self.lessons.kept)))


def foresee(session: Session, *, before: Calendar, after: Calendar, now: datetime) -> Foreseen:
    """Only reads."""
    return Foreseen(foresee_lessons(session, calendar=after, now=now), _marks_moved(session, before, after))


def _marks_moved(session: Session, before: Calendar, after: Calendar) -> int:
    """Marks that stand at lessons of days which belong to another term than before, or to none."""
    concerned = []
    for scheme in SCHEMES:
        for first, last in _spans(_days_moved(before, after, scheme)):
            concerned.append((terms_scheme() == scheme) & Lesson.day.between(first, last))
    if not concerned:
        return 0
    return session.scalar(
        select(func.count()).select_from(Mark).join(Lesson, Lesson.id == Mark.lesson_id)
        .join(Course, Course.id == Lesson.course_id).outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Course.year_id == before.year_id, Mark.withdrawn_at.is_(None), or_(*concerned))) or 0


def _days_moved(before: Calendar, after: Calendar, scheme: str) -> list[date]:
    first, last = min(before.starts_on, after.starts_on), max(before.ends_on, after.ends_on)
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    old, new = before.of(grade=None, scheme=scheme), after.of(grade=None, scheme=scheme)
    return [day for day in days
            if getattr(old.term_of(day), "number", None) != getattr(new.term_of(day), "number", None)]


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """The days as unbroken spans."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == ONE_DAY:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found
