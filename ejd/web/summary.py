"""The summary sheet of a class, alike for its class teacher and for who may see the school's marks: a period or the
whole year, on screen, as a workbook and on paper; and the lists of who learns how."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Role
from ejd.db import db
from ejd.documents.tables import as_pdf, as_xlsx
from ejd.results import summary_rows
from ejd.results.lists import Group
from ejd.results.queries import Slot
from ejd.results.summary import SummarySheet, sheet_of
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.navigation import role_of_request
from ejd.web.saving import unlocked

ALL = "all"


def show_summary(class_id: int) -> ResponseReturnValue:
    sheet, slot = _asked(class_id)
    rows = None
    if sheet.slots and sheet.subjects and sheet.pupils:
        address = _address_in(class_id) if role_of_request() is Role.TEACHER else None
        rows = summary_rows.rows_of(sheet, slot, address) if slot else summary_rows.rows_of_all(sheet, address)
    return render_template(
        "results/summary.html", sheet=sheet, slot=slot, rows=rows, shown=summary_rows.shown_slots(sheet), all=ALL,
        feet=summary_rows.feet_of(sheet, slot) if slot and rows else (), Group=Group,
        achievement=sheet.achievement(slot) if slot else None)


def summary_file(class_id: int, form: str) -> Response:
    """The same as a workbook, or as PDF across the page."""
    sheet, slot = _asked(class_id)
    table = summary_rows.table_of(sheet, slot, school=g.settings.value("school.name", on=None), made_on=clock.today(),
                                  on_paper=form == "pdf")
    with unlocked():
        body, kind = (as_xlsx(table), XLSX) if form == "xlsx" else (as_pdf(table, landscape=True), PDF)
    return download(body, kind, f"Сводная, {sheet.class_name}, {slot.title if slot else 'все периоды'}.{form}")


def _address_in(class_id: int) -> Callable[[int], str]:
    """The page of a pupil of the own class."""
    return lambda pupil_id: url_for("teacher.pupil_marks", class_id=class_id, pupil_id=pupil_id)


def _asked(class_id: int) -> tuple[SummarySheet, Slot | None]:
    """The sheet, and the period that the address names; None is the whole year."""
    sheet = sheet_of(db.session, class_id=class_id, settings=g.settings, today=clock.today())
    code = request.args.get("period")
    if code == ALL or not sheet.slots:
        return sheet, None
    return sheet, sheet.slot_of(code or None) or abort(404, "Такого периода нет. Выберите период в сводной ведомости.")
