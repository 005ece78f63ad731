"""Files of a child's homework."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web.access_homework import file_of_child
from ejd.web.attaching import hand_out
from ejd.web.parent import bp


@bp.get("/children/<int:pupil_id>/files/<int:file_id>")
def homework_file(pupil_id: int, file_id: int) -> ResponseReturnValue:
    return hand_out(file_of_child(g.actor, pupil_id, file_id))
