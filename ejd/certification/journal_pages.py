"""Which lessons stand on which spread of a printed journal, and how its pages are numbered (R51). Pure.

A spread is two facing pages: names and marks on the left, what was taught on the right. So the left one is an even
page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

COLUMNS = 16  # lessons on a spread at most
PUPILS = 48  # rows that can still be read
MONTH = 31


@dataclass(frozen=True, slots=True)
class Piece:
    """A lesson's row on the right page, or a part of it: its lines from–to. A lesson whose row is higher than a page
    goes on on the next spread, without a column of its own there."""

    lesson: int  # its place among the lessons
    first: int
    last: int

    @property
    def goes_on(self) -> bool:
        return self.first > 0


def spreads(lines: Sequence[int], room: int, columns: int = COLUMNS) -> list[list[Piece]]:
    """The rows of each spread; `lines` are the lines of each lesson's row, `room` those of a page. Without a lesson one
    empty spread."""
    found: list[list[Piece]] = [[]]
    left = room
    for place, count in enumerate(lines):
        first = 0
        while first < count:
            full = sum(not piece.goes_on for piece in found[-1]) == columns
            fits = count - first <= left
            if found[-1] and (full or (not fits and count - first <= room) or not left):
                found.append([])
                left = room
                continue
            last = min(count, first + left)
            found[-1].append(Piece(place, first, last))
            left -= last - first
            first = last
    return found


def parted(count: int, most: int) -> list[range]:
    """So many things in as few parts as hold them, as even as can be; nothing is one empty part."""
    parts = max(1, -(-count // most))
    size, more = divmod(count, parts)
    begins = [number * size + min(number, more) for number in range(parts + 1)]
    return [range(begins[number], begins[number + 1]) for number in range(parts)]


def months(first: date, last: date) -> list[tuple[date, date]]:
    """The months of a span, each from its first day in it to its last."""
    found = []
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=MONTH + 1)).replace(day=1)
        found.append((first, min(last, following - timedelta(days=1))))
        first = following
    return found


def needs_blank(before: int) -> bool:
    """Whether an empty page is needed behind so many, for a spread to begin on an even one."""
    return before % 2 == 0
