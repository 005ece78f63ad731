"""A timetable laid out for reading: days across, lessons down, as a class, a teacher or a room sees its week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from ejd.schedule.making import SlotFacts
from ejd.schedule.queries_timetable import Journal, WholeWeek

FIVE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal in a cell: what is read first, what then, and where."""

    title: str
    detail: str
    room: str


@dataclass(frozen=True, slots=True)
class Row:
    """A lesson number with its time, where all who are in the row share it, and what stands on each day."""

    number: int
    time: str
    cells: Sequence[Sequence[Entry]]


@dataclass(frozen=True, slots=True)
class Grid:
    """Weekdays (ISO) across, lessons down; no rows when nothing stands anywhere."""

    days: Sequence[int]
    rows: Sequence[Row]


def of_class(week: WholeWeek, class_id: int) -> Grid:
    """Subject, then teacher."""
    return _laid(week, week.of_class(class_id), lambda one: (
        one.class_name if one.group else one.in_class, one.teacher or "вакансия"))


def of_teacher(week: WholeWeek, teacher_id: int) -> Grid:
    """Class, then subject."""
    return _laid(week, week.of_teacher(teacher_id), lambda one: (one.class_name, one.in_class))


def of_room(week: WholeWeek, room: str) -> Grid:
    """Class, then subject and teacher."""
    return _laid(week, week.in_room(room), lambda one: (
        one.class_name, f"{one.in_class}, {one.teacher or 'вакансия'}"))


def _laid(week: WholeWeek, slots: Sequence[SlotFacts], said: Callable[[Journal], tuple[str, str]]) -> Grid:
    at: dict[tuple[int, int], list[Journal]] = defaultdict(list)
    rooms: dict[tuple[int, int, int], str] = {}
    for slot in slots:
        at[slot.weekday, slot.number].append(week.journals[slot.course_id])
        rooms[slot[1:4]] = slot.room
    days = range(1, max([FIVE_DAYS, *(slot.weekday for slot in slots)]) + 1)
    numbers = range(min(slot.number for slot in slots), max(slot.number for slot in slots) + 1) if slots else ()
    rows = []
    for number in numbers:
        here = [one for day in days for one in at[day, number]]
        cells = [[Entry(*said(one), rooms[day, number, one.id])
                  for one in sorted(at[day, number], key=lambda one: (one.class_name, one.subject, one.subgroup))]
                 for day in days]
        rows.append(Row(number, time_of(number, [one.bells for one in here]), cells))
    return Grid(days, rows)


def time_of(number: int, bells: Sequence[Mapping[int, tuple[time, time]]]) -> str:
    """«8:30–9:10», when every one of the bells says the same."""
    times = {one[number] for one in bells if number in one}
    if len(times) != 1:
        return ""
    [(begins, ends)] = times
    return f"{begins.hour}:{begins:%M}–{ends.hour}:{ends:%M}"
