"""Drafts of a timetable: made as a copy or empty, filled grid by grid, put in force or withdrawn.

A draft is a version that is not published: nobody but those who keep the timetable sees it, and no lesson hangs on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from ejd.audit import trail
from ejd.db import Session, one_at_a_time, table_of
from ejd.refusal import Refused, Stale
from ejd.schedule import groundwork
from ejd.schedule.making import SlotFacts
from ejd.schedule.models import Slot, TimetableVersion
from ejd.schedule.queries_timetable import journals_after, slots_of
from ejd.schedule.services import Prepared, Published, SlotPlan, publish_timetable, refuse_slots
from ejd.school import queries as school
from ejd.words import day, long_date

DRAFTS = "timetable drafts"  # the act that goes on once at a time
LONGEST_ROOM = 20
CHANGED = "Черновик тем временем изменили: посмотрите, что стоит сейчас"


def look_of(slots: Iterable[SlotFacts | SlotPlan]) -> str:
    """What places look like, in short: whoever saves names what they have seen."""
    told = sorted((slot.weekday, slot.number, slot.course_id, slot.room) for slot in slots)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def make_draft(session: Session, *, actor_id: int, year_id: int, valid_from: date, copied_from: int | None,
               now: datetime) -> TimetableVersion:
    """A draft from a day on, as a copy of another version or empty. The same again is the one that stands, as long as
    nothing in it was changed."""
    one_at_a_time(session, DRAFTS)
    calendar = school.calendar_of(session, year_id)
    if not calendar.starts_on <= valid_from <= calendar.ends_on:
        raise Refused(f"Расписание действует внутри учебного года: с {long_date(calendar.starts_on)} "
                      f"по {long_date(calendar.ends_on)}", field="valid_from")
    courses = groundwork.courses_of(session, calendar)
    copied = [slot for slot in (_copied(session, copied_from, year_id, courses) if copied_from is not None else ())
              if not _retired(courses[slot.course_id].retired_on, valid_from)]
    standing = session.scalar(select(TimetableVersion).filter_by(
        year_id=year_id, valid_from=valid_from, published_at=None))
    if standing is not None:
        if look_of(slots_of(session, standing.id)) == look_of(copied):
            return standing
        raise Refused(f"Черновик с {day(valid_from)} уже есть: откройте его или выберите другой день",
                      field="valid_from")
    draft = TimetableVersion(year_id=year_id, valid_from=valid_from)
    session.add(draft)
    session.flush()
    _insert(session, draft.id, copied)
    trail.record(session, now=now, actor_id=actor_id, verb="draft.made", subject_id=draft.id, valid_from=valid_from,
                 copied_from=copied_from, slots=len(copied))
    return draft


def _copied(session: Session, version_id: int, year_id: int, courses: Collection[int]) -> list[SlotFacts]:
    """The places of another version; of one of the year before those of the journals that go on."""
    slots = slots_of(session, version_id)
    if all(slot.course_id in courses for slot in slots):
        return slots
    after = journals_after(session, year_id)
    return [slot._replace(course_id=after[slot.course_id]) for slot in slots if after.get(slot.course_id) in courses]


def put_places(session: Session, *, actor_id: int, version_id: int, course_ids: Collection[int],
               weekdays: Collection[int], seen: str, slots: Sequence[SlotPlan], now: datetime) -> int:
    """Make `slots` all the places of some journals on some weekdays; how many changed. Raises Stale when others have
    changed them since they were `seen`; what stands already is saved as the first time."""
    draft = _locked(session, version_id)
    standing = [slot for slot in slots_of(session, draft.id)
                if slot.course_id in course_ids and slot.weekday in weekdays]
    wanted = [SlotFacts(-index, one.weekday, one.number, one.course_id, one.room)
              for index, one in enumerate(slots, 1)]
    if look_of(standing) == look_of(wanted):
        return 0
    if look_of(standing) != seen:
        raise Stale(CHANGED)
    _refuse(session, draft, wanted, course_ids, weekdays)
    there, asked = {slot[1:] for slot in standing}, {slot[1:] for slot in wanted}
    gone = [slot.id for slot in standing if slot[1:] not in asked]
    new = [slot for slot in wanted if slot[1:] not in there]
    session.execute(delete(Slot).where(Slot.id.in_(gone)))
    _insert(session, draft.id, new)
    trail.record(session, now=now, actor_id=actor_id, verb="draft.changed", subject_id=draft.id, added=len(new),
                 removed=len(gone))
    return max(len(gone), len(new))


def withdraw_draft(session: Session, *, actor_id: int, version_id: int, now: datetime) -> None:
    """Throw a draft away: no lesson hangs on it."""
    draft = _locked(session, version_id)
    count = len(slots_of(session, draft.id))
    trail.record(session, now=now, actor_id=actor_id, verb="draft.withdrawn", subject_id=draft.id,
                 valid_from=draft.valid_from, slots=count)
    _remove(session, draft)


def publish_draft(session: Session, *, actor_id: int, version_id: int, valid_from: date, seen: str, now: datetime,
                  prepared: Prepared | None = None) -> Published:
    """Put a draft in force from a day on; it is a draft no more. Raises Stale when others have changed it since what
    would happen was `seen`."""
    draft = _locked(session, version_id)
    slots = plans_of(slots_of(session, draft.id))
    if look_of(slots) != seen:
        raise Stale(CHANGED)
    if not slots:
        raise Refused("В черновике нет ни одного урока: сначала поставьте уроки")
    published = publish_timetable(session, actor_id=actor_id, year_id=draft.year_id, valid_from=valid_from,
                                  slots=slots, now=now, prepared=prepared)
    trail.record(session, now=now, actor_id=actor_id, verb="draft.published", subject_id=draft.id,
                 version=published.version_id)
    _remove(session, draft)
    return published


def plans_of(slots: Iterable[SlotFacts]) -> list[SlotPlan]:
    return [SlotPlan(slot.weekday, slot.number, slot.course_id, slot.room) for slot in slots]


def _retired(on: date | None, day: date) -> bool:
    return on is not None and on <= day


def _locked(session: Session, version_id: int) -> TimetableVersion:
    """The draft, held against other hands until the transaction ends."""
    draft = session.scalar(select(TimetableVersion).filter_by(id=version_id).with_for_update()
                           .execution_options(populate_existing=True))
    if draft is None:
        raise Refused("Этого черновика больше нет: его убрали или ввели в действие")
    if draft.published_at is not None:
        raise Refused("Это расписание уже введено в действие: чтобы изменить его, сделайте черновик")
    return draft


def _refuse(session: Session, draft: TimetableVersion, wanted: Sequence[SlotFacts], course_ids: Collection[int],
            weekdays: Collection[int]) -> None:
    courses = groundwork.courses_of(session, school.calendar_of(session, draft.year_id))
    for slot in wanted:
        if slot.course_id not in course_ids or slot.weekday not in weekdays:
            raise Refused("Выберите журнал из списка", field=field_of(slot))
        if slot.course_id in courses and _retired(courses[slot.course_id].retired_on, draft.valid_from):
            raise Refused(f"Журнал закрыт раньше {day(draft.valid_from)}: выберите другой", field=field_of(slot))
        if len(slot.room) > LONGEST_ROOM:
            raise Refused(f"Кабинет – не длиннее {LONGEST_ROOM} знаков", field=field_of(slot))
        if slot.course_id in courses and slot.number not in courses[slot.course_id].bells:
            raise Refused(f"Для урока № {slot.number} нет звонка: добавьте его в звонки или уберите урок",
                          field=field_of(slot))
    refuse_slots(wanted, courses)


def field_of(slot: SlotFacts | SlotPlan) -> str:
    """How forms name a place of the week."""
    return f"c{slot.weekday}-{slot.number}"


def _insert(session: Session, version_id: int, slots: Sequence[SlotFacts]) -> None:
    if slots:
        session.execute(insert(table_of(Slot)), [
            {"version_id": version_id, "weekday": slot.weekday, "number": slot.number, "course_id": slot.course_id,
             "room": slot.room} for slot in slots])


def _remove(session: Session, draft: TimetableVersion) -> None:
    session.execute(delete(Slot).where(Slot.version_id == draft.id))
    session.delete(draft)
    session.flush()
