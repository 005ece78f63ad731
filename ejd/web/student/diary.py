"""The diary of the student."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ejd.web.student import bp


@bp.get("/")
def home() -> ResponseReturnValue:
    return render_template("student/home.html")
