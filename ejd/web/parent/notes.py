"""A guardian reads notes about a child, answers them, and says that a week was read."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.homeroom import notes
from ejd.refusal import Refused
from ejd.school.calendar import monday_from
from ejd.web.access import own_child
from ejd.web.family_notes import show_notes
from ejd.web.parent import bp
from ejd.web.parent.diary import whose_child
from ejd.web.saving import saving


@bp.get("/children/<int:pupil_id>/notes", endpoint="notes")
def notes_page(pupil_id: int) -> ResponseReturnValue:
    return show_notes(whose_child(*own_child(g.actor, pupil_id)))


@bp.post("/children/<int:pupil_id>/notes/<int:note_id>")
def answer(pupil_id: int, note_id: int) -> ResponseReturnValue:
    whose = whose_child(*own_child(g.actor, pupil_id))
    try:
        with saving():
            notes.answer_note(db.session, note_id=note_id, pupil_id=pupil_id, guardian_id=g.actor.person_id,
                              text=request.form.get("text", ""), key=request.form.get("key", ""), now=clock.now())
    except Refused as refused:
        return show_notes(whose, {note_id: str(refused)})
    flash("Ответ отправлен.")
    return redirect(url_for(".notes", pupil_id=pupil_id) + f"#note-{note_id}")


@bp.post("/children/<int:pupil_id>/weeks/<week>")
def acknowledge(pupil_id: int, week: str) -> ResponseReturnValue:
    """«Ознакомлен»: the guardian has read the week."""
    own_child(g.actor, pupil_id)
    monday = monday_from(week) or abort(404)
    try:
        with saving():
            notes.acknowledge_week(db.session, guardian_id=g.actor.person_id, pupil_id=pupil_id, monday=monday,
                                   now=clock.now())
    except Refused as refused:
        abort(422, str(refused))
    return redirect(url_for(".diary", pupil_id=pupil_id, week=week))
