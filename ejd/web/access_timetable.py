"""Loaders of the timetable and the calendar."""

from __future__ import annotations

from flask import abort

from ejd.db import db
from ejd.school import queries as school
from ejd.school.models import MovedDay


def moved_day(moved_day_id: int) -> MovedDay:
    """A day of the school's calendar that is taught by another weekday's timetable."""
    return school.moved_day(db.session, moved_day_id) or abort(404)
