"""Views of the control page that somebody keeps under a name of the own: saved, read, forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from ejd.audit import trail
from ejd.compliance.models import SavedView
from ejd.db import Session, one_at_a_time
from ejd.refusal import Refused

LONGEST_NAME = 60
MOST = 20


def save_view(session: Session, *, owner_id: int, name: str, query: str, now: datetime) -> SavedView:
    """Keep a question under a name; under the same name again the newer question stands."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("Назовите вид" if not name else f"Название – не длиннее {LONGEST_NAME} знаков", field="name")
    one_at_a_time(session, f"views of {owner_id}")
    view = session.scalar(select(SavedView).filter_by(owner_id=owner_id, name=name))
    if view is not None and view.query == query:
        return view
    if view is None:
        if (session.scalar(select(func.count()).select_from(SavedView).filter_by(owner_id=owner_id)) or 0) >= MOST:
            raise Refused(f"Видов не больше {MOST}: сначала удалите лишние", field="name")
        view = SavedView(owner_id=owner_id, name=name, query=query, made_at=now)
        session.add(view)
    view.query, view.made_at = query, now
    session.flush()
    trail.record(session, now=now, actor_id=owner_id, verb="view.saved", subject_id=view.id)
    return view


def forget_view(session: Session, *, view: SavedView, now: datetime) -> None:
    """Delete a view: it carries no fact, only a question."""
    trail.record(session, now=now, actor_id=view.owner_id, verb="view.forgotten", subject_id=view.id)
    session.delete(view)
    session.flush()


def view_of(session: Session, *, owner_id: int, view_id: int) -> SavedView | None:
    return session.scalar(select(SavedView).filter_by(id=view_id, owner_id=owner_id))


def views_of(session: Session, *, owner_id: int) -> list[SavedView]:
    return list(session.scalars(select(SavedView).filter_by(owner_id=owner_id).order_by(SavedView.name)))
