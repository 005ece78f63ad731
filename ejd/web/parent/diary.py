"""The diary of the parent."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ejd.web.parent import bp


@bp.get("/")
def home() -> ResponseReturnValue:
    return render_template("parent/home.html")
