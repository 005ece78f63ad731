"""Results of the school, for who leads it: setting them in place of a teacher (R34)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from ejd.access import Act
from ejd.web import results as pages
from ejd.web.access import course_seen, needs
from ejd.web.admin import bp


@bp.get("/courses/<int:course_id>/results")
@needs(Act.SET_RESULTS)
def results(course_id: int) -> ResponseReturnValue:
    return pages.show_results(course_seen(course_id), leads=True)


@bp.post("/courses/<int:course_id>/results")
@needs(Act.SET_RESULTS)
def save_results(course_id: int) -> ResponseReturnValue:
    return pages.save_results(course_seen(course_id), leads=True)


@bp.get("/courses/<int:course_id>/results/offered")
@needs(Act.SET_RESULTS)
def offered_results(course_id: int) -> ResponseReturnValue:
    return pages.show_offered(course_seen(course_id))
