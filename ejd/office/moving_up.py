"""Where classes and pupils go at the turn of a school year. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ejd.names import class_letter

LEAVE, STAY = "leave", "stay"  # of a pupil: leaves school; stays another year in the grade
LAST_GRADE, BASIC_GRADE = 11, 9
# From these grades nearly nobody keeps the teachers: a class of the primary school meets others in the fifth, and the
# tenth is made anew.
NEW_TEACHERS_AFTER = (4, 9)
NAME = re.compile(r"\s*([0-9]{1,2})\s*[-–«»\"]*\s*([^\W\d_])[»\"]*\s*")


@dataclass(frozen=True, slots=True)
class ClassMove:
    """A class that goes up under a name, «8А», or whose pupils all leave (no name); whether its class teacher and its
    load go along."""

    class_id: int
    grade: int
    letter: str
    to: tuple[int, str] | None
    teacher: bool = True
    load: bool = True


@dataclass(frozen=True, slots=True)
class Turning:
    """What is wanted of a turn of the year. `pupils` are those who do otherwise than their class: LEAVE, STAY, or the
    class they go to."""

    from_year_id: int
    to_year_id: int
    leavers_on: date
    classes: tuple[ClassMove, ...]
    pupils: Mapping[int, str | tuple[int, str]] = field(default_factory=dict)
    groups: bool = True


def usual_name(grade: int, letter: str) -> str:
    """The name of the class a year later; the eleventh leaves."""
    return f"{grade + 1}{letter}" if grade < LAST_GRADE else ""


def keeps_teachers(grade: int) -> bool:
    """Whether a class usually goes up with its class teacher and load."""
    return grade not in (*NEW_TEACHERS_AFTER, LAST_GRADE)


def name_of(text: str) -> tuple[int, str] | None:
    """«8А», «8 а», «8-А» as grade and letter; None when it is no name of a class."""
    found = NAME.fullmatch(text)
    if found is None or not 1 <= int(found[1]) <= LAST_GRADE:
        return None
    return int(found[1]), class_letter(found[2])


def fault_of(moves: Iterable[ClassMove]) -> tuple[int, str] | None:
    """The class that cannot go where it is said to, and why. Only ninth classes are joined."""
    taken: dict[tuple[int, str], ClassMove] = {}
    for move in moves:
        if move.to is None:
            continue
        if move.to[0] != move.grade + 1:
            return move.class_id, f"После {move.grade} класса идёт {move.grade + 1}-й"
        first = taken.setdefault(move.to, move)
        if first is not move and move.grade != BASIC_GRADE:
            return move.class_id, f"В {move.to[0]}{move.to[1]} уже переходит {first.grade}{first.letter}"
    return None


def goes_to(move: ClassMove, said: str | tuple[int, str] | None) -> tuple[int, str] | None:
    """The class of the next year that a pupil goes to; None: leaves school."""
    if said == LEAVE:
        return None
    if said == STAY:
        return move.grade, move.letter
    if isinstance(said, tuple):
        return said
    return move.to
