"""Lessons moved to another day or number, and moved back (R6).

The lesson that is moved stays as a row and counts nowhere; another one stands for it. What is announced for it (a work,
homework due at it) goes along. What is written in it does not: a lesson that somebody has written in is not moved, for
it was held where it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.journal import lesson_facts
from ejd.refusal import Refused
from ejd.roster.models import Course
from ejd.schedule import groundwork
from ejd.schedule.making import CourseFacts
from ejd.schedule.models import Lesson, LessonState
from ejd.schedule.substitutions import check_doors, hosts_of_others, locked, names_of, reason_of, settle_deadlines
from ejd.school import queries as school
from ejd.school.calendar import Calendar
from ejd.words import full_day

WRITTEN = "уже есть записи: состоявшийся урок не переносят"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where lessons go: a day, and a number, when it is not each one's own."""

    day: date
    number: int | None = None


def move_lessons(session: Session, *, actor_id: int, lessons: Sequence[Lesson], to: Destination, reason: str,
                 now: datetime) -> int:
    """Give each of the planned lessons another day or number; how many. All or none."""
    reason = reason_of(reason, "Укажите причину переноса, например «Болезнь учителя»")
    going = [lesson for lesson in locked(session, lessons) if lesson.state == LessonState.PLANNED.value]
    check_doors(session, going, actor_id=actor_id, now=now, day=to.day)
    _refuse_written(session, going)
    courses = _courses(session, going, to.day)
    acts = []
    stand_ins = []
    for lesson in going:
        new = _stand_in(session, lesson, courses[lesson.course_id], to)
        lesson.state, lesson.state_reason, lesson.moved_to_id = LessonState.MOVED.value, reason, new.id
        lesson.merged_into_id = None
        lesson.version += 1
        session.flush()
        lesson_facts.carry_over(session, lesson_id=lesson.id, to_id=new.id)
        acts.append((lesson.id, {"to": new.id}))
        stand_ins.append(new)
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.moved", acts=acts)
    settle_deadlines(session, [*going, *stand_ins])
    return len(acts)


def move_back(session: Session, *, actor_id: int, lessons: Sequence[Lesson], now: datetime) -> int:
    """Those of the lessons that are moved are given where they stood again; how many."""
    back = [lesson for lesson in locked(session, lessons) if lesson.state == LessonState.MOVED.value]
    stand_ins = {lesson.id: lesson for lesson in locked(session, session.scalars(
        select(Lesson).where(Lesson.id.in_([lesson.moved_to_id for lesson in back if lesson.moved_to_id]))).all())}
    check_doors(session, [*back, *stand_ins.values()], actor_id=actor_id, now=now)
    _refuse_written(session, list(stand_ins.values()))
    for lesson in back:
        assert lesson.moved_to_id is not None
        stand_in = stand_ins[lesson.moved_to_id]
        if stand_in.state == LessonState.MOVED.value:
            raise Refused(f"{names_of(session, [lesson])[lesson.id]} перенесён дважды: сначала верните урок из второго "
                          "переноса", field="lessons")
        lesson_facts.carry_over(session, lesson_id=stand_in.id, to_id=lesson.id)
        lesson.state, lesson.state_reason, lesson.moved_to_id = LessonState.PLANNED.value, "", None
        lesson.version += 1
    session.flush()
    _remove(session, stand_ins)
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.moved_back",
                      acts=[(lesson.id, {}) for lesson in back])
    settle_deadlines(session, back)
    return len(back)


def _remove(session: Session, lesson_ids: Collection[int]) -> None:
    """Lessons that nothing hangs on; whatever does (a note to a family, say) refuses the act."""
    try:
        with session.begin_nested():
            session.execute(delete(Lesson).where(Lesson.id.in_(lesson_ids))
                            .execution_options(synchronize_session=False))
    except IntegrityError:
        raise Refused(f"По перенесённому уроку {WRITTEN}", field="lessons") from None


def _refuse_written(session: Session, lessons: Sequence[Lesson]) -> None:
    ids = [lesson.id for lesson in lessons]
    held = dict.fromkeys(lesson_facts.recorded(session, ids), WRITTEN) | hosts_of_others(session, lessons)
    held |= lesson_facts.held_back_from_cancelling(session, ids)
    if first := next((lesson for lesson in lessons if lesson.id in held), None):
        raise Refused(f"{names_of(session, [first])[first.id]}: {held[first.id]}", field="lessons")


def _courses(session: Session, lessons: Sequence[Lesson], day: date) -> dict[int, CourseFacts]:
    """The courses of the lessons, once the day is one on which they can be given."""
    if not lessons:
        return {}
    found: dict[int, CourseFacts] = {}
    for year_id in session.scalars(
            select(Course.year_id).where(Course.id.in_({lesson.course_id for lesson in lessons})).distinct()).all():
        calendar = school.calendar_of(session, year_id)
        _refuse_day(calendar, day)
        found |= groundwork.courses_of(session, calendar)
    return found


def _refuse_day(calendar: Calendar, day: date) -> None:
    if not calendar.starts_on <= day <= calendar.ends_on:
        raise Refused("Урок переносят внутри учебного года", field="to_day")
    if closed := calendar.why_closed(day):
        raise Refused(f"{full_day(day).capitalize()} уроков нет: «{closed}». Выберите другой день", field="to_day")


def _stand_in(session: Session, lesson: Lesson, course: CourseFacts, to: Destination) -> Lesson:
    """The lesson that stands for one that is moved, by the bells of its class and by who teaches it that day."""
    number = to.number or lesson.number
    name = names_of(session, [lesson])[lesson.id]
    if number not in course.bells:
        raise Refused(f"{name}: для урока № {number} нет звонка", field="to_number")
    if session.scalar(select(Lesson.id).filter_by(course_id=lesson.course_id, day=to.day, number=number)) is not None:
        raise Refused(f"{name}: в этом журнале на {full_day(to.day)} уже есть урок № {number}", field="to_number")
    starts, ends = (clock.at(to.day, wall.hour, wall.minute) for wall in course.bells[number])
    teacher_id = course.teacher_on(to.day)
    substitute = lesson.substitutes_id is not None and lesson.merged_into_id is None
    new = Lesson(course_id=lesson.course_id, day=to.day, number=number, starts_at=starts, ends_at=ends,
                 teacher_id=lesson.teacher_id if substitute else teacher_id,
                 substitutes_id=teacher_id if substitute else None, slot_id=lesson.slot_id, remote=lesson.remote)
    session.add(new)
    session.flush()
    return new

