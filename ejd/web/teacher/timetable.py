"""The timetable to read: the teacher's own week, and that of any class."""

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.schedule import timetable_grid
from ejd.schedule.queries_timetable import VersionRow, published_in, whole_week
from ejd.school.queries import current_year
from ejd.web.given import number_in
from ejd.web.teacher import bp


@bp.get("/timetable")
def timetable() -> ResponseReturnValue:
    today = clock.today()
    year = current_year(db.session, today)
    versions = published_in(db.session, year.id, from_on=today) if year else []
    version = _chosen(versions)
    if version is None:
        return render_template("teacher/timetable.html", version=None)
    week = whole_week(db.session, version, today=today)
    class_id = number_in(request.args, "class_id")
    if class_id is not None and class_id not in week.classes:
        abort(404)
    grid = (timetable_grid.of_class(week, class_id) if class_id is not None
            else timetable_grid.of_teacher(week, g.actor.person_id))
    return render_template("teacher/timetable.html", version=version, versions=versions, week=week, grid=grid,
                           class_id=class_id, today=today)


def _chosen(versions: list[VersionRow]) -> VersionRow | None:
    """The one asked for, else the one in force or the next to come."""
    wanted = number_in(request.args, "version")
    if wanted is None:
        return versions[0] if versions else None
    return next((one for one in versions if one.id == wanted), None) or abort(404)
