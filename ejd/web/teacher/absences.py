"""The class teacher on the absences of the own class (R8, R33)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web import class_absences as pages
from ejd.web import missed
from ejd.web.access import own_class
from ejd.web.access_attendance import excuse_of_class
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/absences")
def class_absences(class_id: int) -> ResponseReturnValue:
    return pages.show_absences(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/absences")
def add_excuse(class_id: int) -> ResponseReturnValue:
    return pages.add_excuse(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/absences/<int:excuse_id>")
def answer_excuse(class_id: int, excuse_id: int) -> ResponseReturnValue:
    return pages.answer_excuse(own_class(g.actor, class_id), excuse_of_class(class_id, excuse_id))


@bp.get("/classes/<int:class_id>/attendance")
def class_day(class_id: int) -> ResponseReturnValue:
    return pages.show_day(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/attendance")
def save_class_day(class_id: int) -> ResponseReturnValue:
    return pages.save_day(own_class(g.actor, class_id))


@bp.get("/classes/<int:class_id>/missed")
def class_missed(class_id: int) -> ResponseReturnValue:
    return missed.show_class(*own_class(g.actor, class_id))


@bp.get("/classes/<int:class_id>/missed.<any(xlsx, pdf):form>")
def class_missed_file(class_id: int, form: str) -> ResponseReturnValue:
    return missed.class_file(*own_class(g.actor, class_id), form)
