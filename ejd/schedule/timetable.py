"""Questions to a timetable before it is published: clashes, and hours against the load. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

HALF_HOURS_A_LESSON = 2


@dataclass(frozen=True, slots=True)
class Place:
    """One course at one weekday (1–7, ISO) and lesson number, as far as clashes need it.

    `class_ids` are the classes whose pupils sit there: one, or several for a cross-class `group`.
    """

    weekday: int
    number: int
    course_id: int
    class_ids: frozenset[int]
    subgroup: int = 0
    group: bool = False
    teacher_id: int | None = None

    @property
    def takes_whole_class(self) -> bool:
        return not self.group and self.subgroup == 0


class ClashKind(StrEnum):
    TEACHER = "teacher"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Clash:
    """A teacher or a class wanted in two places at once; `who_id` is the person or the class."""

    kind: ClashKind
    who_id: int
    weekday: int
    number: int
    course_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HoursDiffer:
    """A course whose lessons a week differ from its load; both in half-hours."""

    course_id: int
    planned: int
    load: int


def clashes(places: Iterable[Place]) -> list[Clash]:
    """Every teacher and every class that is wanted in two places at the same weekday and number.

    Different subgroups of a class sit side by side, in one subject or two, and so do cross-class groups;
    the same subgroup twice, or anything beside the whole class, is a clash. So is one teacher of both subgroups.
    """
    by_teacher: dict[tuple[int, int, int], list[Place]] = defaultdict(list)
    by_class: dict[tuple[int, int, int], list[Place]] = defaultdict(list)
    for place in places:
        if place.teacher_id is not None:
            by_teacher[place.weekday, place.number, place.teacher_id].append(place)
        for class_id in place.class_ids:
            by_class[place.weekday, place.number, class_id].append(place)
    found = [_clash(ClashKind.TEACHER, key, together) for key, together in by_teacher.items() if len(together) > 1]
    found += [_clash(ClashKind.CLASS, key, together) for key, together in by_class.items() if _crowded(together)]
    return sorted(found, key=lambda clash: (clash.weekday, clash.number, clash.kind, clash.who_id))


def hours_against_load(slots: Mapping[int, int], load: Mapping[int, int]) -> list[HoursDiffer]:
    """Courses whose number of slots a week differs from the load (in half-hours).

    The half of an hour and a half may be a lesson every other week: it stands in the timetable or not.
    """
    differ = []
    for course_id in sorted(slots.keys() | load.keys()):
        planned, wanted = HALF_HOURS_A_LESSON * slots.get(course_id, 0), load.get(course_id, 0)
        if abs(planned - wanted) > wanted % HALF_HOURS_A_LESSON:
            differ.append(HoursDiffer(course_id, planned, wanted))
    return differ


def _crowded(together: Sequence[Place]) -> bool:
    if len(together) < 2:
        return False
    subgroups = [place.subgroup for place in together if not place.group]
    return any(place.takes_whole_class for place in together) or len(set(subgroups)) < len(subgroups)


def _clash(kind: ClashKind, key: tuple[int, int, int], together: Sequence[Place]) -> Clash:
    weekday, number, who_id = key
    return Clash(kind, who_id, weekday, number, tuple(sorted(place.course_id for place in together)))
