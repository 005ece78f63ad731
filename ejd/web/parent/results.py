"""Results of the own child."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web.access import own_child
from ejd.web.family_results import show_results
from ejd.web.parent import bp
from ejd.web.parent.diary import whose_child


@bp.get("/children/<int:pupil_id>/results")
def results(pupil_id: int) -> ResponseReturnValue:
    return show_results(whose_child(*own_child(g.actor, pupil_id)))
