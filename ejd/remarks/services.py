"""Acts on remarks: make, answer, close, send back, withdraw (R61). Who may is decided by the caller's loader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.journal.wording import OLD_PAGE, key_of, lines
from ejd.refusal import Refused, Stale
from ejd.remarks import rules
from ejd.remarks.models import JournalRemark, RemarkWord
from ejd.roster.belonging import held
from ejd.roster.models import Course, Employment, TeachingAssignment
from ejd.schedule.models import Lesson

GONE = "Этого замечания нет: обновите страницу"
NOBODY = "Журнал сейчас никто не ведёт: замечание писать некому"


@dataclass(frozen=True, slots=True)
class NewRemark:
    """A remark about to be made: on a lesson, on a page of a journal (a course in a span of days), or to a teacher.
    The same key again answers as the first time."""

    text: str
    actor_id: int
    at: datetime
    key: str
    due_on: date | None = None
    lesson_id: int | None = None
    course_id: int | None = None
    first: date | None = None
    last: date | None = None
    teacher_id: int | None = None


def make_remark(session: Session, *, remark: NewRemark) -> JournalRemark:
    """Write a remark to who is to answer it: who gave the lesson, who keeps the journal, or the teacher named."""
    key = key_of(remark.key)
    standing = session.scalar(select(JournalRemark).filter_by(key=key))
    if standing is not None:
        if standing.made_by_id != remark.actor_id:
            raise Refused(OLD_PAGE)
        return standing
    today = clock.local(remark.at).date()
    text = _text(remark.text, "Напишите замечание")
    if reason := rules.why_not_due(remark.due_on, today):
        raise Refused(reason, field="due_on")
    row = JournalRemark(**_about(session, remark, today), made_on=today, made_at=remark.at, made_by_id=remark.actor_id,
                        text=text, due_on=remark.due_on, key=key)
    session.add(row)
    session.flush()
    trail.record(session, now=remark.at, actor_id=remark.actor_id, verb="remark.made", subject_id=row.id,
                 teacher=row.teacher_id, class_id=row.class_id, course_id=row.course_id, lesson=row.lesson_id)
    return row


def answer_remark(session: Session, *, actor_id: int, remark_id: int, version: int, text: str,
                  now: datetime) -> JournalRemark:
    """The teacher's answer; worded anew, the earlier one stays among the words."""
    row, state = _in_hand(session, remark_id, now)
    wanted = _text(text, "Напишите ответ")
    if row.answered_at is not None and row.answer == wanted:
        return row
    _check(row, version, rules.why_no_answer(state))
    row.answer, row.answered_at, row.version = wanted, now, row.version + 1
    session.add(RemarkWord(remark_id=row.id, by_id=actor_id, at=now, text=wanted))
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="remark.answered", subject_id=row.id)
    return row


def close_remark(session: Session, *, actor_id: int, remark_id: int, version: int, now: datetime) -> JournalRemark:
    """It is done: «выполнено»."""
    row, state = _in_hand(session, remark_id, now)
    _check(row, version, rules.why_not_closed(state))
    row.closed_at, row.closed_by_id, row.version = now, actor_id, row.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="remark.closed", subject_id=row.id)
    return row


def send_back(session: Session, *, actor_id: int, remark_id: int, version: int, text: str, due_on: date | None,
              now: datetime) -> JournalRemark:
    """The answer is not enough, or it was closed too early: the teacher answers anew, by a new day."""
    row, state = _in_hand(session, remark_id, now)
    said = _text(text, "Напишите, чего не хватает")
    if reason := rules.why_not_due(due_on, clock.local(now).date()):
        raise Refused(reason, field="due_on")
    _check(row, version, rules.why_not_sent_back(state))
    row.answered_at = row.closed_at = row.closed_by_id = None
    row.due_on, row.version = due_on, row.version + 1
    session.add(RemarkWord(remark_id=row.id, by_id=actor_id, at=now, text=said, sent_back=True))
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="remark.sent_back", subject_id=row.id)
    return row


def withdraw_remark(session: Session, *, actor_id: int, remark_id: int, version: int, now: datetime) -> JournalRemark:
    """It was a mistake: it stays in the record, and stands nowhere else. Withdrawn already: nothing."""
    row, state = _in_hand(session, remark_id, now)
    if state is rules.State.WITHDRAWN:
        return row
    _check(row, version, None)
    row.withdrawn_at, row.version = now, row.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="remark.withdrawn", subject_id=row.id)
    return row


def _about(session: Session, remark: NewRemark, today: date) -> dict[str, object]:
    """What the remark is on, and who is to answer it."""
    if remark.lesson_id is not None:
        return _about_lesson(session, remark.lesson_id, today)
    if remark.course_id is None:
        return {"teacher_id": _teacher(session, remark.teacher_id, today)}
    if remark.first is None or remark.last is None:
        raise Refused("Укажите, за какие дни", field="first" if remark.first is None else "last")
    if reason := rules.why_no_page(remark.first, remark.last, today):
        raise Refused(reason, field="last" if remark.last < remark.first else "first")
    course = session.get(Course, remark.course_id)
    if course is None:
        raise Refused("Такого журнала нет: обновите страницу")
    return {"course_id": course.id, "class_id": course.class_id, "first": remark.first, "last": remark.last,
            "teacher_id": _keeper(session, course.id, today) or _refuse(NOBODY)}


def _about_lesson(session: Session, lesson_id: int, today: date) -> dict[str, object]:
    lesson = session.get(Lesson, lesson_id)
    if lesson is None:
        raise Refused("Такого урока нет: обновите страницу")
    if lesson.day > today:
        raise Refused("Этого урока ещё не было")
    course = session.get_one(Course, lesson.course_id)
    return {"lesson_id": lesson.id, "course_id": course.id, "class_id": course.class_id,
            "teacher_id": lesson.teacher_id or _keeper(session, course.id, lesson.day) or _refuse(NOBODY)}


def _keeper(session: Session, course_id: int, day: date) -> int | None:
    return session.scalar(select(TeachingAssignment.teacher_id).where(
        TeachingAssignment.course_id == course_id, held(TeachingAssignment, day)).limit(1))


def _teacher(session: Session, person_id: int | None, today: date) -> int:
    """Somebody who works here: what is written to others nobody would answer."""
    works = session.scalar(select(Employment.person_id).where(
        Employment.person_id == person_id, held(Employment, today)).limit(1))
    return works or _refuse("Этот человек сейчас в школе не работает: замечание писать некому")


def _refuse(reason: str) -> int:
    raise Refused(reason)


def _text(text: str, missing: str) -> str:
    found = lines(text, longest=rules.LONGEST, field="text")
    if not found:
        raise Refused(missing, field="text")
    return found


def _in_hand(session: Session, remark_id: int, now: datetime) -> tuple[JournalRemark, rules.State]:
    row = session.scalar(select(JournalRemark).filter_by(id=remark_id).with_for_update()
                         .execution_options(populate_existing=True))
    if row is None:
        raise Refused(GONE)
    return row, rules.state_of(answered=row.answered_at is not None, closed=row.closed_at is not None,
                               withdrawn=row.withdrawn_at is not None, due_on=row.due_on,
                               today=clock.local(now).date())


def _check(row: JournalRemark, version: int, reason: str | None) -> None:
    """At this moment, and at the version that was seen."""
    if row.version != version:
        raise Stale("Замечание уже изменили", theirs=row.answer or row.text)
    if reason:
        raise Refused(reason)
