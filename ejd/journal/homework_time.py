"""How long the homework of a class takes on one day, over all subjects, against the norm of its grade (R17). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ejd.words import NBSP, duration

LONGEST = 300  # minutes of one task
Steps = Sequence[Sequence[int]]  # [last grade, minutes a day]; no minutes: none is set


@dataclass(frozen=True, slots=True)
class TaskTime:
    """Homework of the class, or of one of its subgroups, with the minutes expected, if anybody said."""

    subject: str
    subgroup: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Load:
    """A day's homework: minutes by subject, the most first, and the subjects of which nobody said how long."""

    minutes: int
    subjects: tuple[tuple[str, int], ...]
    unsaid: tuple[str, ...]
    limit: int | None

    @property
    def over(self) -> int:
        """Minutes above the norm."""
        return max(0, self.minutes - self.limit) if self.limit is not None else 0

    @property
    def told(self) -> str:
        """«1 ч 10 мин из 2 ч 30 мин»"""
        norm = f" из {duration(self.limit)}" if self.limit is not None else ""
        return f"{duration(self.minutes)}{norm}"

    @property
    def by_subject(self) -> str:
        """«Из них: алгебра – 40 мин, история – 30 мин. Время не указано: музыка.»"""
        said = ", ".join(f"{_within(subject)}{NBSP}– {duration(minutes)}" for subject, minutes in self.subjects)
        unsaid = ", ".join(map(_within, self.unsaid))
        return " ".join(filter(None, (said and f"Из них: {said}.", unsaid and f"Время не указано: {unsaid}.")))


def _within(subject: str) -> str:
    """A subject inside a sentence: «алгебра», but «ИЗО»."""
    return subject if subject[1:2].isupper() else f"{subject[:1].lower()}{subject[1:]}"


def limit_of(steps: Steps, grade: int | None) -> int | None:
    """The norm in minutes; None for class 1, to which no homework is set, and for a group over several classes."""
    found = next((minutes for last, minutes in steps if grade is not None and grade <= last), 0)
    return found or None


def load_of(tasks: Iterable[TaskTime], limit: int | None) -> Load:
    """What the tasks of a day come to. Subgroups work side by side: of them the longest counts."""
    by_place: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    unsaid: set[str] = set()
    for task in tasks:
        if task.minutes is None:
            unsaid.add(task.subject)
        else:
            by_place[task.subject][task.subgroup] += task.minutes
    subjects = {subject: parts.get(0, 0) + max((minutes for part, minutes in parts.items() if part), default=0)
                for subject, parts in by_place.items()}
    ordered = sorted(subjects.items(), key=lambda pair: (-pair[1], pair[0]))
    return Load(sum(subjects.values()), tuple(ordered), tuple(sorted(unsaid)), limit)
