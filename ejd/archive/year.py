"""A finished school year as one file that opens without the program (R54): journals and summary sheets on paper, the
facts as tables, a description, checksums, the school's signature.

Journals are kept for five years, summary sheets for twenty-five: these are a signed file of their own inside, to be
taken out and kept on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import exists, select

from ejd import clock
from ejd.archive.facts import OF_SHEETS, TABLES, Facts, described, write_table
from ejd.archive.packing import Pack
from ejd.archive.signing import fingerprint
from ejd.certification.paper import register_table
from ejd.certification.printed import print_journal
from ejd.certification.queries import register_of
from ejd.db import Session, one_snapshot
from ejd.documents.tables import as_pdf
from ejd.jobs.kinds import Tell
from ejd.office.closing_year import by_term, open_terms
from ejd.refusal import Refused
from ejd.results.summary import sheet_of
from ejd.results.summary_rows import table_of
from ejd.roster.models import Course, SchoolClass
from ejd.schedule.models import Lesson
from ejd.school import settings as school_settings
from ejd.school.keeping import is_over
from ejd.school.models import SchoolYear
from ejd.school.settings import Settings
from ejd.words import long_date

WHAT, SHEETS = "year", "summary_sheets"
JOURNALS, DATA, SUMMARY = "Журналы, хранить 5 лет", "Данные", "Сводные ведомости"
SUMMARY_FILE = "Сводные ведомости, хранить 25 лет.zip"
READ_ME = "Описание.txt"
AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """What is in the file: how many journals and files, and whether it is a draft."""

    classes: int
    files: int
    draft: bool


def why_not(session: Session, year: SchoolYear, now: datetime) -> str | None:
    """Why a year is not archived yet, or None: it goes on, or something of it is still open, which is named."""
    if clock.local(now).date() <= year.ends_on:
        return f"Учебный год {year.name} ещё идёт: архив делают после {long_date(year.ends_on)}"
    if year.closed_at is not None:
        return None
    left = "; ".join(f"{term.name} – {', '.join(term.classes)}" for term in by_term(open_terms(session, year.id)))
    return (f"Учебный год {year.name} не закрыт. Открыто: {left}. Закройте периоды, потом год" if left else
            f"Учебный год {year.name} не закрыт, хотя все его периоды закрыты: закройте год")


def journals_gone(session: Session, year: SchoolYear, today: date) -> bool:
    """Whether the journals of the year went by command when their time was over (R54)."""
    return is_over(year.ends_on, today)[0] and not session.scalar(select(exists().where(
        Lesson.course_id == Course.id, Course.year_id == year.id)))


def make_year(session: Session, target: IO[bytes], *, year_id: int, key: Ed25519PrivateKey, now: datetime,
              tell: Tell, draft: bool = False) -> Made:
    """Write the archive of a year, everything as it stood at one moment. Raises Refused while anything of the year is
    open, unless a draft will do: it says that it is one."""
    one_snapshot(session)
    year = session.get_one(SchoolYear, year_id)
    if journals_gone(session, year, clock.local(now).date()):
        raise Refused(f"Журналы {year.name} удалены по сроку хранения: храните прежний архив", field="year")
    reason = why_not(session, year, now)
    if reason and not draft:
        raise Refused(reason, field="year")
    settings, draft = school_settings.load(session), reason is not None
    said = {"school": settings.value("school.name", on=None), "year": year.name, "made_at": now.isoformat(),
            "closed": year.closed_at is not None, "draft": draft}
    classes = session.scalars(select(SchoolClass).filter_by(year_id=year_id)
                              .order_by(SchoolClass.grade, SchoolClass.letter)).all()
    pack, steps = Pack(target), 2 * len(classes) + len(TABLES)
    for done, one in enumerate(classes):
        tell(done, steps)
        printed = print_journal(session, class_id=one.id, term_id=None, tell=lambda *_: None, now=now,
                                settings=settings)
        pack.add(f"{JOURNALS}/{one.name}.pdf", printed.pdf)
    with tempfile.TemporaryFile() as aside:
        sheets = Pack(aside)
        for done, one in enumerate(classes, len(classes)):
            tell(done, steps)
            sheets.add(f"{SUMMARY}/{one.name}.pdf", _summary(session, one.id, settings, now))
        rows = _write_tables(session, sheets, OF_SHEETS, year_id)
        sheets.add(READ_ME, _about_sheets(year, said, key).encode())
        sheets.seal(key, what=SHEETS, rows=rows, **said)
        _copy(aside, pack, SUMMARY_FILE)
    tell(2 * len(classes), steps)
    rows = _write_tables(session, pack, TABLES, year_id)
    register = register_table(register_of(session, year_id=year_id), year_name=year.name, school=said["school"],
                              made_on=clock.local(now).date())
    pack.add("Журнал заверений.pdf", as_pdf(register, landscape=True))
    pack.add(READ_ME, _about(year, said, key).encode())
    pack.seal(key, what=WHAT, rows=rows, **said)
    return Made(len(classes), len(pack.files), draft)


def _write_tables(session: Session, pack: Pack, tables: Iterable[Facts], year_id: int) -> dict[str, int]:
    """The facts as tables; how many rows each has."""
    rows = {}
    for facts in tables:
        with pack.file(f"{DATA}/{facts.name}.csv") as out:
            rows[facts.name] = write_table(session, out, facts, year_id)
    return rows


def _summary(session: Session, class_id: int, settings: Settings, now: datetime) -> bytes:
    today = clock.local(now).date()
    sheet = sheet_of(session, class_id=class_id, settings=settings, today=today)
    return as_pdf(table_of(sheet, None, school=settings.value("school.name", on=None), made_on=today, on_paper=True),
                  landscape=True)


def _copy(source: IO[bytes], pack: Pack, name: str) -> None:
    source.seek(0)
    with pack.file(name) as out:
        while chunk := source.read(AT_ONCE):
            out.write(chunk)


def _about(year: SchoolYear, said: dict[str, Any], key: Ed25519PrivateKey) -> str:
    return "\n".join([
        f"Архив учебного года {year.name}. {said['school']}".strip(), *_about_draft(said), "",
        f"{JOURNALS} – журнал каждого класса за год, как он печатается для заверения (PDF).",
        f"{SUMMARY_FILE} – сводные ведомости классов: отдельный подписанный архив, его хранят 25 лет. Извлеките его "
        "и храните дальше, когда остальное уже не нужно.",
        f"{DATA} – те же сведения таблицами.", "Журнал заверений.pdf – какие печатные экземпляры заверил директор.",
        *_about_seals(key), *_about_tables(TABLES)]) + "\n"


def _about_sheets(year: SchoolYear, said: dict[str, Any], key: Ed25519PrivateKey) -> str:
    return "\n".join([f"Сводные ведомости успеваемости, {year.name}. {said['school']}".strip(), *_about_draft(said), "",
                      "Хранить 25 лет.", f"{SUMMARY} – ведомость каждого класса (PDF), {DATA} – то же таблицами.",
                      *_about_seals(key), *_about_tables(OF_SHEETS)]) + "\n"


def _about_draft(said: dict[str, Any]) -> list[str]:
    return ["", "ЧЕРНОВИК: год не закрыт, его журналы ещё изменятся. На хранение такой файл не годится."
            ] if said["draft"] else []


def _about_tables(tables: Iterable[Facts]) -> list[str]:
    return ["", "Таблицы – CSV: UTF-8, разделитель – точка с запятой, открываются в Excel и LibreOffice. Текст, "
                "который начинается с = + - @, записан с апострофом впереди.", *described(tables)]


def _about_seals(key: Ed25519PrivateKey) -> list[str]:
    return ["", "manifest.json – опись: SHA-256 и размер каждого файла. manifest.sig – подпись описи ключом школы "
                "(Ed25519, base64), public-key.pem – открытый ключ.",
            f"Отпечаток ключа: {fingerprint(key)}. Сравните его с тем, что записан в школе.",
            "Проверка программой ЭЖД: flask --app app archive verify ФАЙЛ. Формат описан в docs/archive.md."]
