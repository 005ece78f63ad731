"""How some families of the demo school get the service: a few have no internet, fewer refuse, the rest read."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.db import Session
from ejd.families.forms import NewPaper, register_paper
from ejd.families.provision import PaperKind
from ejd.roster.models import ClassTeacher, Enrolment, Guardianship

NO_INTERNET, REFUSES = 0.5, 0.2  # how often a class has such a family
AGO = timedelta(days=12)


def families_choose(session: Session, *, teacher: int, reads: int, now: datetime) -> None:
    """Each class teacher registers the papers of the own class, the demo's `teacher` one of either kind; the guardian
    who `reads`, and whoever has done anything in the program, goes on with the internet."""
    dice, number, at = Random(20), 0, now - AGO
    busy = {reads, *session.scalars(select(AuditRecord.actor_id).distinct())}
    for class_id, teacher_id in session.execute(
            select(ClassTeacher.class_id, ClassTeacher.teacher_id).where(ClassTeacher.to_on.is_(None))
            .order_by(ClassTeacher.class_id)).all():
        families = [tuple(one) for one in session.execute(
            select(Guardianship.guardian_id, Guardianship.pupil_id)
            .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
            .where(Enrolment.class_id == class_id, Enrolment.to_on.is_(None)).order_by(Guardianship.id))
            if one[0] not in busy]
        chosen = dice.sample(families, 2)
        for (guardian_id, pupil_id), kind, often in zip(chosen, (PaperKind.NO_ACCESS, PaperKind.REFUSAL),
                                                        (NO_INTERNET, REFUSES), strict=True):
            if dice.random() < often or teacher_id == teacher:
                number += 1
                register_paper(session, paper=NewPaper(
                    kind=kind, pupil_id=pupil_id, guardian_id=guardian_id, number=f"{number}/26",
                    signed_on=clock.local(at).date(), actor_id=teacher_id, at=at, key=f"demo-form-{number}"))
