"""How a timetable becomes lessons, and how new ones take the place of those that stand. Pure.

Nothing here knows the database: the services read values, ask these functions, and write what they answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ejd.school.calendar import ClassCalendar

ONE_HOUR = timedelta(hours=1)

Key = tuple[int, date, int]  # course, day, number: what a lesson is unique by
RuleOn = Callable[[date], str]  # which homework rule is in force on a day


class Span(NamedTuple):
    """Who teaches a course from–to, both days included; no end is open."""

    teacher_id: int | None
    from_on: date
    to_on: date | None

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What lessons of a course are made from. A cross-class group has a calendar for each of its classes."""

    id: int
    class_ids: frozenset[int]
    calendars: tuple[ClassCalendar, ...]
    bells: Mapping[int, tuple[time, time]]
    taught_by: tuple[Span, ...] = ()
    group: bool = False
    retired_on: date | None = None

    def teacher_on(self, day: date) -> int | None:
        return next((span.teacher_id for span in self.taught_by if span.holds(day)), None)

    def is_taught_by(self, teacher_id: int | None) -> bool:
        """Whether the load names this teacher for any span of the year."""
        return any(span.teacher_id == teacher_id for span in self.taught_by)


class SlotFacts(NamedTuple):
    """A place in the timetable; a slot that is not written yet has a negative id."""

    id: int
    weekday: int
    number: int
    course_id: int
    room: str = ""

    def same_place(self, other: SlotFacts | None) -> bool:
        return other is not None and self[1:] == other[1:]


@dataclass(frozen=True, slots=True)
class InForce:
    """A timetable and the days, both included, on which it is in force."""

    first: date
    last: date
    slots: Sequence[SlotFacts]


class Planned(NamedTuple):
    """A lesson as timetable, calendar, bells and load want it."""

    course_id: int
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    teacher_id: int | None
    slot: SlotFacts

    @property
    def key(self) -> Key:
        return self.course_id, self.day, self.number


class Standing(NamedTuple):
    """A lesson that is there as a row."""

    id: int
    course_id: int
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    teacher_id: int | None
    substitutes_id: int | None
    slot_id: int | None
    cancelled: bool
    homework_due_at: datetime | None
    by_hand: bool = False  # stands for a lesson moved here: no timetable knows of it

    @property
    def key(self) -> Key:
        return self.course_id, self.day, self.number


@dataclass(slots=True)
class Alignment:
    """What must be done to the lessons that stand: rows to add, columns to change by lesson id, ids to remove."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    removed: list[Standing] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)  # in no timetable any more, kept for their facts

    @property
    def anything(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.kept)

    def absorb(self, other: Alignment) -> None:
        """Take another's work over."""
        self.added += other.added
        self.changed |= other.changed
        self.removed += other.removed
        self.kept += other.kept


@dataclass(frozen=True, slots=True)
class Portion:
    """Whole days of lessons, both ends included: as they stand, and what must be done to them."""

    first: date
    last: date
    standing: frozenset[Standing]
    alignment: Alignment


def planned_lessons(timetables: Iterable[InForce], courses: Mapping[int, CourseFacts],
                    zone: ZoneInfo) -> list[Planned]:
    """Every lesson of the timetables on the days they are in force, but for holidays, days off and retired courses."""
    hours = _Hours(zone)
    days_of = _SchoolDays()
    found = []
    for timetable in timetables:
        for slot in timetable.slots:
            course = courses[slot.course_id]
            begins, ends = course.bells[slot.number]
            for day in days_of(course.calendars, slot.weekday, timetable.first, timetable.last):
                if course.retired_on is None or day < course.retired_on:
                    found.append(Planned(course.id, day, slot.number, hours(day, begins), hours(day, ends),
                                         course.teacher_on(day), slot))
    return found


def align(standing: Sequence[Standing], planned: Sequence[Planned], *, courses: Mapping[int, CourseFacts],
          facts: Collection[int], slots: Mapping[int, SlotFacts], settled: Callable[[datetime], bool]) -> Alignment:
    """How the standing lessons become the planned ones.

    `settled` tells by its beginning whether a lesson is past touching; a lesson in `facts` is never removed, one put
    `by_hand` never touched.
    A lesson that changes only its number within the day stays the same row.
    """
    result = Alignment()
    wanted = {lesson.key: lesson for lesson in planned if not settled(lesson.starts_at)}
    left = []
    for row in standing:
        if row.by_hand or settled(row.starts_at):
            wanted.pop(row.key, None)
        elif (lesson := wanted.pop(row.key, None)) is not None:
            _change(result, row, lesson, courses[row.course_id], slots)
        else:
            left.append(row)
    same_day: dict[tuple[int, date], list[Planned]] = defaultdict(list)
    for lesson in sorted(wanted.values(), key=lambda lesson: lesson.number, reverse=True):
        same_day[lesson.course_id, lesson.day].append(lesson)
    for row in left:
        if moved := same_day.get((row.course_id, row.day)):
            lesson = moved.pop()
            del wanted[lesson.key]
            _change(result, row, lesson, courses[row.course_id], slots)
        elif row.id in facts:
            result.kept.append(row.id)
        else:
            result.removed.append(row)
    result.added = [{"course_id": lesson.course_id, "day": lesson.day, "number": lesson.number,
                     "starts_at": lesson.starts_at, "ends_at": lesson.ends_at, "teacher_id": lesson.teacher_id,
                     "slot_id": lesson.slot.id} for lesson in wanted.values()]
    return result


def in_portions(standing: Sequence[Standing], alignment: Alignment, *, most: int) -> list[Portion]:
    """The same work in portions of whole days, each of some `most` lessons that stand or come; days with nothing to
    do are in none.

    The last days come first: homework due at a lesson that goes moves to the next one, which is there by then.
    """
    rows_on: dict[date, list[Standing]] = defaultdict(list)
    work_on: dict[date, Alignment] = defaultdict(Alignment)
    for row in standing:
        rows_on[row.day].append(row)
        if row.id in alignment.changed:
            work_on[row.day].changed[row.id] = alignment.changed[row.id]
    days = {row.id: row.day for row in standing}
    for added in alignment.added:
        work_on[added["day"]].added.append(added)
    for row in alignment.removed:
        work_on[row.day].removed.append(row)
    for lesson_id in alignment.kept:
        work_on[days[lesson_id]].kept.append(lesson_id)
    found: list[Portion] = []
    size = most
    for day in sorted(work_on, reverse=True):
        lessons = len(rows_on[day]) + len(work_on[day].added)
        if size + lessons > most:
            found.append(Portion(day, day, frozenset(), Alignment()))
            size = 0
        size += lessons
        found[-1].alignment.absorb(work_on[day])
        found[-1] = replace(found[-1], first=day)
    return [replace(portion, standing=frozenset(row for row in standing if portion.first <= row.day <= portion.last))
            for portion in found]


def homework_due(rule: str, *, ends_at: datetime, last_ends_at: datetime) -> datetime:
    """R5: an hour after the last lesson of the day, or the end of that last lesson, or of the lesson itself."""
    if rule == "lesson_end":
        return ends_at
    return last_ends_at if rule == "day_end" else last_ends_at + ONE_HOUR


def put_deadlines(standing: Sequence[Standing], alignment: Alignment, courses: Mapping[int, CourseFacts],
                  rule_on: RuleOn) -> None:
    """Write R5's deadline into the added rows, and into the changes of standing lessons whose deadline moves.

    Only lessons that take place count as a class's last; a cancelled one has no deadline. A cross-class group's
    last lesson is its own or any of its classes', whichever ends later.
    """
    gone = {row.id for row in alignment.removed}
    stay = [(row, alignment.changed.get(row.id, {}).get("ends_at", row.ends_at)) for row in standing
            if row.id not in gone]
    last: dict[tuple[int, date], datetime] = {}
    held = [(row.course_id, row.day, ends_at) for row, ends_at in stay if not row.cancelled]
    held += [(row["course_id"], row["day"], row["ends_at"]) for row in alignment.added]
    for course_id, day, ends_at in held:
        if not (course := courses[course_id]).group:
            for class_id in course.class_ids:
                last[class_id, day] = max(ends_at, last.get((class_id, day), ends_at))

    def due(course_id: int, day: date, ends_at: datetime) -> datetime:
        of_classes = [last.get((class_id, day), ends_at) for class_id in courses[course_id].class_ids]
        return homework_due(rule_on(day), ends_at=ends_at, last_ends_at=max([ends_at, *of_classes]))

    for added in alignment.added:
        added["homework_due_at"] = due(added["course_id"], added["day"], added["ends_at"])
    for row, ends_at in stay:
        moment = None if row.cancelled else due(row.course_id, row.day, ends_at)
        if moment != row.homework_due_at:
            alignment.changed.setdefault(row.id, {})["homework_due_at"] = moment


def _change(result: Alignment, row: Standing, lesson: Planned, course: CourseFacts,
            slots: Mapping[int, SlotFacts]) -> None:
    """Note the columns in which the row differs from what is wanted. A substitution stays (R6)."""
    wanted: dict[str, Any] = {"number": lesson.number, "starts_at": lesson.starts_at, "ends_at": lesson.ends_at}
    if row.substitutes_id is not None:
        same = lesson.teacher_id == row.teacher_id
        wanted["substitutes_id"] = None if same else lesson.teacher_id or row.substitutes_id
    elif lesson.teacher_id is not None or course.is_taught_by(row.teacher_id):
        wanted["teacher_id"] = lesson.teacher_id  # who stands in for a vacancy is in no load, and stays
    differ = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if row.slot_id is None or not lesson.slot.same_place(slots.get(row.slot_id)):
        differ["slot_id"] = lesson.slot.id
    if differ:
        result.changed[row.id] = differ


class _Hours:
    """The moment of a wall time on a day, each asked of the zone once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[tuple[date, time], datetime] = {}

    def __call__(self, day: date, wall: time) -> datetime:
        known = self._known.get((day, wall))
        if known is None:
            known = self._known[day, wall] = datetime.combine(day, wall, self._zone).astimezone(UTC)
        return known


class _SchoolDays:
    """The school days on which a weekday's timetable is given in a span, each calendar walked once. A group meets
    when any class does."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], dict[int | None, list[date]]] = {}

    def __call__(self, calendars: Sequence[ClassCalendar], weekday: int, first: date, last: date) -> list[date]:
        key = (first, last, *((c.grade, c.days_per_week, c.scheme, c.class_id) for c in calendars))
        by_weekday = self._known.get(key)
        if by_weekday is None:
            by_weekday = self._known[key] = defaultdict(list)
            taught = {(day, calendar.weekday_taught(day)) for calendar in calendars
                      for day in calendar.school_days(first, last)}
            for day, of_weekday in sorted(taught):
                by_weekday[of_weekday].append(day)
        return by_weekday[weekday]
