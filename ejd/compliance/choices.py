"""What the control page offers to choose from: spans of days, teachers, classes, subjects, kinds of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import String, cast, literal, select, union_all

from ejd import names
from ejd.compliance.metrics import By
from ejd.compliance.models import SavedView
from ejd.compliance.scope import NOBODY, Rows
from ejd.db import Session
from ejd.journal.models import WorkKind
from ejd.roster.models import Employment, Person, SchoolClass, Subject, TeachingAssignment
from ejd.school.calendar import main_scheme, monday_of
from ejd.school.models import SchoolYear, Term

NOBODY_TITLES = {By.TEACHER: "Вакансия", By.CLASS: "Группы из разных классов"}
MOST_OTHERS = 4  # years beside the one shown
VIEW = "view"


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

    def code(self, first: date, last: date) -> str | None:
        """The word for these days, if they have one."""
        return next((code for code, span in self.named.items() if (span.first, span.last) == (first, last)), None)

    def before(self, span: Span | None) -> Span | None:
        """The term before a term, the year before a year."""
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


def spans_of(session: Session, today: date, around: date | None = None) -> Spans:
    """This week, the begun terms and the year: of today, or of the year that `around` falls into. Opens with the newest
    term. One statement."""
    rows = session.execute(
        select(SchoolYear.id, SchoolYear.name, SchoolYear.starts_on, SchoolYear.ends_on, Term.scheme, Term.number,
               Term.name.label("term"), Term.starts_on.label("begins"), Term.ends_on.label("ends"))
        .outerjoin(Term, Term.year_id == SchoolYear.id)
        .order_by(SchoolYear.starts_on, Term.number)).all()
    week = Span("Эта неделя", monday_of(today), monday_of(today) + timedelta(days=6))
    if not rows:
        return Spans((week,), week, named={"week": week})
    years = {row.id: Span(f"Год {row.name}", row.starts_on, row.ends_on) for row in rows}

    def year_on(day: date) -> int:
        return next((row.id for row in reversed(rows) if row.starts_on <= day), rows[0].id)

    def terms_in(year_id: int) -> list[Span]:
        mine = [row for row in rows if row.id == year_id]
        scheme = main_scheme(row.scheme for row in mine)
        return [Span(row.term, row.begins, row.ends) for row in mine if row.scheme == scheme and row.begins <= today]

    now, shown = year_on(today), year_on(around or today)
    terms = terms_in(now)
    usual = terms[-1] if terms else years[now]
    others = [year for id_, year in reversed(years.items()) if id_ != shown and year.first <= today]
    return Spans((week, *terms_in(shown), years[shown]), usual, tuple(others[:MOST_OTHERS]),
                 {"week": week, "term": usual, "year": years[now]})


def options_of(session: Session, first: date, last: date, owner_id: int | None = None) -> Options:
    """Staff, classes of the years that the span touches, subjects, kinds that timeliness counts, and the views that
    the owner keeps. One statement."""
    titles: dict[By, dict[int, str]] = {by: {} for by in By}
    views = []
    rows = session.execute(union_all(_teachers(), _classes(first, last), _subjects(), _kinds(), _views(owner_id))).all()
    for row in sorted(rows, key=lambda row: (row.number, row.place)):
        if row.kind == VIEW:
            views.append(View(row.id, row.title, row.first_name))
        else:
            titles[By(row.kind)][row.id] = names.with_initials(row.title, row.first_name, row.patronymic)
    return Options(titles, views)


def _teachers() -> Rows:
    staff = select(Employment.person_id).union(
        select(TeachingAssignment.teacher_id).where(TeachingAssignment.teacher_id.is_not(None)))
    return select(literal(By.TEACHER.value).label("kind"), Person.id.label("id"), Person.last_name.label("title"),
                  Person.first_name.label("first_name"), Person.patronymic.label("patronymic"),
                  literal(0).label("number"), Person.sort_key.label("place")).where(Person.id.in_(staff))


def _classes(first: date, last: date) -> Rows:
    return select(literal(By.CLASS.value), SchoolClass.id, cast(SchoolClass.grade, String).concat(SchoolClass.letter),
                  literal(""), literal(""), SchoolClass.grade, SchoolClass.letter).join(
        SchoolYear, SchoolYear.id == SchoolClass.year_id).where(
        SchoolYear.starts_on <= last, SchoolYear.ends_on >= first)


def _subjects() -> Rows:
    return select(literal(By.SUBJECT.value), Subject.id, Subject.name, literal(""), literal(""), literal(0),
                  Subject.name)


def _kinds() -> Rows:
    return select(literal(By.KIND.value), WorkKind.id, WorkKind.name, literal(""), literal(""), WorkKind.position,
                  WorkKind.name).where(WorkKind.in_timeliness.is_(True))


def _views(owner_id: int | None) -> Rows:
    return select(literal(VIEW), SavedView.id, SavedView.name, SavedView.query, literal(""), literal(0),
                  SavedView.name).where(SavedView.owner_id == (owner_id or 0))
