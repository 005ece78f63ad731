"""Pages of the parent: the diary."""

from flask import Blueprint

bp = Blueprint("parent", __name__, url_prefix="/parent")

from ejd.web.parent import diary  # noqa: E402, F401
