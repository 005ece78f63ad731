"""The administration prints the journals of classes (R50, R51)."""

from __future__ import annotations

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from ejd.access import Act
from ejd.db import db
from ejd.roster.queries_classes import class_choices
from ejd.web import printing as pages
from ejd.web.access import NO_YEAR, needs, school_year_asked
from ejd.web.admin import bp


@bp.get("/printing")
@needs(Act.PRINT_JOURNAL)
def printing() -> ResponseReturnValue:
    year, years = school_year_asked()
    year = year or abort(422, NO_YEAR)
    return pages.show_printing(year, class_choices(db.session, year.id), years=years)


@bp.post("/printing")
@needs(Act.PRINT_JOURNAL)
def print_journals() -> ResponseReturnValue:
    year, years = school_year_asked()
    year = year or abort(422, NO_YEAR)
    return pages.begin_printing(year, class_choices(db.session, year.id), back=url_for(".printing", year=year.id),
                                years=years)
