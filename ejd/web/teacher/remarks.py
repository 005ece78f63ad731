"""Remarks of the administration: a teacher reads and answers the own, a class teacher reads those on the journals of
the own class (R61)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.refusal import Refused, Stale
from ejd.remarks import queries, services
from ejd.remarks.rules import STATE_NAMES, State
from ejd.web.access import own_class
from ejd.web.access_remarks import own_remark
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp


@bp.get("/remarks")
def remarks() -> ResponseReturnValue:
    """Everything that was remarked to the teacher, what waits for an answer first."""
    found = queries.of_teacher(db.session, g.actor.person_id, today=clock.today())
    return render_template("teacher/journal_remarks.html", found=found, states=STATE_NAMES, State=State)


@bp.get("/remarks/<int:remark_id>")
def journal_remark(remark_id: int) -> ResponseReturnValue:
    return _page(remark_id, {})


@bp.post("/remarks/<int:remark_id>")
def answer_remark(remark_id: int) -> ResponseReturnValue:
    own_remark(g.actor, remark_id)
    try:
        with saving():
            services.answer_remark(db.session, actor_id=g.actor.person_id, remark_id=remark_id, now=clock.now(),
                                   version=number_in(request.form, "version") or 0, text=request.form.get("text", ""))
    except Stale as stale:
        return _page(remark_id, {"text": f"{stale}: сейчас там «{stale.theirs}». Прочтите и повторите"}), 409
    except Refused as refused:
        return _page(remark_id, {"text": str(refused)}), 422
    flash("Ответ отправлен.")
    return redirect(url_for(".remarks"))


@bp.get("/classes/<int:class_id>/remarks")
def class_remarks(class_id: int) -> ResponseReturnValue:
    """What was remarked on the journals of the own class, as its printed journal says it."""
    school_class, year = own_class(g.actor, class_id)
    found = queries.of_class(db.session, class_id, year.starts_on, max(year.ends_on, clock.today()),
                             today=clock.today())
    return render_template("teacher/class_remarks.html", school_class=school_class, found=found)


def _page(remark_id: int, errors: dict[str, str]) -> str:
    card, said = own_remark(g.actor, remark_id)
    return render_template("teacher/journal_remark.html", remark=card, said=said, errors=errors, typed=request.form,
                           states=STATE_NAMES, State=State)
