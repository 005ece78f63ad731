"""«Доступ»: how a guardian gets the service for a child, and the switch of the child's own login (R20, R32)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families import forms, provision, queries
from ejd.refusal import Refused
from ejd.web.access import own_child
from ejd.web.family import Whose
from ejd.web.parent import bp
from ejd.web.parent.diary import whose_child
from ejd.web.saving import saving


@bp.get("/children/<int:pupil_id>/access", endpoint="access")
def access_page(pupil_id: int) -> ResponseReturnValue:
    return _page(whose_child(*own_child(g.actor, pupil_id)))


@bp.post("/children/<int:pupil_id>/access")
def switch_login(pupil_id: int) -> ResponseReturnValue:
    """Which button was pressed says whether the child's login is to be open."""
    whose = whose_child(*own_child(g.actor, pupil_id))
    opens = request.form.get("login")
    try:
        if opens not in {"on", "off"}:
            raise Refused("Нажмите кнопку: открыть вход ребёнка или закрыть")
        with saving():
            forms.switch_login(db.session, guardian_id=g.actor.person_id, pupil_id=pupil_id, opens=opens == "on",
                               signs_from=_signs_from(), now=clock.now())
    except Refused as refused:
        return _page(whose, str(refused)), 422
    flash("Вход ребёнка открыт." if opens == "on" else "Вход ребёнка закрыт.")
    return redirect(url_for(".access", pupil_id=pupil_id), 303)


def _page(whose: Whose, error: str = "") -> str:
    today = clock.today()
    rows = queries.forms_of_pupil(db.session, pupil_id=whose.pupil_id, day=today)
    row = next((one for one in rows if one.guardian_id == g.actor.person_id), None)
    standing = queries.pupil_standing(db.session, pupil_id=whose.pupil_id, day=today)
    form = row.form if row else provision.Form.ELECTRONIC
    return render_template(
        "diary/access.html", whose=whose, row=row, form=form, form_names=provision.FORM_NAMES,
        means=provision.FORM_MEANS, error=error, today=today, school=g.settings.value("school.name", on=None),
        fixed=provision.reason_not_to_switch(form, grade=standing.grade, signs_from=_signs_from()),
        closed=provision.closed_to_pupil(standing, today=today, signs_from=_signs_from()), standing=standing,
        offices=queries.offices_of(db.session, pupil_id=whose.pupil_id, day=today))


def _signs_from() -> int:
    return int(g.settings.value("cards.first_own", on=None))
