"""Loaders of what passes between the class teacher and the families."""

from __future__ import annotations

from flask import abort

from ejd import clock
from ejd.access import Actor
from ejd.db import db
from ejd.homeroom import queries
from ejd.homeroom.models import Note
from ejd.homeroom.queries import Answer, NoteOfClass
from ejd.roster.scopes import pupil_in_class
from ejd.web.access import lesson_taught_by


def pupil_of_own_class(actor: Actor, class_id: int, pupil_id: int) -> tuple[str, str]:
    """Who is today in the class whose class teacher the signed-in person is: the name, and the class's (R33)."""
    if class_id not in actor.own_classes:
        abort(404)
    return pupil_in_class(db.session, class_id=class_id, pupil_id=pupil_id, day=clock.today()) or abort(
        404, "Этот ученик сегодня не числится в вашем классе.")


def note_in_hand(actor: Actor, note_id: int) -> tuple[Note, NoteOfClass, list[Answer]]:
    """A note of the signed-in person's own class, or one that they wrote at a lesson of theirs: whoever was class
    teacher before reads the families' answers no more (R33)."""
    found = queries.note_with_answers(db.session, note_id) or abort(404)
    note = found[0]
    if note.class_id not in actor.own_classes:
        if note.author_id != actor.person_id or note.lesson_id is None:
            abort(404)
        lesson_taught_by(actor, note.lesson_id)
    return found
