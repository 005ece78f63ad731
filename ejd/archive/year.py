"""A finished school year as one file that opens without the program (R54): journals and summary sheets on paper, the
facts as tables, a description, checksums, the school's signature.

Journals are kept for five years, summary sheets for twenty-five: these are a signed file of their own inside, to be
taken out and kept on.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from ejd import clock
from ejd.archive.facts import TABLES, described, write_table
from ejd.archive.packing import Pack
from ejd.archive.signing import fingerprint
from ejd.certification.paper import register_table
from ejd.certification.printed import print_journal
from ejd.certification.queries import register_of
from ejd.db import Session, one_snapshot
from ejd.documents.tables import as_pdf
from ejd.jobs.kinds import Tell
from ejd.refusal import Refused
from ejd.results.summary import sheet_of
from ejd.results.summary_rows import table_of
from ejd.roster.models import SchoolClass
from ejd.school import settings as school_settings
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
    """What is in the file: how many journals and files, and whether the year can still change."""

    classes: int
    files: int
    closed: bool


def why_not(year: SchoolYear, now: datetime) -> str | None:
    """Why a year is not archived yet, or None."""
    if clock.local(now).date() > year.ends_on:
        return None
    return f"Учебный год {year.name} ещё идёт: архив делают после {long_date(year.ends_on)}"


def make_year(session: Session, target: IO[bytes], *, year_id: int, key: Ed25519PrivateKey, now: datetime,
              tell: Tell) -> Made:
    """Write the archive of a year, everything as it stood at one moment. Raises Refused while the year goes on."""
    one_snapshot(session)
    year = session.get_one(SchoolYear, year_id)
    if reason := why_not(year, now):
        raise Refused(reason, field="year")
    settings = school_settings.load(session)
    said = {"school": settings.value("school.name", on=None), "year": year.name, "made_at": now.isoformat()}
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
        sheets.add(READ_ME, _about_sheets(year, said["school"], key).encode())
        sheets.seal(key, what=SHEETS, **said)
        _copy(aside, pack, SUMMARY_FILE)
    for done, facts in enumerate(TABLES, 2 * len(classes)):
        tell(done, steps)
        with pack.file(f"{DATA}/{facts.name}.csv") as out:
            write_table(session, out, facts, year_id)
    register = register_table(register_of(session, year_id=year_id), year_name=year.name, school=said["school"],
                              made_on=clock.local(now).date())
    pack.add("Журнал заверений.pdf", as_pdf(register, landscape=True))
    pack.add(READ_ME, _about(year, said["school"], key).encode())
    pack.seal(key, what=WHAT, closed=year.closed_at is not None, **said)
    return Made(len(classes), len(pack.files), year.closed_at is not None)


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


def _about(year: SchoolYear, school: str, key: Ed25519PrivateKey) -> str:
    return "\n".join([
        f"Архив учебного года {year.name}. {school}".strip(), "",
        f"{JOURNALS} – журнал каждого класса за год, как он печатается для заверения (PDF).",
        f"{SUMMARY_FILE} – сводные ведомости классов: отдельный подписанный архив, его хранят 25 лет. Извлеките его "
        "и храните дальше, когда остальное уже не нужно.",
        f"{DATA} – те же сведения таблицами (CSV, UTF-8, разделитель – точка с запятой; открываются в Excel и "
        "LibreOffice). Текст, который начинается с = + - @, записан с апострофом впереди.",
        "Журнал заверений.pdf – какие печатные экземпляры заверил директор.", *_about_seals(key), "", "Таблицы",
        *described()]) + "\n"


def _about_sheets(year: SchoolYear, school: str, key: Ed25519PrivateKey) -> str:
    return "\n".join([f"Сводные ведомости успеваемости, {year.name}. {school}".strip(), "", "Хранить 25 лет.",
                      *_about_seals(key)]) + "\n"


def _about_seals(key: Ed25519PrivateKey) -> list[str]:
    return ["", "manifest.json – опись: SHA-256 и размер каждого файла. manifest.sig – подпись описи ключом школы "
                "(Ed25519, base64), public-key.pem – открытый ключ.",
            f"Отпечаток ключа: {fingerprint(key)}. Сравните его с тем, что записан в школе.",
            "Проверка программой ЭЖД: flask --app app archive verify ФАЙЛ. Формат описан в docs/archive.md."]
