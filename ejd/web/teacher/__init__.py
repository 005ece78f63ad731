"""Pages of the teacher: today, a lesson, the journal of a course."""

from flask import Blueprint

bp = Blueprint("teacher", __name__, url_prefix="/teacher")

from ejd.web.teacher import (  # noqa: E402, F401
    absences,
    assessments,
    behaviour,
    cards,
    cell,
    class_list,
    forms,
    homework,
    journal,
    lesson,
    lesson_topic,
    meeting,
    notes,
    own_class,
    own_pupil,
    papers,
    plan_import,
    plan_spread,
    plans,
    printing,
    remarks,
    results,
    sheets,
    timetable,
    today,
    work_marks,
    works,
)
