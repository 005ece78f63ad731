"""Weekly sheets on paper: the week like a paper diary's spread, averages, what was entered since, a line to tear off
(R21). One side of A4 a pupil, or two pupils a page when both fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reportlab.lib.units import mm

from ejd import words
from ejd.documents.flow_pdf import (
    COLUMN_WIDTH,
    FULL_WIDTH,
    HALF_ROOM,
    ROOM,
    Block,
    Paper,
    Row,
    Text,
    beside,
    draw,
    paragraph,
    value_width,
    wrapped,
)
from ejd.documents.fonts import REGULAR, register
from ejd.families.sheet_content import Content, DayLines, LessonLine
from ejd.families.week_due import SIX_DAYS

SIZES, SMALL = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5), (8.0, 7.5, 7.0)  # of type, on a page and on half of one
NUMBER, PAD = 5 * mm, 1.2 * mm
COLUMNS = {True: (25 * mm, 26 * mm), False: (34 * mm, 0.0)}  # subject and homework, with homework or without
VALUE = 5 * mm
GAP = Row(0.4, ())


def sheets_pdf(sheets: Iterable[tuple[Content, bool]]) -> bytes:
    """Every sheet in order; a further copy says so."""
    register()
    return draw((_paper(content, again) for content, again in sheets), title="Недельные листы")


def _paper(content: Content, again: bool) -> Paper:
    """In the biggest type that fits on half a page, else on a page."""
    smallest = _in_size(content, again, SMALL[-1])
    sizes, room = (SMALL[:-1], HALF_ROOM) if smallest.height <= HALF_ROOM else (SIZES, ROOM)
    for size in sizes:
        paper = _in_size(content, again, size)
        if paper.height <= room:
            return paper
    return smallest


def _in_size(content: Content, again: bool, size: float) -> Paper:
    blocks = [Block((_head(content, again, size),)),
              beside([_day(day, content.homework, size) for day in content.days], size)]
    if content.nothing:
        blocks.append(_list("", (content.nothing,), size))
    if content.averages:
        blocks.append(_list(f"Отметки и средний балл, {content.term}", (), size))
        blocks.append(beside([_average(*line, size) for line in content.averages], size))
    blocks += [_list(title, lines, size) for title, lines in (
        ("За прошлые недели: выставлено и исправлено", content.earlier), ("Ждём отметку", content.awaited),
        ("Не сдано", content.owed), ("Замечания и сообщения", content.notes)) if lines]
    if content.ahead:
        blocks.append(_list("Задано на следующие дни", (), size))
        blocks.append(beside([(paragraph(line, size, COLUMN_WIDTH, indent=PAD),) for line in content.ahead], size))
    return Paper(size, blocks, _tear_off(content, size))


def week_of(content: Content) -> str:
    """14–20 сентября 2026 года"""
    sunday = content.monday + SIX_DAYS
    return f"{words.days_from_to(content.monday, sunday)} {sunday.year}{words.NBSP}года"


def _head(content: Content, again: bool, size: float) -> tuple[Row, ...]:
    mark = (Text(FULL_WIDTH, 0, "повторная печать", right=True, bold=True),) if again else ()
    school = paragraph(content.school or "Электронный журнал", size, FULL_WIDTH - 40 * mm)
    return (Row(school.lines, (*school.texts, *mark)),
            paragraph(f"{content.pupil}, {content.class_name}", size, FULL_WIDTH, bold=True, scale=1.35),
            paragraph(f"Результаты обучения за неделю {week_of(content)}. Для родителя: {content.guardians}", size,
                      FULL_WIDTH), GAP)


def _day(day: DayLines, homework: bool, size: float) -> tuple[Row, ...]:
    head = Row(1, (Text(PAD, 0, words.full_day(day.day), bold=True),
                   Text(COLUMN_WIDTH - PAD, 0, "" if day.lessons else day.said, right=True)), ground=True)
    return (head, *(_lesson(lesson, homework, size) for lesson in day.lessons))


def _lesson(lesson: LessonLine, homework: bool, size: float) -> Row:
    subject_width, task_width = COLUMNS[homework]
    marks_at = NUMBER + subject_width + task_width
    texts = [Text(NUMBER - PAD, 0, str(lesson.number), right=True)]
    subject = wrapped(lesson.subject, REGULAR, size, subject_width - PAD)
    task = wrapped(lesson.homework, REGULAR, size, task_width - PAD) if lesson.homework else ()
    texts += [Text(NUMBER, place, line) for place, line in enumerate(subject)]
    texts += [Text(NUMBER + subject_width, place, line) for place, line in enumerate(task)]
    line = 0
    for part in wrapped(lesson.said, REGULAR, size, COLUMN_WIDTH - marks_at - PAD) if lesson.said else ():
        texts.append(Text(marks_at, line, part))
        line += 1
    for value, told in lesson.marks:
        room = value_width(value, size, VALUE)
        texts.append(Text(marks_at, line, value, bold=True))
        for part in wrapped(told, REGULAR, size, COLUMN_WIDTH - marks_at - room - PAD):
            texts.append(Text(marks_at + room, line, part))
            line += 1
    return Row(max(len(subject), len(task), line, 1), tuple(texts), rule=True)


def _average(subject: str, marks: str, mean: str, size: float) -> tuple[Row, ...]:
    names = wrapped(subject, REGULAR, size, 36 * mm)
    given = wrapped(marks, REGULAR, size, COLUMN_WIDTH - 50 * mm)
    return (Row(max(len(names), len(given), 1), (
        *(Text(PAD, place, line) for place, line in enumerate(names)),
        *(Text(38 * mm, place, line) for place, line in enumerate(given)),
        Text(COLUMN_WIDTH - PAD, 0, mean, bold=True, right=True)), rule=True),)


def _list(title: str, lines: Sequence[str], size: float) -> Block:
    head = (GAP, *((paragraph(title, size, FULL_WIDTH, bold=True),) if title else ()))
    return Block(((*head, *(paragraph(line, size, FULL_WIDTH, indent=PAD) for line in lines)),))


def _tear_off(content: Content, size: float) -> tuple[Row, ...]:
    """What comes back to the school: who got which sheet."""
    said = paragraph(f"Недельный лист за {week_of(content)}, {content.class_name}, {content.pupil}. Для родителя: "
                     f"{content.guardians}", size, FULL_WIDTH)
    return (GAP, said, Row(1, (Text(0, 1, "Получил(а) ______________________   Подпись ______________   "
                                             "Дата ____________"),)), Row(1, ()))
