"""Rows of a table as CSV or as JSON, out and in again. Pure.

In CSV an empty value is `\\N`, so that it differs from an empty text; a text that begins with a backslash has one more.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

Cell = str | int | bool | None
NULL, BACKSLASH = "\\N", "\\"
LONGEST = 2**30  # characters of one value


class Out(Protocol):
    """Where bytes go."""

    def write(self, body: bytes, /) -> int: ...


def write_csv(out: Out, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a table with its header; how many rows it has."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_as_text(value) for value in row])
        count += 1
        if buffer.tell() > 500_000:
            _flush(buffer, out)
    _flush(buffer, out)
    return count


def read_csv(lines: Iterable[str]) -> Iterator[dict[str, Cell]]:
    """The rows of such a table, by column."""
    csv.field_size_limit(LONGEST)
    reader = csv.reader(lines, strict=True)
    columns = next(reader)
    for row in reader:
        yield {column: _out_of_text(value) for column, value in zip(columns, row, strict=True)}


def write_json(out: Out, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """The same as a list of objects, one on each line."""
    count = 0
    for row in rows:
        line = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, separators=(",", ":"))
        out.write(("[\n" if not count else ",\n").encode() + line.encode())
        count += 1
    out.write(b"\n]\n" if count else b"[]\n")
    return count


def read_json(lines: Iterable[str]) -> Iterator[dict[str, Cell]]:
    for line in lines:
        if line.startswith("{"):
            yield json.loads(line.rstrip().rstrip(","))


Write = Callable[[Out, Sequence[str], Iterable[Sequence[Cell]]], int]
Read = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
FORMATS: dict[str, tuple[Write, Read]] = {"csv": (write_csv, read_csv), "json": (write_json, read_json)}


def _as_text(value: Cell) -> str | int:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "true" if value else "false"
    return BACKSLASH + value if isinstance(value, str) and value.startswith(BACKSLASH) else value


def _out_of_text(value: str) -> str | None:
    if value == NULL:
        return None
    return value[1:] if value.startswith(BACKSLASH) else value


def _flush(buffer: io.StringIO, out: Out) -> None:
    out.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()
