"""The class teacher on the weekly sheets of the own class (R21, R25, R53)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web import class_sheets as pages
from ejd.web.access import own_class
from ejd.web.access_sheets import sheet_of_class
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/sheets")
def class_sheets(class_id: int) -> ResponseReturnValue:
    return pages.show_sheets(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/sheets")
def print_class_sheets(class_id: int) -> ResponseReturnValue:
    return pages.print_sheets(own_class(g.actor, class_id))


@bp.get("/classes/<int:class_id>/sheets/<key>.pdf")
def class_sheets_file(class_id: int, key: str) -> ResponseReturnValue:
    return pages.sheets_file(own_class(g.actor, class_id), key)


@bp.post("/classes/<int:class_id>/sheets/handed")
def hand_out_sheets(class_id: int) -> ResponseReturnValue:
    return pages.hand_out(own_class(g.actor, class_id))


@bp.get("/classes/<int:class_id>/sheets/log")
def sheets_log(class_id: int) -> ResponseReturnValue:
    return pages.show_log(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/sheets/<int:sheet_id>/again")
def reprint_sheet(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.print_again(own_class(g.actor, class_id), sheet_of_class(class_id, sheet_id))


@bp.post("/classes/<int:class_id>/sheets/<int:sheet_id>/without-homework")
def sheet_without_homework(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.print_without_homework(own_class(g.actor, class_id), sheet_of_class(class_id, sheet_id))


@bp.get("/classes/<int:class_id>/sheets/<int:sheet_id>/copy.pdf")
def sheet_copy(class_id: int, sheet_id: int) -> ResponseReturnValue:
    own_class(g.actor, class_id)
    return pages.copy_file(sheet_of_class(class_id, sheet_id))


@bp.post("/classes/<int:class_id>/sheets/<int:sheet_id>/back")
def take_sheet_back(class_id: int, sheet_id: int) -> ResponseReturnValue:
    return pages.take_back(own_class(g.actor, class_id), sheet_of_class(class_id, sheet_id))


@bp.get("/classes/<int:class_id>/slips")
def class_slips(class_id: int) -> ResponseReturnValue:
    return pages.show_slips(own_class(g.actor, class_id))


@bp.get("/classes/<int:class_id>/slips.pdf")
def class_slips_file(class_id: int) -> ResponseReturnValue:
    return pages.slips_file(own_class(g.actor, class_id))
