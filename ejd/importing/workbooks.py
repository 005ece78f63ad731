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
MOST_CELLS = 2_000_000
MOST_PARTS = 2_000

PASSWORD = ("Файл защищён паролем. Снимите пароль в Excel (Файл – Сведения – Защита книги – Зашифровать паролем) "
            "и загрузите снова.")
TOO_MANY = "В файле слишком много строк или столбцов. Оставьте только список школы и удалите пустые строки под ним."
BLOWN_UP = "Файл распаковывается в сотни мегабайт: это не список школы. Скопируйте список в новую книгу."
BROKEN = "Файл повреждён: он не распаковывается. Скопируйте его заново или сохраните ещё раз в Excel."
OTHER = "Это не таблица Excel. Сохраните список как «Книга Excel (.xlsx)» и загрузите снова."

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_SET = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]+</|<(?:\w+:)?is\b")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"')
_ODS_ROW = re.compile(rb"<table:table-row\b.*?</table:table-row>", re.S)


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
    for place, attributes, inside in _cells(text):
        letters, row = place
        columns, rows = max(columns, _column(letters)), max(rows, row)
        if b't="e"' in attributes:
            return (f"В ячейке {letters}{row} ошибка формулы. Исправьте её в Excel, сохраните файл и загрузите снова.")
        if _FORMULA.search(inside) and not _SET.search(inside) and b't="str"' not in attributes:
            return (f"В ячейке {letters}{row} формула без значения. Откройте файл в Excel, сохраните и загрузите снова "
                    "или вставьте вместо формул значения.")
    return TOO_MANY if rows * max(columns, 1) > MOST_CELLS else None


def _cells(text: bytes) -> Iterator[tuple[tuple[str, int], bytes, bytes]]:
    for found in _CELL.finditer(text):
        if place := _PLACE.search(found[1]):
            yield (place[1].decode(), int(place[2])), found[1], found[2] or b""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _fault_of_ods(text: bytes) -> str | None:
    """Repeats of filled cells multiply; repeats of empty ones are how the format ends a sheet."""
    cells = 0
    for row in _ODS_ROW.finditer(text):
        if b"office:value" in row[0] or b"<text:p" in row[0]:
            times = 1
            for found in _REPEATED.finditer(row[0]):
                times *= int(found[1])
            cells += times
    return TOO_MANY if cells > MOST_CELLS * 100 else None
