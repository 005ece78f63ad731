"""What is closed, as acts on lessons ask it right after they have locked them (R8).

Locks go lesson, then mark; who closes a term holds all of its lessons, so that an act is either before the closing or
sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, cast, func, literal, null, or_, select, union_all

from ejd import clock
from ejd.audit import trail
from ejd.bulk import in_parts
from ejd.db import Instant, Session
from ejd.journal import closing
from ejd.journal.closing import Closed
from ejd.journal.models import Reopening, TermClosing
from ejd.journal.occasions import LessonFacts
from ejd.refusal import Refused
from ejd.roster.belonging import touching
from ejd.roster.models import CourseMember, Enrolment, SchoolClass
from ejd.school.models import SchoolYear, Term
from ejd.school.settings import Settings


class Doors:
    """Which of the lessons of one batch of acts are shut at its moment. One statement; for groups over several classes
    another."""

    def __init__(self, session: Session, lessons: Collection[LessonFacts], settings: Settings, *,
                 now: datetime) -> None:
        self._settings, self._now, self._today = settings, now, clock.local(now).date()
        self._session = session
        self._classes = _classes_of(session, lessons)
        self._closed: dict[int, list[Closed]] = defaultdict(list)
        self._opened: list[Any] = []
        self._used: dict[int, int] = {}  # lesson → the reopening that let it be changed
        classes = sorted({class_id for ids in self._classes.values() for class_id in ids})
        courses = sorted({lesson.course_id for lesson in lessons})
        for part in in_parts(classes or [0]):
            for row in session.execute(_STANDING, {"classes": part, "courses": courses, "now": now}):
                if row.kind == "closed":
                    self._closed[row.class_id].append(Closed(row.name, row.starts_on, row.ends_on))
                else:
                    self._opened.append(row)

    def why_shut(self, lesson: LessonFacts) -> str | None:
        """Why the lesson cannot be changed, whatever was opened again; None while it can."""
        edit_days = self._settings.value("edit.days", on=lesson.day)
        closed = next((one for class_id in self._classes[lesson.course_id] for one in self._closed[class_id]
                       if one.holds(lesson.day)), None)
        return closing.why_shut(lesson.day, today=self._today, edit_days=edit_days, closed=closed,
                                year_closed=lesson.year_closed_at is not None)

    def check(self, lesson: LessonFacts) -> bool:
        """Raise Refused when the lesson is shut; else whether it is open by a reopening only («after closing»)."""
        reason = self.why_shut(lesson)
        if reason is None:
            return False
        leave = None if lesson.year_closed_at is not None else self._leave_for(lesson)
        if leave is None:
            raise Refused(reason)
        self._used[lesson.id] = leave
        return True

    def tell(self, *, actor_id: int | None) -> None:
        """Record which lessons were changed by a reopening, so that every such change is told apart."""
        trail.record_many(self._session, now=self._now, actor_id=actor_id, verb="lesson.changed_after_closing",
                          acts=[(lesson_id, {"reopening": reopening}) for lesson_id, reopening in self._used.items()])
        self._used.clear()

    def _leave_for(self, lesson: LessonFacts) -> int | None:
        for row in self._opened:
            mine = row.course_id == lesson.course_id if row.course_id is not None else (
                row.class_id in self._classes[lesson.course_id])
            if mine and (row.starts_on is None or row.starts_on <= lesson.day <= row.ends_on):
                return int(row.id)
        return None


def _classes_of(session: Session, lessons: Collection[LessonFacts]) -> dict[int, set[int]]:
    """The classes of each journal: its own, or those that a group's members are in on the days of the lessons. A
    group's journal is shut with the first of its classes that closes."""
    found: dict[int, set[int]] = {lesson.course_id: {lesson.class_id} for lesson in lessons
                                  if lesson.class_id is not None}
    groups = {lesson.course_id for lesson in lessons if lesson.class_id is None}
    if groups:
        days = [lesson.day for lesson in lessons if lesson.class_id is None]
        first, last = min(days), max(days)
        found |= {course_id: set() for course_id in groups}
        for course_id, class_id in session.execute(
                select(CourseMember.course_id, Enrolment.class_id).distinct()
                .join(Enrolment, Enrolment.pupil_id == CourseMember.pupil_id)
                .where(CourseMember.course_id.in_(groups), touching(CourseMember, first, last),
                       touching(Enrolment, first, last))):
            found[course_id].add(class_id)
    return found


def _standing() -> Any:
    """Closed terms of the classes, and what is open again in them or in the journals at the moment."""
    classes: Any = bindparam("classes", expanding=True)
    closed = (select(literal("closed").label("kind"), TermClosing.id, TermClosing.class_id,
                     cast(null(), Integer).label("course_id"), Term.id.label("term_id"), Term.name, Term.starts_on,
                     Term.ends_on)
              .join(Term, Term.id == TermClosing.term_id)
              .where(TermClosing.class_id.in_(classes)))
    opened = (select(literal("opened"), Reopening.id, Reopening.class_id, Reopening.course_id, Reopening.term_id,
                     func.coalesce(Term.name, ""), Term.starts_on, Term.ends_on)
              .outerjoin(Term, Term.id == Reopening.term_id)
              .where(or_(Reopening.class_id.in_(classes),
                         Reopening.course_id.in_(bindparam("courses", expanding=True))),
                     Reopening.ended_at.is_(None), Reopening.until_at > bindparam("now", type_=Instant())))
    return union_all(closed, opened)


_STANDING = _standing()


def result_door(session: Session, *, class_id: int, course_id: int | None, term_id: int | None,
                year_id: int, now: datetime) -> bool:
    """For results (R8): raise Refused when the term (or, without one, the year) is shut for the class; else whether
    it is open by a reopening only. A closed year takes nothing; a closed term what a reopening of the class or of the
    journal allows."""
    if session.scalar(select(SchoolYear.closed_at).where(SchoolYear.id == year_id)) is not None:
        raise Refused(closing.YEAR_SHUT)
    rows = session.execute(_STANDING, {"classes": [class_id], "courses": [course_id or 0], "now": now}).all()
    closed = next((row for row in rows if row.kind == "closed" and row.term_id == term_id), None)
    if closed is None:
        return False
    if any(row.kind == "opened" and row.course_id in (None, course_id) and row.term_id in (None, term_id)
           for row in rows):
        return True
    raise Refused(f"Закрыто: {closed.name}. {closing.ASK}")


def hold_class(session: Session, class_id: int, *, alone: bool = False) -> None:
    """Hold a class against its closing: results share it, who closes a term has it alone."""
    session.execute(select(SchoolClass.id).where(SchoolClass.id == class_id)
                    .with_for_update(read=not alone, key_share=alone))
