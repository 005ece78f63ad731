"""Results of the teacher's journals: term, year, exam, final (R10–R15)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.web import results as pages
from ejd.web.access import course_taught_by
from ejd.web.teacher import bp


@bp.get("/courses/<int:course_id>/results")
def results(course_id: int) -> ResponseReturnValue:
    return pages.show_results(course_taught_by(g.actor, course_id), leads=False)


@bp.post("/courses/<int:course_id>/results")
def save_results(course_id: int) -> ResponseReturnValue:
    return pages.save_results(course_taught_by(g.actor, course_id), leads=False)


@bp.get("/courses/<int:course_id>/results/offered")
def offered_results(course_id: int) -> ResponseReturnValue:
    return pages.show_offered(course_taught_by(g.actor, course_id))


@bp.get("/courses/<int:course_id>/results/history")
def results_history(course_id: int) -> ResponseReturnValue:
    return pages.show_history(course_taught_by(g.actor, course_id))
