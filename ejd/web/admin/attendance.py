"""The day of the school: who is away in each class, where attendance has not been taken; the list for the canteen and
the deputy; days and lessons missed by class."""

from __future__ import annotations

from datetime import date, timedelta

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.documents.tables import Column, Table
from ejd.journal.school_day import Absent, ClassOfDay, day_of_school
from ejd.roster.queries_classes import day_within
from ejd.school.models import SchoolYear
from ejd.web import missed
from ejd.web.access import needs, school_year_now
from ejd.web.admin import bp
from ejd.web.given import day_in
from ejd.words import full_day, long_date

ONE_DAY = timedelta(days=1)


@bp.get("/attendance")
@needs(Act.EXCUSE_ABSENCES)
def attendance() -> ResponseReturnValue:
    """By class; each leads to the form of its day."""
    year = school_year_now()
    day = _day(year)
    rows = _rows(year, day)
    return render_template(
        "absences/school_day.html", day=day, before=day - ONE_DAY, after=day + ONE_DAY, today=clock.today(), rows=rows,
        pupils=sum(row.pupils for row in rows), present=sum(row.present for row in rows),
        untaken=sum(len(row.untaken) for row in rows))


@bp.get("/attendance.<any(xlsx, pdf):form>")
@needs(Act.EXCUSE_ABSENCES)
def attendance_file(form: str) -> ResponseReturnValue:
    """The list of the day. It goes to the canteen too: no reasons stand on it (R40)."""
    year = school_year_now()
    day = _day(year)
    rows = [row for row in _rows(year, day) if row.pupils]
    lines: list[list[str | int]] = [
        [row.name, row.pupils, row.present, len(row.all_day), _names(row.all_day), _names(row.partly)] for row in rows]
    lines.append(["Всего", sum(row.pupils for row in rows), sum(row.present for row in rows),
                  sum(len(row.all_day) for row in rows), "", ""])
    columns = (Column("Класс", 15), Column("По списку", 16, "right"), Column("Присутствует", 22, "right"),
               Column("Отсутствует", 20, "right"), Column("Кто отсутствует", 70), Column("Часть уроков", 40))
    subtitle = " · ".join(filter(None, (g.settings.value("school.name", on=None), f"{full_day(day)} {day.year} года")))
    return missed.send_table(Table("Присутствие", subtitle, columns, lines, made_on=clock.today()), form,
                             f"Присутствие, {long_date(day)}")


@bp.get("/missed")
@needs(Act.EXCUSE_ABSENCES)
def school_missed() -> ResponseReturnValue:
    return missed.show_school(school_year_now())


@bp.get("/missed.<any(xlsx, pdf):form>")
@needs(Act.EXCUSE_ABSENCES)
def school_missed_file(form: str) -> ResponseReturnValue:
    return missed.school_file(school_year_now(), form)


def _rows(year: SchoolYear, day: date) -> list[ClassOfDay]:
    return day_of_school(db.session, year_id=year.id, day=day, now=clock.now())


def _day(year: SchoolYear) -> date:
    return day_within(year, day_in(request.args, "day") or clock.today())


def _names(absent: list[Absent]) -> str:
    return ", ".join(f"{one.name} ({one.part})" if one.part else one.name for one in absent)
