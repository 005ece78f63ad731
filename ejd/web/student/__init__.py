"""Pages of the student: the diary."""

from flask import Blueprint

bp = Blueprint("student", __name__, url_prefix="/student")

from ejd.web.student import diary, homework, notes, results  # noqa: E402, F401
