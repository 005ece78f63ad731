"""One pupil of the own class as the class teacher reads him: the pages of his diary, nothing to write in (R33)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web.access_family import pupil_of_own_class
from ejd.web.access_homework import file_of_own_pupil
from ejd.web.attaching import hand_out
from ejd.web.family import Whose, show_marks, show_week
from ejd.web.family_absences import show_absences
from ejd.web.family_notes import show_notes
from ejd.web.family_results import show_results
from ejd.web.teacher import bp

PUPIL = "/classes/<int:class_id>/pupils/<int:pupil_id>"


@bp.get(f"{PUPIL}/diary", endpoint="pupil_diary")
def diary(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return show_week(_whose(class_id, pupil_id))


@bp.get(f"{PUPIL}/marks", endpoint="pupil_marks")
def marks(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return show_marks(_whose(class_id, pupil_id))


@bp.get(f"{PUPIL}/results", endpoint="pupil_results")
def results(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return show_results(_whose(class_id, pupil_id))


@bp.get(f"{PUPIL}/absences", endpoint="pupil_absences")
def absences(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return show_absences(_whose(class_id, pupil_id))


@bp.get(f"{PUPIL}/notes", endpoint="pupil_notes")
def notes(class_id: int, pupil_id: int) -> ResponseReturnValue:
    return show_notes(_whose(class_id, pupil_id))


@bp.get(f"{PUPIL}/files/<int:file_id>", endpoint="pupil_homework_file")
def homework_file(class_id: int, pupil_id: int, file_id: int) -> ResponseReturnValue:
    return hand_out(file_of_own_pupil(g.actor, class_id, pupil_id, file_id))


def _whose(class_id: int, pupil_id: int) -> Whose:
    name, class_name = pupil_of_own_class(g.actor, class_id, pupil_id)
    return Whose(pupil_id, name, {"class_id": class_id, "pupil_id": pupil_id}, own_class=class_name)
