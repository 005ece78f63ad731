"""How the classes of a year stand: what is printed, certified, late, and changed since (R50, R52)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from ejd import names
from ejd.certification import due
from ejd.certification.changes import Change, changes_since
from ejd.certification.due import Period, State
from ejd.certification.models import Certification, PrintedJournal
from ejd.db import Session
from ejd.roster.models import Person, SchoolClass
from ejd.school import settings as school_settings
from ejd.school.calendar import Calendar
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class Copy:
    """A printed copy, and its line in the register when it is certified. `changed`: the journal has changed since."""

    id: int
    class_id: int
    class_name: str
    term_id: int | None
    first: date
    last: date
    pages: int
    printed_at: datetime
    facts: str
    differs: bool
    looked_at: datetime  # when it was last known to agree, or not
    number: int | None = None
    sheets: int | None = None
    certified_on: date | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A class in a period: its newest print, its newest certified copy, and what that makes of it."""

    class_id: int
    class_name: str
    period: Period
    overdue_from: date
    state: State
    printed: Copy | None = None
    certified: Copy | None = None

    @property
    def term_id(self) -> int | None:
        return self.period.term_id

    @property
    def out_of_date(self) -> bool:
        return self.state is State.OUT_OF_DATE

    @property
    def fresh(self) -> Copy | None:
        """The newest print, when it waits to be certified."""
        stands = self.certified is not None and self.printed is not None and self.certified.id >= self.printed.id
        return None if stands or self.printed is None or self.printed.changed else self.printed


class Figures(NamedTuple):
    """Of a school in a year, in copies: what should be certified by now, and how much of it is."""

    due: int
    certified: int  # and still agrees
    overdue: int
    out_of_date: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register of certifications."""

    id: int
    number: int
    class_id: int
    class_name: str
    period: str
    certified_on: date
    by: str
    sheets: int
    pages: int
    printed_at: datetime
    checksum: str
    withdrawn_at: datetime | None
    changed: bool
    replaced: bool  # a later copy of the same stands


def standing(session: Session, *, year_id: int, today: date, settings: Settings | None = None) -> list[Standing]:
    """Every class of the year in every period, in their order. Three statements, and one more without settings."""
    settings = settings or school_settings.load(session)
    periods = periods_of(calendar_of(session, year_id))
    classes, copies = _copies(session, year_id)
    days, launched = settings.value("certification.days", on=None), settings.day("launch.marks")
    found = []
    for class_id, name in classes:
        for period in periods:
            printed = copies.get((class_id, period.term_id), [])
            certified = next((copy for copy in reversed(printed) if copy.number is not None), None)
            found.append(Standing(
                class_id, name, period, due.overdue_from(period.last, days),
                due.state_of(period, today=today, days=days, launched=launched, certified=certified is not None,
                             changed=certified is not None and certified.changed),
                printed[-1] if printed else None, certified))
    return found


def certified_figures(session: Session, *, year_id: int, today: date, settings: Settings | None = None) -> Figures:
    """The school's figures, counted from `standing`."""
    return figures_of(standing(session, year_id=year_id, today=today, settings=settings))


def figures_of(rows: Sequence[Standing]) -> Figures:
    count: dict[State, int] = defaultdict(int)
    for row in rows:
        count[row.state] += 1
    owed = count[State.DUE] + count[State.OVERDUE]
    stands = count[State.CERTIFIED] + count[State.OUT_OF_DATE]
    return Figures(owed + stands, count[State.CERTIFIED], count[State.OVERDUE], count[State.OUT_OF_DATE])


def periods_of(calendar: Calendar) -> list[Period]:
    """The periods of a year that are certified."""
    return due.periods([(term.scheme, Period(term.id, term.name, term.starts_on, term.ends_on))
                        for term in calendar.terms],
                       Period(None, due.WHOLE_YEAR, calendar.starts_on, calendar.ends_on))


def standing_copies(session: Session, *, class_id: int, first: date, last: date) -> list[Copy]:
    """The certified copies of a class that a change on one of these days puts out of date (R52): of each period the
    newest. One statement."""
    rows = session.execute(
        select(PrintedJournal, Certification, SchoolClass)
        .join(Certification, Certification.printed_id == PrintedJournal.id)
        .join(SchoolClass, SchoolClass.id == PrintedJournal.class_id)
        .where(PrintedJournal.class_id == class_id, Certification.withdrawn_at.is_(None),
               PrintedJournal.first <= last, PrintedJournal.last >= first).order_by(PrintedJournal.id))
    newest = {printed.term_id: _copy(printed, line, of_class) for printed, line, of_class in rows}
    return sorted(newest.values(), key=lambda copy: (copy.last, copy.term_id is None))


def register_of(session: Session, *, year_id: int) -> list[Line]:
    """The year's register, withdrawn lines among them. Four statements."""
    by = aliased(Person)
    periods = {period.term_id: period.name for period in periods_of(calendar_of(session, year_id))}
    _, copies = _copies(session, year_id)
    known = {copy.id: copy for of_one in copies.values() for copy in of_one}
    newest = {key: max((copy.id for copy in of_one if copy.number is not None), default=0)
              for key, of_one in copies.items()}
    rows = session.execute(
        select(Certification, PrintedJournal, SchoolClass, by)
        .join(PrintedJournal, PrintedJournal.id == Certification.printed_id)
        .join(SchoolClass, SchoolClass.id == PrintedJournal.class_id).join(by, by.id == Certification.certified_by_id)
        .where(Certification.year_id == year_id).order_by(Certification.number))
    return [Line(line.id, line.number, of_class.id, of_class.name, periods.get(printed.term_id, due.WHOLE_YEAR),
                 line.certified_on, names.with_initials(who.last_name, who.first_name, who.patronymic), line.sheets,
                 printed.pages, printed.printed_at, printed.facts_sha256, line.withdrawn_at, known[printed.id].changed,
                 line.withdrawn_at is None and newest[printed.class_id, printed.term_id] > printed.id)
            for line, printed, of_class, who in rows]


def line_with_id(session: Session, certification_id: int) -> Certification | None:
    return session.get(Certification, certification_id)


def next_number(session: Session, year_id: int) -> int:
    """The next free one in the year's register; what was withdrawn keeps its own."""
    return (session.scalar(select(func.max(Certification.number)).filter_by(year_id=year_id)) or 0) + 1


def newest_copies(session: Session, *, year_id: int) -> list[Copy]:
    """Of each class and period the newest print and the newest certified copy: those that anybody asks about."""
    found: dict[int, Copy] = {}
    for copies in _copies(session, year_id)[1].values():
        certified = [copy for copy in copies if copy.number is not None]
        found |= {copy.id: copy for copy in (*certified[-1:], copies[-1])}
    return list(found.values())


def _copies(session: Session,
            year_id: int) -> tuple[list[tuple[int, str]], dict[tuple[int, int | None], list[Copy]]]:
    """The classes of the year in their order, and their prints, the oldest first. Two statements."""
    rows = session.execute(
        select(SchoolClass, PrintedJournal, Certification)
        .outerjoin(PrintedJournal, PrintedJournal.class_id == SchoolClass.id)
        .outerjoin(Certification, and_(Certification.printed_id == PrintedJournal.id,
                                       Certification.withdrawn_at.is_(None)))
        .where(SchoolClass.year_id == year_id).order_by(SchoolClass.grade, SchoolClass.letter, PrintedJournal.id)).all()
    classes = list(dict.fromkeys((row[0].id, row[0].name) for row in rows))
    copies = [_copy(printed, line, of_class) for of_class, printed, line in rows if printed is not None]
    since = min((copy.looked_at for copy in copies), default=None)
    changes = changes_since(session, year_id=year_id, since=since) if since is not None else []
    found: dict[tuple[int, int | None], list[Copy]] = defaultdict(list)
    for copy in copies:
        found[copy.class_id, copy.term_id].append(
            replace(copy, changed=copy.differs or any(_touches(change, copy) for change in changes)))
    return classes, found


def _touches(change: Change, copy: Copy) -> bool:
    return change.class_id == copy.class_id and change.at > copy.looked_at and copy.first <= change.day <= copy.last


def _copy(printed: PrintedJournal, line: Certification | None, of_class: SchoolClass) -> Copy:
    copy = Copy(printed.id, of_class.id, of_class.name, printed.term_id, printed.first, printed.last, printed.pages,
                printed.printed_at, printed.facts_sha256, printed.differs, printed.checked_at or printed.printed_at,
                changed=printed.differs)
    return copy if line is None else replace(copy, number=line.number, sheets=line.sheets,
                                             certified_on=line.certified_on)
