"""Bars to draw: the page's SVG takes these numbers as they are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from ejd.compliance.breakdown import Show
from ejd.compliance.metrics import Figure, Tally
from ejd.words import average, day_month, number

Number = int | Fraction
MOST = 10  # bars of a ranking: who matters stands on top
WIDTH, ROW, NAMES, NUMBERS = 640, 18, 190, 60
WEEK_HEIGHT, TOP, LEFT = 110, 14, 8
LONGEST_NAME = 34
RANKED = {  # the picture's title; figures of a bar, and how loud
    Show.MARKS: ("Опоздания: с опозданием и не выставлено в срок", ((Figure.LATE, "late"), (Figure.OVERDUE, "warn"))),
    Show.HOMEWORK: ("Домашние задания: нет, поздно, вовремя", (
        (Figure.HOMEWORK_MISSING, "late"), (Figure.HOMEWORK_LATE, "warn"), (Figure.HOMEWORK_ON_TIME, "good"))),
    Show.LESSONS: ("Незаполненные уроки", ((Figure.LESSONS_UNFILLED, "late"),)),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: how loud, and where."""

    look: str
    x: Number
    width: Number


@dataclass(frozen=True, slots=True)
class Row:
    """A bar lying beside its name."""

    name: str
    words: str
    y: int
    pieces: Sequence[Piece]

    @property
    def end(self) -> int:
        return round(max((piece.x + piece.width for piece in self.pieces), default=NAMES))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Bars from the worst down."""

    title: str
    rows: Sequence[Row]
    names: int = NAMES
    width: int = WIDTH

    @property
    def height(self) -> int:
        return len(self.rows) * ROW + 4


@dataclass(frozen=True, slots=True)
class OfWeek:
    monday: date
    marks: int


@dataclass(frozen=True, slots=True)
class Column:
    """A week's bar."""

    monday: date
    first: date  # its days within the span
    last: date
    marks: int
    x: int
    y: int
    height: int
    width: int
    told: bool  # whether there is room for its day

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label(self) -> str:
        return day_month(self.monday)


@dataclass(frozen=True, slots=True)
class Weeks:
    columns: Sequence[Column]
    width: int = WIDTH
    height: int = TOP + WEEK_HEIGHT + 18
    floor: int = TOP + WEEK_HEIGHT


def ranking(title: str, rows: Sequence[tuple[str, str, Sequence[tuple[str, Number]]]]) -> Ranking | None:
    """Bars of name, words and parts (look, amount), in the order given; the longest fills the picture. None when
    there is nothing to draw."""
    most = max((sum(amount for _, amount in parts) for _, _, parts in rows[:MOST]), default=0)
    if not most:
        return None
    room, drawn = WIDTH - NAMES - NUMBERS, []
    for index, (name, words, parts) in enumerate(rows[:MOST]):
        x, pieces = NAMES, []
        for look, amount in parts:
            width = max(round(room * amount / most), 2) if amount else 0
            if width:
                pieces.append(Piece(look, x, width))
            x += width
        short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME - 1]}…"
        drawn.append(Row(short, words, index * ROW + 2, pieces))
    return Ranking(title, drawn)


def by_week(by_day: Mapping[date, int], first: date, last: date) -> list[OfWeek]:
    """Marks by the week in which they were received, every week of the span."""
    monday, found = first - timedelta(days=first.weekday()), []
    while monday <= last:
        found.append(OfWeek(monday, sum(by_day.get(monday + timedelta(days=day), 0) for day in range(7))))
        monday += timedelta(days=7)
    return found


def weeks(by_day: Mapping[date, int], first: date, last: date) -> Weeks | None:
    """The same as bars; None when there are none, or too few weeks to compare."""
    found = by_week(by_day, first, last)
    most = max((one.marks for one in found), default=0)
    if not most or len(found) < 2 or len(found) > 60:
        return None
    step = min((WIDTH - 2 * LEFT) // len(found), 60)
    every = -(-34 // step)
    columns = []
    for index, (one, many) in enumerate((week.monday, week.marks) for week in found):
        height = max(-(-WEEK_HEIGHT * many // most), 2) if many else 0
        columns.append(Column(one, max(one, first), min(one + timedelta(days=6), last), many, LEFT + index * step,
                              TOP + WEEK_HEIGHT - height, height, step - 3, index % every == 0))
    return Weeks(columns)


def ranking_of(show: Show, parts: Sequence[tuple[str, Tally]]) -> Ranking | None:
    """The picture beside a group of figures, of the parts by name: who is worst stands on top."""
    if show is Show.DENSITY:
        sparse = sorted((part.density, name) for name, part in parts if part.density is not None)
        return ranking("Накопляемость: отметок на ученика за урок, сверху где меньше",
                       [(name, average(density), [("good", density)]) for density, name in sparse])
    title, figures = RANKED[show]
    worst = sorted(((name, [(look, part[figure]) for figure, look in figures]) for name, part in parts),
                   key=lambda one: -sum(many for look, many in one[1] if look != "good"))
    return ranking(title, [(name, number(sum(many for look, many in pieces if look != "good")), pieces)
                           for name, pieces in worst if any(many for look, many in pieces if look != "good")])
