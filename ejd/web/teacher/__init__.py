"""Pages of the teacher: today, a lesson, the journal of a course."""

from flask import Blueprint

bp = Blueprint("teacher", __name__, url_prefix="/teacher")

from ejd.web.teacher import cell, class_list, journal, lesson, own_class, results, today  # noqa: E402, F401
