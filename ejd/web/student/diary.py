"""A pupil's pages: the own diary."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web.family import Whose, show_marks, show_week
from ejd.web.family_absences import show_absences
from ejd.web.student import bp


@bp.get("/", endpoint="home")
@bp.get("/diary")
def diary() -> ResponseReturnValue:
    return show_week(Whose(g.actor.person_id, g.actor.name))


@bp.get("/marks")
def marks() -> ResponseReturnValue:
    return show_marks(Whose(g.actor.person_id, g.actor.name))


@bp.get("/absences")
def absences() -> ResponseReturnValue:
    return show_absences(Whose(g.actor.person_id, g.actor.name))
