"""The tables of the printed journal behind its spreads: a head of one or two lines, with upright words where columns
are narrow, rows in blocks that are never torn apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ejd.certification.drawing.page import BOTTOM, STRONG, TEXT, THIN, TOP, Page, put, width_of, wrapped
from ejd.documents.fonts import BOLD, REGULAR

SIZE, LEADING, PAD = 7.5, 8.8, 2.2
TITLE, UPRIGHT, GROUPS = 30, 26 * mm, 13
NOTE = 9


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in millimetres; `upright`: its heading is written from below upwards; `middle`: in the middle."""

    heading: str
    width: float
    upright: bool = False
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """`groups` are headings over several columns: (first column, how many, words). A block is rows that stay together;
    words of its first columns may run over all of them. An empty block is room to write."""

    title: str
    columns: Sequence[Column]
    blocks: Sequence[Sequence[Sequence[str]]]
    groups: Sequence[tuple[int, int, str]] = ()
    note: str = ""
    free: int = 0  # last columns that are for the whole block
    running: str = ""  # in the head of the page, when the title is long
    least: float = LEADING + PAD  # the height of a row


Block = tuple[list[list[tuple[str, ...]]], list[float]]  # of each row the cells in lines, and its height


def grid_pages(grid: Grid) -> list[Page]:
    """The table on as many pages as it needs, its head on each."""
    widths = [column.width * mm for column in grid.columns]
    room = TOP - TITLE - _head(grid) - BOTTOM - NOTE
    pages: list[list[Block]] = [[]]
    left = room
    for block in grid.blocks:
        for part in _fitting(_measured(block, widths, grid.least), room):
            height = sum(part[1])
            if height > left and pages[-1]:
                pages.append([])
                left = room
            pages[-1].append(part)
            left -= height
    return [Page(grid.running or grid.title, partial(_draw, grid, widths, blocks)) for blocks in pages]


def _head(grid: Grid) -> float:
    upright = any(column.upright for column in grid.columns)
    return (GROUPS if grid.groups else 0) + (UPRIGHT if upright else LEADING * 2 + PAD)


def _measured(block: Sequence[Sequence[str]], widths: Sequence[float], least: float) -> Block:
    rows = [[wrapped(text, REGULAR, SIZE, max(width - 3, 1)) or ("",) if len(text) > 5 else (text,)
             for text, width in zip(row, widths, strict=True)] for row in block]
    return rows, [max(least, max(map(len, row)) * LEADING + PAD) for row in rows]


def _fitting(block: Block, room: float) -> list[Block]:
    """A row higher than a page goes on on the next."""
    rows, heights = block
    if sum(heights) <= room:
        return [block]
    fit = int((room - PAD) / LEADING)
    parts = []
    for row, height in zip(rows, heights, strict=True):
        while height > room:
            parts.append(([[lines[:fit] for lines in row]], [room]))
            row = [lines[fit:] for lines in row]
            height = max(map(len, row)) * LEADING + PAD
        parts.append(([row], [height]))
    return parts


def _draw(grid: Grid, widths: Sequence[float], blocks: Sequence[Block], canvas: Canvas, left: float) -> None:
    put(canvas, left, TOP - 14, grid.title, 12, bold=True, width=TEXT)
    top = TOP - TITLE
    edges = [left + sum(widths[:place]) for place in range(len(widths) + 1)]
    first = top - _head(grid)
    y, rules = first, []
    for rows, heights in blocks:
        for row, height in zip(rows, heights, strict=True):
            for place, lines in enumerate(row):
                _cell(canvas, grid.columns[place], lines, edges[place], widths[place], y, height)
            y -= height
            rules.append((edges[0], y, edges[-1], y))
        canvas.setLineWidth(STRONG if len(rows) > 1 else THIN)
        canvas.lines([rules.pop()])
    canvas.setLineWidth(THIN)
    start = _start(grid)
    canvas.lines([(edges[start], above, edges[-1 - grid.free], below) for _, above, _, below in rules])
    under = {place for begins, count, _ in grid.groups for place in range(begins + 1, begins + count)}
    canvas.lines([(edges[place], top - (GROUPS if place in under else 0), edges[place], y)
                  for place in range(1, len(widths))])
    canvas.setLineWidth(STRONG)
    canvas.lines([(edges[0], first, edges[-1], first)])
    canvas.rect(edges[0], y, edges[-1] - edges[0], top - y)
    _heads(canvas, grid, edges, top, first)
    put(canvas, left, y - 9, grid.note, SIZE, width=TEXT)


def _start(grid: Grid) -> int:
    """The columns whose words are those of the whole block."""
    return 2 if any(len(block) > 1 for block in grid.blocks) else 0


def _cell(canvas: Canvas, column: Column, lines: Sequence[str], x: float, width: float, y: float,
          height: float) -> None:
    """In the middle of the height, as few lines as there are."""
    y -= max(0.0, (height - PAD - len(lines) * LEADING) / 2)
    for row, line in enumerate(lines):
        put(canvas, x + 1.5, y - (row + 1) * LEADING + 1, line, SIZE, width=width - 3, align=int(column.middle))


def _heads(canvas: Canvas, grid: Grid, edges: Sequence[float], top: float, bottom: float) -> None:
    for begins, count, words in grid.groups:
        put(canvas, edges[begins] + 1, top - GROUPS + 4, words, SIZE, bold=True,
            width=edges[begins + count] - edges[begins] - 2, align=1)
        canvas.setLineWidth(THIN)
        canvas.line(edges[begins], top - GROUPS, edges[begins + count], top - GROUPS)
    for place, column in enumerate(grid.columns):
        width = edges[place + 1] - edges[place]
        if column.upright:
            _upright(canvas, column.heading, edges[place], width, bottom)
            continue
        for row, line in enumerate(reversed(wrapped(column.heading, BOLD, SIZE, width - 3))):
            put(canvas, edges[place] + 1.5, bottom + PAD + 1 + row * LEADING, line, SIZE, bold=True, width=width - 3,
                align=int(column.middle))


def _upright(canvas: Canvas, heading: str, x: float, width: float, bottom: float) -> None:
    room = UPRIGHT - 5
    size = SIZE if width_of(heading, REGULAR, SIZE) <= room else 6
    lines = wrapped(heading, REGULAR, size, room)
    most = max(1, int(width / (size + 0.5)))
    lines = (*lines[:most - 1], " ".join(lines[most - 1:])) if len(lines) > most else lines
    canvas.saveState()
    canvas.translate(x + width / 2, bottom + 3)
    canvas.rotate(90)
    for row, line in enumerate(lines):
        put(canvas, 0, (len(lines) / 2 - row - 1) * (size + 0.5) + 1.5, line, size, width=room)
    canvas.restoreState()
