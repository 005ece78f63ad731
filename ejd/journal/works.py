"""Works declared for a lesson, and what a single pupil owes for one: «•», handed in, released (R4, R6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from ejd import clock
from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import in_parts, update_many
from ejd.db import Session, table_of
from ejd.journal import expecting
from ejd.journal.assessing import is_assessment
from ejd.journal.attendance import make_expectations, marked_for
from ejd.journal.closed import Doors, check_door
from ejd.journal.criteria import set_criteria
from ejd.journal.entering import refuse, weight_of
from ejd.journal.expectations import Expectations, Expected
from ejd.journal.expecting import Awaiting
from ejd.journal.marking import Refusal
from ejd.journal.marks import follow_work
from ejd.journal.models import Expectation, Mark, Work
from ejd.journal.occasions import LessonFacts, Lists, SchoolRules, lock_lessons
from ejd.journal.wording import key_of, one_line
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from ejd.school.settings import Settings

LONGEST_WORK = 300  # minutes
NO_SUCH_WORK = "Этой работы уже нет: обновите страницу"


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work about to be declared for a lesson; `key`, when given, makes a repeated declaration harmless."""

    lesson_id: int
    kind_id: int
    actor_id: int
    at: datetime
    title: str = ""
    weight: int | None = None
    whole_class: bool = True
    key: str | None = None
    minutes: int | None = None  # half an hour or more of the whole class is an assessment (R16)
    series: str = ""


def declare_works(session: Session, *, works: Sequence[NewWork], settings: Settings) -> list[Work]:
    """Declare works; where attendance was already saved they expect their marks at once (R4)."""
    lessons = lock_lessons(session, [work.lesson_id for work in works])
    doors = Doors(session, lessons.values())
    rules = SchoolRules(session, settings)
    standing = _works_with_keys(session, [work.key for work in works if work.key])
    rows: list[dict[str, Any]] = []
    acts: list[tuple[NewWork, dict[str, Any]]] = []
    for work in works:
        if work.key and (work.key in standing or any(row["key"] == work.key for row in rows)):
            continue
        kind = rules.kind(work.kind_id)
        _refuse_work(lessons[work.lesson_id])
        doors.check(lessons[work.lesson_id], at=work.at, actor_id=work.actor_id)
        weight = weight_of(work.weight, usual=kind.weight)
        rows.append({"lesson_id": work.lesson_id, "kind_id": kind.id, "weight": weight, "author_id": work.actor_id,
                     "title": one_line(work.title, longest=200, field="title"), "whole_class": work.whole_class,
                     "declared_at": work.at, "key": work.key and key_of(work.key), "version": 1,
                     **_extent(lessons[work.lesson_id], work.whole_class, work.minutes, work.series)})
        acts.append((work, {"lesson": work.lesson_id, "kind": kind.code, "weight": weight}))
    new = _insert(session, rows)
    trail.record_all(session, [Done(work.at, work.actor_id, "work.declared", row.id, data)
                               for (work, data), row in zip(acts, new, strict=True)])
    doors.tell()
    taken = {lesson.id: lesson for lesson in lessons.values() if lesson.attendance_at is not None}
    make_expectations(session, [work for work in new if work.lesson_id in taken], taken)
    fresh = iter(new)
    by_key = standing | {work.key: work for work in new if work.key}
    return [by_key[work.key] if work.key else next(row for row in fresh if not row.key) for work in works]


def change_work(session: Session, *, actor_id: int, work_id: int, version: int, now: datetime, settings: Settings,
                kind_id: int | None = None, title: str | None = None, weight: int | None = None,
                criteria: Sequence[tuple[str, int]] | None = None, minutes: int | None = None,
                series: str | None = None) -> Work:
    """Change what a work is called, its kind or weight, and its marks follow; how long it takes (0: not said), its
    series; or its criteria. Raises Stale."""
    work, lesson = _work_in_hand(session, work_id, actor_id, now)
    _refuse_stale(work, version)
    former_weight = work.weight
    kind = SchoolRules(session, settings).kind(work.kind_id if kind_id is None else kind_id, standing=work.kind_id)
    wanted = {"kind_id": kind.id, "weight": weight_of(weight, usual=work.weight),
              "title": work.title if title is None else one_line(title, longest=200, field="title"),
              **_extent(lesson, work.whole_class, work.minutes if minutes is None else minutes,
                        work.series if series is None else series)}
    changed = [name for name, value in wanted.items() if getattr(work, name) != value]
    judged_anew = criteria is not None and set_criteria(session, actor_id=actor_id, work=work, criteria=criteria,
                                                        now=now)
    if not changed and not judged_anew:
        return work
    for name in changed:
        setattr(work, name, wanted[name])
    work.version += 1
    session.flush()
    if not changed:
        return work
    trail.record(session, now=now, actor_id=actor_id, verb="work.changed", subject_id=work.id, fields=changed)
    follow_work(session, work=work, former_weight=former_weight, lesson=lesson, actor_id=actor_id, now=now,
                settings=settings)
    return work


def withdraw_work(session: Session, *, actor_id: int, work_id: int, version: int, now: datetime) -> Work:
    """Take a work back; nothing is expected for it any more. Refused while marks stand for it."""
    work, _ = _work_in_hand(session, work_id, actor_id, now)
    _refuse_stale(work, version)
    marked = select(Mark.id).where(Mark.work_id == work.id, Mark.withdrawn_at.is_(None)).limit(1)
    if session.scalar(marked) is not None:
        raise Refused("По этой работе стоят отметки: сначала удалите их или перенесите")
    work.withdrawn_at, work.version = now, work.version + 1
    session.flush()
    expectations = Expectations(session, [work.id])
    for expected in expectations.of_work(work.id):
        expected.release()
    expectations.write()
    trail.record(session, now=now, actor_id=actor_id, verb="work.withdrawn", subject_id=work.id)
    return work


def owe(session: Session, *, actor_id: int, work_id: int, pupil_id: int, hand_in_by: date, now: datetime) -> None:
    """«•»: the pupil has not handed the work in, and does so by that day; R1's clock stops (R4)."""

    def change(expected: Expected, lesson: LessonFacts) -> dict[str, Any] | None:
        if not max(lesson.day, clock.local(now).date()) <= hand_in_by <= lesson.year_ends:
            raise Refused("День сдачи – не раньше сегодняшнего и внутри учебного года", field="hand_in_by")
        if expected.awaiting == Awaiting.PUPIL and expected.hand_in_by == hand_in_by:
            return None
        expected.stop_clock(hand_in_by)
        return {"hand_in_by": hand_in_by}

    _change_expectation(session, actor_id, work_id, pupil_id, now, "expectation.owed", change)


def hand_in(session: Session, *, actor_id: int, work_id: int, pupil_id: int, on: date, now: datetime) -> None:
    """The pupil handed the work in on that day; R1's clock starts again on it (R4)."""

    def change(expected: Expected, lesson: LessonFacts) -> dict[str, Any] | None:
        if not lesson.day <= on <= clock.local(now).date():
            raise Refused("Работу сдали не раньше урока и не позже сегодняшнего дня", field="on")
        if expected.awaiting == Awaiting.TEACHER and expected.received_on == on:
            return None
        if expected.awaiting != Awaiting.PUPIL:
            raise Refused("Этот ученик работу не задолжал")
        expected.start_clock(on)
        return {"on": on}

    _change_expectation(session, actor_id, work_id, pupil_id, now, "expectation.handed_in", change)


def release(session: Session, *, actor_id: int | None, work_id: int, pupil_id: int, now: datetime) -> None:
    """Nothing is expected of this pupil for the work any more (R4)."""

    def change(expected: Expected, lesson: LessonFacts) -> dict[str, Any] | None:
        if expected.awaiting == Awaiting.RELEASED:
            return None
        expected.release()
        return {}

    _change_expectation(session, actor_id, work_id, pupil_id, now, "expectation.released", change)


def hand_over(session: Session, *, actor_id: int | None, course_id: int, from_teacher_id: int | None,
              to_teacher_id: int, on: date, now: datetime) -> int:
    """Open items of a course go to the new teacher, who has seven days before they count against him (R6); how many.

    Only the former teacher's: what a substitute left open stays the substitute's. No former: a vacancy was filled,
    and everything open goes.
    """
    on = max(on, clock.local(now).date())
    query = (select(Expectation.id, Expectation.work_id, Expectation.pupil_id, Expectation.due_on,
                    Expectation.responsible_id, Expectation.version)
             .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
             .where(Lesson.course_id == course_id, Expectation.responsible_id != to_teacher_id,
                    Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value)))
             .order_by(Expectation.id).with_for_update(of=Expectation))
    if from_teacher_id is not None:
        query = query.where(Expectation.responsible_id == from_teacher_id)
    rows = session.execute(query).all()
    update_many(session, Expectation, [
        (row.id, {"responsible_id": to_teacher_id, "version": row.version + 1,
                  "due_on": row.due_on and expecting.due_after_handing_over(row.due_on, on)}) for row in rows])
    trail.record_many(session, now=now, actor_id=actor_id, verb="expectation.handed_over", acts=[
        (row.id, {"work": row.work_id, "pupil": row.pupil_id, "before": row.responsible_id, "after": to_teacher_id})
        for row in rows])
    return len(rows)


def _change_expectation(session: Session, actor_id: int | None, work_id: int, pupil_id: int, now: datetime, verb: str,
                        change: Callable[[Expected, LessonFacts], dict[str, Any] | None]) -> None:
    """Change what a work expects of one pupil in its list, unless a mark stands or `change` finds nothing to do."""
    work, lesson = _work_in_hand(session, work_id, actor_id, now)
    if not Lists(session, [lesson], [pupil_id]).has(lesson, pupil_id):
        refuse(Refusal.NOT_A_MEMBER)
    expectations = Expectations(session, [work.id])
    expected = expectations.of(work.id, pupil_id) or expectations.add(
        work.id, pupil_id, away=False, met=(work.id, pupil_id) in marked_for(session, [work.id]),
        lesson_day=lesson.day, responsible_id=lesson.teacher_id or work.author_id)
    if expected.awaiting == Awaiting.MET:
        raise Refused("За эту работу уже стоит отметка")
    data = change(expected, lesson)
    if data is None:
        return
    expectations.write()
    trail.record(session, now=now, actor_id=actor_id, verb=verb, subject_id=work.id, work=work.id, pupil=pupil_id,
                 **data)


def _work_in_hand(session: Session, work_id: int, actor_id: int | None, now: datetime) -> tuple[Work, LessonFacts]:
    """The work with its lesson, both held. Raises Refused when it is withdrawn, was never there, or is closed (R8)."""
    lesson_id = session.scalar(select(Work.lesson_id).where(Work.id == work_id))
    if lesson_id is None:
        raise Refused(NO_SUCH_WORK)
    lesson = lock_lessons(session, [lesson_id])[lesson_id]
    work = session.scalars(
        select(Work).where(Work.id == work_id).with_for_update().execution_options(populate_existing=True)).one()
    if work.withdrawn_at is not None:
        raise Refused(NO_SUCH_WORK)
    check_door(session, lesson, at=now, actor_id=actor_id)
    return work, lesson


def _extent(lesson: LessonFacts, whole_class: bool, minutes: int | None, series: str) -> dict[str, Any]:
    """How long a work takes and which series it is of; whether that makes it an assessment (R16)."""
    if minutes is not None and not 0 <= minutes <= LONGEST_WORK:
        raise Refused(f"Работа идёт от 1 до {LONGEST_WORK} минут", field="minutes")
    return {"minutes": minutes or None, "series": one_line(series, longest=60, field="series"),
            "assessment": is_assessment(minutes, whole_class=whole_class and lesson.class_id is not None)}


def _refuse_work(lesson: LessonFacts) -> None:
    if lesson.cancelled:
        refuse(Refusal.CANCELLED)
    if lesson.markless:
        refuse(Refusal.MARKLESS)


def _refuse_stale(work: Work, version: int) -> None:
    if work.version != version:
        raise Stale("Работу уже изменили", theirs=work.title or "без названия")


def _works_with_keys(session: Session, keys: Sequence[str]) -> dict[str | None, Work]:
    found: dict[str | None, Work] = {}
    for part in in_parts(keys):
        found.update((work.key, work) for work in session.scalars(select(Work).where(Work.key.in_(part))))
    return found


def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> list[Work]:
    if not rows:
        return []
    table = table_of(Work)
    ids = list(session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows))
    works = {work.id: work for part in in_parts(ids) for work in session.scalars(select(Work).where(Work.id.in_(part)))}
    return [works[work_id] for work_id in ids]
