"""The school's calendar as a value: school days, terms, ISO weeks (R9, R15). Pure.

Lives in `school` because the year, its terms and its days off do; `schedule`, `journal` and `diary` are handed it.
`Calendar` is the whole school's; `of(...)` narrows it to one class, whose questions are the useful ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
GRADES = (1, 11)
WEEKS = (5, 6)  # school days a week
# The first that a calendar has is the school's usual one: its gaps are holidays when nobody says which scheme a class
# keeps, and by it journals are certified (R50).
SCHEMES = ("quarters", "trimesters", "half_years")


def main_scheme(schemes: Iterable[str]) -> str:
    """The school's usual terms among those that its calendar has; empty without any."""
    found = set(schemes)
    return next((scheme for scheme in SCHEMES if scheme in found), "")


@dataclass(frozen=True, slots=True)
class TermDates:
    """A quarter, half-year or trimester; both days included."""

    id: int
    scheme: str
    number: int
    name: str
    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Closure:
    """Days without lessons for a span of grades, or for one class alone: holidays («каникулы») or a public day off;
    both days included."""

    name: str
    starts_on: date
    ends_on: date
    holidays: bool
    first_grade: int = 1
    last_grade: int = 11
    class_id: int | None = None

    def closes(self, day: date, grade: int | None, class_id: int | None = None) -> bool:
        """`grade` None asks for the whole school: only what closes every grade counts."""
        if not self.starts_on <= day <= self.ends_on:
            return False
        if self.class_id is not None:
            return self.class_id == class_id
        return _concerns(grade, self.first_grade, self.last_grade)


@dataclass(frozen=True, slots=True)
class Moved:
    """A day taught by the timetable of another weekday («перенос»), for a span of grades."""

    day: date
    weekday: int  # ISO
    first_grade: int = 1
    last_grade: int = 11

    def concerns(self, grade: int | None) -> bool:
        """`grade` None asks for the whole school, as above."""
        return _concerns(grade, self.first_grade, self.last_grade)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One school year of the whole school."""

    year_id: int
    name: str
    starts_on: date
    ends_on: date
    closures: tuple[Closure, ...] = ()
    terms: tuple[TermDates, ...] = ()
    moved: tuple[Moved, ...] = ()

    def of(self, *, grade: int | None, days_per_week: int = 5, scheme: str | None = None,
           class_id: int | None = None) -> ClassCalendar:
        """The calendar of a class; `grade` None is a group over several classes or the school as a whole."""
        return ClassCalendar(self, grade, days_per_week, scheme, class_id)

    def why_closed(self, day: date) -> str | None:
        """The name of what closes the whole school that day; None when nothing does."""
        return next((closure.name for closure in self.closures if closure.closes(day, None)), None)

    def terms_by(self, scheme: str) -> tuple[TermDates, ...]:
        """The terms of one scheme, in order."""
        return tuple(sorted((term for term in self.terms if term.scheme == scheme), key=lambda term: term.number))

    @property
    def main_terms(self) -> tuple[TermDates, ...]:
        """The terms of the school's usual scheme, in order."""
        return self.terms_by(main_scheme(term.scheme for term in self.terms))


@dataclass(frozen=True, slots=True)
class ClassCalendar:
    """What the year means for one class: its working week (5 or 6 days), its holidays, its terms, its moved days."""

    year: Calendar
    grade: int | None
    days_per_week: int
    scheme: str | None
    class_id: int | None = None

    def is_school_day(self, day: date) -> bool:
        """Inside the year and a term, not closed for this class, and on a day of its working week or one moved to."""
        return self.weekday_taught(day) is not None

    def weekday_taught(self, day: date) -> int | None:
        """The ISO weekday whose timetable is given that day; None when it is no school day. Holidays and days off come
        before a moved day, a moved day before the working week."""
        if (not self.year.starts_on <= day <= self.year.ends_on or self.closure_on(day) is not None
                or self._between_terms(day)):
            return None
        if (moved := self.moved_on(day)) is not None:
            return moved.weekday
        return day.isoweekday() if self._is_weekday(day) else None

    def closure_on(self, day: date) -> Closure | None:
        """The holidays or day off that close this day for this class."""
        return next((closure for closure in self.year.closures
                     if closure.closes(day, self.grade, self.class_id)), None)

    def moved_on(self, day: date) -> Moved | None:
        """What makes this day be taught by another weekday's timetable."""
        return next((moved for moved in self.year.moved if moved.day == day and moved.concerns(self.grade)), None)

    def next_school_day(self, day: date) -> date | None:
        """The first school day after `day`, None when the year has no more."""
        day = max(day, self.year.starts_on - ONE_DAY)
        while day < self.year.ends_on:
            day += ONE_DAY
            if self.is_school_day(day):
                return day
        return None

    def add_school_days(self, day: date, count: int) -> date:
        """The `count`-th school day after `day` (R2); 0 is the day itself.

        After the year's end weekdays count, so that there always is an answer; R1's week bounds it anyway.
        """
        while count > 0:
            day += ONE_DAY
            if self.is_school_day(day) or (day > self.year.ends_on and self._is_weekday(day)):
                count -= 1
        return day

    def school_days(self, first: date, last: date) -> list[date]:
        """The school days from `first` to `last`, both included."""
        first, last = max(first, self.year.starts_on), min(last, self.year.ends_on)
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in days if self.is_school_day(day)]

    def term_of(self, day: date) -> TermDates | None:
        """The term that the day belongs to; None in holidays between terms."""
        return next((term for term in self._terms() if term.holds(day)), None)

    def term_to_show(self, day: date) -> TermDates | None:
        """The term of the day, in holidays the one before, before the first the first: what a page opens with."""
        begun = [term for term in self._terms() if term.starts_on <= day]
        return begun[-1] if begun else next(iter(self._terms()), None)

    def _is_weekday(self, day: date) -> bool:
        return day.isoweekday() <= self.days_per_week

    def _between_terms(self, day: date) -> bool:
        terms = self._terms()
        return bool(terms) and not any(term.holds(day) for term in terms)

    def _terms(self) -> tuple[TermDates, ...]:
        if self.scheme is not None:
            return self.year.terms_by(self.scheme)
        return self.year.main_terms


def _concerns(grade: int | None, first: int, last: int) -> bool:
    return (first, last) == GRADES if grade is None else first <= grade <= last


def monday_of(day: date) -> date:
    """The first day of the ISO week (R9)."""
    return day - timedelta(days=day.isoweekday() - 1)


def week_code(day: date) -> str:
    """2026-W38: the ISO week as addresses and sheets write it."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_from(code: str) -> date | None:
    """The Monday of a week written as 2026-W38; None when there is no such week."""
    year, _, week = code.partition("-W")
    if not (len(year) == 4 and len(week) == 2 and (year + week).isascii() and (year + week).isdigit()):
        return None
    try:
        return date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
