"""Views of the control page that a person keeps: named, opened, forgotten."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.compliance import choices, views
from ejd.compliance.choices import Options
from ejd.db import db
from ejd.refusal import Refused
from ejd.web.access import needs
from ejd.web.access_control import own_view
from ejd.web.admin import bp
from ejd.web.admin.control_form import Asked, Tab, read_question
from ejd.web.saving import saving


@bp.get("/control/views")
@needs(Act.SEE_CONTROL)
def control_views() -> ResponseReturnValue:
    """The own views, and a name for the one the address tells of."""
    return _page(urlencode(list(request.args.items())))


@bp.post("/control/views")
@needs(Act.SEE_CONTROL)
def save_control_view() -> ResponseReturnValue:
    name, given = request.form.get("name", ""), request.form.get("view", "")
    asked, _, query = _question(given)
    try:
        for sentence in asked.errors.values():
            raise Refused(sentence)
        with saving():
            views.save_view(db.session, owner_id=g.actor.person_id, name=name, query=query, now=clock.now())
    except Refused as refused:
        return _page(given, name=name, error=str(refused)), 422
    flash("Вид сохранён: он открывается одной ссылкой со страниц контроля.")
    return redirect(f"{url_for(asked.tab.endpoint)}?{query}", 303)


@bp.get("/control/views/<int:view_id>/forget")
@needs(Act.SEE_CONTROL)
def forgetting_control_view(view_id: int) -> ResponseReturnValue:
    return render_template("admin/control/forget_view.html", view=own_view(g.actor, view_id))


@bp.post("/control/views/<int:view_id>/forget")
@needs(Act.SEE_CONTROL)
def forget_control_view(view_id: int) -> ResponseReturnValue:
    view = own_view(g.actor, view_id)
    with saving():
        views.forget_view(db.session, view=view, now=clock.now())
    flash("Вид удалён")
    return redirect(url_for(".control_views"), 303)


def _page(given: str, *, name: str = "", error: str = "") -> str:
    asked, options, query = _question(given)
    return render_template("admin/control/views.html", asked=asked, options=options, query=query, name=name,
                           error=error, views=options.views)


def _question(given: str) -> tuple[Asked, Options, str]:
    """A question read anew, and as the program itself writes it: this week, this term and this year by their word, so
    that a view kept today is of use in the next term too. One statement."""
    asked, spans, options = read_question(
        dict(parse_qsl(given)), choices.choices_of(db.session(), g.actor.person_id), clock.today(), Tab.of(given))
    code = spans.code(asked.scope.first, asked.scope.last)
    asking = asked.of_view()
    if code:
        asking = {name: value for name, value in asking.items() if name not in {"from", "to"}} | {"span": code}
    return asked, options, urlencode(asking)
