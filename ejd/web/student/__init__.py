"""Pages of the student role."""

from flask import Blueprint

bp = Blueprint("student", __name__, url_prefix="/student")
