"""Taking times, and one line a budget: figure, budget, floor, ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

from tests.statements import HOUSEKEEPING


def milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def interleaved(times: int, *acts: Callable[[], object]) -> list[list[float]]:
    """Each act so many times, taking turns so that a busy moment of the machine hits all; milliseconds, sorted."""
    found: list[list[float]] = [[] for _ in acts]
    for _ in range(times):
        for act, taken in zip(acts, found, strict=True):
            taken.append(milliseconds(act))
    return [sorted(taken) for taken in found]


def p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


@contextmanager
def statements() -> Iterator[list[tuple[str, object]]]:
    """What is asked of the database inside the block, with parameters, as the driver gets it."""
    seen: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:  # noqa: ANN001
        if not statement.lstrip().upper().startswith(HOUSEKEEPING):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@dataclass
class Report:
    """Prints each line at once and remembers whether any budget was passed over."""

    over: list[str] = field(default_factory=list)

    def line(self, name: str, value: float, budget: float, unit: str = "ms", *, floor: float | None = None,
             least: bool = False, note: str = "") -> None:
        """`least`: the budget is a lower bound, as for pages a second."""
        within = value >= budget if least else value <= budget
        if not within:
            self.over.append(name)
        parts = [f"budget {'≥ ' if least else ''}{_plain(budget)} {unit}"]
        if floor is not None:
            parts.append(f"floor {_plain(floor)} {unit}, ratio {value / floor:.1f}")
        if note:
            parts.append(note)
        print(f"{'ok  ' if within else 'over'}  {name}: {_plain(value)} {unit} ({'; '.join(parts)})", flush=True)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


median = statistics.median
