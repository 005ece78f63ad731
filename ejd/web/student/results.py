"""The pupil's own results."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web.family import Whose
from ejd.web.family_results import show_results
from ejd.web.student import bp


@bp.get("/results")
def results() -> ResponseReturnValue:
    return show_results(Whose(g.actor.person_id, g.actor.name))
