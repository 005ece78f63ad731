"""The days on which a school's journal begins, and how they are told to families (R7): marks, homework and single
parallels may each have their own. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ejd.words import NBSP, long_date

KEYS = ("launch.marks", "launch.homework", "launch.grades")
MARKS, HOMEWORK = "отметки", "домашние задания"


@dataclass(frozen=True, slots=True)
class LaunchDays:
    """None: the day is not named yet. A parallel's own day holds for its marks and homework alike."""

    marks: date | None = None
    homework: date | None = None
    grades: Mapping[int, date] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Callable[[str], Any]) -> LaunchDays:
        """From the settings, which keep grades and days as text."""
        marks, homework, grades = (value(key) for key in KEYS)
        return cls(_day(marks), _day(homework), {int(grade): date.fromisoformat(day)
                                                 for grade, day in sorted(grades.items()) if day})

    @property
    def named(self) -> list[date]:
        return sorted(day for day in (self.marks, self.homework, *self.grades.values()) if day)

    @property
    def only(self) -> date | None:
        """The one day that holds for everything, if there is one."""
        alike = self.marks == self.homework and all(day == self.marks for day in self.grades.values())
        return self.marks if alike else None

    @property
    def complete(self) -> bool:
        return self.marks is not None and self.homework is not None

    def begun(self, today: date) -> bool:
        """Whether everything that has a day has begun, and nothing waits for its day to be named."""
        return self.complete and self.named[-1] <= today

    def ahead(self, today: date) -> bool:
        """Whether nothing has begun yet."""
        return not self.named or self.named[0] > today

    def spoken(self) -> str:
        """«с 1 сентября 2026 года – отметки, с 1 октября 2026 года – домашние задания; 1–4-е классы – с 11 января
        2027 года»; empty while no day is named."""
        if not self.named:
            return ""
        return "; ".join(filter(None, (self._of_school(), *self._of_parallels(), self._unnamed())))

    def _of_school(self) -> str:
        if self.marks and self.marks == self.homework:
            return f"{since(self.marks)} – {MARKS} и {HOMEWORK}"
        days = sorted((day, order, what) for order, (day, what) in enumerate(
            ((self.marks, MARKS), (self.homework, HOMEWORK))) if day)
        return ", ".join(f"{since(day)} – {what}" for day, _, what in days)

    def _of_parallels(self) -> list[str]:
        """Parallels whose day is not that of the school, those that begin together as one."""
        together: dict[date, list[int]] = defaultdict(list)
        for grade, day in self.grades.items():
            if (day, day) != (self.marks, self.homework):
                together[day].append(grade)
        return [f"{_runs(sorted(grades))} классы – {since(day)}" for day, grades in sorted(together.items())]

    def _unnamed(self) -> str:
        missing = [what for day, what in ((self.marks, MARKS), (self.homework, HOMEWORK)) if day is None]
        return f"{' и '.join(missing)} – день ещё не назван" if missing else ""


def since(day: date) -> str:
    """«с 1 сентября 2026 года»; «со 2 сентября …»"""
    return f"{'со' if day.day == 2 else 'с'}{NBSP}{long_date(day)}{NBSP}года"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _runs(grades: Sequence[int]) -> str:
    """«1–4-е, 6-е»"""
    runs: list[list[int]] = []
    for grade in grades:
        if runs and grade == runs[-1][-1] + 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    return ", ".join(f"{run[0]}-е" if len(run) == 1 else f"{run[0]}–{run[-1]}-е" for run in runs)
