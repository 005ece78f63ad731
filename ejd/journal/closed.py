"""What is closed, as acts on lessons ask it right after they have locked them (R8).

Locks go lesson, then mark; who closes a term holds all of its lessons, so that an act is either before the closing or
sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, and_, bindparam, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.db import Instant, Session
from ejd.journal import closing
from ejd.journal.closing import Closed
from ejd.journal.models import Reopening, TermClosing
from ejd.journal.occasions import LessonFacts
from ejd.refusal import Refused
from ejd.roster.belonging import held, touching
from ejd.roster.models import Course, CourseMember, Enrolment, SchoolClass
from ejd.school.models import SchoolYear, Setting, Term
from ejd.school.settings import Settings


class Doors:
    """Which of the lessons of one batch of acts are shut. One statement; for groups over several classes another."""

    def __init__(self, session: Session, lessons: Collection[LessonFacts]) -> None:
        self._session = session
        self._classes = _classes_of(session, lessons)
        self._closed: dict[int, list[Closed]] = defaultdict(list)
        self._opened: list[Any] = []
        self._used: dict[tuple[int, int], Done] = {}
        classes = sorted({class_id for ids in self._classes.values() for class_id in ids})
        courses = sorted({lesson.course_id for lesson in lessons})
        windows = []
        for row in session.execute(_STANDING, {"classes": classes, "courses": courses}):
            if row.kind == "closed":
                self._closed[row.class_id].append(Closed(row.name, row.starts_on, row.ends_on))
            elif row.kind == "opened":
                self._opened.append(row)
            else:
                windows.append(("edit.days", row.starts_on, row.name))
        self._settings = Settings(windows)

    def why_shut(self, lesson: LessonFacts, at: datetime) -> str | None:
        """Why the lesson cannot be changed, whatever was opened again; None while it can."""
        closed = next((one for class_id in self._classes[lesson.course_id] for one in self._closed[class_id]
                       if one.holds(lesson.day)), None)
        return closing.why_shut(lesson.day, today=clock.local(at).date(), closed=closed,
                                edit_days=self._settings.value("edit.days", on=lesson.day),
                                year_closed=lesson.year_closed_at is not None)

    def check(self, lesson: LessonFacts, *, at: datetime, actor_id: int | None) -> bool:
        """Raise Refused when the lesson is shut; else whether it is open by a reopening only («after closing»)."""
        reason = self.why_shut(lesson, at)
        if reason is None:
            return False
        leave = None if lesson.year_closed_at is not None else self._leave_for(lesson, at)
        if leave is None:
            raise Refused(reason)
        self._used[lesson.id, leave] = Done(at, actor_id, "lesson.changed_after_closing", lesson.id,
                                            {"reopening": leave})
        return True

    def tell(self) -> None:
        """Record which lessons were changed by a reopening, so that every such change is told apart."""
        trail.record_all(self._session, self._used.values())
        self._used.clear()

    def _leave_for(self, lesson: LessonFacts, at: datetime) -> int | None:
        for row in self._opened:
            mine = row.course_id == lesson.course_id if row.course_id is not None else (
                row.class_id in self._classes[lesson.course_id])
            if mine and row.until_at > at and (row.starts_on is None or row.starts_on <= lesson.day <= row.ends_on):
                return int(row.id)
        return None


class Door(NamedTuple):
    """What shuts a lesson, as a page reads it along with its course: `door_columns`."""

    term: str | None = None  # the closed one
    year_closed_at: datetime | None = None
    until: datetime | None = None  # the latest end of what was opened again

    def why_shut(self, day: date, *, settings: Settings, at: datetime) -> str:
        """Why nothing of the lesson can be changed at that moment; empty while it can."""
        return self._why(day, settings.value("edit.days", on=day), at)

    def why_closed(self, at: datetime) -> str:
        """The same of a whole term, which the edit window does not shut."""
        return self._why(clock.local(at).date(), None, at)

    def _why(self, day: date, edit_days: int | None, at: datetime) -> str:
        closed = Closed(self.term, day, day) if self.term else None
        reason = closing.why_shut(day, today=clock.local(at).date(), closed=closed, edit_days=edit_days,
                                  year_closed=self.year_closed_at is not None)
        opened = self.year_closed_at is None and self.until is not None and self.until > at
        return "" if reason is None or opened else reason


def door_columns(day: Any) -> tuple[Any, Any, Any]:
    """`Door` of a lesson of that `day` as columns of a statement that has its `Course`."""
    term, closed, year, opened = aliased(Term), aliased(TermClosing), aliased(SchoolYear), aliased(Reopening)
    names = (select(func.min(term.name)).join(closed, closed.term_id == term.id)
             .where(term.starts_on <= day, term.ends_on >= day, _one_of_its_classes(closed.class_id, day)))
    until = _opened_on(select(func.max(opened.until_at)), opened, day)
    closed_at = select(year.closed_at).where(year.id == Course.year_id)
    return (names.scalar_subquery().label("door_term"), closed_at.scalar_subquery().label("door_year"),
            until.scalar_subquery().label("door_until"))


def reason_column(day: Any) -> Any:
    """Why a lesson of that `day` is open again: of what lasts longest. For a statement that has its `Course`."""
    opened = aliased(Reopening)
    return (_opened_on(select(opened.reason), opened, day).order_by(opened.until_at.desc()).limit(1)
            .scalar_subquery().label("door_reason"))


def closed_part_column(first: Any, last: Any) -> Any:
    """A closed term of the class that ends within a longer one of the journal's own (R15), between these days, and is
    not open again at the moment `now`. For a statement that has its `Course`."""
    term, closed, opened = aliased(Term), aliased(TermClosing), aliased(Reopening)
    open_again = exists().where(
        opened.class_id == closed.class_id, opened.ended_at.is_(None), opened.until_at > bindparam("now"),
        or_(opened.course_id.is_(None), opened.course_id == Course.id),
        or_(opened.term_id.is_(None), opened.term_id == term.id)).correlate_except(opened)
    return (select(func.max(term.name)).join(closed, closed.term_id == term.id)
            .where(Course.term_scheme.is_not(None), closed.class_id == Course.class_id, term.starts_on >= first,
                   term.ends_on < last, ~open_again)
            .scalar_subquery().label("door_part"))


def _opened_on(query: Any, opened: Any, day: Any) -> Any:
    known = aliased(Term)
    return query.outerjoin(known, known.id == opened.term_id).where(
        opened.ended_at.is_(None),
        or_(opened.course_id == Course.id,
            and_(opened.course_id.is_(None), _one_of_its_classes(opened.class_id, day))),
        or_(opened.term_id.is_(None), and_(known.starts_on <= day, known.ends_on >= day)))


def _one_of_its_classes(class_id: Any, day: Any) -> Any:
    """The class is the journal's own, or of a group's member on that day."""
    member, enrolment = aliased(CourseMember), aliased(Enrolment)
    of_group = (select(enrolment.class_id).join(member, member.pupil_id == enrolment.pupil_id)
                .where(member.course_id == Course.id, held(member, day), held(enrolment, day))
                .correlate_except(member, enrolment))  # the journal and the day are two statements further out
    return or_(class_id == Course.class_id, and_(Course.class_id.is_(None), class_id.in_(of_group)))


def check_door(session: Session, lesson: LessonFacts, *, at: datetime, actor_id: int | None) -> bool:
    """`Doors` of one lesson: raise Refused when it is shut; whether it is open by a reopening only."""
    doors = Doors(session, [lesson])
    after_closing = doors.check(lesson, at=at, actor_id=actor_id)
    doors.tell()
    return after_closing


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
    """Closed terms of the classes, what is open again in them or in the journals, and the edit window."""
    classes: Any = bindparam("classes", expanding=True)
    no_id, no_day = cast(null(), Integer), cast(null(), Date)
    closed = (select(literal("closed").label("kind"), TermClosing.id, TermClosing.class_id, no_id.label("course_id"),
                     Term.id.label("term_id"), Term.name, Term.starts_on, Term.ends_on,
                     TermClosing.closed_at.label("until_at"))
              .join(Term, Term.id == TermClosing.term_id)
              .where(TermClosing.class_id.in_(classes)))
    opened = (select(literal("opened"), Reopening.id, Reopening.class_id, Reopening.course_id, Reopening.term_id,
                     func.coalesce(Term.name, ""), Term.starts_on, Term.ends_on, Reopening.until_at)
              .outerjoin(Term, Term.id == Reopening.term_id)
              .where(or_(and_(Reopening.class_id.in_(classes), Reopening.course_id.is_(None)),
                         Reopening.course_id.in_(bindparam("courses", expanding=True))),
                     Reopening.ended_at.is_(None)))
    window = (select(literal("window"), Setting.id, no_id, no_id, no_id, cast(Setting.value, String),
                     Setting.valid_from, no_day, cast(null(), Instant()))
              .where(Setting.key == "edit.days"))
    return union_all(closed, opened, window)


_STANDING = _standing()


def result_door(session: Session, *, class_id: int, course_id: int | None, term_id: int | None,
                year_id: int, now: datetime) -> bool:
    """For results (R8): raise Refused when the term (or, without one, the year) is shut for the class; else whether
    it is open by a reopening only. A closed year takes nothing; a closed term what a reopening of the class or of the
    journal allows. A term of the journal's own (R15) is shut with the term of the class that holds its last day."""
    if session.scalar(select(SchoolYear.closed_at).where(SchoolYear.id == year_id)) is not None:
        raise Refused(closing.YEAR_SHUT)
    rows = session.execute(_STANDING, {"classes": [class_id], "courses": [course_id or 0]}).all()
    last = session.scalar(select(Term.ends_on).where(Term.id == term_id)) if term_id is not None else None
    closed = next((row for row in rows if row.kind == "closed" and last is not None
                   and row.starts_on <= last <= row.ends_on), None)
    if closed is None:
        return False
    if any(row.kind == "opened" and row.until_at > now and row.term_id in (None, term_id, closed.term_id)
           for row in rows):
        return True
    raise Refused(f"Закрыто: {closed.name}. {closing.ASK}")


def hold_class(session: Session, class_id: int, *, alone: bool = False) -> None:
    """Hold a class against its closing: results share it, who closes a term has it alone."""
    session.execute(select(SchoolClass.id).where(SchoolClass.id == class_id)
                    .with_for_update(read=not alone, key_share=alone))
