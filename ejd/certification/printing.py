"""Printing journals as long work: one class as a PDF, several as a zip with a PDF of each (R50, R51). A file of its own
for each class, for each is bound and certified by itself.

Begun again it draws everything anew from the journal as it stands, and its lines take the place of the first run's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import select

from ejd import clock
from ejd.db import Session, let_others_write, writing
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.refusal import Refused
from ejd.roster.models import SchoolClass
from ejd.school import settings as school_settings
from ejd.school.calendar import main_scheme
from ejd.school.models import SchoolYear, Term
from ejd.words import counted

KIND = "journal"
WHOLE_YEAR = "год"
PAGES = ("страница", "страницы", "страниц")
JOURNALS = ("журнал", "журнала", "журналов")
Keep = Callable[[str, bytes], object]  # a file under its name


@job(KIND, "Печатный журнал")
def print_classes(session: Session, one: Job, tell: Tell) -> Made:
    """The classes that were asked for, by name."""
    asked = params_of(one)
    files: list[tuple[str, bytes]] = []
    pages = print_each(session, class_ids=asked["class_ids"], term_id=asked["term_id"], actor_id=one.owner_id,
                       key=f"journal{one.id}", now=clock.now(), tell=tell, keep=lambda *file: files.append(file))
    if len(files) == 1:
        return Made(*files[0], f"Готово: {counted(pages, *PAGES)}.")
    body = BytesIO()
    with ZipFile(body, "w", ZIP_STORED) as archive:
        for name, pdf in files:
            archive.writestr(name, pdf)
    return Made(f"Классные журналы, {_span(session, asked['term_id'])}.zip", body.getvalue(),
                f"Готово: {counted(len(files), *JOURNALS)}, {counted(pages, *PAGES)}.")


def print_each(session: Session, *, class_ids: Sequence[int], term_id: int | None, actor_id: int | None, key: str,
               now: datetime, tell: Tell, keep: Keep) -> int:
    """Print class by class, and write each down in a short transaction of its own; how many pages it all has."""
    from ejd.certification.printed import print_journal, record  # ReportLab is brought in when a paper is drawn

    settings = school_settings.load(session)
    classes = in_order(session, class_ids)
    if not classes:
        raise Refused("Отметьте хотя бы один класс")
    pages = 0
    for done, (class_id, _) in enumerate(classes):
        of_pages = tell if len(classes) == 1 else _silent
        printed = print_journal(session, class_id=class_id, term_id=term_id, tell=of_pages, now=now, settings=settings)
        session.rollback()
        keep(file_name(printed.class_name, _span(session, term_id), class_id), printed.pdf)
        with writing():
            record(session, printed=printed, actor_id=actor_id, key=f"{key}.{class_id}", now=now)
        let_others_write(session)
        pages += printed.pages
        tell(done + 1, len(classes))
    return pages


def in_order(session: Session, class_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Classes with their names, by grade and letter."""
    classes = session.scalars(select(SchoolClass).where(SchoolClass.id.in_(class_ids))
                              .order_by(SchoolClass.grade, SchoolClass.letter))
    return [(one.id, one.name) for one in classes]


def file_name(class_name: str, span: str, class_id: int) -> str:
    """A name that files of several systems may have; a class may be called anything."""
    safe = "".join(letter for letter in class_name if letter.isalnum() or letter in " -") or str(class_id)
    return f"Классный журнал {safe}, {span}.pdf"


def _span(session: Session, term_id: int | None) -> str:
    term = session.get(Term, term_id) if term_id else None
    return term.name if term else WHOLE_YEAR


def _silent(done: int, total: int) -> None:
    """The pages of one class among many."""


def periods_to_print(session: Session, year: SchoolYear) -> list[tuple[int | None, str]]:
    """What a copy can be of: the quarters of the school's calendar that have begun, whatever terms a class is marked by
    (trimesters where there are none), and the year (R50)."""
    terms = session.scalars(select(Term).filter_by(year_id=year.id).order_by(Term.starts_on)).all()
    main = main_scheme(term.scheme for term in terms)
    return [*((term.id, term.name) for term in terms if term.scheme == main and term.starts_on <= clock.today()),
            (None, "Учебный год")]
