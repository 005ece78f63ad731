"""The class teacher's parents' meeting: check list and papers (R30, R31, R55)."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue

from ejd.families.wording import LETTER_NAMES
from ejd.web import meeting as pages
from ejd.web.access import own_class
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/meeting")
def class_meeting(class_id: int) -> ResponseReturnValue:
    return pages.show(own_class(g.actor, class_id), _places(class_id))


@bp.post("/classes/<int:class_id>/meeting")
def tick_meeting(class_id: int) -> ResponseReturnValue:
    return pages.tick(own_class(g.actor, class_id), _places(class_id))


@bp.post("/classes/<int:class_id>/meeting/kit")
def make_meeting_kit(class_id: int) -> ResponseReturnValue:
    return pages.make_kit(own_class(g.actor, class_id), _places(class_id))


def _places(class_id: int) -> pages.Places:
    def place(endpoint: str, title: str) -> tuple[str, str]:
        return url_for(endpoint, class_id=class_id), title

    return pages.with_papers(
        {"1": [place(".class_slips", "Вклейки в дневник"), place(".class_printing", "Печать журнала")],
         "3": [pages.guide()], "4": [place(".class_cards", "Карточки и ведомость")],
         "7": [place(".class_forms", "Формы услуги"), place(".class_sheets", "Недельные листы")]},
        lambda kind: (url_for(".class_paper", class_id=class_id, letter=kind.value), LETTER_NAMES[kind]))
