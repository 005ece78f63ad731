"""Sheets of cells as values, and how a cell is called. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

Value = str | int | float | date | time


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows of values, an empty cell is an empty string. Row 0 is the sheet's row 1."""

    file: str
    name: str
    rows: tuple[tuple[Value, ...], ...]

    def value(self, row: int, column: int) -> Value:
        line = self.rows[row]
        return line[column] if column < len(line) else ""

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """«B7» for row 6, column 1."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
