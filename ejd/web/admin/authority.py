"""The report to the education authority: what it will say, page by page, and its files."""

from __future__ import annotations

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.compliance import authority, choices
from ejd.compliance.authority_report import FIGURES, PART_TITLES, Part, SchoolReport, to_json
from ejd.compliance.choices import Span
from ejd.db import db
from ejd.documents.tables import as_pdf, as_xlsx
from ejd.refusal import Refused
from ejd.typed import day_of
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.saving import unlocked

JSON = "application/json"
FIRST_YEAR, LAST_YEAR = 1900, 2200


@bp.get("/report")
@needs(Act.SEE_CONTROL)
def authority_report() -> ResponseReturnValue:
    """One page of the report, with how each figure is counted."""
    part = Part(request.args["part"]) if request.args.get("part") in set(Part) else Part.JOURNALS
    span, errors = _span()
    return render_template(
        "admin/control/report.html", report=_report(span, {part}), part=part, parts=PART_TITLES, figures=FIGURES,
        span=span, errors=errors, days={"from": span.first.isoformat(), "to": span.last.isoformat()}
    ), 422 if errors else 200


@bp.get("/report.<form>")
@needs(Act.SEE_CONTROL)
def authority_report_file(form: str) -> ResponseReturnValue:
    """The whole report: for a program, for Excel, on paper."""
    if form not in {"json", "xlsx", "pdf"}:
        abort(404)
    span, errors = _span()
    for sentence in errors.values():
        raise Refused(sentence)
    report = _report(span, authority.ALL)
    name = f"Отчёт {span.first.isoformat()} – {span.last.isoformat()}.{form}"
    with unlocked():
        if form == "json":
            return download(to_json(report).encode(), JSON, name)
        table = authority.as_table(report)
        return download(as_xlsx(table), XLSX, name) if form == "xlsx" else download(
            as_pdf(table, landscape=True), PDF, name)


def _report(span: Span, parts: set[Part] | frozenset[Part]) -> SchoolReport:
    return authority.report_for(db.session, first=span.first, last=span.last, settings=g.settings, parts=parts,
                                today=clock.today(), now=clock.now(), real_now=clock.real_now())


def _span() -> tuple[Span, dict[str, str]]:
    """The days that the address asks about, else the newest term; what can't be understood by field. One statement."""
    usual = choices.spans_of(db.session, clock.today()).usual
    errors: dict[str, str] = {}
    days = []
    for name, otherwise in (("from", usual.first), ("to", usual.last)):
        typed = request.args.get(name, "").strip()
        found = day_of(typed)
        if typed and (found is None or not FIRST_YEAR < found.year < LAST_YEAR):
            errors[name], found = "Дата записывается как 01.09.2026", None
        days.append(found or otherwise)
    if days[1] < days[0]:
        errors.setdefault("to", "Последний день раньше первого: поменяйте даты местами")
        days[1] = days[0]
    return Span("", *days), errors
