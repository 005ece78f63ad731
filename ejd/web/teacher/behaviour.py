"""The class teacher's page of marks for behaviour, and the summary sheet of the own class."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.wording import OLD_PAGE
from ejd.refusal import Refused, Stale
from ejd.results.behaviour import NewBehaviour, behaviour_page, set_behaviour
from ejd.web import access
from ejd.web.given import number_in
from ejd.web.results import both_values, typed_in_place, version_seen
from ejd.web.saving import saving
from ejd.web.summary import show_summary, summary_file
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/summary")
def summary(class_id: int) -> ResponseReturnValue:
    access.own_class(g.actor, class_id)
    return show_summary(class_id)


@bp.get("/classes/<int:class_id>/summary.xlsx")
def summary_workbook(class_id: int) -> ResponseReturnValue:
    access.own_class(g.actor, class_id)
    return summary_file(class_id, "xlsx")


@bp.get("/classes/<int:class_id>/summary.pdf")
def summary_paper(class_id: int) -> ResponseReturnValue:
    access.own_class(g.actor, class_id)
    return summary_file(class_id, "pdf")


@bp.get("/classes/<int:class_id>/behaviour")
def behaviour(class_id: int) -> ResponseReturnValue:
    return _page(class_id, {})


@bp.post("/classes/<int:class_id>/behaviour")
def save_behaviour(class_id: int) -> ResponseReturnValue:
    """Save what was changed in the form: all of it or nothing, with the reason."""
    school_class, _ = access.own_class(g.actor, class_id)
    typed, key, term_id = typed_in_place(), request.form.get("key", ""), number_in(request.form, "term")
    marks = [NewBehaviour(pupil_id, value, f"{key}.{pupil_id}" if key else "",
                          version_seen(pupil_id)) for pupil_id, value in typed.items()]
    try:
        with saving():
            if term_id is None:
                raise Refused(OLD_PAGE)
            set_behaviour(db.session, school_class=school_class, term_id=term_id, marks=marks,
                          actor_id=g.actor.person_id, settings=g.settings, now=clock.now())
    except Refused as refused:
        errors: dict[int | str, str] = {refused.pupil_id or "form": both_values(refused, typed)}
        return _page(class_id, errors), 409 if isinstance(refused, Stale) else 422
    flash("Отметки за поведение сохранены" if marks else "Ничего не изменилось")
    return redirect(url_for(".behaviour", class_id=class_id, term=term_id))


def _page(class_id: int, errors: dict[int | str, str]) -> str:
    school_class, _ = access.own_class(g.actor, class_id)
    page = behaviour_page(db.session, school_class=school_class, term_id=number_in(request.values, "term"),
                          settings=g.settings, today=clock.today())
    return render_template("results/behaviour.html", school_class=school_class, page=page, errors=errors,
                           typed=typed_in_place(), key=token_urlsafe(9))
