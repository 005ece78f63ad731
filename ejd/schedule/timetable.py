"""Questions to a timetable before it is published: clashes, and hours against the load. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Place:
    """One course at one weekday (1–7, ISO) and lesson number, as far as clashes need it.

    `class_ids` are the classes whose pupils sit there: one, or several for a cross-class group.
    """

    weekday: int
    number: int
    course_id: int
    subject_id: int
    class_ids: frozenset[int]
    subgroup: int = 0
    teacher_id: int | None = None


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

    Different subgroups of one class and subject sit side by side and are no clash, whoever teaches them;
    one teacher of both subgroups is.
    """
    raise NotImplementedError


def hours_against_load(slots: Mapping[int, int], load: Mapping[int, int]) -> list[HoursDiffer]:
    """Courses whose number of slots a week differs from the load (half-hours; half an hour more or less may be
    a lesson every other week and is let pass)."""
    raise NotImplementedError
