"""Loaders of excuses: of a class, for its teacher and the office; of a child, for the guardian (R33, R34)."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.journal import queries_absences
from ejd.journal.models import Excuse
from ejd.roster.scopes import Child
from ejd.web.access import own_child


def excuse_of_class(class_id: int, excuse_id: int) -> Excuse:
    """An excuse of a pupil of the class; whose class it is was asked before."""
    return queries_absences.excuse_of_class(db.session, class_id=class_id, excuse_id=excuse_id) or abort(404)


def excuse_of_child(actor: Actor, pupil_id: int, excuse_id: int) -> tuple[Excuse, Child, list[Child]]:
    """An excuse of the own child, whoever announced it."""
    child, children = own_child(actor, pupil_id)
    excuse = queries_absences.excuse_of_pupil(db.session, pupil_id=pupil_id, excuse_id=excuse_id) or abort(404)
    return excuse, child, children
