"""Credential cards on paper (R30): eight on an A4 sheet with lines to cut along, each class on sheets of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ejd.documents.fonts import BOLD, REGULAR, register
from ejd.documents.table_pdf import wrap

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT = A4[0] / COLUMNS, A4[1] / ROWS
EDGE = 6.5 * mm
QR = 21 * mm
FIRST_STEPS = ("1. Откройте адрес или наведите камеру на рисунок.",
               "2. Введите логин и пароль; пробелы набирать не нужно.",
               "3. Придумайте свой пароль: этот действует один раз.")


@dataclass(frozen=True, slots=True)
class CardOnPaper:
    """What one card says."""

    role: str
    name: str
    class_name: str  # of the pupil in whose place it is handed out; empty: a member of staff
    about: str = ""  # whose guardian: every child with the class
    login: str = ""
    password: str = ""  # in groups


@dataclass(frozen=True, slots=True)
class Heading:
    """What all cards say."""

    school: str
    address: str
    valid_until: date


def draw(cards: Sequence[CardOnPaper], heading: Heading) -> bytes:
    """The sheets, in the order given; a class begins on a new one."""
    register()
    body = BytesIO()
    canvas = Canvas(body, pagesize=A4, pageCompression=1, lang="ru-RU")
    canvas.setTitle("Карточки доступа")
    canvas.setCreator("ЭЖД")
    _draw_qr_once(canvas, heading.address)
    for _, of_class in groupby(cards, key=lambda card: card.class_name):
        sheet = list(of_class)
        for start in range(0, len(sheet), COLUMNS * ROWS):
            _draw_sheet(canvas, sheet[start:start + COLUMNS * ROWS], heading)
            canvas.showPage()
    canvas.save()
    return body.getvalue()


def _draw_qr_once(canvas: Canvas, address: str) -> None:
    """The code is drawn once and shown on every card."""
    matrix = segno.make(address, error="m", micro=False).matrix
    side = QR / len(matrix)
    canvas.beginForm("qr", 0, 0, QR, QR)
    for down, row in enumerate(matrix):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(across * side, QR - (down + 1) * side, side, side, stroke=0, fill=1)
    canvas.endForm()


def _draw_sheet(canvas: Canvas, cards: Sequence[CardOnPaper], heading: Heading) -> None:
    for place, card in enumerate(cards):
        down, across = divmod(place, COLUMNS)
        _draw_card(canvas, card, heading, across * WIDTH, A4[1] - down * HEIGHT)
    canvas.setDash(2, 3)
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.55)
    for row in range(1, ROWS):
        canvas.line(0, row * HEIGHT, A4[0], row * HEIGHT)
    canvas.line(WIDTH, 0, WIDTH, A4[1])


def _draw_card(canvas: Canvas, card: CardOnPaper, heading: Heading, left: float, top: float) -> None:
    """One card whose upper left corner is there."""
    x, y = left + EDGE, top - EDGE
    beside = WIDTH - 2 * EDGE - QR - 3 * mm  # room beside the code
    whole = WIDTH - 2 * EDGE
    canvas.saveState()
    canvas.translate(left + WIDTH - EDGE - QR, y - QR)
    canvas.doForm("qr")
    canvas.restoreState()
    y = _lines(canvas, heading.school, REGULAR, 7.5, x, y, beside, most=2)
    who = ", ".join(part for part in (card.role, card.class_name) if part)
    y = _lines(canvas, who, BOLD, 9, x, y - 1 * mm, beside, most=1)
    _lines(canvas, card.name, BOLD, 11.5, x, y - 0.5 * mm, beside, most=2)
    y = _lines(canvas, card.about, REGULAR, 8, x, top - EDGE - QR - 0.5 * mm, whole, most=2) - 1 * mm
    for title, text, size in (("Логин", card.login, 14), ("Пароль", card.password, 20)):
        canvas.setFont(REGULAR, 8)
        canvas.drawString(x, y - size, title)
        _lines(canvas, text, BOLD, size, x + 14 * mm, y, whole - 14 * mm, most=1)
        y -= size + 4
    y = _lines(canvas, heading.address, BOLD, 9, x, y - 1.5 * mm, whole, most=1) - 0.5 * mm
    for step in (*FIRST_STEPS, f"Действует до {heading.valid_until:%d.%m.%Y}. Храните, как ключ от дома."):
        y = _lines(canvas, step, REGULAR, 7.5, x, y, whole, most=1)


def _lines(canvas: Canvas, text: str, font: str, size: float, x: float, y: float, width: float, *,
           most: int) -> float:
    """The text in the room of so many lines, smaller and in more lines when it must be; the lower edge."""
    room = most * size
    lines = wrap(text, font, size, width)
    while size > 5 and (len(lines) * size > room or any(stringWidth(line, font, size) > width for line in lines)):
        size -= 0.5
        lines = wrap(text, font, size, width)
    canvas.setFont(font, size)
    for line in lines:
        y -= size * 1.18
        canvas.drawString(x, y + size * 0.18, line)
    return y
