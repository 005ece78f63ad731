"""Loaders of declared works: reached through the lesson they are for."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.journal.models import Work
from ejd.journal.queries_works import standing_work
from ejd.schedule.models import Lesson
from ejd.web.access import lesson_taught_by


def work_taught_by(actor: Actor, work_id: int) -> tuple[Work, Lesson]:
    """A declared work of a lesson that the signed-in teacher reaches."""
    work = standing_work(db.session, work_id) or abort(404)
    return work, lesson_taught_by(actor, work.lesson_id)
