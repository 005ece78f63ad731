"""The class teacher on the cards of the own class (R30): made together, issued on the spot, handed out."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.credentials.cards import blanks_of
from ejd.db import db
from ejd.web import cards as pages
from ejd.web.access import own_class
from ejd.web.access_cards import holder_of_class
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/cards")
def class_cards(class_id: int) -> ResponseReturnValue:
    return pages.show_register(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/cards")
def make_class_cards(class_id: int) -> ResponseReturnValue:
    return pages.make_for_class(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/cards/handed")
def hand_out_cards(class_id: int) -> ResponseReturnValue:
    return pages.hand_out(own_class(g.actor, class_id))


@bp.post("/classes/<int:class_id>/cards/<int:card_id>/back")
def take_back_card(class_id: int, card_id: int) -> ResponseReturnValue:
    return pages.take_back(own_class(g.actor, class_id), card_id)


@bp.get("/classes/<int:class_id>/cards/table-<int(min=1, max=2):number>.pdf")
def card_register(class_id: int, number: int) -> ResponseReturnValue:
    return pages.register_file(own_class(g.actor, class_id), number, "классный руководитель")


@bp.route("/classes/<int:class_id>/cards/people/<int:person_id>", methods=["GET", "POST"])
def issue_card(class_id: int, person_id: int) -> ResponseReturnValue:
    """A card for one person of the own class, on the spot; staff get theirs from the office."""
    holder = holder_of_class(g.actor, own_class(g.actor, class_id)[0], person_id)
    assert holder.pupil is not None
    [blank] = blanks_of(db.session, [holder], today=clock.today())
    return pages.issue(holder.person, blank, holder.pupil.id, account=holder.account,
                       action=url_for(".issue_card", class_id=class_id, person_id=person_id),
                       back=url_for(".class_cards", class_id=class_id))
