"""Closing a school year (R8): read-only once every term with lessons is closed; opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.journal.models import Reopening, TermClosing
from ejd.refusal import Refused
from ejd.roster.models import Course, SchoolClass
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear, Term
from ejd.words import counted, long_date


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """A term that is not closed in some classes."""

    term_id: int
    name: str
    classes: Sequence[str]


def by_term(left: Sequence[tuple[int, str, str]]) -> list[OpenTerm]:
    """The open terms, each with its classes."""
    classes: dict[tuple[int, str], list[str]] = {}
    for term_id, class_name, term in left:
        classes.setdefault((term_id, term), []).append(class_name)
    return [OpenTerm(term_id, term, names) for (term_id, term), names in classes.items()]


def open_terms(session: Session, year_id: int) -> Sequence[tuple[int, str, str]]:
    """Terms with lessons that are not closed, as the term's id, the class's name and the term's. One statement."""
    held = exists().where(Course.class_id == SchoolClass.id, Lesson.course_id == Course.id,
                          Lesson.state == LessonState.PLANNED.value, Lesson.day.between(Term.starts_on, Term.ends_on))
    closed = exists().where(TermClosing.class_id == SchoolClass.id, TermClosing.term_id == Term.id)
    rows = session.execute(
        select(Term.id, SchoolClass, Term.name)
        .join(Term, and_(Term.year_id == SchoolClass.year_id, Term.scheme == SchoolClass.term_scheme))
        .where(SchoolClass.year_id == year_id, held, ~closed)
        .order_by(SchoolClass.grade, SchoolClass.letter, Term.number))
    return [(term_id, one.name, term) for term_id, one, term in rows]


def close_year(session: Session, *, actor_id: int | None, year_id: int, now: datetime) -> None:
    """Close a school year: nothing in its journals changes any more."""
    year = session.scalars(select(SchoolYear).filter_by(id=year_id).with_for_update()).one()
    if year.closed_at is not None:
        return
    if clock.local(now).date() <= year.ends_on:
        raise Refused(f"Учебный год идёт до {long_date(year.ends_on)}: закрыть его можно после")
    left = open_terms(session, year_id)
    if left:
        _, class_name, term = left[0]
        raise Refused(f"Не закрыто {counted(len(left), 'период', 'периода', 'периодов')}, первый – {class_name}, "
                      f"{term}: сначала закройте их")
    opened = session.scalar(
        select(func.count()).select_from(Reopening)
        .outerjoin(SchoolClass, SchoolClass.id == Reopening.class_id)
        .outerjoin(Course, Course.id == Reopening.course_id)
        .where(Reopening.ended_at.is_(None), Reopening.until_at > now,
               or_(SchoolClass.year_id == year_id, Course.year_id == year_id)))
    if opened:
        raise Refused(f"{counted(opened, 'журнал открыт', 'журнала открыто', 'журналов открыто')} для исправления: "
                      "дождитесь срока или закройте снова")
    year.closed_at = now
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="year.closed", subject_id=year_id)


def reopen_year(session: Session, *, actor_id: int | None, year_id: int, now: datetime) -> None:
    """Open a closed year again; its terms stay closed."""
    year = session.scalars(select(SchoolYear).filter_by(id=year_id).with_for_update()).one()
    if year.closed_at is None:
        return
    year.closed_at = None
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="year.reopened", subject_id=year_id)
