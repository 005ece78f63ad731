"""Printed journals certified by the director: what is due, the copies of one period, and the register (R50, R52)."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.certification import checking, due, queries, services
from ejd.certification.due import State
from ejd.certification.lacking import Lacking, lacking_in
from ejd.certification.paper import register_table
from ejd.certification.queries import ClassPeriod
from ejd.certification.services import Bound
from ejd.db import db
from ejd.documents.tables import as_pdf, as_xlsx
from ejd.refusal import Refused, Stale
from ejd.results.gaps import GAP_NAMES, Gap
from ejd.school.models import SchoolYear
from ejd.web.access import NO_YEAR, needs, school_year_asked
from ejd.web.access_certification import certification_listed
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.given import day_in, number_in, numbers_of
from ejd.web.saving import saving, unlocked
from ejd.words import counted

YEAR = "year"  # in an address: the copy of the whole year


@bp.get("/certification")
@needs(Act.SEE_CONTROL)
def certification() -> ResponseReturnValue:
    """Every class in every period; a figure opens its list."""
    year, years = _year_asked()
    rows = _class_periods(year)
    state = request.args.get("state", "")
    shown = [row for row in rows if row.state.value == state]
    if state and state not in list(State):
        abort(404)
    return render_template(
        "admin/certification/overview.html", year=year, years=years, rows=rows, figures=queries.figures_of(rows),
        periods=list(dict.fromkeys(row.period for row in rows)), words=due.IN_WORDS, State=State, code_of=_code_of,
        chosen=State(state) if state else None, shown=shown, certifies=may(g.actor, Act.CERTIFY))


@bp.get("/certification/copies")
@needs(Act.SEE_CONTROL)
def certified_copies() -> ResponseReturnValue:
    """The classes in one period; the director certifies their copies here."""
    return _copies_page({})


@bp.post("/certification/copies")
@needs(Act.CERTIFY)
def certify() -> ResponseReturnValue:
    """Register the ticked copies under numbers in a row."""
    year, _ = _year_asked()
    copies = [Bound(copy_id, number_in(request.form, f"sheets-{copy_id}"))
              for copy_id in dict.fromkeys(numbers_of(request.form.getlist("copy")))]
    with unlocked():
        checking.check_before_certifying(db.session, {one.printed_id for one in copies}, year_id=year.id,
                                         now=clock.now())
        lacking = _lacking(year, _rows_of_period(year)[0].period)
    try:
        with saving():
            made = services.certify(
                db.session, actor_id=g.actor.person_id, year_id=year.id, copies=copies, now=clock.now(),
                certified_on=day_in(request.form, "certified_on"), number=number_in(request.form, "number"),
                key=request.form.get("key", ""), lacking=lacking)
    except Refused as refused:
        return _copies_page({refused.field or "copy": str(refused)}), 409 if isinstance(refused, Stale) else 422
    flash(f"Заверено: {counted(len(made), 'экземпляр', 'экземпляра', 'экземпляров')}.")
    return redirect(url_for(".certified_copies", year=year.id, period=request.args.get("period")), 303)


@bp.get("/certification/register")
@needs(Act.SEE_CONTROL)
def certification_register() -> ResponseReturnValue:
    year, years = _year_asked()
    return render_template("admin/certification/register.html", year=year, years=years,
                           lines=queries.register_of(db.session, year_id=year.id), certifies=may(g.actor, Act.CERTIFY))


@bp.get("/certification/register.xlsx")
@needs(Act.SEE_CONTROL)
def certification_workbook() -> ResponseReturnValue:
    return _register_file("xlsx")


@bp.get("/certification/register.pdf")
@needs(Act.SEE_CONTROL)
def certification_paper() -> ResponseReturnValue:
    return _register_file("pdf")


@bp.route("/certification/<int:certification_id>/withdraw", methods=["GET", "POST"])
@needs(Act.CERTIFY)
def withdraw_certification(certification_id: int) -> ResponseReturnValue:
    """A line that was registered by mistake; the page says what becomes of it."""
    line = certification_listed(certification_id)
    if request.method != "POST":
        of_line = next(one for one in queries.register_of(db.session, year_id=line.year_id) if one.id == line.id)
        return render_template("admin/certification/withdraw.html", line=of_line, year_id=line.year_id)
    with saving():
        services.withdraw(db.session, actor_id=g.actor.person_id, certification_id=line.id, now=clock.now())
    flash(f"Запись № {line.number} отменена.")
    return redirect(url_for(".certification_register", year=line.year_id), 303)


def _copies_page(errors: Mapping[str, str]) -> str:
    year, _ = _year_asked()
    rows = _rows_of_period(year)
    period = rows[0].period
    waiting = [row.fresh for row in rows if row.fresh is not None]
    return render_template(
        "admin/certification/copies.html", year=year, period=period, code=_code_of(rows[0]), rows=rows,
        lacking=_lacking(year, period), Gap=Gap, gap_names=GAP_NAMES, waiting=waiting, errors=errors,
        typed=request.form, ticked=request.form.getlist("copy"), words=due.IN_WORDS,
        overdue_from=rows[0].overdue_from, fewest=due.fewest_sheets, today=clock.today(), State=State,
        certifies=may(g.actor, Act.CERTIFY), closes=may(g.actor, Act.CLOSE_TERMS),
        key=request.form.get("key") or token_urlsafe(12),
        number=queries.next_number(db.session, year.id) if waiting else None)


def _rows_of_period(year: SchoolYear) -> list[ClassPeriod]:
    """The classes in the period that the address names."""
    return [row for row in _class_periods(year) if _code_of(row) == request.args.get("period", YEAR)] or abort(404)


def _lacking(year: SchoolYear, period: due.Period) -> dict[int, Lacking]:
    """What the journals of a period that has begun lack."""
    if period.first > clock.today():
        return {}
    return lacking_in(db.session, year_id=year.id, period=period, today=clock.today(), now=clock.now())


def _class_periods(year: SchoolYear) -> list[ClassPeriod]:
    return queries.class_periods(db.session, year_id=year.id, today=clock.today(), settings=g.settings)


def _code_of(row: ClassPeriod) -> str:
    """The period in an address."""
    return str(row.term_id or YEAR)


def _year_asked() -> tuple[SchoolYear, list[SchoolYear]]:
    year, years = school_year_asked()
    return year or abort(422, NO_YEAR), list(years)


def _register_file(form: str) -> ResponseReturnValue:
    year, _ = _year_asked()
    table = register_table(queries.register_of(db.session, year_id=year.id), year_name=year.name,
                           school=g.settings.value("school.name", on=None), made_on=clock.today())
    with unlocked():
        body, kind = (as_xlsx(table), XLSX) if form == "xlsx" else (as_pdf(table, landscape=True), PDF)
    return download(body, kind, f"Журнал заверений, {year.name.replace('/', '-')}.{form}")
