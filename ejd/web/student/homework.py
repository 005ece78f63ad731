"""A pupil's homework: the own tick that it is done, and its files."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.homework_files import tick
from ejd.refusal import Refused
from ejd.school.calendar import monday_from
from ejd.web.access_homework import own_file, own_homework
from ejd.web.attaching import hand_out
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.student import bp


@bp.post("/homework")
def tick_homework() -> ResponseReturnValue:
    """Which button of the week was pressed says which homework, and whether it is done."""
    done = "done" in request.form
    asked = number_in(request.form, "done" if done else "undone")
    if asked is None:
        raise Refused("Нажмите «сделано» у задания в дневнике")
    homework_id = own_homework(g.actor, asked)
    with saving():
        tick(db.session, homework_id=homework_id, pupil_id=g.actor.person_id, done=done, now=clock.now())
    week = request.form.get("week", "")
    return redirect(url_for(".diary", week=week if monday_from(week) else None, _anchor=f"h{homework_id}"))


@bp.get("/files/<int:file_id>")
def homework_file(file_id: int) -> ResponseReturnValue:
    return hand_out(own_file(g.actor, file_id))
