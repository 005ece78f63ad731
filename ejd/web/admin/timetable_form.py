"""A grid of the timetable as a form: which journal and room stand in each place, read back and shown again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ejd.names import tidy
from ejd.schedule.drafts import field_of
from ejd.schedule.making import SlotFacts
from ejd.schedule.queries import NOBODY
from ejd.schedule.queries_timetable import Journal, WholeWeek
from ejd.schedule.services import SlotPlan
from ejd.schedule.timetable_grid import time_of

FIELD = re.compile(r"c([1-7])-([0-9]{1,2})-([0-9])")
CHOOSE = "Выберите журнал из списка"
Errors = dict[str, str]
Lines = dict[tuple[int, int], list[tuple[str, str]]]  # what stands in a place: choice and room


@dataclass(frozen=True)
class Scope:
    """Whose places a form holds: of a class or a teacher, all the week or one day of it."""

    title: str
    journals: Sequence[Journal]
    days: Sequence[int]
    numbers: Sequence[int]
    options: Mapping[str, tuple[tuple[int, ...], str]]  # choice → journals, words
    others: Mapping[tuple[int, int], str]  # what else stands there, kept elsewhere
    class_id: int | None = None
    teacher_id: int | None = None

    @property
    def course_ids(self) -> frozenset[int]:
        return frozenset(one.id for one in self.journals)

    def time(self, number: int) -> str:
        return time_of(number, [one.bells for one in self.journals])

    def mine(self, slots: Iterable[SlotFacts]) -> list[SlotFacts]:
        return [slot for slot in slots if slot.course_id in self.course_ids and slot.weekday in self.days]


@dataclass
class Given:
    """What was typed into the form."""

    slots: list[SlotPlan] = field(default_factory=list)
    lines: Lines = field(default_factory=lambda: defaultdict(list))
    errors: Errors = field(default_factory=dict)


def scope_of_class(week: WholeWeek, class_id: int, day: int | None) -> Scope:
    journals = week.journals_of_class(class_id)
    groups = [slot for slot in week.of_class(class_id) if week.journals[slot.course_id].group]
    of_class = week.classes[class_id]
    others: dict[tuple[int, int], str] = {}
    for slot in groups:
        where, one = (slot.weekday, slot.number), week.journals[slot.course_id]
        others[where] = ", ".join(filter(None, (others.get(where), one.class_name)))
    return Scope(of_class.name, journals, _days(week, journals, day, of_class.days_per_week),
                 _numbers(week, journals, of_class.numbers), _options(week, journals, of_class=True), others,
                 class_id=class_id)


def scope_of_teacher(week: WholeWeek, teacher_id: int, day: int | None) -> Scope:
    """The week of a teacher, or of the journals that nobody teaches."""
    journals = week.journals_of_teacher(teacher_id)
    title = "Без учителя" if teacher_id == NOBODY else dict(week.teachers)[teacher_id]
    longest = max((week.classes[class_id].days_per_week for one in journals for class_id in one.class_ids), default=5)
    numbers = {number for one in week.journals.values() for number in one.bells}  # of the longest bells
    return Scope(title, journals, _days(week, journals, day, longest), _numbers(week, journals, numbers),
                 _options(week, journals, of_class=False), {}, teacher_id=teacher_id)


def lines_of(scope: Scope, slots: Iterable[SlotFacts]) -> Lines:
    """What stands: subgroups of one subject that sit together are one line."""
    rooms: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for slot in slots:
        rooms[slot.weekday, slot.number][slot.course_id] = slot.room
    lines: Lines = defaultdict(list)
    for where, there in rooms.items():
        left = dict(there)
        for choice, (ids, _) in sorted(scope.options.items(), key=lambda item: -len(item[1][0])):
            if left.keys() >= set(ids):
                names = [left.pop(course_id) for course_id in ids]
                lines[where].append((choice, names[0] if len(set(names)) == 1 else ", ".join(names)))
        lines[where] += [(str(course_id), room) for course_id, room in left.items()]
    return lines


def read(scope: Scope, form: Mapping[str, str]) -> Given:
    """The places as they were filled in; of a place off the grid only what is not empty."""
    given = Given()
    for name, choice in form.items():
        found = FIELD.fullmatch(name)
        room = tidy(form.get(f"r{name[1:]}", "")) if found else ""
        if not found or not (choice or room):
            continue
        weekday, number = int(found[1]), int(found[2])
        given.lines[weekday, number].append((choice, room))
        if choice not in scope.options:
            given.errors[f"c{weekday}-{number}"] = CHOOSE if choice else "К кабинету выберите предмет"
            continue
        ids = scope.options[choice][0]
        rooms = [part.strip() for part in room.split(",")]
        if len(rooms) != len(ids):
            rooms = [room] * len(ids)
        given.slots += [SlotPlan(weekday, number, course_id, where)
                        for course_id, where in zip(ids, rooms, strict=True)]
    places = [(slot.weekday, slot.number, slot.course_id) for slot in given.slots]
    for slot in given.slots:
        if places.count((slot.weekday, slot.number, slot.course_id)) > 1:
            given.errors[field_of(slot)] = "Один и тот же журнал выбран дважды"
    return given


def in_words(scope: Scope, lines: Lines, where: tuple[int, int]) -> str:
    """What stands in a place, for showing beside what was typed."""
    return "; ".join(f"{scope.options[choice][1] if choice in scope.options else ''}{f', каб. {room}' if room else ''}"
                     for choice, room in lines.get(where, ())) or "пусто"


def _days(week: WholeWeek, journals: Sequence[Journal], day: int | None, usual: int) -> list[int]:
    ids = {one.id for one in journals}
    taken = {slot.weekday for slot in week.slots if slot.course_id in ids}
    days = sorted(taken | set(range(1, usual + 1)))
    return [day] if day in days else days


def _numbers(week: WholeWeek, journals: Sequence[Journal], bells: Iterable[int]) -> list[int]:
    ids = {one.id for one in journals}
    return sorted({slot.number for slot in week.slots if slot.course_id in ids} | set(bells))


def _options(week: WholeWeek, journals: Sequence[Journal], *,
             of_class: bool) -> dict[str, tuple[tuple[int, ...], str]]:
    """Each journal, and before its subgroups all of them together. The subgroup comes first: a narrow field shows the
    beginning."""
    offered = week.offered(journals)
    options: dict[str, tuple[tuple[int, ...], str]] = {}
    subgroups: dict[str, list[Journal]] = defaultdict(list)
    for one in offered:
        if of_class and one.subgroup:
            subgroups[one.subject].append(one)
    for one in offered:
        together = subgroups[one.subject]
        if one.subgroup and len(together) > 1 and one is together[0]:
            ids = tuple(each.id for each in together)
            numbers = "+".join(str(each.subgroup) for each in together)
            options["+".join(map(str, ids))] = ids, f"п/г {numbers}: {one.subject}"
        said = f"п/г {one.subgroup}: {one.subject}" if one.subgroup else one.subject
        options[str(one.id)] = (one.id,), said if of_class else one.title
    return options
