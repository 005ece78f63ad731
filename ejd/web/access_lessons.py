"""Loaders of what becomes of lessons, and of the addresses of their feeds."""

from __future__ import annotations

from flask import abort

from ejd.db import db
from ejd.schedule import absences
from ejd.schedule.models import TeacherAbsence


def absence_of_teacher(absence_id: int) -> TeacherAbsence:
    """An absence of a teacher, for whoever keeps the timetable."""
    return absences.absence_with_id(db.session, absence_id) or abort(404)
