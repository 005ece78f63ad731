"""A parent's pages: the children, and each one's diary."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd.roster.scopes import Child
from ejd.web.access import own_child, own_children
from ejd.web.family import Whose, show_marks, show_week
from ejd.web.parent import bp


@bp.get("/")
def home() -> ResponseReturnValue:
    """The children to choose from; an only child's diary at once, without another request on a slow line."""
    children = own_children(g.actor)
    if len(children) == 1:
        return show_week(_whose(children[0], children))
    return render_template("parent/home.html", children=children)


@bp.get("/children/<int:pupil_id>/diary")
def diary(pupil_id: int) -> ResponseReturnValue:
    return show_week(_whose(*own_child(g.actor, pupil_id)))


@bp.get("/children/<int:pupil_id>/marks")
def marks(pupil_id: int) -> ResponseReturnValue:
    return show_marks(_whose(*own_child(g.actor, pupil_id)))


def _whose(child: Child, children: list[Child]) -> Whose:
    others = tuple(children) if len(children) > 1 else ()
    return Whose(child.pupil_id, child.name, {"pupil_id": child.pupil_id}, others)
