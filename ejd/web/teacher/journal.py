"""Journals of the teacher: the list, and one as a grid of pupils × lessons."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.queries import journal_page
from ejd.roster.scopes import classes_named, courses_of_teacher
from ejd.web.access import course_taught_by
from ejd.web.teacher import bp


@bp.get("/journals")
def journals() -> ResponseReturnValue:
    courses = courses_of_teacher(db.session, teacher_id=g.actor.person_id, today=clock.today())
    return render_template("teacher/journals.html", courses=courses,
                           own_classes=classes_named(db.session, g.actor.own_classes))


@bp.get("/courses/<int:course_id>/journal")
def journal(course_id: int) -> ResponseReturnValue:
    course = course_taught_by(g.actor, course_id)
    page = journal_page(db.session, course_id=course.id, term_id=request.args.get("term", type=int),
                        settings=g.settings, today=clock.today(), now=clock.now(),
                        reader=g.actor)
    return render_template("teacher/journal.html", course=course, page=page, today=clock.today(), now=clock.now())
