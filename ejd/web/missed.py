"""Days and lessons missed as a page, a workbook and a paper: of a class, by pupil, and of the school, by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.documents.tables import Column, Table, as_pdf, as_xlsx
from ejd.journal import missed
from ejd.journal.missed import Missed
from ejd.roster.models import SchoolClass
from ejd.school.calendar import TermDates
from ejd.school.models import SchoolYear, TermScheme
from ejd.school.queries import terms_of
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.saving import unlocked
from ejd.words import long_date

YEAR = "year"
COLUMNS = (Column("Дней", 14, "right"), Column("из них б", 14, "right"), Column("у", 12, "right"),
           Column("н", 12, "right"), Column("Уроков", 16, "right"), Column("из них б", 14, "right"),
           Column("у", 12, "right"), Column("н", 12, "right"), Column("Опозданий", 18, "right"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that the address names: one of the terms begun so far, or the school year."""

    terms: Sequence[TermDates]
    term: TermDates | None
    first: date
    last: date

    @property
    def title(self) -> str:
        return self.term.name if self.term else "Учебный год"

    @property
    def code(self) -> str:
        return str(self.term.number) if self.term else YEAR


def asked_days(year: SchoolYear, scheme: str) -> Asked:
    """The term by its number, or «year»; without either the current one, in holidays the one before."""
    terms = [term for term in terms_of(db.session, year.id) if term.scheme == scheme]
    begun = [term for term in terms if term.starts_on <= clock.today()] or terms[:1]
    given = request.args.get("term", "")
    if given == YEAR or not begun:
        return Asked(begun, None, year.starts_on, year.ends_on)
    term = begun[-1] if not given else next((term for term in begun if str(term.number) == given), None)
    if term is None:
        abort(404, "Такого учебного периода нет. Выберите другой на странице пропусков.")
    return Asked(begun, term, term.starts_on, term.ends_on)


def show_class(school_class: SchoolClass, year: SchoolYear) -> str:
    asked = asked_days(year, school_class.term_scheme)
    lines = missed.registers(db.session, class_ids=[school_class.id], first=asked.first, last=asked.last)
    of_class = lines.get(school_class.id, [])
    return render_template("absences/class_missed.html", school_class=school_class, asked=asked, lines=of_class,
                           total=missed.total(of_class))


def class_file(school_class: SchoolClass, year: SchoolYear, form: str) -> Response:
    asked = asked_days(year, school_class.term_scheme)
    lines = missed.registers(db.session, class_ids=[school_class.id], first=asked.first, last=asked.last)
    of_class = lines.get(school_class.id, [])
    rows: list[list[str | int]] = [[line.name, *figures(line.missed)] for line in of_class]
    rows.append(["Всего", *figures(missed.total(of_class))])
    return send(f"Пропуски, {school_class.name}", asked, Column("Ученик", 60), rows, form)


def show_school(year: SchoolYear) -> ResponseReturnValue:
    asked = asked_days(year, TermScheme.QUARTERS.value)
    classes = missed.of_school(db.session, year_id=year.id, first=asked.first, last=asked.last)
    return render_template("absences/school_missed.html", asked=asked, year=year,
                           rows=[(one, len(lines), missed.total(lines)) for one, lines in classes],
                           total=missed.total(line for _, lines in classes for line in lines))


def school_file(year: SchoolYear, form: str) -> Response:
    asked = asked_days(year, TermScheme.QUARTERS.value)
    classes = missed.of_school(db.session, year_id=year.id, first=asked.first, last=asked.last)
    rows: list[list[str | int]] = [[one.name, *figures(missed.total(lines))] for one, lines in classes]
    rows.append(["Всего", *figures(missed.total(line for _, lines in classes for line in lines))])
    return send("Пропуски по классам", asked, Column("Класс", 25), rows, form)


def figures(one: Missed) -> list[int]:
    """In the order of the columns."""
    return [one.all_days, *(one.days[letter] for letter in "бун"),
            one.all_lessons, *(one.lessons[letter] for letter in "бун"), one.late]


def send(title: str, asked: Asked, head: Column, rows: Sequence[Sequence[str | int]], form: str) -> Response:
    about = f"{asked.title}, {long_date(asked.first)} – {long_date(asked.last)}"
    school = g.settings.value("school.name", on=None)
    return send_table(Table(title, " · ".join(filter(None, (school, about))), [head, *COLUMNS], rows,
                            made_on=clock.today()), form, f"{title}, {asked.title}")


def send_table(table: Table, form: str, name: str) -> Response:
    """As a workbook or a paper; drawn while nothing is locked."""
    with unlocked():
        if form == "xlsx":
            return download(as_xlsx(table), XLSX, f"{name}.xlsx")
        return download(as_pdf(table), PDF, f"{name}.pdf")
