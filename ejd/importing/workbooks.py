"""What is looked at before a workbook is opened: locked, blown up, of another program, formulas without values."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_UNPACKED = 60 * 1024 * 1024
MOST_CELLS = 1_000_000
MOST_REPEATED = 50_000_000  # one filled row repeats its empty cells up to the sheet's edge
MOST_PARTS = 2_000

PASSWORD = ("Файл защищён паролем. Снимите пароль в Excel (Файл – Сведения – Защита книги – Зашифровать паролем) "
            "и загрузите снова.")
TOO_MANY = "В файле слишком много строк или столбцов. Оставьте только список школы и удалите пустые строки под ним."
BLOWN_UP = "Файл распаковывается в сотни мегабайт: это не список школы. Скопируйте список в новую книгу."
BROKEN = "Файл повреждён: он не распаковывается. Скопируйте его заново или сохраните ещё раз в Excel."
OTHER = "Это не таблица Excel. Сохраните список как «Книга Excel (.xlsx)» и загрузите снова."

# Bounded, so that no spoilt file makes them run long.
_CELL = re.compile(rb"<(?:\w{1,9}:)?c\b([^<>]{0,400})>")
LONGEST_CELL = 20_000
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w{1,9}:)?row\b[^<>]{0,400}?\br="(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w{1,9}:)?f\b")
_SET = re.compile(rb"<(?:\w{1,9}:)?v(?:\s[^<>]{0,400})?>[^<]|<(?:\w{1,9}:)?is\b")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')


def fault_of_archive(body: bytes) -> str | None:
    """Why a zipped workbook isn't opened, or None."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _fault(archive)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, KeyError,
            UnicodeError, RuntimeError):
        return BROKEN


def _fault(archive: zipfile.ZipFile) -> str | None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        return PASSWORD
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return BLOWN_UP
    known = {part.filename for part in parts}
    if "xl/workbook.xml" not in known and "content.xml" not in known:
        return OTHER
    for part in parts:
        text = archive.read(part)  # checks the length and the sum that the directory promises
        if part.filename.startswith("xl/worksheets/") and (reason := fault_of_xlsx_sheet(text)):
            return reason
        if part.filename == "content.xml" and (reason := _fault_of_ods(text)):
            return reason
    return None


def fault_of_xlsx_sheet(text: bytes) -> str | None:
    """Two cells far apart would be read as all the cells between them; a formula may have no value, or an error."""
    rows = max((int(found[1]) for found in _ROW.finditer(text)), default=0)
    columns = 0
    for number, (attributes, inside) in enumerate(_cells(text)):
        if number > MOST_CELLS:
            return TOO_MANY
        if not (place := _PLACE.search(attributes)):
            continue
        letters, row = place[1].decode(), int(place[2])
        columns, rows = max(columns, _column(letters)), max(rows, row)
        if b't="e"' in attributes:
            return (f"В ячейке {letters}{row} ошибка формулы. Исправьте её в Excel, сохраните файл и загрузите снова.")
        if _FORMULA.search(inside) and not _SET.search(inside) and b't="str"' not in attributes:
            return (f"В ячейке {letters}{row} формула без значения. Откройте файл в Excel, сохраните и загрузите снова "
                    "или вставьте вместо формул значения.")
    return TOO_MANY if rows * max(columns, 1) > MOST_CELLS else None


def _cells(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each cell's attributes, and what stands between it and the next one; the text is gone through once."""
    opened = None
    for found in _CELL.finditer(text):
        if opened is not None:
            yield _cell(text, opened, found.start())
        opened = found
    if opened is not None:
        yield _cell(text, opened, len(text))


def _cell(text: bytes, opened: re.Match[bytes], until: int) -> tuple[bytes, bytes]:
    inside = b"" if opened[1].endswith(b"/") else text[opened.end():min(until, opened.end() + LONGEST_CELL)]
    return opened[1], inside


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _fault_of_ods(text: bytes) -> str | None:
    """Repeats of filled cells multiply; repeats of empty ones are how the format ends a sheet."""
    cells = 0
    for row in text.split(b"<table:table-row")[1:]:
        if b"office:value" in row or b"<text:p" in row:
            times = 1
            for found in _REPEATED.finditer(row):
                times = min(times * int(found[1]), MOST_REPEATED + 1)
            cells += times
    return TOO_MANY if cells > MOST_REPEATED else None
