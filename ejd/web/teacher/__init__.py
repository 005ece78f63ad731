"""Pages of the teacher role."""

from flask import Blueprint

bp = Blueprint("teacher", __name__, url_prefix="/teacher")
