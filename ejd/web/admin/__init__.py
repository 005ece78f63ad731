"""Pages of the administration. Every view declares its act with `@needs`."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from ejd.web.admin import access_table, bells, calendar, control, lessons, overview, settings  # noqa: E402, F401
