"""«Кто что может»: the table of positions and acts that the program itself keeps to (R34)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from ejd.access import POSITION_NAMES, TABLE, Act, Position
from ejd.web.access import needs
from ejd.web.admin import bp


@bp.get("/access")
@needs(Act.SEE_ACCESS_TABLE)
def access_table() -> ResponseReturnValue:
    positions = [position for position in Position if any(position in allowed for allowed in TABLE.values())]
    return render_template("admin/school/access_table.html", acts=list(Act), table=TABLE, positions=positions,
                           position_names=POSITION_NAMES)
