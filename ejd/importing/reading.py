"""A file's bytes as sheets of cells. What can't be read gets one clear sentence; nothing of the content is logged."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePath
from threading import BoundedSemaphore
from typing import Any

from ejd import names
from ejd.importing import opening, workbooks
from ejd.importing.opening import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from ejd.importing.sheets import Sheet, Value
from ejd.refusal import Refused

MOST_BYTES = 15 * 1024 * 1024
_AT_ONCE = BoundedSemaphore(2)  # workbooks that one server process has opened at a time
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody gave it."""

    name: str
    body: bytes


class Unreadable(Refused):
    """A file that can't be read, and what to do about it."""


NOT_TABLES = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), "Это картинка, а нужна таблица"),
    ((b"%PDF",), "Это файл PDF, а нужна таблица"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), "Это архив: распакуйте его и загрузите сами таблицы"),
    ((b"{\\rtf",), "Это текст Word, а нужна таблица"),
)
SAVE_AS = "Сохраните список в Excel как «Книга Excel (.xlsx)» или CSV и загрузите снова."


def safe_name(name: str) -> str:
    """The file's own name without folders, short, printable."""
    plain = PurePath(name.replace("\\", "/")).name
    return names.tidy("".join(char for char in plain if char.isprintable()))[:120] or "без имени"


def read(upload: Upload) -> list[Sheet]:
    """Every sheet that has anything in it. Raises Unreadable."""
    body, name = upload.body, safe_name(upload.name)
    if reason := _hopeless(body):
        raise Unreadable(reason)
    if body.startswith(workbooks.ZIP):
        if reason := workbooks.fault_of_archive(body):
            raise Unreadable(reason)
        sheets = _workbook(body)
    elif body.startswith(workbooks.OLE):
        if workbooks.ENCRYPTED in body:
            raise Unreadable(workbooks.PASSWORD)
        sheets = _workbook(body)
    else:
        sheets = [("", _separated(_text(body)))]
    found = [Sheet(name, title, rows) for title, lines in sheets if (rows := _tidy_rows(lines))]
    if not found:
        raise Unreadable(f"В файле нет ни одной заполненной ячейки. {SAVE_AS}")
    return found


def _hopeless(body: bytes) -> str | None:
    if not body:
        return "Файл пуст: в нём 0 байт. Выберите другой файл."
    if len(body) > MOST_BYTES:
        return f"Файл больше {MOST_BYTES // 1024 // 1024} МБ. Оставьте в нём только списки и загрузите снова."
    for marks, reason in NOT_TABLES:
        if body.startswith(marks):
            return f"{reason}. {SAVE_AS}"
    if not body.strip(b"\0"):
        return "Файл испорчен: в нём одни нули. Скопируйте его заново и загрузите снова."
    start = body[:1000].lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return f"Это веб-страница или XML под видом таблицы. {SAVE_AS}"
    return None


def _workbook(body: bytes) -> list[tuple[str, list[list[Any]]]]:
    """The sheets of a workbook, opened by a process of its own: a file made to do harm ends that one alone."""
    program = [sys.executable, "-I", str(Path(opening.__file__))]
    try:
        with _AT_ONCE:
            opened = subprocess.run(program, input=body, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                    timeout=opening.MOST_SECONDS, check=False, creationflags=_NO_WINDOW)
    except subprocess.TimeoutExpired:
        raise Unreadable(workbooks.TOO_MANY) from None
    if opened.returncode == 0:
        return [(name, rows) for name, rows in json.loads(opened.stdout, object_hook=opening.heard)]
    said = {opening.TOO_MANY: workbooks.TOO_MANY, opening.PASSWORD: workbooks.PASSWORD}
    raise Unreadable(said.get(opened.returncode, f"Файл повреждён или это не таблица. {SAVE_AS}"))


def _text(body: bytes) -> str:
    """Text of a CSV in UTF-8, UTF-16 or Windows-1251."""
    encoding = "utf-8-sig"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in body[:200]:
        encoding = "utf-16-le" if body[1:2] == b"\0" or body[1:200:2].count(4) > body[:200:2].count(4) else "utf-16-be"
    for guess in (encoding, "cp1251"):
        try:
            text = body.decode(guess)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(f"Это не таблица: текст файла не читается. {SAVE_AS}")
    if sum(char < " " and char not in "\t\r\n" for char in text) * 50 > len(text):
        raise Unreadable(f"Это не таблица: в файле не текст. {SAVE_AS}")
    return text.replace("\0", "")


def _separated(text: str) -> list[list[Any]]:
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise Unreadable(workbooks.TOO_MANY)
        return rows
    except csv.Error:
        raise Unreadable(f"Строки файла не делятся на столбцы: проверьте кавычки. {SAVE_AS}") from None


def _delimiter(text: str) -> str:
    """What most lines of the beginning are divided by."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return max(";\t,", key=lambda sign: sum(min(line.count(sign), 20) for line in lines))


def _tidy_rows(lines: list[list[Any]]) -> tuple[tuple[Value, ...], ...]:
    rows = [tuple(_value(cell) for cell in line) for line in lines]
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return tuple(rows)


def _value(cell: Any) -> Value:
    """What a cell says: lines of text tidied each, whole numbers whole, midnight no time at all."""
    if isinstance(cell, str):
        return "\n".join(line for part in cell[:LONGEST_CELL].splitlines() if (line := names.tidy(part)))
    if isinstance(cell, bool) or cell is None:
        return {True: "да", False: "нет", None: ""}[cell]
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else round(cell, 6)
    if isinstance(cell, datetime):
        return _clock(cell.time()) if cell.year <= 1900 else cell.date()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds()) % 86_400
        return time(seconds // 3600, seconds // 60 % 60)
    if isinstance(cell, time):
        return _clock(cell)
    return cell if isinstance(cell, int | date) else names.tidy(str(cell))


def _clock(wall: time) -> time:
    """To the minute: Excel keeps 8:30 as a fraction of a day and may answer 8:29:59,994."""
    minutes = round(wall.hour * 60 + wall.minute + (wall.second + wall.microsecond / 1e6) / 60) % 1440
    return time(minutes // 60, minutes % 60)
