"""Closing a term of a class, and opening what is closed for a while, with a reason (R8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, select, update

from ejd import clock
from ejd.access import Actor, Position
from ejd.audit import trail
from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal import closing
from ejd.journal.closed import hold_class
from ejd.journal.expecting import Awaiting
from ejd.journal.models import Expectation, Reopening, TermClosing, Work
from ejd.journal.occasions import lock_lessons
from ejd.journal.wording import key_of, one_line
from ejd.refusal import Refused
from ejd.results.queries_closing import states_of
from ejd.roster.belonging import held
from ejd.roster.models import Course, Enrolment
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear, Term

ONE_DAY = timedelta(days=1)
ALREADY = "Этот период в классе уже закрыт"


@dataclass(frozen=True, slots=True)
class Opening:
    """What is to be opened again: one journal, or all of a class; until the end of a day."""

    class_id: int
    term_id: int
    until: date
    reason: str
    key: str
    course_id: int | None = None


def close_term(session: Session, *, actor: Actor, class_id: int, term_id: int, now: datetime,
               reason: str = "") -> TermClosing:
    """Close a term of a class. Raises Refused before its time (R8).

    Holds every lesson of it, so that whoever is writing comes before or sees it closed. What is still expected and
    not overdue is cut off: it never counts as late.
    """
    hold_class(session, class_id, alone=True)
    term = session.get_one(Term, term_id)
    if session.scalar(select(TermClosing.id).filter_by(class_id=class_id, term_id=term_id)) is not None:
        raise Refused(ALREADY)
    lock_lessons(session, session.scalars(
        select(Lesson.id).join(Course, Course.id == Lesson.course_id)
        .where(Course.class_id == class_id, Lesson.day.between(term.starts_on, term.ends_on))).all())
    today = clock.local(now).date()
    state = next(iter(states_of(session, term, today=today, now=now, class_id=class_id)), None)
    if state is None:
        raise Refused("Этот класс учится не по таким периодам")
    reason = one_line(reason, longest=300, field="reason")
    if refusal := state.why_not(today, reason=reason, is_director=Position.DIRECTOR in actor.positions):
        raise Refused(refusal, field="reason")
    assert state.last_lesson is not None
    marks, works = _cut_off(session, class_id, term, today)
    row = TermClosing(class_id=class_id, term_id=term_id, closed_at=now, closed_by_id=actor.person_id, reason=reason,
                      early=closing.is_early(today, state.last_lesson), blocked=marks, blocked_works=works)
    session.add(row)
    session.flush()
    trail.record(session, now=now, actor_id=actor.person_id, verb="term.closed", subject_id=row.id, class_id=class_id,
                 term_id=term_id, early=row.early, blocked=marks, blocked_works=works, missing=state.gaps)
    return row


def close_terms(session: Session, *, actor: Actor, class_ids: Collection[int], term_id: int, now: datetime) -> int:
    """Close the same term of several classes, all or none."""
    for class_id in sorted(set(class_ids)):
        close_term(session, actor=actor, class_id=class_id, term_id=term_id, now=now)
    return len(set(class_ids))


def reopen(session: Session, *, actor_id: int, opening: Opening, now: datetime) -> Reopening:
    """Let a closed term of a class, or of one of its journals, be changed until the end of a day. It ends by itself.
    The same key again answers as the first time."""
    key = key_of(opening.key)
    standing = session.scalar(select(Reopening).filter_by(key=key))
    if standing is not None:
        return standing
    reason = one_line(opening.reason, longest=300, field="reason")
    if refused := closing.refusal_to_reopen(until=opening.until, today=clock.local(now).date(), reason=reason):
        raise Refused(refused[1], field=refused[0])
    hold_class(session, opening.class_id)
    if session.scalar(select(SchoolYear.closed_at).join(Term, Term.year_id == SchoolYear.id)
                      .where(Term.id == opening.term_id)) is not None:
        raise Refused(f"{closing.YEAR_SHUT}. Сначала откройте учебный год", field="until")
    if opening.course_id is not None and session.scalar(
            select(Course.id).filter_by(id=opening.course_id, class_id=opening.class_id)) is None:
        raise Refused("Выберите журнал этого класса", field="course_id")
    row = Reopening(class_id=opening.class_id, course_id=opening.course_id, term_id=opening.term_id, reason=reason,
                    opened_at=now, opened_by_id=actor_id, until_at=clock.at(opening.until + ONE_DAY), key=key)
    session.add(row)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="journal.reopened", subject_id=row.id,
                 class_id=row.class_id, course_id=row.course_id, term_id=row.term_id, until_at=row.until_at)
    return row


def shut_again(session: Session, *, actor_id: int, reopening_id: int, class_id: int, now: datetime) -> bool:
    """End a reopening before its time; whether it was still standing."""
    row = session.scalar(select(Reopening).filter_by(id=reopening_id, class_id=class_id).with_for_update())
    if row is None:
        raise Refused("Такого разрешения нет: обновите страницу")
    if row.ended_at is not None or row.until_at <= now:
        return False
    row.ended_at = now
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="journal.shut_again", subject_id=row.id,
                 class_id=row.class_id, course_id=row.course_id, term_id=row.term_id)
    return True


def _cut_off(session: Session, class_id: int, term: Term, today: date) -> tuple[int, int]:
    """End what is expected of the class in the term and not overdue by the teacher; how many marks of teachers and
    works of pupils. What was overdue stays so: that lateness happened."""
    open_rows = session.execute(
        select(Expectation.id, Expectation.awaiting)
        .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
        .join(Enrolment, and_(Enrolment.pupil_id == Expectation.pupil_id, held(Enrolment, Lesson.day)))
        .where(Enrolment.class_id == class_id, Work.withdrawn_at.is_(None),
               Lesson.day.between(term.starts_on, term.ends_on), Lesson.state == LessonState.PLANNED.value,
               (Expectation.awaiting == Awaiting.PUPIL.value)
               | and_(Expectation.awaiting == Awaiting.TEACHER.value, Expectation.due_on >= today))
        .order_by(Expectation.id)).all()
    for ids in in_parts([row.id for row in open_rows]):
        session.execute(update(Expectation).where(Expectation.id.in_(ids))
                        .values(awaiting=Awaiting.CLOSED.value, version=Expectation.version + 1)
                        .execution_options(synchronize_session=False))
    works = sum(row.awaiting == Awaiting.PUPIL for row in open_rows)
    return len(open_rows) - works, works
