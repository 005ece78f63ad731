"""On what basis the demo school processes its pupils' data: noted for every class but one, taken back by one family."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.privacy import basis
from ejd.privacy.models import ProcessingBasis
from ejd.roster.models import SchoolClass


def school_notes_bases(session: Session, *, deputy: int, now: datetime) -> None:
    """Receiving the service is the basis; the youngest class waits for it."""
    by_grade = select(SchoolClass.id).order_by(SchoolClass.grade.desc(), SchoolClass.letter.desc())
    for class_id in session.scalars(by_grade).all()[:-1]:
        basis.note_service(session, actor_id=deputy, class_id=class_id, now=now)
    latest = session.scalar(select(ProcessingBasis.id).order_by(ProcessingBasis.id.desc()).limit(1))
    if latest is not None:
        basis.revoke(session, actor_id=deputy, basis_id=latest, on=clock.local(now).date(), now=now)
