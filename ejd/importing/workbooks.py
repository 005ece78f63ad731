"""What is looked at before a workbook is opened: locked, blown up, of another program, formulas without values."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from ejd.importing.opening import MOST_CELLS, MOST_SHEETS

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_UNPACKED = 60 * 1024 * 1024
MOST_REPEATED = 50_000_000  # one filled row repeats its empty cells up to the sheet's edge
MOST_PARTS = 2_000
MOST_LETTERS = 60_000_000  # bytes of text that the cells come to, however often one text stands in them

PASSWORD = ("Файл защищён паролем. Снимите пароль в Excel (Файл – Сведения – Защита книги – Зашифровать паролем) "
            "и загрузите снова.")
TOO_MANY = "В файле слишком много строк или столбцов. Оставьте только список школы и удалите пустые строки под ним."
BLOWN_UP = "Файл распаковывается в сотни мегабайт: это не список школы. Скопируйте список в новую книгу."
BROKEN = "Файл повреждён: он не распаковывается. Скопируйте его заново или сохраните ещё раз в Excel."
OTHER = "Это не таблица Excel. Сохраните список как «Книга Excel (.xlsx)» и загрузите снова."

# Bounded, so that no spoilt file makes them run long.
_CELL = re.compile(rb"<(?:\w{1,9}:)?c(?=[\s/>])([^<>]{0,400})>")
LONGEST_CELL = 20_000
_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["']([A-Za-z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"<(?:\w{1,9}:)?row(?=[\s/>])([^<>]{0,400})")
_ROW_PLACE = re.compile(rb"""\br\s{0,9}=\s{0,9}["'](\d{1,7})["']""")
_PLACED = re.compile(rb"\br\s{0,400}=")
_SHARED = re.compile(rb"""\bt\s{0,9}=\s{0,9}["']s["']""")
_NUMBER = re.compile(rb"<(?:\w{1,9}:)?v(?:\s[^<>]{0,400})?>\s{0,9}(\d{1,9})")
_TEXT = re.compile(rb"<(?:\w{1,9}:)?si\b")
_FORMULA = re.compile(rb"<(?:\w{1,9}:)?f\b")
_SET = re.compile(rb"<(?:\w{1,9}:)?v(?:\s[^<>]{0,400})?>[^<]|<(?:\w{1,9}:)?is\b")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s{0,9}=\s{0,9}["'](\d{1,9})["']""")


def fault_of_archive(body: bytes) -> str | None:
    """Why a zipped workbook isn't opened, or None."""
    if body.count(b"PK\x01\x02") > MOST_PARTS:  # each is read when the archive is opened
        return BLOWN_UP
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
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        return BLOWN_UP
    known = {part.filename for part in parts}
    if "xl/workbook.xml" not in known and "content.xml" not in known:
        return OTHER
    texts = {part.filename: archive.read(part) for part in parts}  # checks the lengths and sums that are promised
    # Whatever a part is called: which ones are sheets stands elsewhere in the file.
    sheets = [text for name, text in texts.items() if b"sheetData" in text or name.startswith("xl/worksheets/")]
    if len(sheets) > MOST_SHEETS:
        return TOO_MANY
    shared = [len(piece) for text in texts.values() if b"<sst" in text or b":sst" in text
              for piece in _TEXT.split(text)[1:]]
    faults = (fault_of_xlsx_sheet(text, shared) for text in sheets)
    return next(filter(None, faults), None) or _fault_of_ods(texts.get("content.xml", b""))


def fault_of_xlsx_sheet(text: bytes, shared: Sequence[int] = ()) -> str | None:
    """Two cells far apart would be read as all the cells between them; a formula may have no value, or an error; one
    long text may stand in every cell."""
    rows = columns = letters = 0
    for found in _ROW.finditer(text):
        if place := _ROW_PLACE.search(found[1]):
            rows = max(rows, int(place[1]))
        elif _PLACED.search(found[1]):
            return BROKEN
    for number, (attributes, inside) in enumerate(_cells(text)):
        if number > MOST_CELLS:
            return TOO_MANY
        if not attributes:
            continue
        if _SHARED.search(attributes) and (which := _NUMBER.search(inside)) and int(which[1]) < len(shared):
            letters += shared[int(which[1])]
        if not (place := _PLACE.search(attributes)):
            if _PLACED.search(attributes):
                return BROKEN
            continue
        columns, rows = max(columns, _column(place[1])), max(rows, int(place[2]))
        if reason := _fault_of_formula(place[1].decode() + place[2].decode(), attributes, inside):
            return reason
    return TOO_MANY if rows * max(columns, 1) > MOST_CELLS or letters > MOST_LETTERS else None


def _fault_of_formula(place: str, attributes: bytes, inside: bytes) -> str | None:
    if b't="e"' in attributes:
        return f"В ячейке {place} ошибка формулы. Исправьте её в Excel, сохраните файл и загрузите снова."
    if _FORMULA.search(inside) and not _SET.search(inside) and b't="str"' not in attributes:
        return (f"В ячейке {place} формула без значения. Откройте файл в Excel, сохраните и загрузите снова "
                "или вставьте вместо формул значения.")
    return None


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


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _fault_of_ods(text: bytes) -> str | None:
    """Repeats of filled cells multiply; repeats of empty ones are how the format ends a sheet."""
    if text.count(b"<table:table ") > MOST_SHEETS:
        return TOO_MANY
    cells = letters = 0
    for row in text.split(b"<table:table-row")[1:]:
        if b"office:value" in row or b"<text:p" in row:
            times = _times(row)
            cells += times
            letters += len(row) if times == 1 else _letters(row)
    return TOO_MANY if cells > MOST_REPEATED or letters > MOST_LETTERS else None


def _times(row: bytes) -> int:
    times = 1
    for found in _REPEATED.finditer(row):
        times = min(times * int(found[1]), MOST_REPEATED + 1)
    return times


def _letters(row: bytes) -> int:
    """How long the row's texts are once its repeats are written out."""
    head, *cells = row.split(b"<table:table-cell")
    return _times(head) * sum(_times(cell) * len(cell) for cell in cells if b"<text:p" in cell)
