"""Loader of long work: it is seen by whoever asked for it."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.jobs import services
from ejd.jobs.models import Job


def own_job(actor: Actor, job_id: int) -> Job:
    return services.own_job(db.session, owner_id=actor.person_id, job_id=job_id) or abort(404)
