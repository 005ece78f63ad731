"""Pages of the parent: the diary, and what a guardian tells of absences."""

from flask import Blueprint

bp = Blueprint("parent", __name__, url_prefix="/parent")

from ejd.web.parent import absences, access, diary, homework, notes, results  # noqa: E402, F401
