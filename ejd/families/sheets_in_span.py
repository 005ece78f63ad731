"""The weekly sheets whose last day falls into a span, one by one and counted (R21, R25, R60). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a class, or of the school: sheets due in a span of days, of them printed, handed out, in time (R25)."""

    class_id: int | None
    class_name: str
    due: int = 0
    printed: int = 0
    handed: int = 0
    in_time: int = 0
    uncollected: int = 0  # of those printed
    to_print: int = 0  # now, whatever the span

    @property
    def waiting(self) -> int:
        return self.printed - self.handed


@dataclass(frozen=True, slots=True)
class InSpan:
    """A sheet that is due: whose, of which week, and what became of it."""

    class_id: int
    class_name: str
    pupil: str
    guardian: str
    monday: date
    due_on: date
    printed_on: date | None = None
    handed_on: date | None = None
    said: str = ""  # of one printed: «выдан родителю 21 сентября», why it is not to be handed out
    uncollected: bool = False

    @property
    def printed(self) -> bool:
        return self.printed_on is not None

    @property
    def handed(self) -> bool:
        return self.handed_on is not None

    @property
    def in_time(self) -> bool:
        return self.handed_on is not None and self.handed_on <= self.due_on

    def state(self, today: date) -> str:
        """«выдан родителю 21 сентября, после срока»; «напечатан, не забран»; «не напечатан, срок вышел»"""
        if self.handed:
            return self.said if self.in_time else f"{self.said}, после срока"
        if self.printed:
            return "напечатан, не забран" if self.uncollected else self.said
        return "не напечатан, срок вышел" if self.due_on < today else "не напечатан, срок не вышел"


def figures_of(class_id: int, class_name: str, sheets: Sequence[InSpan], *, to_print: int) -> Figures:
    return Figures(class_id, class_name, due=len(sheets), printed=sum(one.printed for one in sheets),
                   handed=sum(one.handed for one in sheets), in_time=sum(one.in_time for one in sheets),
                   uncollected=sum(one.uncollected for one in sheets), to_print=to_print)


def in_all(figures: Iterable[Figures]) -> Figures:
    """Of all classes together."""
    lines = list(figures)
    return Figures(None, "", *(sum(getattr(one, name) for one in lines)
                               for name in ("due", "printed", "handed", "in_time", "uncollected", "to_print")))
