"""The class teacher prints the journal of the own class (R51)."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.certification.due import IN_WORDS, State
from ejd.certification.queries import class_periods
from ejd.db import db
from ejd.roster.models import SchoolClass
from ejd.web import printing as pages
from ejd.web.access import own_class
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>/printing")
def class_printing(class_id: int) -> ResponseReturnValue:
    school_class, year = own_class(g.actor, class_id)
    return pages.show_printing(year, [(class_id, school_class.name)], class_id=class_id, **_of_class(school_class))


@bp.post("/classes/<int:class_id>/printing")
def print_class_journal(class_id: int) -> ResponseReturnValue:
    school_class, year = own_class(g.actor, class_id)
    return pages.begin_printing(year, [(class_id, school_class.name)], class_id=class_id,
                                back=url_for(".class_printing", class_id=class_id), **_of_class(school_class))


def _of_class(school_class: SchoolClass) -> dict[str, Any]:
    """The class with its copies by period, for its page."""
    return {"school_class": school_class, "words": IN_WORDS, "State": State, "standings": class_periods(
        db.session, year_id=school_class.year_id, class_id=school_class.id, today=clock.today(), settings=g.settings)}
