"""Papers drawn line by line on a ReportLab canvas: blocks of one or two columns that go on on the next page, and two
short papers on one side of A4 when both fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from itertools import accumulate
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ejd.documents.fonts import BOLD, REGULAR, register
from ejd.documents.table_pdf import wrap

wrapped = lru_cache(maxsize=20_000)(wrap)  # the papers of a class say much alike
WIDTH, HEIGHT = A4
MARGIN, EDGE = 12 * mm, 9 * mm  # beside the text, above and below it
GUTTER = 5 * mm
ROOM = HEIGHT - 2 * EDGE
HALF = HEIGHT / 2
HALF_ROOM = HALF - 2 * EDGE
FULL_WIDTH = WIDTH - 2 * MARGIN
COLUMN_WIDTH = (FULL_WIDTH - GUTTER) / 2
GREY, LIGHT = 0.65, 0.93
RUNNING, IN_EDGE = 7, 6 * mm  # type and place of what stands beside the text, on every page


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text at a place inside its row: `x` from the left, `line` counted from the row's top."""

    x: float
    line: int
    text: str
    bold: bool = False
    right: bool = False  # `x` is where it ends
    scale: float = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What is never torn apart: some lines of text, a rule below or a tinted ground."""

    lines: float
    texts: tuple[Text, ...]
    rule: bool = False
    ground: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Rows in one column, or in two side by side."""

    columns: tuple[tuple[Row, ...], ...]

    def height(self, size: float) -> float:
        return max((sum(row_height(row, size) for row in column) for column in self.columns), default=0.0)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper made in some size of type: its blocks, and what stands at the foot of its last page."""

    size: float
    blocks: Sequence[Block]
    foot: Sequence[Row] = ()

    @property
    def height(self) -> float:
        return sum(block.height(self.size) for block in (*self.blocks, Block((tuple(self.foot),))))


def value_width(value: str, size: float, least: float) -> float:
    """The room that a mark in bold takes before what it was given for."""
    return max(least, stringWidth(f"{value}  ", BOLD, size))


def leading(size: float) -> float:
    return size * 1.2


def row_height(row: Row, size: float) -> float:
    return row.lines * leading(size) + size * 0.3


def paragraph(text: str, size: float, width: float, *, bold: bool = False, scale: float = 1, indent: float = 0) -> Row:
    """A text over the width, in as many lines as it needs."""
    lines = wrapped(text, BOLD if bold else REGULAR, size * scale, width - indent) or ("",)
    return Row(len(lines) * scale, tuple(
        Text(indent, place, line, bold, scale=scale) for place, line in enumerate(lines)))


def beside(parts: Sequence[tuple[Row, ...]], size: float) -> Block:
    """The parts in order, first down the left column, then down the right; parted where the two are most alike."""
    heights = [sum(row_height(row, size) for row in part) for part in parts]
    above = [0.0, *accumulate(heights)]
    at = min(range(len(above)), key=lambda place: max(above[place], above[-1] - above[place]))
    return Block(tuple(tuple(row for part in half for row in part) for half in (parts[:at], parts[at:])))


class Numbered(Canvas):
    """Pages that say what they belong to and «страница … из …», once it is known how many they are."""

    def __init__(self, *args: Any, running: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._running, self._pages = running, list[dict[str, Any]]()

    def showPage(self) -> None:  # noqa: N802
        self._pages.append(dict(vars(self)))
        self._startPage()

    def save(self) -> None:
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self.setFont(REGULAR, RUNNING)
            if number > 1:
                self.drawString(MARGIN, HEIGHT - IN_EDGE, self._running)
            self.drawRightString(WIDTH - MARGIN, IN_EDGE - RUNNING / 2, f"Страница {number} из {len(pages)}")
            super().showPage()
        super().save()


def draw(papers: Iterable[Paper], *, title: str, running: str = "") -> bytes:
    """All papers in order; two that follow each other share a page when each fits on half of it. With a `running` head
    pages are numbered too."""
    register()
    body = BytesIO()
    options: dict[str, Any] = {"pagesize": A4, "pageCompression": 1, "lang": "ru-RU"}
    canvas = Numbered(body, running=running, **options) if running else Canvas(body, **options)
    canvas.setTitle(title)
    canvas.setCreator("ЭЖД")
    upper: Paper | None = None
    for paper in papers:
        short = paper.height <= HALF_ROOM
        if upper is not None and short:
            _draw_short(canvas, upper, HEIGHT - EDGE, HALF + EDGE)
            _dashed(canvas, 0, WIDTH, HALF)
            _draw_short(canvas, paper, HALF - EDGE, EDGE)
            canvas.showPage()
            upper = None
            continue
        if upper is not None:
            _draw_long(canvas, upper)
        upper = paper if short else None
        if not short:
            _draw_long(canvas, paper)
    if upper is not None:
        _draw_long(canvas, upper)
    canvas.save()
    return body.getvalue()


def _draw_short(canvas: Canvas, paper: Paper, top: float, bottom: float) -> None:
    for block in paper.blocks:
        top = _draw_block(canvas, block, paper.size, top)
    _draw_foot(canvas, paper, bottom)


def _draw_long(canvas: Canvas, paper: Paper) -> None:
    """On as many pages as it needs; a block that does not fit goes on on the next, the foot never stands alone."""
    top = HEIGHT - EDGE
    foot = Block((tuple(paper.foot),)).height(paper.size)
    blocks = list(paper.blocks)
    while blocks:
        block = blocks.pop(0)
        room = top - EDGE - (0 if blocks else foot)
        if block.height(paper.size) <= room:
            top = _draw_block(canvas, block, paper.size, top)
            continue
        now, later = _torn(block, paper.size, room, whole_page=top == HEIGHT - EDGE)
        _draw_block(canvas, now, paper.size, top)
        blocks.insert(0, later)
        canvas.showPage()
        top = HEIGHT - EDGE
    _draw_foot(canvas, paper, EDGE)
    canvas.showPage()


def _torn(block: Block, size: float, room: float, *, whole_page: bool) -> tuple[Block, Block]:
    """The rows that fit, and the rest; a row higher than a page is itself torn between its lines."""
    now: list[tuple[Row, ...]] = []
    later: list[tuple[Row, ...]] = []
    for column in block.columns:
        height, fit = 0.0, 0
        while fit < len(column) and height + row_height(column[fit], size) <= room:
            height += row_height(column[fit], size)
            fit += 1
        rest = column[fit:]
        if whole_page and not fit and rest:
            upper, lower = _split(rest[0], int((room - size) / leading(size)))
            now.append((upper,))
            later.append((lower, *rest[1:]))
        else:
            now.append(column[:fit])
            later.append(rest)
    return Block(tuple(now)), Block(tuple(later))


def _split(row: Row, lines: int) -> tuple[Row, Row]:
    lower = tuple(replace(text, line=text.line - lines) for text in row.texts if text.line >= lines)
    return (replace(row, lines=lines, texts=tuple(text for text in row.texts if text.line < lines), rule=False),
            replace(row, lines=row.lines - lines, texts=lower))


def _draw_block(canvas: Canvas, block: Block, size: float, top: float) -> float:
    for number, column in enumerate(block.columns):
        left, y = MARGIN + number * (COLUMN_WIDTH + GUTTER), top
        width = COLUMN_WIDTH if len(block.columns) > 1 else FULL_WIDTH
        for row in column:
            y = draw_row(canvas, row, size, left, width, y)
    return top - block.height(size)


def draw_row(canvas: Canvas, row: Row, size: float, left: float, width: float, top: float) -> float:
    bottom = top - row_height(row, size)
    if row.ground:
        canvas.setFillGray(LIGHT)
        canvas.rect(left, bottom, width, top - bottom, stroke=0, fill=1)
        canvas.setFillGray(0)
    for text in row.texts:
        canvas.setFont(BOLD if text.bold else REGULAR, size * text.scale)
        baseline = top - size * 0.1 - size * text.scale * 0.95 - text.line * leading(size * text.scale)
        if text.right:
            canvas.drawRightString(left + text.x, baseline, text.text)
        else:
            canvas.drawString(left + text.x, baseline, text.text)
    if row.rule:
        canvas.setLineWidth(0.3)
        canvas.setStrokeGray(GREY)
        canvas.line(left, bottom, left + width, bottom)
    return bottom


def _draw_foot(canvas: Canvas, paper: Paper, bottom: float) -> None:
    """The foot, under a line to tear it off along."""
    if not paper.foot:
        return
    top = bottom + sum(row_height(row, paper.size) for row in paper.foot)
    _dashed(canvas, MARGIN, WIDTH - MARGIN, top)
    for row in paper.foot:
        top = draw_row(canvas, row, paper.size, MARGIN, FULL_WIDTH, top)


def _dashed(canvas: Canvas, left: float, right: float, y: float) -> None:
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(0.3)
    canvas.setDash(3, 3)
    canvas.line(left, y, right, y)
    canvas.setDash()
