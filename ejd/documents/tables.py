"""A table of facts, and how it becomes a PDF or a workbook.

The engines are imported when used: ReportLab (`table_pdf.py`) and XlsxWriter (`table_xlsx.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal

from ejd.words import NBSP, average, percent

# A moment is given as the school's wall clock shows it; a span of time is words on paper, hours in a workbook.
# A fraction is an average.


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, told as per cent."""

    part: Fraction


Value = str | int | Fraction | Share | date | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in millimetres; on paper all widths are scaled together so that they fill the page."""

    title: str
    width: int = 25
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    subtitle: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    made_on: date | None = None  # stands in the foot of each page
    narrow: bool = False  # on paper the columns are as wide as they say, so that few of them stand together
    to_sign: bool = False  # rows high enough for a signature, and ruled
    above: Sequence[str] = ()  # on paper, lines over the title: whose paper it is
    below: Sequence[str] = ()  # on paper, lines after the last row, kept with it: who signs


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of so many points: `draw` is given a ReportLab canvas whose origin is its lower left corner."""

    title: str
    width: float
    height: float
    draw: Callable[[Any], None]


def as_pdf(table: Table, *, landscape: bool = False) -> bytes:
    """The table on A4: its header repeated on every page, every text whole, «страница … из …» in the foot."""
    from ejd.documents.table_pdf import draw

    return draw(table.title, [table], landscape=landscape)


def as_xlsx(table: Table) -> bytes:
    """The table as a workbook of one sheet: numbers as numbers, dates as dates, texts always as texts."""
    from ejd.documents.table_xlsx import write

    return write([("Список", table)])


def as_book(sheets: Sequence[tuple[str, Table]]) -> bytes:
    """Several tables as a workbook, each a sheet under its name."""
    from ejd.documents.table_xlsx import write

    return write(sheets)


def as_report(title: str, parts: Sequence[Table | Picture]) -> bytes:
    """Tables and pictures as one PDF on A4 lying: each table begins a page, pictures one after another share theirs;
    the outline names them all."""
    from ejd.documents.table_pdf import draw

    return draw(title, parts, landscape=True)


def figure(value: str | None) -> Value:
    """A mark that is a figure as a number, any other as the text that it is."""
    return int(value) if value and value.isdigit() else value


def used(table: Table) -> Table:
    """The table without columns in which nothing stands."""
    kept = [place for place in range(len(table.columns)) if any(row[place] not in (None, "") for row in table.rows)]
    return replace(table, columns=[table.columns[place] for place in kept],
                   rows=[[row[place] for place in kept] for row in table.rows]) if kept else table


def in_words(value: Value) -> str:
    """A cell as it reads on paper: 03.11.2026, 03.11.2026 14:05, 12 345, 4,25, 62,5 %, 2 дн. 4 ч."""
    if value is None:
        return ""
    if isinstance(value, Share):
        return percent(value.part)
    if isinstance(value, Fraction):
        return average(value)
    if isinstance(value, timedelta):
        return delay_in_words(value)
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, int):
        return f"{value:,}".replace(",", NBSP)
    return value


def delay_in_words(delay: timedelta) -> str:
    """How late something was: 25 мин, 3 ч, 2 дн. 4 ч; empty when it was not."""
    minutes = -(-int(delay.total_seconds()) // 60)
    if minutes <= 0:
        return ""
    if minutes < 60:
        return f"{minutes}{NBSP}мин"
    days, hours = divmod(minutes // 60, 24)
    parts = [f"{days}{NBSP}дн."] * bool(days) + [f"{hours}{NBSP}ч"] * bool(hours)
    return " ".join(parts)
