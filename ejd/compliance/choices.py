"""What the control page offers to choose from: spans of days, teachers, classes, subjects, kinds of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Date, String, cast, func, literal, null, select, union_all

from ejd import names
from ejd.compliance.comparing import LONGEST_WEEK, SchoolDays, same_part
from ejd.compliance.histogram import title_of_days
from ejd.compliance.metrics import By
from ejd.compliance.models import SavedView
from ejd.compliance.scope import MOST_KEPT, NEVER, NOBODY, Rows, Scope
from ejd.db import Session
from ejd.journal.models import WorkKind
from ejd.roster.models import Employment, Person, SchoolClass, Subject, TeachingAssignment
from ejd.school.calendar import main_scheme, monday_of
from ejd.school.models import DayOff, MovedDay, SchoolYear, Term
from ejd.words import counted, day, long_date

NOBODY_TITLES = {By.TEACHER: "Вакансия", By.CLASS: "Группы из разных классов"}
MOST_OTHERS = 4  # years beside the one shown
YEAR, TERM, VIEW, CLOSED, MOVED, WEEK = "year", "term", "view", "closed", "moved", "week"
NO_DAYS = (cast(null(), Date), cast(null(), Date))


@dataclass(frozen=True, slots=True)
class Span:
    """A span of days that has a name: this week, a term, the year."""

    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Spans:
    """What is offered, and what the page opens with; other years; what a word in an address means today."""

    offered: tuple[Span, ...]
    usual: Span
    others: tuple[Span, ...] = ()
    named: Mapping[str, Span] = field(default_factory=dict)
    years: Mapping[int, Span] = field(default_factory=dict)  # in order
    school_days: SchoolDays = SchoolDays()

    def year_id_on(self, day: date) -> int | None:
        """The year that began last by then, else the first to come."""
        return _year_on(self.years, day) if self.years else None

    def code(self, first: date, last: date) -> str | None:
        """The word for these days, if they have one."""
        return next((code for code, span in self.named.items() if (span.first, span.last) == (first, last)), None)

    def before(self, span: Span | None, today: date) -> Span | None:
        """The term before a term, the year before a year; as much of it as has passed of this one."""
        whole = self._before(span)
        if span is None or whole is None:
            return None
        part = same_part(self.school_days, (span.first, span.last), (whole.first, whole.last), today)
        if part is None or not part[1]:
            return whole if part else None
        last, many = part
        passed = counted(many, "учебный день", "учебных дня", "учебных дней")
        return Span(f"{whole.title}, {passed} от начала (по\u00a0{day(last)})", whole.first, last)

    def _before(self, span: Span | None) -> Span | None:
        terms, year = self.offered[1:-1], self.offered[-1]
        if span in terms:
            place = terms.index(span)
            return terms[place - 1] if place else None
        if span == year and len(self.offered) > 1:
            return next((one for one in self.others if one.last < year.first), None)
        return None


@dataclass(frozen=True, slots=True)
class View:
    """A question that somebody keeps under a name."""

    id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Options:
    """Titles by id in the order in which they are offered."""

    titles: Mapping[By, Mapping[int, str]] = field(default_factory=dict)
    views: Sequence[View] = ()

    def title(self, by: By, key: int) -> str:
        if key == NOBODY and by in NOBODY_TITLES:
            return NOBODY_TITLES[by]
        return self.titles[by].get(key, f"№\u00a0{key}")

    def place(self, by: By, key: int) -> int:
        """Where the key stands in the order in which its kind is offered; what is not offered comes last."""
        return list(self.titles[by]).index(key) if key in self.titles[by] else len(self.titles[by])

    def knows(self, by: By, key: int) -> bool:
        return key in self.titles[by] or (key == NOBODY and by in NOBODY_TITLES)

    def pairs(self, by: By, chosen: int | None) -> Sequence[tuple[int | str, str]]:
        """Value and title for a select, «all» first."""
        pairs: list[tuple[int | str, str]] = [("", "Все"), *self.titles[by].items()]
        if chosen == NOBODY and by in NOBODY_TITLES:
            pairs.append((NOBODY, NOBODY_TITLES[by]))
        return pairs

    def about(self, scope: Scope, *, days_taken: bool = False) -> str:
        """Days and filter in words."""
        chosen = {By.TEACHER: scope.teacher_id, By.CLASS: scope.class_id, By.SUBJECT: scope.subject_id,
                  By.KIND: scope.kind_id}
        words = [f"{long_date(scope.first)} – {long_date(scope.last)}",
                 *(self.title(by, key) for by, key in chosen.items() if key is not None)]
        if scope.days_taken and days_taken:
            words.append(title_of_days(scope.days_taken))
        return " · ".join(words)


def spans_of(session: Session, today: date, around: date | None = None) -> Spans:
    """This week, the begun terms and the year: of today, or of the year that `around` falls into. Opens with the newest
    term. One statement."""
    return _spans(session.execute(union_all(_years(), _terms(), *_school_days())).all(), today, around)


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a question can be made of, as it was read."""

    rows: Sequence[Any]

    def spans(self, today: date, around: date | None = None) -> Spans:
        """As `spans_of`."""
        return _spans(self.rows, today, around)

    def options(self, first: date, last: date) -> Options:
        """Staff, classes of the years that the span touches, subjects, kinds that timeliness counts, and the views that
        the owner keeps."""
        titles: dict[By, dict[int, str]] = {by: {} for by in By}
        views = []
        for row in sorted(self.rows, key=lambda row: (row.number, row.place)):
            if row.kind == VIEW:
                views.append(View(row.id, row.title, row.first_name))
            elif row.kind in set(By) and (row.begins is None or row.begins <= last and row.ends >= first):
                titles[By(row.kind)][row.id] = names.with_initials(row.title, row.first_name, row.patronymic)
        return Options(titles, views)


def choices_of(session: Session, owner_id: int | None = None) -> Choices:
    """One statement."""
    return Choices(session.execute(_all_choices(owner_id)).all())


@lru_cache(maxsize=MOST_KEPT)
def _all_choices(owner_id: int | None) -> CompoundSelect[Any]:
    return union_all(_years(), _terms(), *_school_days(), _teachers(), _classes(), _subjects(), _kinds(),
                     _views(owner_id))


def _spans(rows: Sequence[Any], today: date, around: date | None) -> Spans:
    week = Span("Эта неделя", monday_of(today), monday_of(today) + timedelta(days=6))
    years = {row.id: Span(f"Год {row.title}", row.begins, row.ends)
             for row in sorted(rows, key=lambda row: row.begins or NEVER) if row.kind == YEAR}
    if not years:
        return Spans((week,), week, named={"week": week})
    terms = sorted((row for row in rows if row.kind == TERM), key=lambda row: row.number)

    def terms_in(year_id: int) -> list[Span]:
        mine = [row for row in terms if row.id == year_id]
        scheme = main_scheme(row.first_name for row in mine)
        return [Span(row.title, row.begins, row.ends) for row in mine
                if row.first_name == scheme and row.begins <= today]

    now, shown = _year_on(years, today), _year_on(years, around or today)
    begun = terms_in(now)
    usual = begun[-1] if begun else years[now]
    others = [year for id_, year in reversed(years.items()) if id_ != shown and year.first <= today]
    return Spans((week, *terms_in(shown), years[shown]), usual, tuple(others[:MOST_OTHERS]),
                 {"week": week, "term": usual, "year": years[now]}, years, _days_of(rows))


def _days_of(rows: Sequence[Any]) -> SchoolDays:
    def spans(kind: str) -> list[tuple[date, date]]:
        return [(row.begins, row.ends) for row in rows if row.kind == kind and row.first_name in {"", scheme}]

    scheme = main_scheme(row.first_name for row in rows if row.kind == TERM)
    week = next((row.id for row in rows if row.kind == WEEK), None)
    return SchoolDays(week or LONGEST_WEEK, spans(TERM), spans(CLOSED), {first for first, _ in spans(MOVED)})


def _year_on(years: Mapping[int, Span], day: date) -> int:
    """The year that began last, else the first to come; `years` are in order."""
    return next((id_ for id_, year in reversed(list(years.items())) if year.first <= day), next(iter(years)))


def _years() -> Rows:
    return select(literal(YEAR).label("kind"), SchoolYear.id.label("id"), SchoolYear.name.label("title"),
                  literal("").label("first_name"), literal("").label("patronymic"), literal(0).label("number"),
                  literal("").label("place"), SchoolYear.starts_on.label("begins"), SchoolYear.ends_on.label("ends"))


def _terms() -> Rows:
    """`id` is the year's, `first_name` the scheme."""
    return select(literal(TERM), Term.year_id, Term.name, Term.scheme, literal(""), Term.number, literal(""),
                  Term.starts_on, Term.ends_on)


def _school_days() -> tuple[Rows, ...]:
    """What all classes have in common: days off, moved days, and as `id` how many days the longest week has."""
    nothing = (literal(""), literal(""), literal(""), literal(0), literal(""))
    return (select(literal(CLOSED), literal(0), *nothing, DayOff.starts_on, DayOff.ends_on).where(
                DayOff.class_id.is_(None), DayOff.first_grade <= 1, DayOff.last_grade >= 11),
            select(literal(MOVED), literal(0), *nothing, MovedDay.day, MovedDay.day),
            select(literal(WEEK), func.max(SchoolClass.days_per_week), *nothing, *NO_DAYS))


def _teachers() -> Rows:
    staff = select(Employment.person_id).union(
        select(TeachingAssignment.teacher_id).where(TeachingAssignment.teacher_id.is_not(None)))
    return select(literal(By.TEACHER.value), Person.id, Person.last_name, Person.first_name, Person.patronymic,
                  literal(0), Person.sort_key, *NO_DAYS).where(Person.id.in_(staff))


def _classes() -> Rows:
    """With the days of their year."""
    return select(literal(By.CLASS.value), SchoolClass.id, cast(SchoolClass.grade, String).concat(SchoolClass.letter),
                  literal(""), literal(""), SchoolClass.grade, SchoolClass.letter, SchoolYear.starts_on,
                  SchoolYear.ends_on).join(SchoolYear, SchoolYear.id == SchoolClass.year_id)


def _subjects() -> Rows:
    return select(literal(By.SUBJECT.value), Subject.id, Subject.name, literal(""), literal(""), literal(0),
                  Subject.name, *NO_DAYS)


def _kinds() -> Rows:
    return select(literal(By.KIND.value), WorkKind.id, WorkKind.name, literal(""), literal(""), WorkKind.position,
                  WorkKind.name, *NO_DAYS).where(WorkKind.in_timeliness.is_(True))


def _views(owner_id: int | None) -> Rows:
    return select(literal(VIEW), SavedView.id, SavedView.name, SavedView.query, literal(""), literal(0),
                  SavedView.name, *NO_DAYS).where(SavedView.owner_id == (owner_id or 0))
