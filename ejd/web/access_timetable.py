"""Loaders of the timetable and the calendar."""

from __future__ import annotations

from flask import abort

from ejd.db import db
from ejd.schedule import queries_timetable
from ejd.schedule.queries_timetable import VersionRow
from ejd.school import queries as school
from ejd.school.models import MovedDay


def moved_day(moved_day_id: int) -> MovedDay:
    """A day of the school's calendar that is taught by another weekday's timetable."""
    return school.moved_day(db.session, moved_day_id) or abort(404)


def timetable_version(version_id: int) -> VersionRow:
    """A timetable of any year, drafts too, for whoever keeps it."""
    return queries_timetable.version_with_id(db.session, version_id) or abort(404)


def timetable_draft(version_id: int) -> VersionRow:
    """A timetable that is not in force yet."""
    version = timetable_version(version_id)
    return version if version.draft else abort(404, "Этого черновика нет: его убрали или ввели в действие.")
