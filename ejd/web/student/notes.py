"""A pupil reads the notes to the family."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web.family import Whose
from ejd.web.family_notes import show_notes
from ejd.web.student import bp


@bp.get("/notes")
def notes() -> ResponseReturnValue:
    return show_notes(Whose(g.actor.person_id, g.actor.name))
