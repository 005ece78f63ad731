"""A journal to look into, for who may see the marks of the school (R34): nothing can be written here."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.journal.queries import journal_page
from ejd.web.access import course_seen, needs
from ejd.web.admin import bp
from ejd.web.given import day_in


@bp.get("/courses/<int:course_id>/journal")
@needs(Act.SEE_MARKS)
def journal(course_id: int) -> ResponseReturnValue:
    """The grid of a term: by its id, else that of a day."""
    course = course_seen(course_id)
    page = journal_page(db.session, course_id=course.id, term_id=request.args.get("term", type=int),
                        day=day_in(request.args, "day"), settings=g.settings, today=clock.today(), now=clock.now())
    return render_template("admin/journal.html", course=course, page=page, today=clock.today())
