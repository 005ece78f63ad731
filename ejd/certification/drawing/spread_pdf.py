"""A spread: on the left names × dates with what stands in the cells, on the right date, hours, topic, homework and
teacher (R51)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ejd.certification.drawing.page import (
    BOTTOM,
    GREY,
    LIGHT,
    STRONG,
    TEXT,
    THIN,
    TOP,
    Page,
    put,
    wrapped,
)
from ejd.certification.journal_book import AFTER_CLOSING, RETAKEN, CourseBook, PupilLine
from ejd.certification.journal_pages import COLUMNS, PUPILS, Piece, parted, spreads
from ejd.documents.fonts import REGULAR
from ejd.words import MONTHS_THEMSELVES, counted

NUMBER, NAME = 7 * mm, 48 * mm
COLUMN = (TEXT - NUMBER - NAME) / COLUMNS
TITLE = 24  # points over the tables
MONTH, DAY, WORK = 11, 13, 9
GRID_TOP = TOP - TITLE
HEADS = MONTH + DAY + WORK
SUMS = 20  # under the last table
ROOM = GRID_TOP - BOTTOM - SUMS
ROW, HIGHEST_ROW = 12.5, 19.0
SIZE, LEADING, PAD = 7.5, 8.8, 3.4
RIGHT = tuple(width * mm for width in (14, 7, 71, 58, 30))
HEADINGS = ("Дата", "Ч.", "Тема урока", "Домашнее задание", "Учитель")
LINES = int((ROOM - HEADS) / LEADING) - 1
LEAST_LINES = 4  # of a row, so that sixteen fill a page


def spread_pages(book: CourseBook) -> list[Page]:
    """The pages of a journal, two and two."""
    texts = [_lines(book, place) for place in range(len(book.lessons))]
    # A row takes a line more for the room around its text.
    parts = spreads([max(LEAST_LINES, max(map(len, columns)) + 1) for columns in texts], LINES)
    found = []
    for place, pieces in enumerate(parts):
        told = f"{book.title}, лист {place + 1} из {len(parts)}" if len(parts) > 1 else book.title
        last = place == len(parts) - 1
        for part in parted(len(book.pupils), PUPILS):
            found.append(Page(book.title, partial(_left, book, told, pieces, part, last)))
            found.append(Page(book.title, partial(_right, book, told, pieces, texts, last)))
    return found


def _lines(book: CourseBook, place: int) -> tuple[Sequence[str], ...]:
    """The columns of a lesson's row in lines."""
    lesson = book.lessons[place]
    words = (f"{lesson.day:%d.%m}", "1", lesson.topic, lesson.homework, lesson.teacher)
    return tuple(wrapped(text, REGULAR, SIZE, width - PAD) or ("",) for text, width in zip(words, RIGHT, strict=True))


def _left(book: CourseBook, title: str, pieces: Sequence[Piece], part: range, last: bool, canvas: Canvas,
          left: float) -> None:
    put(canvas, left, TOP - 12, title, 12, bold=True, width=TEXT)
    places = [piece.lesson for piece in pieces if not piece.goes_on]
    height = max(ROW, min(HIGHEST_ROW, (ROOM - HEADS) / max(1, len(part))))
    top = GRID_TOP - HEADS
    bottom = top - height * max(1, len(part))
    for row, number in enumerate(part):
        _shade(canvas, book.pupils[number], places, left, top - (row + 1) * height, height)
    _left_grid(canvas, left, top, bottom, height, len(part))
    _left_heads(canvas, book, places, left)
    for row, number in enumerate(part):
        _pupil(canvas, book.pupils[number], number + 1, places, left, top - (row + 1) * height, height)
    if not part:
        put(canvas, left + NUMBER, bottom + 4, "В этом журнале нет учеников", SIZE)
    said = []
    if book.changed:
        said.append(f"{AFTER_CLOSING} внесено или исправлено после закрытия периода")
    if book.retaken:
        said.append(f"3{RETAKEN}5 – пересдача")
    if last:
        said.append(f"всего: {counted(book.mark_count, 'отметка', 'отметки', 'отметок')}, "
                    f"{counted(book.letter_count, 'запись', 'записи', 'записей')} о посещаемости")
    put(canvas, left, bottom - 11, "; ".join(said), SIZE, width=TEXT)


def _shade(canvas: Canvas, pupil: PupilLine, places: Sequence[int], left: float, y: float, height: float) -> None:
    """The lessons at which a pupil was not in the journal."""
    if not pupil.away:
        return
    canvas.setFillGray(LIGHT)
    for column, place in enumerate(places):
        if place in pupil.away:
            canvas.rect(left + NUMBER + NAME + column * COLUMN, y, COLUMN, height, stroke=0, fill=1)
    canvas.setFillGray(0)


def _left_grid(canvas: Canvas, left: float, top: float, bottom: float, height: float, rows: int) -> None:
    right, columns = left + TEXT, left + NUMBER + NAME
    lines = [(left, top - row * height, right, top - row * height) for row in range(1, max(1, rows))]
    lines += [(x, GRID_TOP - MONTH, x, bottom) for x in (columns + number * COLUMN for number in range(1, COLUMNS))]
    lines += [(left + NUMBER, GRID_TOP, left + NUMBER, bottom), (columns, GRID_TOP - MONTH, right, GRID_TOP - MONTH)]
    canvas.setLineWidth(THIN)
    canvas.lines(lines)
    canvas.setLineWidth(STRONG)
    canvas.rect(left, bottom, TEXT, GRID_TOP - bottom)
    canvas.lines([(left, top, right, top), (columns, GRID_TOP, columns, bottom)])


def _left_heads(canvas: Canvas, book: CourseBook, places: Sequence[int], left: float) -> None:
    put(canvas, left, GRID_TOP - 20, "№", SIZE, bold=True, width=NUMBER, align=1)
    put(canvas, left + NUMBER + 2, GRID_TOP - 20, "Фамилия, имя", SIZE, bold=True)
    x = left + NUMBER + NAME
    for month, same in groupby(places, key=lambda place: book.lessons[place].day.month):
        width = COLUMN * len(list(same))
        put(canvas, x + 1, GRID_TOP - MONTH + 3, MONTHS_THEMSELVES[month - 1], SIZE, width=width - 2, align=1)
        x += width
        canvas.setLineWidth(THIN)
        canvas.line(x, GRID_TOP, x, GRID_TOP - MONTH)
    x = left + NUMBER + NAME
    for place in places:
        lesson = book.lessons[place]
        put(canvas, x, GRID_TOP - MONTH - 10, str(lesson.day.day), 9, bold=True, width=COLUMN, align=1)
        put(canvas, x + 1, GRID_TOP - HEADS + 3, lesson.works, 6, width=COLUMN - 2, align=1)
        x += COLUMN


def _pupil(canvas: Canvas, pupil: PupilLine, number: int, places: Sequence[int], left: float, y: float,
           height: float) -> None:
    line = y + height / 2 - 2.8
    put(canvas, left, line, str(number), SIZE, width=NUMBER, align=1)
    room = NAME - 4
    if pupil.told:
        put(canvas, left + NUMBER + NAME - 2 - 17 * mm, line, pupil.told, 6, width=17 * mm, align=2)
        room -= 18 * mm
    names = wrapped(pupil.name, REGULAR, 8, room)
    if len(names) > 1:
        names = wrapped(pupil.name, REGULAR, 6, room)
    step = 6.2
    for place, name in enumerate(names[:1] if len(names) == 1 else (names[0], " ".join(names[1:]))):
        up = 0 if len(names) == 1 else (0.5 - place) * step
        put(canvas, left + NUMBER + 2, line + up, name, 8 if len(names) == 1 else 6, width=room)
    for column, place in enumerate(places):
        if said := pupil.cells.get(place):
            _cell(canvas, said, left + NUMBER + NAME + column * COLUMN + 0.8, line, COLUMN - 1.6)


def _cell(canvas: Canvas, said: str, x: float, line: float, width: float) -> None:
    """One line, or two when there is much in it."""
    words = said.split(" ")
    if len(said) <= 4 or len(words) == 1:
        put(canvas, x, line, said, 8.5, width=width, align=1)
        return
    half = (len(words) + 1) // 2
    for up, part in ((3.2, words[:half]), (-3.2, words[half:])):
        put(canvas, x, line + up, " ".join(part), 6.5, width=width, align=1)


def _right(book: CourseBook, title: str, pieces: Sequence[Piece], texts: Sequence[tuple[Sequence[str], ...]],
           last: bool, canvas: Canvas, left: float) -> None:
    put(canvas, left, TOP - 12, f"Учитель: {book.teachers}" if book.teachers else "Учитель не назначен", 9, width=TEXT)
    edges = [left + sum(RIGHT[:place]) for place in range(len(RIGHT) + 1)]
    for place, heading in enumerate(HEADINGS):
        put(canvas, edges[place] + 2, GRID_TOP - 20, heading, SIZE, bold=True, width=RIGHT[place] - 4)
    y = GRID_TOP - HEADS
    rules = []
    for piece in pieces:
        for place, lines in enumerate(texts[piece.lesson]):
            for row, text in enumerate(lines[piece.first:piece.last]):
                put(canvas, edges[place] + 2, y - (row + 1) * LEADING, text, SIZE)
        if piece.goes_on:
            canvas.setFillGray(GREY)
            put(canvas, edges[0] + 2, y - LEADING, f"{book.lessons[piece.lesson].day:%d.%m}", SIZE)
            put(canvas, edges[0] + 2, y - 2 * LEADING, "продолж.", 6)
            canvas.setFillGray(0)
        y -= (piece.last - piece.first) * LEADING
        rules.append((left, y, left + TEXT, y))
    if not pieces:
        y -= LEADING * 2
        put(canvas, edges[2] + 2, y + LEADING, "Уроков в эти дни нет", SIZE)
    canvas.setLineWidth(THIN)
    canvas.lines([*rules[:-1], *((x, GRID_TOP, x, y) for x in edges[1:-1])])
    canvas.setLineWidth(STRONG)
    canvas.rect(left, y, TEXT, GRID_TOP - y)
    canvas.line(left, GRID_TOP - HEADS, left + TEXT, GRID_TOP - HEADS)
    if last:
        put(canvas, left, y - 11, f"Дано: {counted(len(book.lessons), 'урок', 'урока', 'уроков')}. "
                                  "Подпись учителя ____________________", SIZE)
