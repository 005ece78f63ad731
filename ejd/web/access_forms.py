"""Loaders of forms of service: a pupil, or a guardian of one, for the class teacher of the class and for who keeps
everybody's papers (`class_id` None)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort

from ejd import clock
from ejd.access import Actor
from ejd.db import db
from ejd.families import queries
from ejd.families.queries import FormRow
from ejd.journal.queries_homework import FileToHand


def pupil_served(actor: Actor, class_id: int | None, pupil_id: int) -> Sequence[FormRow]:
    """Every guardian of a pupil who is in a class today; with a class, of that one."""
    rows = queries.forms_of_pupil(db.session, pupil_id=pupil_id, day=clock.today()) or abort(404)
    return rows if _reaches(actor, class_id, rows[0]) else abort(404)


def guardian_served(actor: Actor, class_id: int | None, guardianship_id: int) -> FormRow:
    """One guardian of such a pupil."""
    row = queries.form_of_guardianship(db.session, guardianship_id=guardianship_id, day=clock.today()) or abort(404)
    return row if _reaches(actor, class_id, row) else abort(404)


def scan_served(actor: Actor, class_id: int | None, pupil_id: int, paper_id: int) -> FileToHand:
    """The scan of a paper about such a pupil."""
    pupil_served(actor, class_id, pupil_id)
    return queries.scan_of(db.session, pupil_id=pupil_id, paper_id=paper_id) or abort(404)


def _reaches(actor: Actor, class_id: int | None, row: FormRow) -> bool:
    return class_id is None or (class_id in actor.own_classes and row.class_id == class_id)
