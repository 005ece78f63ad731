"""Traffic lights of control: what is measured, and from which value it is yellow or red (settings of the school;
R60)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ejd.compliance.families import SignIns
from ejd.compliance.metrics import Figure, Tally
from ejd.compliance.standing import Stand
from ejd.families.sheets_in_span import Figures
from ejd.school.lights_form import complete
from ejd.school.settings import Settings


class Light(StrEnum):
    """The value is the class of its badge."""

    GREEN = "good"
    YELLOW = "warn"
    RED = "late"

    @property
    def words(self) -> str:
        return {Light.GREEN: "в норме", Light.YELLOW: "внимание", Light.RED: "тревога"}[self]


Bounds = Sequence[int]  # yellow from, red from
ORDER = (Light.GREEN, Light.YELLOW, Light.RED)


@dataclass(frozen=True, slots=True)
class Signal:
    """A share of what should be, against the school's bounds in per cent."""

    name: str
    share: Fraction
    light: Light


def light_of(value: Fraction, bounds: Bounds) -> Light:
    """Red and yellow begin with their bound; nothing at all is green whatever the bounds."""
    yellow, red = bounds
    if not value:
        return Light.GREEN
    return Light.RED if value >= red else Light.YELLOW if value >= yellow else Light.GREEN


def signals_of(tally: Tally, bounds: Mapping[str, Bounds], *, sparse: int = 0) -> dict[str, Signal]:
    """By name; what there is nothing to measure by has no signal. `sparse` of the journals are below R13."""
    found = {}
    for name, (bad, whole) in _measured(tally, sparse).items():
        if whole:
            share = Fraction(bad, whole)
            found[name] = Signal(name, share, light_of(share * 100, bounds[name]))
    return found


def lights_of_stand(total: Stand, bounds: Mapping[str, Bounds]) -> dict[str, Light | None]:
    """Of plans and copies; of results None where none is due yet."""
    return {"plans": light_of(Fraction(total.worst_lag), bounds["lag"]),
            "results": _share(total.missing, total.results, bounds["results"]),
            "copies": _share(total.overdue + total.out_of_date, total.due, bounds["copies"]) or Light.GREEN}


def lights_of_families(people: SignIns, sheets: Figures, bounds: Mapping[str, Bounds]) -> dict[str, Light | None]:
    """Of sign-ins and weekly sheets."""
    return {"families": _share(people.never, people.people, bounds["families"]),
            "sheets": _share(sheets.due - sheets.handed, sheets.due, bounds["sheets"])}


def _share(bad: int, whole: int, bounds: Bounds) -> Light | None:
    return light_of(Fraction(100 * bad, whole), bounds) if whole else None


def bounds_of(settings: Settings) -> dict[str, Bounds]:
    """The school's own, as they stand."""
    return complete(settings.value("control.lights", on=None))


def worst(signals: Iterable[Signal | None]) -> Light | None:
    """The one light of several; None when nothing is measured."""
    return max((one.light for one in signals if one), key=ORDER.index, default=None)


def _measured(tally: Tally, sparse: int) -> dict[str, tuple[int, int]]:
    """What is bad, and of how much."""
    entered = tally[Figure.ON_TIME] + tally[Figure.LATE]
    return {
        "late": (tally[Figure.LATE], entered),
        "overdue": (tally[Figure.OVERDUE], entered + tally[Figure.OVERDUE]),
        "corrected": (tally[Figure.CORRECTED], entered),
        "homework": (tally[Figure.HOMEWORK_LATE] + tally[Figure.HOMEWORK_MISSING], tally[Figure.HOMEWORK_OWED]),
        "lessons": (tally[Figure.LESSONS_UNFILLED], tally[Figure.LESSONS_HELD]),
        "attendance": (tally[Figure.NOT_ATTENDED], tally[Figure.LESSONS_HELD]),
        "density": (sparse, len(tally.journals)),
    }
