"""The teacher's day."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ejd.web.teacher import bp


@bp.get("/")
def today() -> ResponseReturnValue:
    return render_template("teacher/today.html")


@bp.get("/journals")
def journals() -> ResponseReturnValue:
    return render_template("teacher/journals.html")
