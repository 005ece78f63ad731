"""What counts of the marks, averages, the suggested term mark, and mark density (R11–R13). Pure; exact fractions,
nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor

ARITHMETIC, WEIGHTED = "arithmetic", "weighted"
LAST, BOTH = "last", "both"  # what counts of a mark and its re-take
FIGURES = {figure: int(figure) for figure in "12345"}
# R13's setting is for a quarter; a half-year is two, the year's three trimesters are its four quarters.
QUARTERS_IN = {"quarters": Fraction(1), "half_years": Fraction(2), "trimesters": Fraction(4, 3)}


def counting(marks: Iterable[tuple[int, str, int, int | None]], retakes: str = LAST) -> list[tuple[str, int]]:
    """What counts for the average, as (value, weight): of a mark and its re-takes the last alone, or all (R11).

    Marks that stand come as (id, value, weight, the mark that it re-takes); a re-take whose first mark does not stand
    counts like any other.
    """
    standing = list(marks)
    mended = {mended_id for _, _, _, mended_id in standing if mended_id} if retakes == LAST else ()
    return [(value, weight) for mark_id, value, weight, _ in standing if mark_id not in mended]


def average(marks: Iterable[tuple[str, int]], how: str = WEIGHTED) -> Fraction | None:
    """The mean of (value, weight) pairs (R11). «зач» and «незач» never count; None when nothing counts."""
    total = weights = 0
    for value, weight in marks:
        figure = FIGURES.get(value)
        if figure is not None:
            share = weight if how == WEIGHTED else 1
            total += figure * share
            weights += share
    return Fraction(total, weights) if weights else None


def suggestion(mean: Fraction | None, thresholds: Mapping[str, int]) -> str | None:
    """The term mark that the thresholds, in hundredths, suggest (R12); the teacher decides."""
    if mean is None:
        return None
    return next((mark for mark in "543" if mean * 100 >= thresholds[mark]), "2")


def least_marks(half_hours: int, scheme: str, density: Sequence[Sequence[int]],
                share_held: Fraction = Fraction(1)) -> int:
    """Fewest marks in a term by weekly half-hours (R13), for the share of its lessons held for this pupil so far.

    `density` has a pair for each step: up to and including so many half-hours, so many marks a quarter. A part
    of a mark is not asked for.
    """
    a_quarter = next((marks for up_to, marks in density if half_hours <= up_to), density[-1][1] if density else 0)
    return floor(a_quarter * QUARTERS_IN[scheme] * share_held)


def is_sparse(marks: int, least: int) -> bool:
    """Whether a pupil has fewer marks than R13 asks: a warning, not a refusal."""
    return marks < least
