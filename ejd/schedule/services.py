"""Publishing a timetable and keeping the lessons that it makes as rows, ahead, until the year's end.

Lessons that have facts (topic, attendance, marks, works, homework) are never removed.
Cancelling and substituting live in `substitutions.py`, the rules of making in `making.py`, remaking without a long
lock in `remaking.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from ejd import clock
from ejd.audit import trail
from ejd.bulk import in_parts, update_many
from ejd.db import Session, one_at_a_time, table_of
from ejd.journal import lesson_facts
from ejd.refusal import Refused
from ejd.roster.models import Course
from ejd.schedule import groundwork
from ejd.schedule.groundwork import ONE_DAY, Ground, Version
from ejd.schedule.making import (
    Alignment,
    CourseFacts,
    RuleOn,
    SlotFacts,
    Standing,
    align,
    planned_lessons,
    put_deadlines,
)
from ejd.schedule.models import Lesson, Slot, TimetableVersion
from ejd.school import settings as school_settings
from ejd.school.models import SchoolYear
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings
from ejd.words import long_date

LESSONS = "lessons"  # the act that goes on once at a time


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A place in the timetable as somebody wants it: weekday 1–7 (ISO), lesson number, course."""

    weekday: int
    number: int
    course_id: int
    room: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the lessons: how many were added, changed (time, teacher, deadline), removed, and kept for
    their facts though no timetable has them any more."""

    version_id: int | None
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A timetable with all that must be done to the lessons, worked out without a lock."""

    year_id: int
    valid_from: date
    slots: tuple[SlotPlan, ...]
    version: Version  # new when its id is negative
    alignment: Alignment
    seen: tuple[int, ...]  # what the database looked like


def prepare_timetable(session: Session, *, year_id: int, valid_from: date, slots: Sequence[SlotPlan],
                      now: datetime) -> Prepared:
    """The slow part of publishing, which only reads: hand its answer to `publish_timetable` in the transaction that
    writes. Raises Refused for an unknown bell, a slot twice, a day outside the year or already past."""
    ground = groundwork.ground_of(session, year_id)
    calendar, versions = ground.calendar, ground.versions
    wanted = [SlotFacts(-index, slot.weekday, slot.number, slot.course_id, slot.room.strip())
              for index, slot in enumerate(slots, 1)]
    refuse_slots(wanted, ground.courses)
    if not calendar.starts_on <= valid_from <= calendar.ends_on:
        raise Refused(f"Расписание действует внутри учебного года: с {long_date(calendar.starts_on)} "
                      f"по {long_date(calendar.ends_on)}", field="valid_from")
    standing = next((version for version in versions if version.holds(valid_from)), None)
    if standing is not None and groundwork.same_slots(standing.slots, wanted):
        version = standing
    else:
        version = _new_version(versions, valid_from, wanted)
    begun = _control_has_begun(session, now)
    today = clock.local(now).date()
    if version.id < 0 and versions and begun and valid_from < today:
        raise Refused("Новое расписание начинает действовать не раньше сегодняшнего дня: прошедшие уроки уже "
                      "состоялись по прежнему расписанию", field="valid_from")
    first = max(valid_from, today) if begun and versions else valid_from
    _, alignment = align_lessons(session, replace(ground, versions=_with_new(versions, version)), first=first,
                                 settled_at=now if begun and versions else None)
    return Prepared(year_id, valid_from, tuple(slots), version, alignment, _look(session, year_id))


def publish_timetable(session: Session, *, actor_id: int | None, year_id: int, valid_from: date,
                      slots: Sequence[SlotPlan], now: datetime, prepared: Prepared | None = None) -> Published:
    """Put a timetable in force from a day on, and make its lessons until the year's end.

    The same slots again change nothing. Once control has begun (R7) the day cannot lie in the past.
    """
    one_at_a_time(session, LESSONS)
    same = prepared is not None and (prepared.year_id, prepared.valid_from, prepared.slots) == (
        year_id, valid_from, tuple(slots))
    if prepared is None or not same or prepared.seen != _look(session, year_id):
        prepared = prepare_timetable(session, year_id=year_id, valid_from=valid_from, slots=slots, now=now)
    version = prepared.version
    slot_ids: dict[int, int] = {}
    is_new = version.id < 0
    if is_new:
        version, slot_ids = _write_version(session, year_id, version, now)
    published = _write(session, year_id, prepared.alignment, version.id, slot_ids)
    if is_new or published.anything:
        trail.record(session, now=now, actor_id=actor_id, verb="timetable.published", subject_id=version.id,
                     valid_from=valid_from, slots=len(version.slots), **_counts(published))
    return published


def remake_lessons(session: Session, *, actor_id: int | None, year_id: int, now: datetime) -> Published | None:
    """Bring the lessons that have not begun into line with the timetable, calendar, bells and load of today, at once:
    `remaking.py` does it in portions.

    For after a change of any of these; None when no timetable is published. Does nothing when nothing differs.
    """
    one_at_a_time(session, LESSONS)
    ground = groundwork.ground_of(session, year_id)
    if not ground.versions:
        return None
    first, settled_at = span_to_come(session, ground, now)
    _, alignment = align_lessons(session, ground, first=first, settled_at=settled_at)
    return write_remade(session, alignment, actor_id=actor_id, year_id=year_id, from_on=first, now=now)


def write_remade(session: Session, alignment: Alignment, *, actor_id: int | None, year_id: int, from_on: date,
                 now: datetime, to_on: date = date.max) -> Published:
    """Do to the lessons of a span what was worked out, and record it."""
    published = _write(session, year_id, alignment, None, {}, to_on=to_on)
    if published.anything:
        trail.record(session, now=now, actor_id=actor_id, verb="lessons.remade", subject_id=year_id,
                     from_on=from_on, **_counts(published))
    return published


def recompute_homework_deadlines(session: Session, *, from_on: date, settings: Settings,
                                 to_on: date | None = None) -> int:
    """Set R5's deadline anew for lessons from a day on, by the rule in force on each lesson's day; how many moved."""
    moved = 0
    for year_id in session.scalars(select(SchoolYear.id).where(SchoolYear.ends_on >= from_on)).all():
        standing = groundwork.standing_lessons(session, year_id=year_id, first=from_on, last=to_on)
        if standing:
            alignment = Alignment()
            courses = groundwork.courses_of(session, calendar_of(session, year_id))
            put_deadlines(standing, alignment, courses, rule_on(settings))
            update_many(session, Lesson, alignment.changed.items())
            moved += len(alignment.changed)
    return moved


def refuse_impossible(session: Session, *, year_id: int, now: datetime) -> None:
    """Raise Refused when the timetable to come cannot become lessons by the bells and classes of this moment: for the
    transaction that changes these."""
    _refuse_ground(groundwork.ground_of(session, year_id), _control_has_begun(session, now), now)


def _refuse_ground(ground: Ground, begun: bool, now: datetime) -> None:
    for version in ground.versions:
        if not begun or version.last is None or version.last >= clock.local(now).date():
            refuse_slots(version.slots, ground.courses)


def span_to_come(session: Session, ground: Ground, now: datetime) -> tuple[date, datetime | None]:
    """From which day on lessons follow a change, and the moment after which they do: before control begins (R7), all
    of them. Raises Refused for a timetable that cannot become lessons."""
    begun = _control_has_begun(session, now)
    _refuse_ground(ground, begun, now)
    return (clock.local(now).date(), now) if begun else (ground.versions[0].first, None)


def refuse_slots(slots: Sequence[SlotFacts], courses: Mapping[int, CourseFacts]) -> None:
    """Raise Refused for a timetable that cannot become lessons: no bell for a number, a course of another year, a
    place twice."""
    for slot in slots:
        if slot.course_id not in courses:
            raise Refused("В расписании есть журнал другого учебного года", field="slots")
        if not 1 <= slot.weekday <= 7:
            raise Refused("День недели – от понедельника до воскресенья", field="slots")
        if slot.number not in courses[slot.course_id].bells:
            raise Refused(f"Для урока № {slot.number} нет звонка: добавьте его в звонки или уберите урок из "
                          "расписания", field="slots")
    if twice := [place for place, times in Counter(slot[1:4] for slot in slots).items() if times > 1]:
        weekday, number, _ = twice[0]
        raise Refused(f"Один и тот же журнал стоит в расписании дважды: день {weekday}, урок {number}", field="slots")


def _new_version(versions: Sequence[Version], valid_from: date, slots: Sequence[SlotFacts]) -> Version:
    """A version in force until the day before the next one that is already published, if there is one."""
    following = [version.first for version in versions if version.first > valid_from and _was_ever(version)]
    return Version(-1, valid_from, min(following) - ONE_DAY if following else None, tuple(slots))


def _with_new(versions: Sequence[Version], version: Version) -> list[Version]:
    """All versions once the new one is among them: who was in force on its first day ends the day before."""
    if version.id > 0:
        return list(versions)
    former = (replace(old, last=version.first - ONE_DAY) if old.holds(version.first) else old for old in versions)
    return [*former, version]


def _was_ever(version: Version) -> bool:
    """A version replaced on its own first day never was in force."""
    return version.last is None or version.last >= version.first


def _control_has_begun(session: Session, now: datetime) -> bool:
    """From the launch on (R7) lessons that took place are evidence; before it the school is still setting up."""
    settings = school_settings.load(session)
    launches = [day for key in ("launch.marks", "launch.homework") if (day := settings.day(key))]
    return bool(launches) and min(launches) <= clock.local(now).date()


def align_lessons(session: Session, ground: Ground, *, first: date, settled_at: datetime | None,
                  course_ids: Collection[int] | None = None) -> tuple[list[Standing], Alignment]:
    """The lessons that stand from a day on, all or those of some courses, and what must be done to them."""
    year_id, courses = ground.calendar.year_id, ground.courses
    timetables = groundwork.in_force(ground.versions, first=first, last=ground.calendar.ends_on)
    if course_ids is not None:
        timetables = [replace(timetable, slots=[slot for slot in timetable.slots if slot.course_id in course_ids])
                      for timetable in timetables]
    standing = groundwork.standing_lessons(session, year_id=year_id, first=first, course_ids=course_ids)
    alignment = align(
        standing, planned_lessons(timetables, courses, ground.zone), courses=courses,
        facts=lesson_facts.lessons_with_facts(session, year_id=year_id, from_on=first),
        slots={slot.id: slot for version in ground.versions for slot in version.slots},
        settled=lambda starts_at: settled_at is not None and starts_at <= settled_at)
    put_deadlines(standing, alignment, courses, rule_on(school_settings.load(session)))
    return standing, alignment


def rule_on(settings: Settings) -> RuleOn:
    known: dict[date, str] = {}

    def rule(day: date) -> str:
        if day not in known:
            known[day] = settings.value("homework.deadline", on=day)
        return known[day]

    return rule


def _look(session: Session, year_id: int) -> tuple[int, ...]:
    """What two hands at once would change: versions and lessons of the year, and what was decided about lessons."""
    newest = session.scalar(select(func.coalesce(func.max(TimetableVersion.id), 0)).filter_by(year_id=year_id))
    lessons = session.execute(
        select(func.count(), func.coalesce(func.max(Lesson.id), 0), func.coalesce(func.sum(Lesson.version), 0))
        .select_from(Lesson).join(Course, Course.id == Lesson.course_id).where(Course.year_id == year_id)).one()
    return (newest or 0, *lessons)


def _write_version(session: Session, year_id: int, version: Version, now: datetime) -> tuple[Version, dict[int, int]]:
    """Write the version and its slots, end the former; the new slots' ids by their temporary ones."""
    session.execute(update(TimetableVersion).where(
        TimetableVersion.year_id == year_id, TimetableVersion.valid_from <= version.first,
        (TimetableVersion.valid_to.is_(None)) | (TimetableVersion.valid_to >= version.first),
    ).values(valid_to=version.first - ONE_DAY))
    row = TimetableVersion(year_id=year_id, valid_from=version.first, valid_to=version.last, published_at=now)
    session.add(row)
    session.flush()
    session.execute(insert(table_of(Slot)), [
        {"version_id": row.id, "weekday": slot.weekday, "number": slot.number, "course_id": slot.course_id,
         "room": slot.room} for slot in version.slots])
    temporary = {slot[1:4]: slot.id for slot in version.slots}
    written = session.execute(select(Slot.id, Slot.weekday, Slot.number, Slot.course_id).filter_by(version_id=row.id))
    return replace(version, id=row.id), {temporary[weekday, number, course_id]: slot_id
                                         for slot_id, weekday, number, course_id in written}


def _write(session: Session, year_id: int, alignment: Alignment, version_id: int | None,
           slot_ids: Mapping[int, int], to_on: date = date.max) -> Published:
    """Do to the lessons what was worked out. Facts are asked again, with the lessons to go held against new ones:
    a teacher may have written in the meantime."""
    removed = alignment.removed
    if removed:
        for ids in in_parts(sorted(row.id for row in removed)):
            session.execute(select(Lesson.id).where(Lesson.id.in_(ids)).order_by(Lesson.id).with_for_update())
        facts = lesson_facts.lessons_with_facts(session, year_id=year_id, from_on=min(row.day for row in removed),
                                                to_on=to_on)
        removed = [row for row in removed if row.id not in facts]
    if alignment.added:
        session.execute(insert(table_of(Lesson)), [
            row | {"slot_id": slot_ids.get(row["slot_id"], row["slot_id"])} for row in alignment.added])
    update_many(session, Lesson, [
        (lesson_id, _on_slots(changes, slot_ids)) for lesson_id, changes in alignment.changed.items()])
    lesson_facts.move_due_homework(session, [(row.id, row.course_id, row.day) for row in removed])
    for ids in in_parts(sorted(row.id for row in removed)):
        session.execute(delete(Lesson).where(Lesson.id.in_(ids)).execution_options(synchronize_session=False))
    kept = len(alignment.kept) + len(alignment.removed) - len(removed)
    return Published(version_id, len(alignment.added), len(alignment.changed), len(removed), kept)


def _on_slots(changes: Mapping[str, Any], slot_ids: Mapping[int, int]) -> Mapping[str, Any]:
    """The same changes, naming the slots as they stand in the table."""
    slot_id = changes.get("slot_id")
    return changes if slot_id is None else {**changes, "slot_id": slot_ids.get(slot_id, slot_id)}


def _counts(published: Published) -> dict[str, int]:
    return {"added": published.added, "changed": published.changed, "removed": published.removed,
            "kept": published.kept}
