"""A page of the printed journal: its margins with room for the binding, the running head, the foot, and how text is put
on it so that nothing is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ejd.documents.fonts import BOLD, REGULAR
from ejd.documents.table_pdf import wrap

WIDTH, HEIGHT = A4
BINDING, OUTER = 20 * mm, 10 * mm
TEXT = WIDTH - BINDING - OUTER
TOP, BOTTOM = HEIGHT - 17 * mm, 15 * mm
HEAD, FOOT = HEIGHT - 12 * mm, 9 * mm
SMALL, THIN, STRONG = 7, 0.25, 0.9
GREY, LIGHT = 0.45, 0.9
SMALLEST = 3.5

Draw = Callable[[Canvas, float], None]  # on a canvas, with the left edge of the text


@dataclass(frozen=True, slots=True)
class Page:
    """What a page draws, and what its running head says of it."""

    title: str
    draw: Draw


@dataclass(frozen=True, slots=True)
class Running:
    """The head and the foot that all pages share."""

    left: str  # school, class
    right: str  # year, term
    stamp: str  # checksum and when printed


wrapped = lru_cache(maxsize=20_000)(wrap)
width_of = lru_cache(maxsize=50_000)(stringWidth)


def left_of(number: int) -> float:
    """The left edge of the text; the binding is on the inner side."""
    return BINDING if number % 2 else OUTER


def put(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False, width: float = 0,
        align: int = 0) -> None:
    """One line, in smaller type when it is wider than its place; `align` 0 left, 1 in the middle, 2 right."""
    if not text:
        return
    font = BOLD if bold else REGULAR
    taken = width_of(text, font, size)
    if width and taken > width:
        size, taken = max(SMALLEST, size * width / taken), min(taken, width)
    canvas.setFont(font, size)
    canvas.drawString(x + (width - taken) * align / 2, y, text)


def paragraph(canvas: Canvas, x: float, top: float, text: str, size: float, *, width: float = TEXT, bold: bool = False,
              middle: bool = False, leading: float = 1.25) -> float:
    """A text in lines; the new top."""
    for line in wrapped(text, BOLD if bold else REGULAR, size, width):
        top -= size * leading
        put(canvas, x, top + size * (leading - 1), line, size, bold=bold, width=width if middle else 0,
            align=int(middle))
    return top


def frame(canvas: Canvas, running: Running, title: str, number: int, total: int) -> float:
    """The running head and foot of a page; the left edge of its text."""
    left = left_of(number)
    canvas.setLineWidth(THIN)
    canvas.line(left, HEAD - 2 * mm, left + TEXT, HEAD - 2 * mm)
    put(canvas, left, HEAD, running.left, SMALL, width=0.4 * TEXT)
    put(canvas, left + 0.4 * TEXT, HEAD, title, SMALL, width=0.35 * TEXT, align=1)
    put(canvas, left + 0.75 * TEXT, HEAD, running.right, SMALL, width=0.25 * TEXT, align=2)
    canvas.setFillGray(GREY)
    put(canvas, left, FOOT, running.stamp, SMALL - 1, width=0.8 * TEXT)
    canvas.setFillGray(0)
    put(canvas, left + 0.8 * TEXT, FOOT, f"стр. {number} из {total}", SMALL, width=0.2 * TEXT, align=2)
    return left
