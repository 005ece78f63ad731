"""Pages of the administration. Every view declares its act with `@needs`."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from ejd.web.admin import (  # noqa: E402, F401
    absences,
    access_table,
    assessments,
    attendance,
    bells,
    calendar,
    cards,
    class_absences,
    classes,
    closing,
    control,
    exports,
    forms,
    groups,
    importing,
    journals,
    kinds,
    lessons,
    letters,
    load,
    moved_days,
    new_year,
    overview,
    people,
    people_pupils,
    people_staff,
    plans,
    remarks,
    results,
    results_overview,
    search,
    settings,
    sheets,
    timetable,
    timetable_drafts,
    transfers,
)
