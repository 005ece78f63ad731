"""Slips with marks on paper: two columns a page, each slip framed by lines to cut along (R53)."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ejd import words
from ejd.documents.flow_pdf import EDGE, HEIGHT, WIDTH, Row, Text, draw_row, paragraph, row_height, value_width, wrapped
from ejd.documents.fonts import REGULAR, register
from ejd.families.slips import Line, Slip

SIZE = 8.0
SLIP = WIDTH / 2
PAD = 6 * mm
INNER = SLIP - 2 * PAD
DAY, VALUE = 11 * mm, 10 * mm
SUBJECT = 27 * mm
TOP, BOTTOM = HEIGHT - EDGE, EDGE


def slips_pdf(slips: Iterable[Slip]) -> bytes:
    """Every slip in order, down the left half of a page, then down the right one."""
    register()
    body = BytesIO()
    canvas = Canvas(body, pagesize=(WIDTH, HEIGHT), pageCompression=1, lang="ru-RU")
    canvas.setTitle("Вклейки с отметками")
    canvas.setCreator("ЭЖД")
    column, y = 0, TOP
    for slip in slips:
        for rows in _pieces(slip):
            height = sum(row_height(row, SIZE) for row in rows) + 2 * PAD
            if y - height < BOTTOM:
                column, y = column + 1, TOP
                if column == 2:
                    canvas.showPage()
                    column = 0
            y = _draw(canvas, rows, column * SLIP, y, height)
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def _pieces(slip: Slip) -> list[list[Row]]:
    """The slip, in several pieces when it is longer than a page; each says whose it is."""
    lines = [_line(line) for line in slip.lines] or [paragraph("Отметок за эти дни нет.", SIZE, INNER)]
    pieces: list[list[Row]] = []
    room = 0.0
    for row in lines:
        if row_height(row, SIZE) > room:
            head = _head(slip, again=bool(pieces))
            pieces.append(head)
            room = TOP - BOTTOM - 2 * PAD - sum(row_height(one, SIZE) for one in head)
        pieces[-1].append(row)
        room -= row_height(row, SIZE)
    return pieces


def _head(slip: Slip, *, again: bool) -> list[Row]:
    more = ", продолжение" if again else ""
    return [paragraph(f"{slip.pupil}, {slip.class_name}", SIZE, INNER, bold=True, scale=1.15),
            paragraph(f"{slip.title}{more}", SIZE, INNER)]


def _line(line: Line) -> Row:
    subject = wrapped(line.subject, REGULAR, SIZE, SUBJECT - 2 * mm)
    wide = value_width(line.value, SIZE, VALUE)
    told = wrapped(line.told, REGULAR, SIZE, INNER - DAY - SUBJECT - wide)
    return Row(max(len(subject), len(told), 1), (
        *(Text(0, place, text) for place, text in enumerate(subject)), Text(SUBJECT, 0, words.day_month(line.day)),
        Text(SUBJECT + DAY, 0, line.value, bold=True),
        *(Text(SUBJECT + DAY + wide, place, text) for place, text in enumerate(told))), rule=True)


def _draw(canvas: Canvas, rows: list[Row], left: float, top: float, height: float) -> float:
    y = top - PAD
    for row in rows:
        y = draw_row(canvas, row, SIZE, left + PAD, INNER, y)
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(0.3)
    canvas.setDash(3, 3)
    canvas.rect(left, top - height, SLIP, height, stroke=1, fill=0)
    canvas.setDash()
    return top - height
