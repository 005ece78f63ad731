"""The class teacher's own class (R33): its journals, whoever keeps them, to look into."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.queries import journal_page
from ejd.roster.queries_classes import day_within, load_of_class
from ejd.web import access
from ejd.web.given import day_in
from ejd.web.teacher import bp


@bp.get("/classes/<int:class_id>")
def own_class(class_id: int) -> ResponseReturnValue:
    school_class, year = access.own_class(g.actor, class_id)
    courses = load_of_class(db.session, class_id=class_id, day=day_within(year, clock.today()))
    return render_template("teacher/own_class.html", school_class=school_class, courses=courses)


@bp.get("/classes/<int:class_id>/journals/<int:course_id>")
def own_class_journal(class_id: int, course_id: int) -> ResponseReturnValue:
    course = access.course_of_own_class(g.actor, class_id, course_id)
    page = journal_page(db.session, course_id=course.id, term_id=request.args.get("term", type=int),
                        day=day_in(request.args, "day"), settings=g.settings, today=clock.today(), now=clock.now())
    return render_template("teacher/own_class_journal.html", course=course, class_id=class_id, page=page,
                           today=clock.today())
