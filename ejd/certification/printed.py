"""The journal of a class on paper: title, contents, a spread for every 16 lessons of each journal, who missed how much,
the summary sheet, remarks, the last leaf (R51); and the line that says it was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.certification import checksum, journal_facts
from ejd.certification.drawing.grid_pdf import grid_pages
from ejd.certification.drawing.leaves_pdf import (
    Title,
    blank_page,
    contents_count,
    contents_pages,
    last_leaf,
    title_page,
)
from ejd.certification.drawing.page import Page, Running, frame
from ejd.certification.drawing.spread_pdf import spread_pages
from ejd.certification.journal_book import CourseBook, absences, course_books
from ejd.certification.journal_facts import JournalFacts
from ejd.certification.journal_pages import needs_blank
from ejd.certification.journal_tables import absence_grid, class_list, remarks_grid, summary_grids
from ejd.certification.models import Certification, PrintedJournal
from ejd.db import Session, one_snapshot
from ejd.documents.fonts import register
from ejd.jobs.kinds import Tell
from ejd.refusal import Refused
from ejd.remarks.queries import of_class
from ejd.results.summary import sheet_of
from ejd.roster.models import Person, SchoolClass
from ejd.roster.queries_classes import class_teacher_of
from ejd.school import settings as school_settings
from ejd.school.calendar import main_scheme
from ejd.school.queries import terms_of
from ejd.school.settings import Settings
from ejd.words import counted, day_year

SHOWN = 16  # characters of the checksum in the foot
YEAR = "учебный год"


@dataclass(frozen=True, slots=True)
class Printed:
    """A class's journal as a PDF, with what is kept of it."""

    class_id: int
    class_name: str
    term_id: int | None
    span: str
    pdf: bytes
    pages: int
    pdf_sha256: str
    facts_sha256: str
    first: date
    last: date
    lessons: int
    marks: int
    letters: int  # of attendance


Section = tuple[str, str, list[Page]]  # its name, who teaches it, its pages


def print_journal(session: Session, *, class_id: int, term_id: int | None, tell: Tell, now: datetime | None = None,
                  settings: Settings | None = None) -> Printed:
    """Draw the journal of a class for a term, or the whole year (None), as it stands now. Nothing is written."""
    register()
    one_snapshot(session)
    now, settings = now or clock.now(), settings or school_settings.load(session)
    today = clock.local(now).date()
    school_class = session.get_one(SchoolClass, class_id)
    terms = terms_of(session, school_class.year_id)
    term = next((one for one in terms if one.id == term_id), None)
    if term is None and term_id is not None:
        raise Refused("Такого периода в учебном году класса нет")
    year = journal_facts.year_of(session, class_id)
    first, last = (term.starts_on, term.ends_on) if term else (year.starts_on, year.ends_on)
    if first > today:
        raise Refused("Этот период ещё не начался: печатать нечего")
    facts = journal_facts.read(session, class_id=class_id, first=first, last=last)
    text = checksum.checksum(checksum.text_of(facts))
    until = min(last, today)
    books = course_books(facts, _names(session, facts), until)
    scheme = main_scheme(one.scheme for one in terms)
    quarters = [(one.name, one.starts_on, one.ends_on) for one in terms if one.scheme == scheme]
    teacher = class_teacher_of(session, class_id=class_id, day=until)
    sheet = sheet_of(session, class_id=class_id, settings=settings, today=until)
    behind = [class_list(facts), absence_grid(absences(facts, quarters, until)), *summary_grids(sheet, facts),
              remarks_grid(of_class(session, class_id, first, last, today=today))]
    title = Title(
        settings.value("school.name", on=None), facts.class_name, year.name, term.name if term else YEAR,
        f"{day_year(first)} – {day_year(last)}" if term else "", teacher.full_name if teacher else "",
        [f"{counted(sum(len(book.lessons) for book in books), 'урок', 'урока', 'уроков')}, "
         f"{counted(sum(book.mark_count for book in books), 'отметка', 'отметки', 'отметок')}, "
         f"{counted(sum(book.letter_count for book in books), 'запись', 'записи', 'записей')} о посещаемости"],
        text, f"Напечатано {clock.local(now):%d.%m.%Y} в {clock.local(now):%H:%M}")
    body, pages = _draw(title, books, [(grid.title, grid_pages(grid)) for grid in behind], tell)
    return Printed(class_id, facts.class_name, term_id, title.span, body, pages, sha256(body).hexdigest(), text, first,
                   last, sum(len(book.lessons) for book in books), sum(book.mark_count for book in books),
                   sum(book.letter_count for book in books))


def record(session: Session, *, printed: Printed, actor_id: int | None, key: str, now: datetime) -> PrintedJournal:
    """Write down that a journal was printed. The same key again is the same print: work that was begun again puts its
    newer paper in the place of the one that nobody was given, unless that was certified."""
    row = session.scalars(select(PrintedJournal).filter_by(key=key).with_for_update()).first()
    if row is None:
        row = PrintedJournal(key=key, class_id=printed.class_id, term_id=printed.term_id, printed_by_id=actor_id)
        session.add(row)
    elif session.scalars(select(Certification.id).filter_by(printed_id=row.id)).first() is not None:
        return row
    row.first, row.last, row.pages, row.printed_at = printed.first, printed.last, printed.pages, now
    row.pdf_sha256, row.facts_sha256 = printed.pdf_sha256, printed.facts_sha256
    row.facts_version, row.checked_at, row.differs = checksum.VERSION, None, False
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="journal.printed", subject_id=row.id,
                 class_id=printed.class_id, term_id=printed.term_id, pages=printed.pages)
    return row


def _names(session: Session, facts: JournalFacts) -> dict[int, tuple[str, str]]:
    """Of teachers, and of pupils that stand in a journal without being in its list."""
    ids = {person_id for lesson in facts.lessons for person_id in (lesson.teacher_id, lesson.substitutes_id)
           if person_id}
    ids |= {one.pupil_id for one in facts.marks} | {one.pupil_id for one in facts.letters}
    people = session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: (person.short_name, person.full_name) for person in people}


def _draw(title: Title, books: Sequence[CourseBook], behind: Sequence[tuple[str, list[Page]]],
          tell: Tell) -> tuple[bytes, int]:
    """The whole PDF and how many pages it has."""
    sections: list[Section] = [(behind[0][0], "", behind[0][1])]
    sections += [(book.title, book.teachers, spread_pages(book)) for book in books]
    for name, pages in behind[1:]:
        if sections[-1][0] == name:
            sections[-1][2].extend(pages)
        else:
            sections.append((name, "", pages))
    front = 1 + contents_count(len(sections) + 1) + len(sections[0][2])
    if needs_blank(front):
        sections[0][2].append(blank_page())
    number, entries = 1 + contents_count(len(sections) + 1), []
    for name, teacher, pages in sections:
        entries.append((name, teacher, number + 1))
        number += len(pages)
    entries.append(("Последний лист", "", number + 1))
    whole = [title_page(title), *contents_pages(entries), *(page for section in sections for page in section[2]),
             last_leaf(title, number + 1)]
    return _canvas(title, whole, tell), len(whole)


def _canvas(title: Title, pages: Sequence[Page], tell: Tell) -> bytes:
    """Draw the pages; the same facts at the same moment make the same bytes."""
    running = Running(f"{title.class_name} класс, {title.school}" if title.school else f"{title.class_name} класс",
                      ", ".join(dict.fromkeys((title.span, title.year))),
                      f"{title.printed} · контрольная сумма {title.checksum[:SHOWN]}")
    body = BytesIO()
    canvas = Canvas(body, pageCompression=1, invariant=1, lang="ru-RU")
    canvas.setTitle(f"Классный журнал {title.class_name}, {title.span}, {title.year}")
    canvas.setCreator("ЭЖД")
    for number, page in enumerate(pages, 1):
        page.draw(canvas, frame(canvas, running, page.title, number, len(pages)))
        canvas.showPage()
        if number % 20 == 0:
            tell(number, len(pages))
    canvas.save()
    return body.getvalue()
