"""Reading the school's time: the year of a day, its calendar as a value, its terms, days off and bells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, cast, false, func, literal, null, select, union_all

from ejd.db import Session
from ejd.school.calendar import Calendar, Closure, Moved, TermDates
from ejd.school.models import Bell, BellSchedule, DayOff, MovedDay, SchoolYear, Term


@dataclass(frozen=True, slots=True)
class BellsOfDay:
    """One bell schedule with its bells in order."""

    id: int
    name: str
    bells: tuple[Bell, ...]


def current_year(session: Session, today: date) -> SchoolYear | None:
    """The year that began last, else the first to come: until the new one begins the school lives in the old, where
    year marks are set and journals closed. One statement."""
    return year_on(years(session), today)


def year_ahead(session: Session, today: date) -> SchoolYear | None:
    """For what is prepared, as lists and cards are: the year that holds the day, else the nearest to come, else the
    last one. One statement."""
    return year_to_prepare(years(session), today)


def year_to_prepare(newest_first: Sequence[SchoolYear], today: date) -> SchoolYear | None:
    """The year that holds the day, else the nearest to come, else the last one."""
    return next((year for year in reversed(newest_first) if today <= year.ends_on), next(iter(newest_first), None))


def year_on(newest_first: Sequence[SchoolYear], today: date) -> SchoolYear | None:
    """The year that began last, else the first to come."""
    return next((year for year in newest_first if year.starts_on <= today), newest_first[-1] if newest_first else None)


def years(session: Session) -> Sequence[SchoolYear]:
    """Every school year, the newest first."""
    return session.scalars(select(SchoolYear).order_by(SchoolYear.starts_on.desc())).all()


def year_with_id(session: Session, year_id: int) -> SchoolYear | None:
    return session.get(SchoolYear, year_id)


def bell_schedule(session: Session, schedule_id: int) -> BellsOfDay | None:
    """One bell schedule. One statement."""
    return next((found for found in bell_schedules(session) if found.id == schedule_id), None)


def calendar_of(session: Session, year_id: int) -> Calendar:
    """The year with its terms, days off and moved days as a value for pure rules. One statement."""
    return _calendar_in(session.execute(_CALENDAR, {"year_id": year_id}).all())


def calendar_on(session: Session, day: date) -> Calendar | None:
    """The calendar of the year that runs on a day (`current_year`); None before there is any. One statement."""
    rows = session.execute(_CALENDAR_ON, {"day": day}).all()
    return _calendar_in(rows) if rows else None


def _calendar_in(rows: Sequence[Any]) -> Calendar:
    year = next(row for row in rows if row.kind == "year")
    closures = (Closure(row.name, row.starts_on, row.ends_on, row.holidays, row.first, row.last, row.special)
                for row in rows if row.kind == "closure")
    moved = (Moved(row.starts_on, row.special, row.first, row.last) for row in rows if row.kind == "moved")
    terms = (TermDates(row.id, row.scheme, row.first, row.name, row.starts_on, row.ends_on)
             for row in rows if row.kind == "term")
    return Calendar(year.id, year.name, year.starts_on, year.ends_on,
                    closures=tuple(sorted(closures, key=lambda closure: (closure.starts_on, closure.ends_on))),
                    terms=tuple(sorted(terms, key=lambda term: (term.scheme, term.number))),
                    moved=tuple(sorted(moved, key=lambda moved: (moved.day, moved.first_grade))))


def terms_of(session: Session, year_id: int) -> list[TermDates]:
    """The year's terms by scheme and number. One statement."""
    return [TermDates(*row) for row in session.execute(
        select(Term.id, Term.scheme, Term.number, Term.name, Term.starts_on, Term.ends_on)
        .filter_by(year_id=year_id).order_by(Term.scheme, Term.number))]


def days_off_of(session: Session, year_id: int) -> Sequence[DayOff]:
    """The year's holidays and days off in order. One statement."""
    return session.scalars(
        select(DayOff).filter_by(year_id=year_id).order_by(DayOff.starts_on, DayOff.ends_on, DayOff.id)).all()


def moved_days_of(session: Session, year_id: int) -> Sequence[MovedDay]:
    """The year's moved days in order. One statement."""
    return session.scalars(select(MovedDay).filter_by(year_id=year_id).order_by(
        MovedDay.day, MovedDay.first_grade, MovedDay.id)).all()


def moved_day(session: Session, moved_day_id: int) -> MovedDay | None:
    return session.get(MovedDay, moved_day_id)


def day_off(session: Session, day_off_id: int) -> DayOff | None:
    return session.get(DayOff, day_off_id)


def bell_schedules(session: Session) -> list[BellsOfDay]:
    """Every bell schedule, the first made first: classes without one of their own keep to it. One statement."""
    found: dict[int, tuple[str, list[Bell]]] = {}
    for schedule_id, name, bell in session.execute(
            select(BellSchedule.id, BellSchedule.name, Bell).outerjoin(Bell, Bell.schedule_id == BellSchedule.id)
            .order_by(BellSchedule.id, Bell.number)):
        bells = found.setdefault(schedule_id, (name, []))[1]
        if bell is not None:
            bells.append(bell)
    return [BellsOfDay(schedule_id, name, tuple(bells)) for schedule_id, (name, bells) in found.items()]


NOTHING = cast(null(), Integer)


def _year_row(year_id: Any) -> Select[*tuple[Any, ...]]:
    return select(literal("year").label("kind"), SchoolYear.id, SchoolYear.name, SchoolYear.starts_on,
                  SchoolYear.ends_on, literal("").label("scheme"), false().label("holidays"),
                  literal(0).label("first"), literal(0).label("last"), NOTHING.label("special")
                  ).where(SchoolYear.id == year_id)


def _term_rows(year_id: Any) -> Select[*tuple[Any, ...]]:
    return select(literal("term"), Term.id, Term.name, Term.starts_on, Term.ends_on, Term.scheme, false(),
                  Term.number, literal(0), NOTHING).where(Term.year_id == year_id)


def _closure_rows(year_id: Any) -> Select[*tuple[Any, ...]]:
    return select(literal("closure"), DayOff.id, DayOff.name, DayOff.starts_on, DayOff.ends_on, literal(""),
                  DayOff.holidays, DayOff.first_grade, DayOff.last_grade, DayOff.class_id
                  ).where(DayOff.year_id == year_id)


def _moved_rows(year_id: Any) -> Select[*tuple[Any, ...]]:
    return select(literal("moved"), MovedDay.id, literal(""), MovedDay.day, MovedDay.day, literal(""), false(),
                  MovedDay.first_grade, MovedDay.last_grade, MovedDay.weekday).where(MovedDay.year_id == year_id)


def _calendar(year_id: Any) -> Any:
    """Made once: every page with a week or a term asks it."""
    return union_all(_year_row(year_id), _term_rows(year_id), _closure_rows(year_id), _moved_rows(year_id))


def _year_on() -> Any:
    """The year that began last, else the first to come."""
    day = bindparam("day", type_=Date)
    began = select(SchoolYear.id).where(SchoolYear.starts_on <= day).order_by(SchoolYear.starts_on.desc()).limit(1)
    to_come = select(SchoolYear.id).order_by(SchoolYear.starts_on).limit(1)
    return func.coalesce(began.scalar_subquery(), to_come.scalar_subquery())


_CALENDAR = _calendar(bindparam("year_id", type_=Integer))
_CALENDAR_ON = _calendar(_year_on())
