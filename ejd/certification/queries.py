"""How the classes of a year stand: what is printed, certified, late, and changed since (R50, R52)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, cast, func, literal, null, or_, select, true, union_all
from sqlalchemy.orm import aliased

from ejd import names
from ejd.certification import due
from ejd.certification.changes import changed_since
from ejd.certification.due import Period, State
from ejd.certification.models import Certification, PrintedJournal
from ejd.db import Session
from ejd.roster.models import Person, SchoolClass
from ejd.school import settings as school_settings
from ejd.school.calendar import main_scheme
from ejd.school.models import SchoolYear, Term
from ejd.school.settings import Settings

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Copy:
    """A printed copy, and its line in the register when it is certified."""

    id: int
    class_id: int
    class_name: str
    term_id: int | None
    period: str
    first: date
    last: date
    pages: int
    printed_at: datetime
    facts: str
    facts_version: int
    differs: bool  # as the last comparison has shown
    told: bool  # of a change since then
    looked_at: datetime  # when that was, else when it was printed
    number: int | None = None
    sheets: int | None = None
    certified_on: date | None = None

    @property
    def changed(self) -> bool:
        return self.differs or self.told


@dataclass(frozen=True, slots=True)
class ClassPeriod:
    """A class in a period: its newest print, its newest certified copy, and what that makes of it."""

    class_id: int
    class_name: str
    period: Period
    overdue_from: date
    state: State
    printed: Copy | None = None
    certified: Copy | None = None
    closes: bool = False  # the period is a term of the class itself (R15), which is closed as one

    @property
    def term_id(self) -> int | None:
        return self.period.term_id

    @property
    def last_day(self) -> date:
        """The last day on which it is not late."""
        return self.overdue_from - timedelta(days=1)

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


def class_periods(session: Session, *, year_id: int, today: date, settings: Settings | None = None,
                  class_id: int | None = None) -> list[ClassPeriod]:
    """Every class of the year (or one) in every period, in their order. One statement, and one more without
    settings."""
    settings = settings or school_settings.load(session)
    classes, periods, copies = _read(session, year_id, class_id)
    launched = settings.day("launch.marks")
    found = []
    for class_id, name, marked in classes:
        for period in periods:
            printed = copies.get((class_id, period.term_id), [])
            certified = next((copy for copy in reversed(printed) if copy.number is not None), None)
            days = settings.value("certification.days", on=period.last)
            found.append(ClassPeriod(
                class_id, name, period, due.overdue_from(period.last, days),
                due.state_of(period, today=today, days=days, launched=launched, certified=certified is not None,
                             changed=certified is not None and certified.changed),
                printed[-1] if printed else None, certified, closes=marked and period.term_id is not None))
    return found


def certified_figures(session: Session, *, year_id: int, today: date, settings: Settings | None = None) -> Figures:
    """The school's figures, counted from `class_periods`."""
    return figures_of(class_periods(session, year_id=year_id, today=today, settings=settings))


def figures_of(rows: Sequence[ClassPeriod]) -> Figures:
    count: dict[State, int] = defaultdict(int)
    for row in rows:
        count[row.state] += 1
    return Figures(sum(count[state] for state in due.OWED), count[State.CERTIFIED], count[State.OVERDUE],
                   count[State.OUT_OF_DATE])


def register_of(session: Session, *, year_id: int) -> list[Line]:
    """The year's register, withdrawn lines among them. Two statements."""
    by = aliased(Person)
    copies = _read(session, year_id)[2]
    known = {copy.id: copy for of_one in copies.values() for copy in of_one}
    newest = {key: max((copy.id for copy in of_one if copy.number is not None), default=0)
              for key, of_one in copies.items()}
    rows = session.execute(select(Certification, by).join(by, by.id == Certification.certified_by_id)
                           .where(Certification.year_id == year_id).order_by(Certification.number))
    return [Line(line.id, line.number, copy.class_id, copy.class_name, copy.period, line.certified_on,
                 names.with_initials(who.last_name, who.first_name, who.patronymic), line.sheets, copy.pages,
                 copy.printed_at, copy.facts, line.withdrawn_at, copy.changed,
                 line.withdrawn_at is None and newest[copy.class_id, copy.term_id] > copy.id)
            for line, who in rows for copy in (known[line.printed_id],)]


def line_with_id(session: Session, certification_id: int) -> Certification | None:
    return session.get(Certification, certification_id)


def next_number(session: Session, year_id: int) -> int:
    """The next free one in the year's register; what was withdrawn keeps its own."""
    return (session.scalar(select(func.max(Certification.number)).filter_by(year_id=year_id)) or 0) + 1


def copies_of(session: Session, *, year_id: int) -> list[Copy]:
    """Every print of the year. One statement."""
    return [copy for copies in _read(session, year_id)[2].values() for copy in copies]


def latest_copies(session: Session, *, year_id: int, class_id: int | None = None) -> list[Copy]:
    """What was printed this year, of the school or of one class, the newest first. One statement."""
    copies = [copy for of_one in _read(session, year_id, class_id)[2].values() for copy in of_one]
    return sorted(copies, key=lambda copy: copy.printed_at, reverse=True)[:MOST_SHOWN]  # else by class


def newest_copies(session: Session, *, year_id: int) -> list[Copy]:
    """Of each class and period the newest print and the newest certified copy: those that anybody asks about."""
    found: dict[int, Copy] = {}
    for copies in _read(session, year_id)[2].values():
        certified = [copy for copy in copies if copy.number is not None]
        found |= {copy.id: copy for copy in (*certified[-1:], copies[-1])}
    return list(found.values())


Found = tuple[list[tuple[int, str, bool]], list[Period], dict[tuple[int, int | None], list[Copy]]]


def _read(session: Session, year_id: int, class_id: int | None = None) -> Found:
    """The classes of the year (or one), whether they keep to the periods, these in their order, and the prints, oldest
    first. One statement."""
    year = (select(cast(null(), Integer).label("id"), literal("year").label("scheme"),
                   literal(due.WHOLE_YEAR).label("name"), SchoolYear.starts_on, SchoolYear.ends_on)
            .where(SchoolYear.id == year_id))
    terms = select(Term.id, Term.scheme, Term.name, Term.starts_on, Term.ends_on).where(Term.year_id == year_id)
    period = union_all(year, terms).subquery("period")
    of_period = and_(PrintedJournal.class_id == SchoolClass.id,
                     or_(PrintedJournal.term_id == period.c.id,
                         and_(PrintedJournal.term_id.is_(None), period.c.id.is_(None))))
    rows = session.execute(
        select(SchoolClass, period, PrintedJournal, Certification, changed_since(year_id).label("changed"))
        .select_from(SchoolClass).join(period, true()).outerjoin(PrintedJournal, of_period)
        .outerjoin(Certification, and_(Certification.printed_id == PrintedJournal.id,
                                       Certification.withdrawn_at.is_(None)))
        .where(SchoolClass.year_id == year_id, true() if class_id is None else SchoolClass.id == class_id)
        .order_by(SchoolClass.grade, SchoolClass.letter, PrintedJournal.id)).all()
    copies: dict[tuple[int, int | None], list[Copy]] = defaultdict(list)
    for row in rows:
        if row.PrintedJournal is not None:
            copies[row.SchoolClass.id, row.id].append(
                _copy(row))
    spans = {row.id: (row.scheme, Period(row.id, row.name, row.starts_on, row.ends_on)) for row in rows}
    whole = spans.pop(None, None)
    main = main_scheme(scheme for scheme, _ in spans.values())
    return (list(dict.fromkeys((row.SchoolClass.id, row.SchoolClass.name, row.SchoolClass.term_scheme == main)
                               for row in rows)),
            due.periods(list(spans.values()), whole[1]) if whole else [], copies)


def _copy(row: Any) -> Copy:
    printed, line, of_class = row.PrintedJournal, row.Certification, row.SchoolClass
    copy = Copy(printed.id, of_class.id, of_class.name, printed.term_id, row.name, printed.first, printed.last,
                printed.pages, printed.printed_at, printed.facts_sha256, printed.facts_version,
                printed.differs, row.changed, printed.checked_at or printed.printed_at)
    return copy if line is None else replace(copy, number=line.number, sheets=line.sheets,
                                             certified_on=line.certified_on)
