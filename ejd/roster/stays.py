"""Days on which somebody was somewhere, as spans: what is left of them when other spans are cut out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

Stay = tuple[date, date | None]
ONE_DAY = timedelta(days=1)


def holds(stay: Stay, day: date) -> bool:
    """Whether the span holds the day; no end is open."""
    return stay[0] <= day and (stay[1] is None or day <= stay[1])


def without(stays: Iterable[Stay], away: Iterable[Stay]) -> list[Stay]:
    """The days of the stays on which none of the others holds, in order."""
    left = sorted(stays, key=lambda stay: stay[0])
    for first, last in away:
        cut: list[Stay] = []
        for begins, ends in left:
            if (last is not None and last < begins) or (ends is not None and first > ends):
                cut.append((begins, ends))
                continue
            if begins < first:
                cut.append((begins, first - ONE_DAY))
            if last is not None and (ends is None or last < ends):
                cut.append((last + ONE_DAY, ends))
        left = cut
    return left
