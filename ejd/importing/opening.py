"""Opens one workbook, as a program of its own that `reading.py` runs: the library that reads workbooks asks for as much
memory as a file claims to need and takes the whole process along when there is not enough.

The workbook comes by standard input, its visible sheets go out as JSON; how it ended is the exit code. Knows nothing
of the journal, so that it starts in some hundredths of a second.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 20_000, 200, 100
MOST_CELLS = 1_000_000  # of all sheets together
LONGEST_CELL, MOST_LETTERS = 2_000, 20_000_000
TOO_MANY, PASSWORD, BROKEN = 3, 4, 5
MOST_MEMORY, MOST_SECONDS = 1024 * 1024 * 1024, 20


HEARD: dict[str, Callable[[Any], Any]] = {
    "seconds": lambda value: timedelta(seconds=value), "datetime": datetime.fromisoformat, "date": date.fromisoformat,
    "time": time.fromisoformat}


class TooMuchError(Exception):
    """More than a school's list can be."""


def sheets_of(body: bytes) -> Iterator[tuple[str, list[list[Any]]]]:
    """The visible sheets with their cells. Raises TooMuchError."""
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
    visible = [one.name for one in book.sheets_metadata
               if one.typ == calamine.SheetTypeEnum.WorkSheet and one.visible == calamine.SheetVisibleEnum.Visible]
    if len(visible) > MOST_SHEETS:
        raise TooMuchError
    cells = letters = 0
    for name in visible:
        sheet = book.get_sheet_by_name(name)
        height, width = sheet.total_height, sheet.total_width
        cells += height * width
        if height > MOST_ROWS or width > MOST_COLUMNS or cells > MOST_CELLS:
            raise TooMuchError
        rows = [[cell[:LONGEST_CELL] if isinstance(cell, str) else cell for cell in row]
                for row in sheet.to_python(skip_empty_area=False)]
        letters += sum(len(cell) for row in rows for cell in row if isinstance(cell, str))
        if letters > MOST_LETTERS:
            raise TooMuchError
        yield name, rows


def told(value: Any) -> Any:
    """What JSON has no word for."""
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    kind = next(kind for kind in (datetime, date, time) if isinstance(value, kind))
    return {kind.__name__: value.isoformat()}


def heard(said: dict[str, Any]) -> Any:
    """The value again."""
    [(kind, value)] = said.items()
    return HEARD[kind](value)


def keep_small() -> None:
    """Bound memory and time where the system can; the caller bounds the time everywhere."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows; macOS knows no bound of memory
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main() -> int:
    keep_small()
    try:
        made = json.dumps(list(sheets_of(sys.stdin.buffer.read())), default=told)
    except TooMuchError:
        return TOO_MANY
    except calamine.PasswordError:
        return PASSWORD
    except BaseException:  # the reader's own panics are no Exception; what they say would tell of the content
        return BROKEN
    sys.stdout.buffer.write(made.encode())
    return 0


if __name__ == "__main__":
    sys.stderr = None
    sys.exit(main())
