"""«Справочные материалы»: guides for everybody who is signed in, each for its readers, with a search."""

from __future__ import annotations

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd.web.guides import found_in, guides_for

bp = Blueprint("help", __name__, url_prefix="/help")
LONGEST = 80  # of what is looked for


@bp.get("/")
def contents() -> ResponseReturnValue:
    guides = guides_for(g.actor)
    q = request.args.get("q", "").strip()[:LONGEST]
    return render_template("help/contents.html", guides=guides, q=q, found=found_in(guides, q))


@bp.get("/<guide>")
def guide(guide: str) -> ResponseReturnValue:
    found = next((one for one in guides_for(g.actor) if one.name == guide), None)
    return render_template("help/guide.html", guide=found or abort(404))
