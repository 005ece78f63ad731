"""Loaders of what passes between the class teacher and the families."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.homeroom import queries
from ejd.homeroom.models import Note
from ejd.homeroom.queries import Answer, NoteOfClass


def note_in_hand(actor: Actor, note_id: int) -> tuple[Note, NoteOfClass, list[Answer]]:
    """A note of the signed-in person's own class, or one that they wrote themselves."""
    found = queries.note_with_answers(db.session, note_id) or abort(404)
    if found[0].author_id != actor.person_id and found[0].class_id not in actor.own_classes:
        abort(404)
    return found
