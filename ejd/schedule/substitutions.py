"""What becomes of single lessons (R6): cancelled, restored, taught by somebody else, merged, held remotely; one by one
or in bulk. Moving them to another day is in `moving.py`.

In bulk means all or none: what holds one lesson back is said for the whole. A deadline of homework hangs on the last
lesson that a class really has that day (R5), so it is set anew after each act.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from ejd.audit import trail
from ejd.audit.models import AuditRecord
from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal import lesson_facts
from ejd.journal.closed import Doors
from ejd.journal.occasions import lock_lessons
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


def cancel_lessons(session: Session, *, actor_id: int, lessons: Sequence[Lesson], reason: str, now: datetime,
                   sparing: bool = False) -> int:
    """Take those of the lessons that are planned out of every denominator; how many. Homework due at them moves to the
    next. Lessons that their marks hold back refuse the whole act, or are left alone (`sparing`)."""
    reason = reason_of(reason, "Укажите причину, например «Карантин» или «Актированный день»")
    going = [lesson for lesson in locked(session, lessons) if lesson.state == LessonState.PLANNED.value]
    check_doors(session, going, actor_id=actor_id, now=now)
    held = lesson_facts.held_back_from_cancelling(session, [lesson.id for lesson in going])
    held = hosts_of_others(session, going) | held
    going = [lesson for lesson in going if lesson.id not in held or not sparing]
    if any(lesson.id in held for lesson in going):
        raise HeldBack(_in_words(session, going, held), others=len(going) - len(held))
    by_load = _teachers_by_load(session, going)
    for lesson in going:
        lesson.state, lesson.state_reason = LessonState.CANCELLED.value, reason
        lesson.version += 1
        if lesson.merged_into_id is not None:
            lesson.merged_into_id, lesson.substitutes_id, lesson.teacher_id = None, None, by_load[lesson.id]
    session.flush()
    moved = lesson_facts.move_due_homework(session, [(lesson.id, lesson.course_id, lesson.day) for lesson in going])
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.cancelled",
                      acts=[(lesson.id, {"homework": moved.get(lesson.id, [])}) for lesson in going])
    settle_deadlines(session, going)
    return len(going)


def restore_lessons(session: Session, *, actor_id: int, lessons: Sequence[Lesson], now: datetime) -> int:
    """Bring back those of the lessons that are cancelled; how many. Homework that moved on comes back with them."""
    back = [lesson for lesson in locked(session, lessons) if lesson.state == LessonState.CANCELLED.value]
    check_doors(session, back, actor_id=actor_id, now=now)
    lesson_facts.bring_homework_back(session, _homework_moved_on(session, back))
    for lesson in back:
        lesson.state, lesson.state_reason = LessonState.PLANNED.value, ""
        lesson.version += 1
    session.flush()
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.restored",
                      acts=[(lesson.id, {}) for lesson in back])
    settle_deadlines(session, back)
    return len(back)


def _homework_moved_on(session: Session, lessons: Sequence[Lesson]) -> dict[tuple[int, int, date], list[int]]:
    """What homework went away when each of the lessons was cancelled the last time, as the record of it says."""
    cancelled: dict[int, list[int]] = {}
    for lesson_id, data in session.execute(
            select(AuditRecord.subject_id, AuditRecord.data).where(
                AuditRecord.verb == "lesson.cancelled", AuditRecord.subject_id.in_([lesson.id for lesson in lessons]))
            .order_by(AuditRecord.id)):
        cancelled[lesson_id or 0] = json.loads(data).get("homework", [])  # none in what the first release wrote
    return {(lesson.id, lesson.course_id, lesson.day): cancelled.get(lesson.id, []) for lesson in lessons}


def substitute_many(session: Session, *, actor_id: int, lessons: Sequence[Lesson], teacher_id: int | None,
                    now: datetime) -> int:
    """Name who really teaches the lessons (R6), or None to give each back to its own teacher; how many changed. It ends
    a merging; lessons merged into these follow."""
    by_load = _teachers_by_load(session, lessons)
    changed = []
    for lesson in locked(session, lessons):
        _refuse_unplanned(session, lesson)
        regular = by_load.get(lesson.id)
        teaches = teacher_id if teacher_id is not None else regular
        if teaches is not None and teaches != regular:
            _refuse_stranger(session, teaches, lesson)
        if change := _hand(session, lesson, teaches, regular):
            changed.append(change)
        changed += _guests_follow(session, lesson)
    session.flush()
    check_doors(session, [session.get_one(Lesson, lesson_id) for lesson_id, _ in changed], actor_id=actor_id, now=now)
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.substituted", acts=changed)
    return len(changed)


def merge(session: Session, *, actor_id: int, lessons: Sequence[Lesson], into: Lesson, now: datetime) -> int:
    """The lessons are given together with another of the same time, by its teacher (R6); how many changed. Each stays
    held, in its own journal. Naming a teacher for such a lesson, or giving it back to its own, separates them."""
    [host] = locked(session, [into])
    guests = [lesson for lesson in locked(session, lessons) if lesson.id != host.id]
    _refuse_unplanned(session, host)
    if host.merged_into_id is not None or host.teacher_id is None:
        raise Refused("Объединяют с уроком, у которого есть свой учитель: выберите другой", field="into")
    held = hosts_of_others(session, guests)
    by_load = _teachers_by_load(session, guests)
    names = names_of(session, guests)
    changed = []
    for lesson in guests:
        _refuse_unplanned(session, lesson)
        if lesson.id in held:
            raise Refused(f"{names[lesson.id]}: {held[lesson.id]}", field="lessons")
        if lesson.starts_at >= host.ends_at or host.starts_at >= lesson.ends_at:
            raise Refused(f"{names[lesson.id]} идёт в другое время: объединяют уроки одного времени", field="into")
        if lesson.merged_into_id != host.id:
            _hand(session, lesson, host.teacher_id, by_load.get(lesson.id))
            lesson.merged_into_id = host.id
            changed.append((lesson.id, {"into": host.id}))
    session.flush()
    check_doors(session, [session.get_one(Lesson, lesson_id) for lesson_id, _ in changed], actor_id=actor_id, now=now)
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.merged", acts=changed)
    return len(changed)


def hold_remotely(session: Session, *, actor_id: int, lessons: Sequence[Lesson], remote: bool, now: datetime) -> int:
    """The lessons are given over the internet, or in the school again; how many changed. They are held all the same."""
    changed = []
    for lesson in locked(session, lessons):
        _refuse_unplanned(session, lesson)
        if lesson.remote != remote:
            lesson.remote = remote
            lesson.version += 1
            changed.append((lesson.id, {"remote": remote}))
    session.flush()
    check_doors(session, [session.get_one(Lesson, lesson_id) for lesson_id, _ in changed], actor_id=actor_id, now=now)
    trail.record_many(session, now=now, actor_id=actor_id, verb="lesson.held_remotely", acts=changed)
    return len(changed)


def hosts_of_others(session: Session, going: Sequence[Lesson]) -> dict[int, str]:
    """The lessons into which others are merged that do not go with them, and why they can't go."""
    ids = [lesson.id for lesson in going]
    hosts: set[int | None] = set()
    for part in in_parts(ids):
        hosts |= set(session.scalars(select(Lesson.merged_into_id).where(
            Lesson.merged_into_id.in_(part), Lesson.id.not_in(ids), Lesson.state == LessonState.PLANNED.value)))
    return {host: "с ним объединён другой урок, сначала разъедините их" for host in hosts if host is not None}


def _hand(session: Session, lesson: Lesson, teaches: int | None, regular: int | None
          ) -> tuple[int, dict[str, int | None]] | None:
    """Give the lesson into other hands, alone; what to record, or None when nothing changed."""
    before, stands_for = lesson.teacher_id, regular if teaches != regular else None
    if (before, lesson.substitutes_id, lesson.merged_into_id) == (teaches, stands_for, None):
        return None
    lesson.teacher_id, lesson.substitutes_id, lesson.merged_into_id = teaches, stands_for, None
    if before is not None and teaches is not None and before != teaches:
        lesson_facts.answer_for(session, lesson=lesson, before=before, after=teaches)
    return lesson.id, {"before": before, "after": teaches}


def _guests_follow(session: Session, host: Lesson) -> list[tuple[int, dict[str, int | None]]]:
    """Lessons merged into one are given by its teacher, whoever that is."""
    guests = session.scalars(select(Lesson).filter_by(merged_into_id=host.id).order_by(Lesson.id)).all()
    by_load = _teachers_by_load(session, guests) if guests else {}
    changed = []
    for guest in guests:
        if guest.teacher_id != host.teacher_id:
            change = _hand(session, guest, host.teacher_id, by_load[guest.id])
            guest.merged_into_id = host.id
            changed += [change] if change else []
    return changed


def check_doors(session: Session, lessons: Sequence[Lesson], *, actor_id: int, now: datetime,
                day: date | None = None) -> None:
    """What counts in a closed term is not changed but by a reopening (R8); `day` is where the lessons go."""
    facts = list(lock_lessons(session, [lesson.id for lesson in lessons]).values())
    facts += [one._replace(day=day) for one in facts if day is not None]
    doors = Doors(session, facts)
    for one in facts:
        doors.check(one, at=now, actor_id=actor_id)
    doors.tell()


def reason_of(reason: str, missing: str) -> str:
    """Why something becomes of lessons, in one line."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(missing, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Причина не длиннее {LONGEST_REASON} знаков", field="reason")
    return reason


def locked(session: Session, lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    """The lessons as they are now, held against whoever writes in them until the transaction ends."""
    return session.scalars(
        select(Lesson).where(Lesson.id.in_([lesson.id for lesson in lessons])).order_by(Lesson.id)
        .with_for_update(key_share=True).execution_options(populate_existing=True)).all()


def _in_words(session: Session, lessons: Sequence[Lesson], held: dict[int, str]) -> list[Held]:
    names = names_of(session, [lesson for lesson in lessons if lesson.id in held])
    return [Held(lesson.id, lesson.course_id, lesson.day, names[lesson.id], held[lesson.id])
            for lesson in lessons if lesson.id in held]


def settle_deadlines(session: Session, lessons: Sequence[Lesson]) -> None:
    """R5's deadlines of the days concerned, set anew."""
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


def _refuse_unplanned(session: Session, lesson: Lesson) -> None:
    if lesson.state != LessonState.PLANNED.value:
        how = "отменён" if lesson.state == LessonState.CANCELLED.value else "перенесён"
        raise Refused(f"{names_of(session, [lesson])[lesson.id]} {how}: сначала верните его", field="lessons")


def _refuse_stranger(session: Session, teacher_id: int, lesson: Lesson) -> None:
    employed = session.scalar(select(Employment.id).where(
        Employment.person_id == teacher_id, held(Employment, lesson.day)).limit(1))
    if employed is None:
        raise Refused(f"Этот человек не работает в школе {long_date(lesson.day)}: выберите другого", field="substitute")


def names_of(session: Session, lessons: Sequence[Lesson]) -> dict[int, str]:
    """«7А, урок 2, Математика»: lessons in a sentence."""
    rows = session.execute(
        select(Course, Subject.name, SchoolClass).join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Course.id.in_({lesson.course_id for lesson in lessons})))
    of_course = {course.id: (school_class.name if school_class else course.name, subject)
                 for course, subject, school_class in rows}
    return {lesson.id: f"{of_course[lesson.course_id][0]}, урок {lesson.number}, {of_course[lesson.course_id][1]}"
            for lesson in lessons}
