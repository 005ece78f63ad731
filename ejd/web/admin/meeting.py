"""The administration on the parents' meeting of a class, like its teacher (R34)."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue

from ejd.access import Act, may
from ejd.families.wording import LETTER_NAMES
from ejd.web import meeting as pages
from ejd.web.access import class_listed, needs
from ejd.web.admin import bp


@bp.get("/classes/<int:class_id>/meeting")
@needs(Act.REGISTER_FORMS)
def class_meeting(class_id: int) -> ResponseReturnValue:
    return pages.show(class_listed(class_id), _places(class_id))


@bp.post("/classes/<int:class_id>/meeting")
@needs(Act.REGISTER_FORMS)
def tick_meeting(class_id: int) -> ResponseReturnValue:
    return pages.tick(class_listed(class_id), _places(class_id))


@bp.post("/classes/<int:class_id>/meeting/kit")
@needs(Act.REGISTER_FORMS)
def make_meeting_kit(class_id: int) -> ResponseReturnValue:
    return pages.make_kit(class_listed(class_id), _places(class_id))


def _places(class_id: int) -> pages.Places:
    """Where each point is done, for who may do it."""
    settings = {"2": [(url_for(".settings", section="school"), "Настройки школы")],
                "6": [(url_for(".settings", section="launch"), "День начала")]}
    may_print = may(g.actor, Act.PRINT_SHEETS)
    sheets = [(url_for(".class_sheets", class_id=class_id), "Недельные листы")] * may_print
    return pages.with_papers(
        {"1": [(url_for(".class_slips", class_id=class_id), "Вклейки в дневник")] * may_print, "3": [pages.guide()],
         "4": [(url_for(".class_cards", class_id=class_id), "Карточки и ведомость")],
         "7": [(f"{url_for('.forms')}?class={class_id}", "Формы услуги"), *sheets],
         **(settings if may(g.actor, Act.CHANGE_SETTINGS) else {})},
        lambda kind: (url_for(".paper", letter=kind.value), LETTER_NAMES[kind]))
