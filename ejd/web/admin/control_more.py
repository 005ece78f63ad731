"""Control beyond the lessons: plans, results and certified copies; families and what they get on paper (R50, R60)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.compliance import families
from ejd.compliance.families import Guardian, sign_ins
from ejd.compliance.lights import Light, light_of
from ejd.compliance.metrics import By
from ejd.compliance.standing import StandingOfSchool, standing_of
from ejd.db import db
from ejd.documents.tables import Column, Table, Value, as_pdf, as_xlsx
from ejd.families.queries_sheets import Figures, in_all, sheets_figures
from ejd.school.models import SchoolYear
from ejd.web.access import NO_YEAR, needs, school_year_asked
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.given import day_in
from ejd.web.saving import unlocked
from ejd.words import long_date

BYS = {By.CLASS: ("По классам", "Класс"), By.TEACHER: ("По учителям", "Учитель"),
       By.SUBJECT: ("По предметам", "Предмет")}
COLUMNS = (("lag", "Отставание планов, часов"), ("behind", "Отстающих журналов"), ("unplanned", "Журналов без плана"),
           ("missing", "Итоговых не выставлено, срок вышел"), ("late", "Итоговых выставлено после срока"))
COPIES = (("overdue", "Заверение просрочено"), ("out_of_date", "Копия устарела"), ("certified", "Заверено"),
          ("due", "Должно быть заверено"))
WHO = {"never": "Представители, которые ещё не вошли", "signed": "Представители, которые вошли"}


@bp.get("/control/plans")
@needs(Act.SEE_CONTROL)
def control_plans() -> ResponseReturnValue:
    """Plans, results and copies by class, teacher or subject."""
    year, years = _year()
    by, found = _by(), _standing(year)
    bounds = g.settings.value("control.lights", on=None)
    total = found.total
    lights = {"plans": light_of(Fraction(total.worst_lag), bounds["lag"]),
              "results": light_of(Fraction(100 * total.missing, total.results), bounds["results"])
              if total.results else None,
              "copies": Light.RED if total.overdue + total.out_of_date else Light.GREEN}
    return render_template("admin/control/plans.html", year=year, years=years, by=by, bys=BYS, found=found, total=total,
                           lights=lights, columns=_columns(by))


@bp.get("/control/plans.<form>")
@needs(Act.SEE_CONTROL)
def control_plans_file(form: str) -> ResponseReturnValue:
    year, _ = _year()
    by, found = _by(), _standing(year)
    columns = _columns(by)
    rows: list[Sequence[Value]] = [(row.name, *(getattr(row, name) for name, _ in columns))
                                   for row in (found.total, *found.rows)]
    return _file(Table(f"Контроль планов и итогов {BYS[by][0].lower()}", _about(year), [
        Column(BYS[by][1], 50), *(Column(title, 24, "right") for _, title in columns)], rows), form)


@bp.get("/control/families")
@needs(Act.SEE_CONTROL)
def control_families() -> ResponseReturnValue:
    """Who has signed in, and weekly sheets due and handed, by class."""
    year, years = _year()
    first, last = _days(year)
    rows, total, sheets = _families(year, first, last)
    bounds = g.settings.value("control.lights", on=None)
    lights = {"families": light_of(Fraction(100 * total.never, total.people), bounds["families"])
              if total.people else None,
              "sheets": light_of(Fraction(100 * (sheets.due - sheets.handed), sheets.due), bounds["sheets"])
              if sheets.due else None}
    return render_template("admin/control/families.html", year=year, years=years, first=first, last=last, rows=rows,
                           total=total, sheets=sheets, lights=lights, prints=may(g.actor, Act.PRINT_SHEETS))


@bp.get("/control/families.<form>")
@needs(Act.SEE_CONTROL)
def control_families_file(form: str) -> ResponseReturnValue:
    year, _ = _year()
    first, last = _days(year)
    rows, total, sheets = _families(year, first, last)
    lines: list[Sequence[Value]] = [(name, *_numbers(people, paper)) for name, _, people, paper in (
        ("Вся школа", 0, total, sheets), *rows)]
    titles = ("Представителей", "Вошли", "Не вошли", "Листов положено", "Напечатано", "Выдано", "Выдано в срок")
    columns = [Column("Класс", 30), *(Column(title, 24, "right") for title in titles)]
    return _file(Table("Контроль: семьи и недельные листы",
                       f"{_about(year)} · листы {long_date(first)} – {long_date(last)}", columns, lines), form)


@bp.get("/control/families/<who>")
@needs(Act.SEE_CONTROL)
def control_guardians(who: str) -> ResponseReturnValue:
    """Guardians who have signed in, or never, by class and pupil; each leads to the cards of the class."""
    title, year, rows = _guardians(who)
    return render_template("admin/control/guardians.html", title=title, who=who, year=year, rows=rows, where=_where(),
                           issues=may(g.actor, Act.ISSUE_PASSWORD), sees=may(g.actor, Act.SEE_ROSTER))


@bp.get("/control/families/<who>.<form>")
@needs(Act.SEE_CONTROL)
def control_guardians_file(who: str, form: str) -> ResponseReturnValue:
    title, year, rows = _guardians(who)
    return _file(Table(title, _about(year), (Column("Класс", 16), Column("Ученик", 60), Column("Представитель", 60),
                                             Column("Кем приходится", 30)),
                       [(row.class_name, row.pupil, row.guardian, row.relation) for row in rows]), form)


def _year() -> tuple[SchoolYear, Sequence[SchoolYear]]:
    year, years = school_year_asked()
    return year or abort(422, NO_YEAR), years


def _by() -> By:
    by = request.args.get("by", "")
    return By(by) if by in list(BYS) else By.CLASS


def _columns(by: By) -> Sequence[tuple[str, str]]:
    """Copies belong to classes alone."""
    return (*COPIES[:2], *COLUMNS, *COPIES[2:]) if by is By.CLASS else COLUMNS


def _standing(year: SchoolYear) -> StandingOfSchool:
    return standing_of(db.session, year_id=year.id, by=_by(), settings=g.settings, today=clock.today())


def _days(year: SchoolYear) -> tuple[date, date]:
    """The span of the sheets, by default four weeks; both days within the year."""
    last = min(max(day_in(request.args, "to") or clock.today(), year.starts_on), year.ends_on)
    first = day_in(request.args, "from") or last - timedelta(days=27)
    return min(max(first, year.starts_on), last), last


def _families(year: SchoolYear, first: date, last: date) -> tuple[
        list[tuple[str, int, families.SignIns, Figures]], families.SignIns, Figures]:
    """By class: name, id, sign-ins, sheets; and the same of the school."""
    classes, guardians = families.guardians_of(db.session, year_id=year.id, day=_day(year))
    sheets = sheets_figures(db.session, year_id=year.id, first=first, last=last, now=clock.now(), classes=classes)
    of_class = {one.class_id: one for one in sheets}
    rows = [(one.name, class_id, sign_ins([row for row in guardians if row.class_id == class_id]),
             of_class.get(class_id, Figures(class_id, one.name))) for class_id, one in classes.items()]
    return rows, sign_ins(guardians), in_all(sheets)


def _guardians(who: str) -> tuple[str, SchoolYear, list[Guardian]]:
    title = WHO.get(who) or abort(404)
    year, _ = _year()
    _, rows = families.guardians_of(db.session, year_id=year.id, day=_day(year))
    class_id = request.args.get("class")
    return title, year, [row for row in rows if row.signed_in == (who == "signed")
                         and class_id in (None, str(row.class_id))]


def _day(year: SchoolYear) -> date:
    return min(max(clock.today(), year.starts_on), year.ends_on)


def _numbers(people: families.SignIns, sheets: Figures) -> tuple[int, ...]:
    return (people.people, people.signed_in, people.never, sheets.due, sheets.printed, sheets.handed, sheets.in_time)


def _where() -> dict[str, str]:
    """The question of a list, for the addresses of its files."""
    return {name: request.args[name] for name in ("year", "class") if request.args.get(name)}


def _about(year: SchoolYear) -> str:
    return " · ".join(filter(None, (g.settings.value("school.name", on=None), f"{year.name} учебный год",
                                    f"на {long_date(clock.today())}")))


def _file(table: Table, form: str) -> ResponseReturnValue:
    if form not in {"xlsx", "pdf"}:
        abort(404)
    name = f"{table.title.replace(':', ',')}.{form}"
    with unlocked():
        return download(as_xlsx(table), XLSX, name) if form == "xlsx" else download(
            as_pdf(table, landscape=True), PDF, name)
