"""A table as an XLSX workbook. No text ever becomes a formula, a link or a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from ejd.documents.tables import Share, Table, Value

LONGEST_TEXT = 32_767  # what a cell of a workbook holds
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
CHARS_A_MM = 0.55
HOUR = timedelta(hours=1)
FORMATS = {
    "title": {"bold": True, "font_size": 14},
    "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "text": {"text_wrap": True, "valign": "top"},
    "quoted": {"text_wrap": True, "valign": "top", "quote_prefix": True},  # stays text when somebody edits the cell
    "number": {"valign": "top", "num_format": "0"},
    "average": {"valign": "top", "num_format": "0.00"},
    "share": {"valign": "top", "num_format": "0.0%"},
    "hours": {"valign": "top", "num_format": '0.0" ч"'},
    "day": {"valign": "top", "align": "left", "num_format": "dd.mm.yyyy"},
    "moment": {"valign": "top", "align": "left", "num_format": "dd.mm.yyyy hh:mm"},
}


def write(sheets: Sequence[tuple[str, Table]]) -> bytes:
    """A sheet a table: title, subtitle, a header that stays in sight, and the rows in their order."""
    body = BytesIO()
    with Workbook(body, {"constant_memory": True}) as book:  # rows go to a file of their own as they come
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        for name, table in sheets:
            _write_sheet(book.add_worksheet(name), table, formats)
    return body.getvalue()


def _write_sheet(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    head = _write_head(sheet, table, formats)
    for line, row in enumerate(table.rows, head + 1):
        for column, value in enumerate(row):
            _write_cell(sheet, line, column, value, formats)
    last = head + max(len(table.rows), 1)
    sheet.autofilter(head, 0, last, len(table.columns) - 1)


def _write_head(sheet: Any, table: Table, formats: dict[str, Any]) -> int:
    """Everything above the rows; the header's line. It is the same line in every workbook."""
    sheet.write_string(0, 0, table.title[:LONGEST_TEXT], formats["title"])
    sheet.write_string(1, 0, table.subtitle[:LONGEST_TEXT])
    head = 3
    for column, given in enumerate(table.columns):
        sheet.set_column(column, column, max(8, given.width * CHARS_A_MM))
        sheet.write_string(head, column, given.title, formats["header"])
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&LСтраница &P из &N")
    return head


def _write_cell(sheet: Any, line: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, value.replace(tzinfo=None), formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, column, value, formats["day"])
    elif isinstance(value, timedelta):
        sheet.write_number(line, column, round(value / HOUR, 2), formats["hours"])
    elif isinstance(value, Share):
        sheet.write_number(line, column, float(value.part), formats["share"])
    elif isinstance(value, Fraction):
        sheet.write_number(line, column, float(value), formats["average"])
    elif isinstance(value, int):
        sheet.write_number(line, column, value, formats["number"])
    else:
        look = formats["quoted" if value.startswith(FORMULA_SIGNS) else "text"]
        sheet.write_string(line, column, value[:LONGEST_TEXT], look)
