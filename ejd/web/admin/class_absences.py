"""The office on the absences of every class (R34)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ejd.access import Act
from ejd.web import class_absences as pages
from ejd.web import missed
from ejd.web.access import class_listed, needs
from ejd.web.access_attendance import excuse_of_class
from ejd.web.admin import bp


@bp.get("/classes/<int:class_id>/absences")
@needs(Act.EXCUSE_ABSENCES)
def class_absences(class_id: int) -> ResponseReturnValue:
    return pages.show_absences(class_listed(class_id))


@bp.post("/classes/<int:class_id>/absences")
@needs(Act.EXCUSE_ABSENCES)
def add_excuse(class_id: int) -> ResponseReturnValue:
    return pages.add_excuse(class_listed(class_id))


@bp.post("/classes/<int:class_id>/absences/<int:excuse_id>")
@needs(Act.EXCUSE_ABSENCES)
def answer_excuse(class_id: int, excuse_id: int) -> ResponseReturnValue:
    return pages.answer_excuse(class_listed(class_id), excuse_of_class(class_id, excuse_id))


@bp.get("/classes/<int:class_id>/attendance")
@needs(Act.EXCUSE_ABSENCES)
def class_day(class_id: int) -> ResponseReturnValue:
    return pages.show_day(class_listed(class_id))


@bp.post("/classes/<int:class_id>/attendance")
@needs(Act.EXCUSE_ABSENCES)
def save_class_day(class_id: int) -> ResponseReturnValue:
    return pages.save_day(class_listed(class_id))


@bp.get("/classes/<int:class_id>/missed")
@needs(Act.EXCUSE_ABSENCES)
def class_missed(class_id: int) -> ResponseReturnValue:
    return missed.show_class(*class_listed(class_id))


@bp.get("/classes/<int:class_id>/missed.<any(xlsx, pdf):form>")
@needs(Act.EXCUSE_ABSENCES)
def class_missed_file(class_id: int, form: str) -> ResponseReturnValue:
    return missed.class_file(*class_listed(class_id), form)
