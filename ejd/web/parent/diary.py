"""A parent's pages: the diary of each child."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.roster.scopes import Child
from ejd.web.access import child_to_open, own_child
from ejd.web.family import Whose, show_marks, show_week
from ejd.web.parent import bp


@bp.get("/")
def home() -> ResponseReturnValue:
    """The eldest child's diary that is open, at once, without another request on a slow line; the others are a link
    away."""
    return show_week(whose_child(*child_to_open(g.actor)))


@bp.get("/children/<int:pupil_id>/diary")
def diary(pupil_id: int) -> ResponseReturnValue:
    return show_week(whose_child(*own_child(g.actor, pupil_id)))


@bp.get("/children/<int:pupil_id>/marks")
def marks(pupil_id: int) -> ResponseReturnValue:
    return show_marks(whose_child(*own_child(g.actor, pupil_id)))


def whose_child(child: Child, children: list[Child]) -> Whose:
    others = tuple(children) if len(children) > 1 else ()
    return Whose(child.pupil_id, child.name, {"pupil_id": child.pupil_id}, others, g.actor.person_id)
