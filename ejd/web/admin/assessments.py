"""The school's assessment calendar (R16): classes by days, what is against which work, for the screen and for
publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.documents.tables import Column, Table, as_pdf, as_xlsx
from ejd.journal.assessments import PlannedWork, year_of_assessments
from ejd.school import queries as school
from ejd.school.calendar import TermDates
from ejd.web.access import needs, school_year_now
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.given import number_in
from ejd.web.saving import unlocked
from ejd.words import day_month, in_subgroup, long_date, work_name


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the calendar was asked for: a span, and of whom."""

    title: str
    first: date
    last: date
    works: Sequence[PlannedWork]
    filters: dict[str, int]
    year: Sequence[PlannedWork]  # all that could have been asked for

    @property
    def days(self) -> list[date]:
        return sorted({one.work.day for one in self.works})

    @property
    def classes(self) -> list[str]:
        return list(dict.fromkeys(one.work.class_name for one in sorted(
            self.works, key=lambda one: (one.work.grade, one.work.class_name))))

    def cells(self) -> dict[tuple[str, date], list[PlannedWork]]:
        """By class and day; both subgroups are one work (R16)."""
        found: dict[tuple[str, date], list[PlannedWork]] = defaultdict(list)
        for one in self.works:
            place = found[one.work.class_name, one.work.day]
            if all(other.work.subject_id != one.work.subject_id for other in place):
                place.append(one)
        return found


@bp.get("/assessments")
@needs(Act.SEE_CONTROL)
def assessments() -> ResponseReturnValue:
    shown, terms = _shown()
    return render_template(
        "admin/assessments.html", shown=shown, terms=terms, cells=shown.cells(),
        warned=[(one, warned) for one in shown.works for warned in one.warned],
        grades=sorted({one.work.grade for one in shown.year}),
        classes=sorted({(one.work.grade, one.work.class_name, one.work.class_id) for one in shown.year}),
        subjects=sorted({(one.work.subject, one.work.subject_id) for one in shown.year}))


@bp.get("/assessments.xlsx")
@needs(Act.SEE_CONTROL)
def assessments_workbook() -> ResponseReturnValue:
    """Classes by days, as schools publish it."""
    shown, _ = _shown()
    cells = shown.cells()
    columns = [Column("Класс", 15), *(Column(day_month(day), 25) for day in shown.days)]
    rows = [[name, *(_in_cell(cells.get((name, day), ())) for day in shown.days)] for name in shown.classes]
    table = Table("График оценочных процедур", _about(shown), columns, rows, clock.today())
    with unlocked():
        return download(as_xlsx(table), XLSX, f"{_name(shown)}.xlsx")


@bp.get("/assessments.pdf")
@needs(Act.SEE_CONTROL)
def assessments_paper() -> ResponseReturnValue:
    """The same works as a list by days."""
    shown, _ = _shown()
    columns = (Column("День", 22), Column("Класс", 15), Column("Предмет", 50), Column("Работа", 70),
               Column("Урок", 12, "right"), Column("Минут", 14, "right"))
    rows = [[one.work.day, one.work.class_name, in_subgroup(one.work.subject, one.work.subgroup),
             work_name(one.kind, one.title), one.work.number, one.minutes] for one in shown.works]
    table = Table("График оценочных процедур", _about(shown), columns, rows, clock.today())
    with unlocked():
        return download(as_pdf(table), PDF, f"{_name(shown)}.pdf")


def _shown() -> tuple[Shown, list[tuple[int, str]]]:
    """The calendar asked for, and the terms that could be. By itself the term that goes on."""
    year, today = school_year_now(), clock.today()
    terms = school.calendar_of(db.session, year.id).terms
    works = year_of_assessments(db.session, year.id)
    filters = {name: number for name in ("term_id", "grade", "class_id", "subject_id")
               if (number := number_in(request.args, name)) is not None}
    term = next((one for one in terms if one.id == filters.get("term_id")), None)
    if term is None and "term_id" not in filters:
        term = _now(terms, today)
    filters["term_id"] = term.id if term else 0
    first, last = (term.starts_on, term.ends_on) if term else (year.starts_on, year.ends_on)
    asked = {name: value for name, value in filters.items() if name != "term_id"}
    chosen = [one for one in works if first <= one.work.day <= last and _fits(one, asked)]
    title = f"{term.name if term else 'Учебный год'}: с {long_date(first)} по {long_date(last)}"
    return Shown(title, first, last, chosen, filters, works), [(0, "весь год"), *((one.id, one.name) for one in terms)]


def _now(terms: Sequence[TermDates], today: date) -> TermDates | None:
    """The term of the day by the first scheme that has one, in holidays the one that comes."""
    return min((term for term in terms if term.ends_on >= today), default=None,
               key=lambda term: (term.ends_on, term.starts_on))


def _fits(one: PlannedWork, asked: dict[str, int]) -> bool:
    return all(getattr(one.work, name) == value for name, value in asked.items())


def _in_cell(works: Sequence[Any]) -> str:
    return "; ".join(f"{one.short_subject} {one.short_kind}" for one in works)


def _about(shown: Shown) -> str:
    """Whose calendar it is, and of which days."""
    return " · ".join(filter(None, (g.settings.value("school.name", on=None), shown.title)))


def _name(shown: Shown) -> str:
    return f"График оценочных процедур, {shown.title.partition(':')[0]}"
