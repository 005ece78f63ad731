"""Plan against fact, in hours (R60): what was due by now, what was given, what is left, what comes next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Step(NamedTuple):
    """A topic in the plan's order: its hours, and how many lessons took it."""

    id: int
    hours: int
    lessons: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A journal's plan beside its lessons. An hour is a lesson.

    `due` are lessons that should have been given by now, cancelled ones among them: the plan goes on by the calendar.
    """

    planned: int  # hours of all topics
    lessons: int  # that the year has, given and to come
    due: int
    held: int  # lessons that were given
    passed: int  # hours of the plan that were given
    untold: int = 0  # lessons that were given without a topic of the plan

    @property
    def left(self) -> int:
        """Hours of the plan that are still to be given."""
        return self.planned - self.passed

    @property
    def lessons_left(self) -> int:
        return self.lessons - self.held

    @property
    def lag(self) -> int:
        """So many hours behind the plan; negative when ahead of it."""
        return min(self.due, self.planned) - self.passed

    @property
    def to_merge(self) -> int:
        """So many hours more are left than lessons: as many times two topics must become one. Lessons of which
        nobody has said yet what they took may have given as many."""
        return max(self.left - self.lessons_left - self.untold, 0)

    @property
    def missing(self) -> int:
        """So many lessons of the year have no topic in the plan."""
        return max(self.lessons - self.planned, 0)


def passed_hours(steps: Sequence[Step]) -> int:
    """Hours of the plan that were given. A topic that lessons took is over once a later one was begun, for then its
    hours were made fewer; the furthest one counts by its lessons."""
    furthest = max((index for index, step in enumerate(steps) if step.lessons), default=-1)
    return sum(step.hours if index < furthest else min(step.lessons, step.hours)
               for index, step in enumerate(steps) if step.lessons)


def next_step(steps: Sequence[Step], latest_id: int | None) -> int | None:
    """The topic that comes after the latest one taken: itself until its hours are over, then the first that no lesson
    took after it, else any that was left out. None when all were given."""
    latest = next((index for index, step in enumerate(steps) if step.id == latest_id), -1)
    if latest >= 0 and steps[latest].lessons < steps[latest].hours:
        return steps[latest].id
    untaken = [index for index, step in enumerate(steps) if not step.lessons]
    chosen = next((index for index in untaken if index > latest), untaken[0] if untaken else None)
    return None if chosen is None else steps[chosen].id
