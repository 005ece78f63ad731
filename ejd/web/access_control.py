"""Loader of control's saved views: seen by their owner alone."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.compliance import views
from ejd.compliance.models import SavedView
from ejd.db import db


def own_view(actor: Actor, view_id: int) -> SavedView:
    return views.view_of(db.session, owner_id=actor.person_id, view_id=view_id) or abort(404)
