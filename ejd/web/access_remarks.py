"""Loaders of remarks on the journal: any for the administration, the own for a teacher (R61)."""

from __future__ import annotations

from flask import abort

from ejd import clock
from ejd.access import Actor
from ejd.db import db
from ejd.remarks import queries
from ejd.remarks.queries import RemarkCard, Word


def remark_listed(remark_id: int) -> tuple[RemarkCard, list[Word]]:
    """Any remark with all that was said."""
    return queries.one(db.session, remark_id, today=clock.today()) or abort(404)


def own_remark(actor: Actor, remark_id: int) -> tuple[RemarkCard, list[Word]]:
    """A remark that the signed-in teacher is to answer."""
    return queries.one(db.session, remark_id, today=clock.today(), teacher_id=actor.person_id) or abort(404)
