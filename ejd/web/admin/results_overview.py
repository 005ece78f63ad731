"""What results of the school are set, missing, late and other than suggested, with the list behind each figure."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.documents.tables import Table, as_pdf, as_xlsx, in_words, used
from ejd.results import overview
from ejd.results.overview import COLUMNS, TITLES, ListedResult, What
from ejd.results.queries import Slot, slots_of
from ejd.school.calendar import SCHEMES, Calendar
from ejd.school.models import SchoolYear
from ejd.school.queries import calendar_of
from ejd.web.access import NO_YEAR, needs, school_year_asked
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.given import number_in
from ejd.web.saving import unlocked
from ejd.words import counted

SHOWN = 300  # rows of a list on the screen; all of them are in its files


@bp.get("/results")
@needs(Act.SEE_CONTROL)
def results_overview() -> ResponseReturnValue:
    """By class; one class opens by journal."""
    calendar, slots, slot, year, years = _asked()
    rows = overview.overview_of(db.session, calendar=calendar, slot=slot, settings=g.settings,
                                today=clock.today()) if slot else []
    class_id = number_in(request.args, "class")
    opened = next((row for row in rows if row.class_id == class_id), None) if class_id is not None else None
    if class_id == 0:
        opened = next((row for row in rows if row.class_id is None), None)
    return render_template("admin/results/overview.html", slots=slots, slot=slot, rows=rows, opened=opened, What=What,
                           titles=TITLES, total=overview.total_of(rows), today=clock.today(),
                           year=year, years=years, sets=may(g.actor, Act.SET_RESULTS))


@bp.get("/results/<what>")
@needs(Act.SEE_CONTROL)
def results_list(what: str) -> ResponseReturnValue:
    chosen, slot, rows = _list(what, most=SHOWN)
    filled = [index for index in range(len(COLUMNS)) if any(row.cells[index] for row in rows)]
    return render_template("admin/results/list.html", what=chosen, title=TITLES[chosen], slot=slot, rows=rows,
                           columns=COLUMNS, used=filled, most=SHOWN, words=in_words, where=_where(),
                           sets=may(g.actor, Act.SET_RESULTS))


@bp.get("/results/<what>.xlsx")
@needs(Act.SEE_CONTROL)
def results_workbook(what: str) -> ResponseReturnValue:
    table = _table(what)
    with unlocked():
        return download(as_xlsx(table), XLSX, f"{table.title.replace(':', ',')}.xlsx")


@bp.get("/results/<what>.pdf")
@needs(Act.SEE_CONTROL)
def results_paper(what: str) -> ResponseReturnValue:
    table = _table(what)
    with unlocked():
        return download(as_pdf(table, landscape=True), PDF, f"{table.title.replace(':', ',')}.pdf")


def _asked() -> tuple[Calendar, list[Slot], Slot | None, SchoolYear, Sequence[SchoolYear]]:
    """The year, its periods begun, and the one that the address names, else the newest term; the year that is shown,
    and all."""
    year, years = school_year_asked()
    if year is None:
        abort(422, NO_YEAR)
    calendar, today = calendar_of(db.session, year.id), clock.today()
    terms = [term for scheme in SCHEMES for term in calendar.terms_by(scheme) if term.starts_on <= today]
    last_begun = len(terms) == len(calendar.terms)  # else it is too early for the year's mark
    slots = slots_of(terms, None) if last_begun else slots_of(terms, None)[:-1]
    code = request.args.get("term")
    if code:
        found = next((slot for slot in slots if slot.code == code), None)
        return calendar, slots, found or abort(
            404, "Такого периода нет. Выберите период на странице итоговых отметок."), year, years
    first = [slot for slot in slots if slot.term and slot.term.scheme == terms[0].scheme]
    return calendar, slots, first[-1] if first else None, year, years


def _list(name: str, most: int | None = None) -> tuple[What, Slot, list[ListedResult]]:
    what = What(name) if name in set(What) else abort(404)
    calendar, _, slot, _, _ = _asked()
    if slot is None:
        abort(404, "Учебные периоды ещё не начались.")
    return what, slot, overview.list_of(db.session, calendar=calendar, slot=slot, what=what, settings=g.settings,
                                        today=clock.today(), most=most, **_chosen())


def _chosen() -> dict[str, int | None]:
    return {"class_id": number_in(request.args, "class"), "course_id": number_in(request.args, "course")}


def _where() -> dict[str, str]:
    """The question of this page, for the addresses of its files."""
    return {name: request.args[name] for name in ("year", "term", "class", "course") if request.args.get(name)}


def _table(name: str) -> Table:
    what, slot, rows = _list(name)
    told = [g.settings.value("school.name", on=None), slot.title, counted(len(rows), "строка", "строки", "строк")]
    return used(Table(f"Итоговые отметки: {TITLES[what].lower()}", " · ".join(filter(None, told)), COLUMNS,
                      [row.cells for row in rows], made_on=clock.today()))
