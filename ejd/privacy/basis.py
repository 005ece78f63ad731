"""Acts on the basis of processing: noted for a pupil or for all who have none, and revoked (R42)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import insert, or_, select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.journal.wording import one_line
from ejd.privacy import passports
from ejd.privacy.grounds import LONGEST_NUMBER, Basis, fault_of_basis, fault_of_revocation
from ejd.privacy.models import ProcessingBasis
from ejd.privacy.queries import pupils_without
from ejd.refusal import Refused
from ejd.roster.models import Person


def note_basis(session: Session, *, actor_id: int, pupil_id: int, kind: str, number: str, from_on: date | None,
               now: datetime) -> None:
    """Note on what basis the pupil's data are processed; the same once more changes nothing. Raises Refused."""
    today = clock.local(now).date()
    number = one_line(number, longest=LONGEST_NUMBER, field="number") if kind == Basis.CONSENT else ""
    if fault := fault_of_basis(kind, number, from_on, today):
        raise Refused(fault[1], field=fault[0])
    assert from_on is not None
    session.get(Person, pupil_id, with_for_update={"key_share": True})
    standing = _standing(session, pupil_id, from_on)
    if standing is not None:
        if (standing.kind, standing.number, standing.from_on, standing.to_on) == (kind, number, from_on, None):
            return
        raise Refused("Основание уже записано и действует: сначала отзовите его", field="from_on")
    _write(session, actor_id, [pupil_id], kind, number, {pupil_id: from_on}, now)


def note_service(session: Session, *, actor_id: int, class_id: int | None, now: datetime) -> int:
    """Receiving the service is the basis of every pupil of a class (or of the school) who has none and has not
    revoked one, each from the first day in the class; how many were noted."""
    missing = [one for one in pupils_without(session, day=clock.local(now).date(), class_id=class_id)
               if one.revoked_on is None]
    _write(session, actor_id, [one.pupil_id for one in missing], Basis.SERVICE, "",
           {one.pupil_id: one.since for one in missing}, now)
    return len(missing)


def revoke(session: Session, *, actor_id: int, basis_id: int, on: date | None, now: datetime) -> None:
    """The family takes the basis back; passport data go at once. Raises Refused."""
    row = session.get_one(ProcessingBasis, basis_id, with_for_update=True)
    if row.to_on is not None and row.to_on == on:
        return
    if row.to_on is not None:
        raise Refused(f"Это основание уже отозвано {row.to_on:%d.%m.%Y}", field="on")
    if fault := fault_of_revocation(row.from_on, on, clock.local(now).date()):
        raise Refused(fault, field="on")
    row.to_on = on
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="basis.revoked", subject_id=row.id, pupil=row.pupil_id,
                 kind=row.kind, on=on)
    passports.erase(session, actor_id=actor_id, pupil_ids=[row.pupil_id], why="revoked", now=now)


def _standing(session: Session, pupil_id: int, day: date) -> ProcessingBasis | None:
    """What holds on the day or begins later; the day of a revocation is the first without."""
    return session.scalars(select(ProcessingBasis).where(
        ProcessingBasis.pupil_id == pupil_id,
        or_(ProcessingBasis.to_on.is_(None), ProcessingBasis.to_on > day))).first()


def _write(session: Session, actor_id: int, pupil_ids: Sequence[int], kind: str, number: str,
           since: dict[int, date], now: datetime) -> None:
    if not pupil_ids:
        return
    rows = [{"pupil_id": one, "kind": str(kind), "number": number, "from_on": since[one], "noted_at": now,
             "noted_by_id": actor_id} for one in pupil_ids]
    ids = session.scalars(insert(ProcessingBasis).returning(ProcessingBasis.id, sort_by_parameter_order=True), rows)
    trail.record_many(session, now=now, actor_id=actor_id, verb="basis.noted", acts=(
        (row_id, {"pupil": one, "kind": str(kind), "from_on": since[one]})
        for row_id, one in zip(ids.all(), pupil_ids, strict=True)))
