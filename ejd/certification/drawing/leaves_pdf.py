"""The title page, the contents, and the last leaf of the printed journal (R51)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ejd.certification.drawing.page import BOTTOM, GREY, TEXT, TOP, Page, paragraph, put, width_of
from ejd.documents.fonts import REGULAR

LINE = 16.5  # of the contents
ENTRIES = int((TOP - BOTTOM - 40) / LINE)


@dataclass(frozen=True, slots=True)
class Title:
    """What the title page says."""

    school: str
    class_name: str
    year: str
    span: str  # «I четверть», «учебный год»
    days: str  # empty for the whole year
    class_teacher: str
    figures: Sequence[str]  # how much stands in the journal
    checksum: str
    printed: str


def title_page(title: Title) -> Page:
    return Page("", partial(_title, title))


def contents_pages(entries: Sequence[tuple[str, str, int]]) -> list[Page]:
    """What is where: a section, who teaches it, and its page."""
    return [Page("Содержание", partial(_contents, entries[place:place + ENTRIES]))
            for place in range(0, len(entries), ENTRIES)]


def contents_count(entries: int) -> int:
    return -(-entries // ENTRIES)


def blank_page() -> Page:
    return Page("", _blank)


def last_leaf(title: Title, pages: int) -> Page:
    return Page("Заверение журнала", partial(_last, title, pages))


def _title(title: Title, canvas: Canvas, left: float) -> None:
    top = paragraph(canvas, left, TOP - 20 * mm, title.school or "Школа", 14, middle=True)
    top = paragraph(canvas, left, top - 45 * mm, "Классный журнал", 28, bold=True, middle=True)
    top = paragraph(canvas, left, top - 4 * mm, f"{title.class_name} класса", 22, bold=True, middle=True)
    top = paragraph(canvas, left, top - 8 * mm, f"{title.year} учебный год", 16, middle=True)
    if title.days:
        top = paragraph(canvas, left, top - 2 * mm, f"{title.span}: {title.days}", 13, middle=True)
    top = paragraph(canvas, left, top - 20 * mm, f"Классный руководитель: {title.class_teacher or 'не назначен'}", 12,
                    middle=True)
    for line in title.figures:
        top = paragraph(canvas, left, top - 2 * mm, line, 10, middle=True)
    top = paragraph(canvas, left, BOTTOM + 40 * mm, "Печатная копия электронного журнала", 10, middle=True)
    top = paragraph(canvas, left, top, title.printed, 10, middle=True)
    paragraph(canvas, left, top - 2 * mm, f"Контрольная сумма записей (SHA-256): {title.checksum}", 8, middle=True)


def _contents(entries: Sequence[tuple[str, str, int]], canvas: Canvas, left: float) -> None:
    put(canvas, left, TOP - 16, "Содержание", 14, bold=True)
    y = TOP - 36
    for name, teacher, page in entries:
        put(canvas, left, y, f"{name} ({teacher})" if teacher else name, 10, width=TEXT - 40)
        taken = min(TEXT - 40, width_of(f"{name} ({teacher})" if teacher else name, REGULAR, 10))
        canvas.setDash(0.6, 2.4)
        canvas.setLineWidth(0.5)
        canvas.line(left + taken + 4, y, left + TEXT - 24, y)
        canvas.setDash()
        put(canvas, left + TEXT - 22, y, str(page), 10, width=22, align=2)
        y -= LINE


def _blank(canvas: Canvas, left: float) -> None:
    canvas.setFillGray(GREY)
    put(canvas, left, (TOP + BOTTOM) / 2, "Эта страница оставлена чистой", 9, width=TEXT, align=1)
    canvas.setFillGray(0)


def _last(title: Title, pages: int, canvas: Canvas, left: float) -> None:
    named = ", ".join(dict.fromkeys((f"Журнал {title.class_name} класса", title.span, f"{title.year} учебный год")))
    top = paragraph(canvas, left, TOP - 30 * mm, named, 13, bold=True, middle=True)
    top = paragraph(canvas, left, top - 14 * mm, "В настоящем журнале пронумеровано, прошнуровано и скреплено печатью "
                                                 "________ (_______________________________) листов.", 12, leading=1.7)
    top = paragraph(canvas, left, top - 6 * mm, f"Страниц: {pages}; при печати с двух сторон листов: {-(-pages // 2)}.",
                    11)
    for line in title.figures:
        top = paragraph(canvas, left, top - 1 * mm, line, 10)
    for who in ("Директор", "Заместитель директора", "Классный руководитель"):
        top = paragraph(canvas, left, top - 12 * mm,
                        f"{who} _______________________ / ________________________________ /", 11)
    top = paragraph(canvas, left, top - 12 * mm, "Дата «____» ______________ 20____ г.", 11)
    top = paragraph(canvas, left, top - 14 * mm, "М. П.", 11)
    top = paragraph(canvas, left, top - 20 * mm, f"Контрольная сумма записей (SHA-256): {title.checksum}", 8)
    paragraph(canvas, left, top, f"{title.printed}. Сумма сосчитана по записям журнала: если их изменят, она станет "
                                 "другой, и журнал нужно напечатать и заверить снова.", 8)
