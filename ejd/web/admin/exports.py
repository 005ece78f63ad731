"""What left the program in bulk, for the director to look at."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.audit import leaving
from ejd.db import db
from ejd.roster.queries_people import names_of
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.given import numbers_of
from ejd.web.saving import saving

SHOWN = timedelta(days=365)


@bp.get("/exports")
@needs(Act.WATCH_EXPORTS)
def exports() -> ResponseReturnValue:
    left = leaving.of_last_days(db.session, since=clock.real_now() - SHOWN)
    return render_template("admin/exports.html", left=left, told=leaving.TOLD,
                           names=names_of(db.session, {one.person_id for one in left if one.person_id}))


@bp.post("/exports")
@needs(Act.WATCH_EXPORTS)
def see_exports() -> ResponseReturnValue:
    """The director has seen the ones that were on the page."""
    with saving():
        leaving.see(db.session, actor_id=g.actor.person_id, ids=numbers_of(request.form.getlist("seen")),
                    now=clock.real_now())
    flash("Отмечено просмотренным.")
    return redirect(url_for(".exports"), 303)
