"""A plan's table on its way from a file or the clipboard to the preview and back: sheets as tab-separated text.

Nothing waits on the server: the preview's own form carries the table, and the confirmation reads it anew.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from flask import request

from ejd.importing.reading import MOST_BYTES, Upload, read
from ejd.importing.sheets import Value
from ejd.plans.reading import Meaning, ReadPlan, read_plan
from ejd.refusal import Refused

MOST_ROWS, MOST_COLUMNS, MOST_CHARS = 1_500, 40, 500_000
MOST_SHEETS = 20


@dataclass(frozen=True, slots=True)
class Table:
    """The sheets that were sent, which of them is the plan, and what it says."""

    names: Sequence[str]
    texts: Sequence[str]
    chosen: int
    told: Mapping[int, Meaning] = field(default_factory=dict)

    def read(self) -> ReadPlan:
        return read_plan(rows_of(self.texts[self.chosen]), self.told)


def sent_table() -> Table:
    """What was uploaded or pasted now, else what the preview carries. Raises Refused."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return _opened([(sheet.name or "Таблица", _as_text(sheet.rows))
                        for sheet in read(Upload(upload.filename, upload.read(MOST_BYTES + 1)))])
    if pasted := request.form.get("pasted", "").strip("\r\n"):
        return _opened([("Из буфера обмена", _as_text(_pasted(pasted)))])
    names = [request.form[name] for number in range(MOST_SHEETS) if (name := f"name-{number}") in request.form]
    texts = [request.form.get(f"sheet-{number}", "") for number in range(len(names))]
    if not names:
        raise Refused("Выберите файл с планом или вставьте таблицу", field="file")
    chosen = request.form.get("chosen", "0")
    number = int(chosen) if chosen.isdecimal() and len(chosen) < 4 and int(chosen) < len(names) else 0
    told = {} if request.form.get("shown") != str(number) else _told()  # columns of another sheet say nothing
    return Table(names, texts, number, told)


def rows_of(text: str) -> list[list[str]]:
    """Tab-separated text as rows; quotes that enclose no cell are letters."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True))
    except csv.Error:
        return [line.split("\t") for line in text.splitlines()]


def _opened(sheets: Sequence[tuple[str, str]]) -> Table:
    """The sheets with the likeliest plan chosen: the one with most topics."""
    sheets = sheets[:MOST_SHEETS]
    if sum(len(text) for _, text in sheets) > MOST_CHARS:
        raise Refused("Таблица слишком велика для плана: оставьте в файле один лист с планом", field="file")
    topics = [len(read_plan(rows_of(text)).topics) for _, text in sheets]
    return Table([name for name, _ in sheets], [text for _, text in sheets], topics.index(max(topics)))


def _pasted(text: str) -> list[list[str]]:
    return rows_of(text.replace("\0", ""))


def _as_text(rows: Sequence[Sequence[Value]]) -> str:
    width = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise Refused(f"В таблице больше {MOST_ROWS} строк или {MOST_COLUMNS} столбцов: оставьте в ней только план",
                      field="file")
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows([_written(value) for value in row] for row in rows)
    return text.getvalue()


def _written(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _told() -> dict[int, Meaning]:
    return {column: Meaning(value) for column in range(MOST_COLUMNS)
            if (value := request.form.get(f"column-{column}", "")) in list(Meaning)}
