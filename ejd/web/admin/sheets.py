"""The administration on weekly sheets: the school by class, everything due in one file, and each class like its teacher
(R21, R25, R34)."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.families import queries_sheets, sheets_of_school
from ejd.families.sheets_in_span import in_all
from ejd.web import class_sheets as pages
from ejd.web.access import class_listed, needs, school_year_now
from ejd.web.access_sheets import sheet_of_class
from ejd.web.admin import bp
from ejd.web.following import begin_job
from ejd.web.given import day_in

LATELY = timedelta(days=28)


@bp.get("/sheets")
@needs(Act.PRINT_SHEETS)
def school_sheets() -> ResponseReturnValue:
    """Every class that owes sheets: to print now, and what became of those due in a span of days."""
    year, today = school_year_now(), clock.today()
    first = day_in(request.args, "first") or max(year.starts_on, today - LATELY)
    last = day_in(request.args, "last") or today
    found = queries_sheets.sheets_of_school(db.session, year_id=year.id, first=first, last=last, now=clock.now())
    return render_template("sheets/school.html", found=found, total=in_all(found.figures), first=first,
                           last=last, key=token_urlsafe(12))


@bp.post("/sheets")
@needs(Act.PRINT_SHEETS)
def print_school_sheets() -> ResponseReturnValue:
    """Everything due now in one file, as long work."""
    year = school_year_now()
    return begin_job(sheets_of_school.KIND, {"year_id": year.id}, key=request.form.get("key", ""),
                     back=url_for(".school_sheets"))


@bp.get("/classes/<int:class_id>/sheets")
@needs(Act.PRINT_SHEETS)
def class_sheets(class_id: int) -> ResponseReturnValue:
    return pages.show_sheets(class_listed(class_id))


@bp.post("/classes/<int:class_id>/sheets")
@needs(Act.PRINT_SHEETS)
def print_class_sheets(class_id: int) -> ResponseReturnValue:
    return pages.print_sheets(class_listed(class_id))


@bp.get("/classes/<int:class_id>/sheets/<key>.pdf")
@needs(Act.PRINT_SHEETS)
def class_sheets_file(class_id: int, key: str) -> ResponseReturnValue:
    return pages.sheets_file(class_listed(class_id), key)


@bp.post("/classes/<int:class_id>/sheets/handed")
@needs(Act.PRINT_SHEETS)
def hand_out_sheets(class_id: int) -> ResponseReturnValue:
    return pages.hand_out(class_listed(class_id))


@bp.get("/classes/<int:class_id>/sheets/log")
@needs(Act.PRINT_SHEETS)
def sheets_log(class_id: int) -> ResponseReturnValue:
    return pages.show_log(class_listed(class_id))


@bp.post("/classes/<int:class_id>/sheets/<int:sheet_id>/again")
@needs(Act.PRINT_SHEETS)
def reprint_sheet(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.print_again(class_listed(class_id), sheet_of_class(class_id, sheet_id))


@bp.post("/classes/<int:class_id>/sheets/<int:sheet_id>/without-homework")
@needs(Act.PRINT_SHEETS)
def sheet_without_homework(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.print_without_homework(class_listed(class_id), sheet_of_class(class_id, sheet_id))


@bp.get("/classes/<int:class_id>/sheets/<int:sheet_id>/copy.pdf")
@needs(Act.PRINT_SHEETS)
def sheet_copy(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.copy_file(sheet_of_class(class_id, sheet_id))


@bp.post("/classes/<int:class_id>/sheets/<int:sheet_id>/back")
@needs(Act.PRINT_SHEETS)
def take_sheet_back(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.take_back(class_listed(class_id), sheet_of_class(class_id, sheet_id))


@bp.get("/classes/<int:class_id>/slips")
@needs(Act.PRINT_SHEETS)
def class_slips(class_id: int) -> ResponseReturnValue:
    return pages.show_slips(class_listed(class_id))


@bp.get("/classes/<int:class_id>/slips.pdf")
@needs(Act.PRINT_SHEETS)
def class_slips_file(class_id: int) -> ResponseReturnValue:
    return pages.slips_file(class_listed(class_id))
