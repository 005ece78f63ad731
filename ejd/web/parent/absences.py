"""A guardian tells of a child's absence, beforehand or afterwards, and reads what the class teacher answered."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal import excuses
from ejd.refusal import Refused, Stale
from ejd.web.access import own_child
from ejd.web.access_attendance import excuse_of_child
from ejd.web.excuse_form import read_excuse
from ejd.web.family_absences import show_absences
from ejd.web.given import number_in
from ejd.web.parent import bp
from ejd.web.parent.diary import whose_child
from ejd.web.saving import saving


@bp.get("/children/<int:pupil_id>/absences")
def absences(pupil_id: int) -> ResponseReturnValue:
    return show_absences(whose_child(*own_child(g.actor, pupil_id)), announces=True)


@bp.post("/children/<int:pupil_id>/absences")
def announce(pupil_id: int) -> ResponseReturnValue:
    whose = whose_child(*own_child(g.actor, pupil_id))
    try:
        with saving():
            excuses.announce(db.session, excuse=read_excuse(request.form, pupil_id=pupil_id, now=clock.now(),
                                                            actor_id=g.actor.person_id))
    except Refused as refused:
        return show_absences(whose, announces=True, errors={refused.field or "form": str(refused)}, status=422)
    flash("Сообщение отправлено классному руководителю, ответ появится на этой странице")
    return redirect(url_for(".absences", pupil_id=pupil_id))


@bp.post("/children/<int:pupil_id>/absences/<int:excuse_id>")
def take_back(pupil_id: int, excuse_id: int) -> ResponseReturnValue:
    """Before it was answered."""
    excuse, child, children = excuse_of_child(g.actor, pupil_id, excuse_id)
    try:
        with saving():
            excuses.take_back(db.session, actor_id=g.actor.person_id, excuse_id=excuse.id, now=clock.now(),
                              version=number_in(request.form, "version") or 0)
    except Refused as refused:
        stale = isinstance(refused, Stale)
        sentence = f"{refused}: сейчас «{refused.theirs}»" if isinstance(refused, Stale) else str(refused)
        return show_absences(whose_child(child, children), announces=True, errors={f"excuse{excuse_id}": sentence},
                             status=409 if stale else 422)
    flash("Сообщение отозвано")
    return redirect(url_for(".absences", pupil_id=pupil_id))
