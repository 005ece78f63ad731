"""Results of the school: the summary sheet of a class, and setting results in place of a teacher (R34)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from ejd.access import Act, may
from ejd.web import results as pages
from ejd.web.access import class_listed, course_seen, needs
from ejd.web.admin import bp
from ejd.web.summary import show_summary, summary_file


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


@bp.get("/courses/<int:course_id>/results/history")
@needs(Act.SEE_MARKS)
def results_history(course_id: int) -> ResponseReturnValue:
    return pages.show_history(course_seen(course_id), back=may(g.actor, Act.SET_RESULTS))


@bp.get("/classes/<int:class_id>/summary")
@needs(Act.SEE_MARKS)
def summary(class_id: int) -> ResponseReturnValue:
    class_listed(class_id)
    return show_summary(class_id)


@bp.get("/classes/<int:class_id>/summary.xlsx")
@needs(Act.SEE_MARKS)
def summary_workbook(class_id: int) -> ResponseReturnValue:
    class_listed(class_id)
    return summary_file(class_id, "xlsx")


@bp.get("/classes/<int:class_id>/summary.pdf")
@needs(Act.SEE_MARKS)
def summary_paper(class_id: int) -> ResponseReturnValue:
    class_listed(class_id)
    return summary_file(class_id, "pdf")
