"""A school year whose time is over goes: its journals after five years, its summary sheets after twenty-five (R54).

The one deletion of facts that the program knows. Nothing goes without a file of the same school that is whole, was
made after the year was closed, and holds as many rows as the database; people and the record of acts stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, Date, and_, delete, func, or_, select, update

from ejd.archive import facts, packing
from ejd.archive.glossary import TABLES as TITLES
from ejd.archive.keeping import JOURNALS, NEXT_YEAR, SHEETS
from ejd.archive.year import SHEETS as SHEETS_FILE
from ejd.archive.year import WHAT as YEAR_FILE
from ejd.archive.year import journals_gone
from ejd.audit import trail
from ejd.db import Base, Session, append_only_lifted
from ejd.journal.models import Attendance
from ejd.privacy.unnamed import unnamed_files
from ejd.refusal import Refused
from ejd.schedule.models import Lesson
from ejd.school.calendar import monday_of
from ejd.school.keeping import is_over, kept_until
from ejd.school.models import SchoolYear
from ejd.school.queries import years
from ejd.words import counted, long_date

ROWS = ("строка", "строки", "строк")


class Part(StrEnum):
    """What goes at once, and how it is called."""

    JOURNALS = "журналы"
    SHEETS = "сводные ведомости"


OF_PART: dict[Part, Mapping[str, tuple[str, ...]]] = {Part.JOURNALS: JOURNALS, Part.SHEETS: {**JOURNALS, **SHEETS}}
VERB = {Part.JOURNALS: "year.journals_expired", Part.SHEETS: "year.sheets_expired"}


@dataclass(frozen=True, slots=True)
class Kept:
    """How a year stands: until when its papers are kept, and which part is to go by now (None: nothing yet)."""

    id: int
    name: str
    journals_until: date
    sheets_until: date
    journals_gone: bool
    due: Part | None


@dataclass(frozen=True, slots=True)
class Leave:
    """A part of a year may go: its time is over, and a fitting file was read to the last byte."""

    year_id: int
    part: Part


def standing(session: Session, *, today: date) -> list[Kept]:
    """Every school year, the newest first."""
    found = []
    for year in years(session):
        journals, sheets = is_over(year.ends_on, today)
        gone = journals_gone(session, year, today)
        due = (Part.SHEETS if sheets else None) if gone else Part.JOURNALS if journals else None
        found.append(Kept(year.id, year.name, *kept_until(year.ends_on), gone, due))
    return found


def allow(session: Session, *, year: SchoolYear, file: Path, key: Ed25519PublicKey, today: date) -> Leave:
    """Whether a part of the year may go by this file; nothing is written. Raises Refused with the reason why not."""
    part = _due(session, year, today)
    checked = packing.check(file, key=key)
    if checked.faults:
        raise Refused("Архив не цел: " + "; ".join(checked.faults[:5]))
    if reason := _why_no_archive_of(checked.manifest, year, part):
        raise Refused(f"{file.name}: {reason}")
    if differing := _differing(session, year.id, checked.manifest, part):
        raise Refused(f"{file.name}: в архиве и в базе разное число строк ({', '.join(differing)}). "
                      "Сделайте архив снова")
    return Leave(year.id, part)


def to_go(session: Session, leave: Leave) -> list[tuple[str, int]]:
    """What would go, by the name of its table in words, the most first."""
    year = OwnedBy(session, session.get_one(SchoolYear, leave.year_id))
    counts = {name: session.scalar(select(func.count()).select_from(Base.metadata.tables[name]).where(year.owns(name)))
              or 0 for name in OF_PART[leave.part]}
    return [(TITLES[name][0], counts[name]) for name in sorted(counts, key=lambda name: -counts[name]) if counts[name]]


def expire(session: Session, leave: Leave, *, now: datetime, today: date) -> tuple[int, list[str]]:
    """Let it go, at once or not at all: how many rows, and the hashes of files on the disk that nothing names any
    more. Raises Refused when the year was opened again meanwhile."""
    year = session.scalars(select(SchoolYear).filter_by(id=leave.year_id).with_for_update()).one()
    if _due(session, year, today) is not leave.part:
        raise Refused(f"{year.name}: {leave.part} уже удалены")
    owned, tables, count = OwnedBy(session, year), OF_PART[leave.part], 0
    with append_only_lifted(session, tables):
        if leave.part is Part.SHEETS:
            session.execute(_let_the_next_class_go_on(owned))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in tables:
                count += session.connection().execute(delete(table).where(owned.owns(table.name))).rowcount
    trail.record(session, now=now, actor_id=None, verb=VERB[leave.part], subject_id=leave.year_id, rows=count,
                 begun=owned.first.year)
    session.expire_all()
    return count, unnamed_files(session)


def _due(session: Session, year: SchoolYear, today: date) -> Part:
    """The part of the year whose time is over. Raises Refused when there is none, and while the year is not closed."""
    kept = next(one for one in standing(session, today=today) if one.id == year.id)
    if kept.due is None:
        part, until = ((Part.SHEETS, kept.sheets_until) if kept.journals_gone else
                       (Part.JOURNALS, kept.journals_until))
        raise Refused(f"{year.name}: {part} хранят до {long_date(until)} включительно")
    if year.closed_at is None:
        raise Refused(f"Учебный год {year.name} не закрыт: сначала закройте его и сделайте архив")
    return kept.due


def _why_no_archive_of(manifest: Mapping[str, Any], year: SchoolYear, part: Part) -> str | None:
    fitting = {YEAR_FILE} if part is Part.JOURNALS else {YEAR_FILE, SHEETS_FILE}
    assert year.closed_at is not None
    if manifest.get("what") not in fitting or manifest.get("year") != year.name:
        return f"это не архив {year.name}"
    if manifest.get("draft") or not manifest.get("closed"):
        return "это черновик: он сделан, пока год не был закрыт"
    if "rows" not in manifest or datetime.fromisoformat(manifest["made_at"]) < year.closed_at:
        return "он старше, чем закрытие года, или сделан прежней версией программы. Сделайте архив снова"
    return None


def _differing(session: Session, year_id: int, manifest: Mapping[str, Any], part: Part) -> list[str]:
    """The tables of which the file has more or fewer rows than the database."""
    asked = facts.TABLES if part is Part.JOURNALS else facts.OF_SHEETS
    return [one.name for one in asked if manifest["rows"].get(one.name) != session.scalar(
        select(func.count()).select_from(one.query(year_id).order_by(None).subquery()))]


def said(part: Part, year: str, rows: int) -> str:
    return f"{year}: {part} удалены из базы, {counted(rows, *ROWS)}. Архив храните дальше."


class OwnedBy:
    """Which rows belong to a year: through the tables that go with it, or by a day of it."""

    def __init__(self, session: Session, year: SchoolYear) -> None:
        following = session.scalar(select(func.min(SchoolYear.starts_on)).where(
            SchoolYear.starts_on > year.starts_on))
        self.id, self.first = year.id, year.starts_on
        self.last = following - timedelta(days=1) if following else max(year.ends_on, date(year.ends_on.year, 8, 31))

    def owns(self, name: str) -> ColumnElement[bool]:
        """The condition for a row of the table: what it hangs on says so, a day only where it hangs on nothing."""
        columns, table = JOURNALS.get(name) or SHEETS[name], Base.metadata.tables[name]
        days = [table.c[column] for column in columns if isinstance(table.c[column].type, Date)]
        rows = [table.c[column] for column in columns if not isinstance(table.c[column].type, Date)]
        owned = or_(*(self._by(row) for row in rows),
                    *(and_(self._by(day), *(row.is_(None) for row in rows)) for day in days))
        if name == "excuse":  # one that runs on into the next year explains its lessons
            owned &= table.c.id.not_in(select(Attendance.excuse_id).where(
                Attendance.excuse_id.is_not(None),
                Attendance.lesson_id.not_in(select(Lesson.id).where(self.owns("lesson")))))
        return owned

    def _by(self, column: Any) -> Any:
        if isinstance(column.type, Date):
            if column.name == "monday":  # a week belongs to the year that begins in it
                return and_(column >= monday_of(self.first), column < monday_of(self.last + timedelta(days=1)))
            return column.between(self.first, self.last)
        if column.name in ("year_id", "id"):
            return column == self.id
        [parent] = [key.column.table for key in column.foreign_keys]
        return column.in_(select(parent.c.id).where(self.owns(parent.name)))


def _let_the_next_class_go_on(year: OwnedBy) -> Any:
    """A class of the next year that follows one of these stands by itself from now on."""
    table, column = NEXT_YEAR.split(".")
    classes = Base.metadata.tables[table]
    return update(classes).where(classes.c[column].in_(select(classes.c.id).where(year.owns(table)))).values(
        {column: None})
