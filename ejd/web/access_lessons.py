"""Loaders of what becomes of lessons, and of the addresses of their feeds."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.schedule import absences, feeds
from ejd.schedule.models import LessonFeed, TeacherAbsence


def absence_of_teacher(absence_id: int) -> TeacherAbsence:
    """An absence of a teacher, for whoever keeps the timetable."""
    return absences.absence_with_id(db.session, absence_id) or abort(404)


def own_feed(actor: Actor, feed_id: int) -> LessonFeed:
    """An address of lessons that the signed-in person has made."""
    return feeds.own_feed(db.session, owner_id=actor.person_id, feed_id=feed_id) or abort(404)
