"""What becomes of single lessons (R6): cancelled, restored, taught by somebody else; one by one or in bulk.

In bulk means all or none: what holds one lesson back is said for the whole. A deadline of homework hangs on the last
lesson that a class really has that day (R5), so it is set anew after each act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ejd.audit import trail
from ejd.db import Session
from ejd.journal import lesson_facts
from ejd.refusal import Refused
from ejd.roster.belonging import held
from ejd.roster.models import Course, Employment, SchoolClass, Subject, TeachingAssignment
from ejd.schedule.models import Lesson, LessonState
from ejd.schedule.services import recompute_homework_deadlines
from ejd.school import settings as school_settings
from ejd.words import long_date

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A lesson that can't be cancelled yet, and why."""

    lesson_id: int
    course_id: int
    day: date
    name: str
    reason: str


class HeldBack(Refused):
    """What holds lessons back from being cancelled (R6), and how many `others` could be."""

    def __init__(self, held: Sequence[Held], *, others: int) -> None:
        more = f". Всего таких уроков: {len(held)}" if len(held) > 1 else ""
        super().__init__(f"{held[0].name}: {held[0].reason}{more}", field="lessons")
        self.held, self.others = held, others


def cancel_lesson(session: Session, *, actor_id: int, lesson: Lesson, reason: str, now: datetime) -> None:
    """Take a lesson out of every denominator. Refused while marks stand or are awaited in it (R6)."""
    cancel_lessons(session, actor_id=actor_id, lessons=[lesson], reason=reason, now=now)


def cancel_lessons(session: Session, *, actor_id: int, lessons: Sequence[Lesson], reason: str, now: datetime,
                   sparing: bool = False) -> int:
    """Cancel those of the lessons that are not yet cancelled; how many. Homework due at them moves to the next.
    Lessons that their marks hold back refuse the whole act, or are left alone (`sparing`)."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused("Укажите причину, например «Карантин» или «Актированный день»", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Причина не длиннее {LONGEST_REASON} знаков", field="reason")
    going = [lesson for lesson in _locked(session, lessons) if lesson.state != LessonState.CANCELLED.value]
    held = lesson_facts.held_back_from_cancelling(session, [lesson.id for lesson in going])
    going = [lesson for lesson in going if lesson.id not in held or not sparing]
    if any(lesson.id in held for lesson in going):
        raise HeldBack(_in_words(session, going, held), others=len(going) - len(held))
    for lesson in going:
        lesson.state, lesson.state_reason = LessonState.CANCELLED.value, reason
        lesson.version += 1
    session.flush()
    lesson_facts.move_due_homework(session, [(lesson.id, lesson.course_id, lesson.day) for lesson in going])
    _settle(session, going, "lesson.cancelled", actor_id, now)
    return len(going)


def restore_lesson(session: Session, *, actor_id: int, lesson: Lesson, now: datetime) -> None:
    """A cancelled lesson is planned again."""
    restore_lessons(session, actor_id=actor_id, lessons=[lesson], now=now)


def restore_lessons(session: Session, *, actor_id: int, lessons: Sequence[Lesson], now: datetime) -> int:
    """Bring back those of the lessons that are cancelled; how many. Homework that moved on stays where it is."""
    back = [lesson for lesson in _locked(session, lessons) if lesson.state == LessonState.CANCELLED.value]
    for lesson in back:
        lesson.state, lesson.state_reason = LessonState.PLANNED.value, ""
        lesson.version += 1
    session.flush()
    _settle(session, back, "lesson.restored", actor_id, now)
    return len(back)


def substitute(session: Session, *, actor_id: int, lesson: Lesson, teacher_id: int | None, now: datetime) -> None:
    """Name who really teaches the lesson (R6); the teacher by assignment, or None, ends the substitution."""
    substitute_many(session, actor_id=actor_id, lessons=[lesson], teacher_id=teacher_id, now=now)


def substitute_many(session: Session, *, actor_id: int, lessons: Sequence[Lesson], teacher_id: int | None,
                    now: datetime) -> int:
    """Name one substitute for several lessons, or None to give each back to its own teacher; how many changed."""
    by_load = _teachers_by_load(session, lessons)
    changed = []
    for lesson in _locked(session, lessons):
        if lesson.state == LessonState.CANCELLED.value:
            raise Refused(f"{_names(session, [lesson])[lesson.id]} отменён: сначала верните его", field="lessons")
        regular = by_load.get(lesson.id)
        teaches = teacher_id if teacher_id is not None else regular
        if teaches is not None and teaches != regular:
            _refuse_stranger(session, teaches, lesson)
        before, stands_for = lesson.teacher_id, regular if teaches != regular else None
        if (before, lesson.substitutes_id) == (teaches, stands_for):
            continue
        lesson.teacher_id, lesson.substitutes_id = teaches, stands_for
        if before is not None and teaches is not None and before != teaches:
            lesson_facts.answer_for(session, lesson=lesson, before=before, after=teaches)
        changed.append((lesson.id, {"before": before, "after": teaches}))
    session.flush()
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.substituted", acts=changed)
    return len(changed)


def _locked(session: Session, lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    """The lessons as they are now, held against whoever writes in them until the transaction ends."""
    return session.scalars(
        select(Lesson).where(Lesson.id.in_([lesson.id for lesson in lessons])).order_by(Lesson.id)
        .with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def _in_words(session: Session, lessons: Sequence[Lesson], held: dict[int, str]) -> list[Held]:
    names = _names(session, [lesson for lesson in lessons if lesson.id in held])
    return [Held(lesson.id, lesson.course_id, lesson.day, names[lesson.id], held[lesson.id])
            for lesson in lessons if lesson.id in held]


def _settle(session: Session, lessons: Sequence[Lesson], verb: str, actor_id: int, now: datetime) -> None:
    """Record the act and set R5's deadlines of the days concerned anew."""
    trail.record_many(session, now=now, actor_id=actor_id, verb=verb, acts=[(lesson.id, {}) for lesson in lessons])
    settings = school_settings.load(session)
    for day in sorted({lesson.day for lesson in lessons}):
        recompute_homework_deadlines(session, from_on=day, to_on=day, settings=settings)
    for lesson in lessons:
        session.refresh(lesson, ["homework_due_at"])


def _teachers_by_load(session: Session, lessons: Sequence[Lesson]) -> dict[int, int | None]:
    """Who has the course of each lesson on its day; a vacancy is None."""
    spans: dict[int, list[TeachingAssignment]] = {}
    for row in session.scalars(select(TeachingAssignment).where(
            TeachingAssignment.course_id.in_({lesson.course_id for lesson in lessons}))):
        spans.setdefault(row.course_id, []).append(row)
    return {lesson.id: next((row.teacher_id for row in spans.get(lesson.course_id, ())
                             if row.from_on <= lesson.day and (row.to_on is None or row.to_on >= lesson.day)), None)
            for lesson in lessons}


def _refuse_stranger(session: Session, teacher_id: int, lesson: Lesson) -> None:
    employed = session.scalar(select(Employment.id).where(
        Employment.person_id == teacher_id, held(Employment, lesson.day)).limit(1))
    if employed is None:
        raise Refused(f"Этот человек не работает в школе {long_date(lesson.day)}: выберите другого", field="substitute")


def _names(session: Session, lessons: Sequence[Lesson]) -> dict[int, str]:
    """«7А, урок 2, Математика»: lessons in a sentence."""
    rows = session.execute(
        select(Course, Subject.name, SchoolClass).join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Course.id.in_({lesson.course_id for lesson in lessons})))
    of_course = {course.id: (school_class.name if school_class else course.name, subject)
                 for course, subject, school_class in rows}
    return {lesson.id: f"{of_course[lesson.course_id][0]}, урок {lesson.number}, {of_course[lesson.course_id][1]}"
            for lesson in lessons}
