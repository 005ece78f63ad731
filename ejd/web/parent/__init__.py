"""Pages of the parent role."""

from flask import Blueprint

bp = Blueprint("parent", __name__, url_prefix="/parent")
