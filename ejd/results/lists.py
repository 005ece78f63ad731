"""Who learns how, by the results of one period: excellent, good, with one «4», with one «3», failing; and what share of
a class keeps up («успеваемость») and learns well («качество»). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ejd.journal.grading import FIGURES

FAILING = frozenset({"2", "1", "незач", "н/а"})


class Group(StrEnum):
    """Every pupil is in one; the value is its title."""

    EXCELLENT = "Отличники"
    ONE_FOUR = "С одной «4»"
    GOOD = "Хорошисты"
    ONE_THREE = "С одной «3»"
    REST = "С несколькими «3»"
    FAILING = "Неуспевающие"
    NO_DATA = "Нет отметок"


WELL = frozenset({Group.EXCELLENT, Group.ONE_FOUR, Group.GOOD})


@dataclass(frozen=True, slots=True)
class Listed:
    """A pupil in a list, with the subjects that put him there."""

    pupil_id: int
    name: str
    subjects: Sequence[str] = ()
    blanks: Sequence[str] = ()  # where most of the class has a result and this pupil none


@dataclass(frozen=True, slots=True)
class Achievement:
    """The lists of a class, and its shares among those who have results; None when nobody has."""

    groups: Mapping[Group, Sequence[Listed]]
    passing: Fraction | None  # успеваемость
    quality: Fraction | None  # качество


def group_of(values: Iterable[str]) -> Group:
    """The list of a pupil with these results; зач and осв count nowhere."""
    given = list(values)
    if any(value in FAILING for value in given):
        return Group.FAILING
    figures = [value for value in given if value in FIGURES]
    threes, fours = figures.count("3"), figures.count("4")
    if not figures:
        return Group.NO_DATA
    if threes:
        return Group.ONE_THREE if threes == 1 else Group.REST
    if fours:
        return Group.ONE_FOUR if fours == 1 else Group.GOOD
    return Group.EXCELLENT


def blanks_of(pupils: Sequence[Mapping[str, str]], subjects: Iterable[str]) -> list[list[str]]:
    """For each pupil (results by subject) the subjects of the whole class in which two thirds have a result and this
    one has none."""
    awaited = [subject for subject in subjects
               if 3 * sum(subject in results for results in pupils) >= 2 * len(pupils)]
    return [[subject for subject in awaited if subject not in results] for results in pupils]


def achievement_of(pupils: Sequence[tuple[int, str, Mapping[str, str]]], subjects: Iterable[str] = ()) -> Achievement:
    """The lists, each in the order given, of pupils as (id, name, results by subject); `subjects` are those of the
    whole class."""
    blanks = blanks_of([results for _, _, results in pupils], subjects)
    groups: dict[Group, list[Listed]] = {group: [] for group in Group}
    for (pupil_id, name, results), lacking in zip(pupils, blanks, strict=True):
        group = group_of(results.values())
        told = {Group.ONE_FOUR: {"4"}, Group.ONE_THREE: {"3"}, Group.REST: {"3"}, Group.FAILING: FAILING}
        found = [subject for subject, value in results.items() if value in told.get(group, ())]
        groups[group].append(Listed(pupil_id, name, found, lacking if results else ()))
    number = sum(len(listed) for group, listed in groups.items() if group is not Group.NO_DATA)
    if not number:
        return Achievement(groups, None, None)
    well = sum(len(groups[group]) for group in WELL)
    return Achievement(groups, Fraction(number - len(groups[Group.FAILING]), number), Fraction(well, number))


def shares_of(values: Iterable[str]) -> tuple[Fraction | None, Fraction | None]:
    """Успеваемость and качество of one subject: results that are not failing, and those of 4 and 5."""
    given = [value for value in values if value in FIGURES or value in FAILING]
    if not given:
        return None, None
    well = sum(value in ("4", "5") for value in given)
    return Fraction(sum(value not in FAILING for value in given), len(given)), Fraction(well, len(given))
