"""Credential cards of the whole school: how far each class is, and making cards for many (R30–R32, R34)."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.credentials import holders, register
from ejd.credentials.holders import Scope
from ejd.db import db
from ejd.refusal import Refused
from ejd.roster.queries_people import job_of
from ejd.typed import number_of
from ejd.web import cards as pages
from ejd.web.access import class_listed, needs
from ejd.web.admin import bp
from ejd.web.confirming import wrong_confirmation

SCHOOL, STAFF = "school", "staff"


@bp.get("/cards")
@needs(Act.ISSUE_PASSWORD)
def cards() -> ResponseReturnValue:
    """Who has no card, who did not receive it, who has not signed in, by class."""
    return _overview({})


@bp.post("/cards")
@needs(Act.ISSUE_PASSWORD)
def make_cards() -> ResponseReturnValue:
    """Begin making the cards of the school, a parallel or the staff."""
    chosen = request.form.get("whose", "")
    grade = number_of(chosen)
    if chosen not in {SCHOOL, STAFF} and grade not in range(1, 12):
        return _overview({"whose": "Выберите, для кого"}), 422
    _may_renew()
    if error := wrong_confirmation():
        return _overview({"password": error}), 422
    scope = Scope(grade=grade, staff=chosen == STAFF)
    title = {SCHOOL: "вся школа", STAFF: "сотрудники"}.get(chosen, f"{grade}-е классы")
    try:
        return pages.begin(scope, title, back=url_for(".cards"))
    except Refused as refused:
        return _overview({"form": str(refused)}), 422


@bp.get("/classes/<int:class_id>/cards")
@needs(Act.ISSUE_PASSWORD)
def class_cards(class_id: int) -> ResponseReturnValue:
    return pages.show_register(class_listed(class_id))


@bp.post("/classes/<int:class_id>/cards")
@needs(Act.ISSUE_PASSWORD)
def make_class_cards(class_id: int) -> ResponseReturnValue:
    listed = class_listed(class_id)
    _may_renew()
    return pages.make_for_class(listed)


@bp.post("/classes/<int:class_id>/cards/handed")
@needs(Act.ISSUE_PASSWORD)
def hand_out_cards(class_id: int) -> ResponseReturnValue:
    return pages.hand_out(class_listed(class_id))


@bp.post("/classes/<int:class_id>/cards/<int:card_id>/back")
@needs(Act.ISSUE_PASSWORD)
def take_back_card(class_id: int, card_id: int) -> ResponseReturnValue:
    return pages.take_back(class_listed(class_id), card_id)


@bp.get("/classes/<int:class_id>/cards/table-<int(min=1, max=2):number>.pdf")
@needs(Act.ISSUE_PASSWORD)
def card_register(class_id: int, number: int) -> ResponseReturnValue:
    post = job_of(db.session, person_id=g.actor.person_id, day=clock.today())
    return pages.register_file(class_listed(class_id), number, post)


def _may_renew() -> None:
    """Passwords that work are replaced by who may replace one (R34)."""
    if request.form.get("renew") and not may(g.actor, Act.RENEW_PASSWORD):
        abort(403, "Действующие пароли заменяют канцелярия, завуч или директор.")


def _overview(errors: Mapping[str, str]) -> str:
    rows = register.figures(db.session, custom=holders.custom_of(g.settings), today=clock.today(),
                            real_now=clock.real_now())
    grades = sorted({row.grade for row in rows})
    return render_template("cards/overview.html", rows=rows, grades=grades, errors=errors, typed=request.form,
                           key=request.form.get("key") or token_urlsafe(12), renews=may(g.actor, Act.RENEW_PASSWORD))
