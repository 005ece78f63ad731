"""The administration's first page: where to go from here, by position."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ejd.access import Act
from ejd.web.access import needs
from ejd.web.admin import bp


@bp.get("/")
@needs(Act.SEE_ACCESS_TABLE)
def overview() -> ResponseReturnValue:
    return render_template("admin/overview.html")
