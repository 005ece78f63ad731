"""Acts on passport data of class 11: written, looked at, erased, put under another key (R41). In clear they exist in
the answer to one look only, and each look is in the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.db import Session
from ejd.privacy.models import Passport
from ejd.privacy.passport_data import PassportData, reason_not_to_keep, unpacked
from ejd.privacy.queries import grade_on, is_revoked
from ejd.privacy.sealing import OTHER_KEY, DataKey, seal, unseal
from ejd.refusal import Refused, Stale
from ejd.roster.models import Person

GONE = "Паспортных данных об этом ученике нет"


def bound_to(pupil_id: int) -> str:
    return f"passport {pupil_id}"


def data_of(row: Passport, key: DataKey | None) -> PassportData:
    """Raises Refused when they are gone or the key is another."""
    if row.sealed is None:
        raise Refused(GONE)
    return unpacked(unseal([key], row.sealed, key_id=row.key_id, bound_to=bound_to(row.pupil_id)))


def enter(session: Session, *, actor_id: int, pupil_id: int, data: PassportData, version: int, key: DataKey,
          now: datetime) -> None:
    """Keep the data; `version` is that of the row seen, 0 when there was none. Raises Refused, Stale."""
    session.get(Person, pupil_id, with_for_update={"key_share": True})
    if reason := reason_not_to_keep(grade_on(session, pupil_id, clock.local(now).date()),
                                    revoked=is_revoked(session, pupil_id=pupil_id)):
        raise Refused(reason)
    row = session.get(Passport, pupil_id)
    if row is not None and row.version != version:
        if row.version == version + 1 and row.entered_by_id == actor_id and row.key_id == key.id and row.sealed and (
                data_of(row, key) == data):
            return  # the same once more
        raise Stale("Эти паспортные данные уже изменил кто-то другой: откройте их снова",
                    theirs="стёрты" if row.sealed is None else "внесены заново")
    sealed = seal(key, data.packed(), bound_to=bound_to(pupil_id))
    if row is None:
        session.add(Passport(pupil_id=pupil_id, sealed=sealed, key_id=key.id, entered_at=now, entered_by_id=actor_id))
    else:
        row.sealed, row.key_id, row.version = sealed, key.id, row.version + 1
        row.entered_at, row.entered_by_id, row.erased_at = now, actor_id, None
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="passport.entered", subject_id=pupil_id)


def look(session: Session, *, actor_id: int, row: Passport, key: DataKey | None, now: datetime) -> PassportData:
    """The data in full; the look is in the record before they are shown. Raises Refused."""
    data = data_of(row, key)
    trail.record(session, now=now, actor_id=actor_id, verb="passport.seen", subject_id=row.pupil_id)
    return data


def erase(session: Session, *, actor_id: int | None, pupil_ids: Sequence[int], why: str, now: datetime) -> int:
    """Erase what is kept of these pupils; `why` is a code: by hand, due, revoked, request. How many there were."""
    rows = session.scalars(select(Passport).where(Passport.pupil_id.in_(pupil_ids), Passport.sealed.is_not(None))
                           .with_for_update()).all()
    for row in rows:
        row.sealed, row.erased_at, row.version = None, now, row.version + 1
    session.flush()
    trail.record_many(session, now=now, actor_id=actor_id, verb="passport.erased",
                      acts=((row.pupil_id, {"why": why}) for row in rows))
    return len(rows)


def rotate(session: Session, *, old: DataKey | None, new: DataKey, now: datetime) -> tuple[int, int]:
    """Put every row under the new key: how many were, and how many stood under it already. Raises Refused when one
    opens with neither: then nothing has changed."""
    rows = session.scalars(select(Passport).where(Passport.sealed.is_not(None)).with_for_update()).all()
    others = [row for row in rows if row.key_id != new.id]
    for row in others:
        assert row.sealed is not None
        if old is None or row.key_id != old.id:
            raise Refused(OTHER_KEY if old is None else "Есть записи под третьим ключом: ни прежний, ни новый их не "
                          "открывает. Ничего не изменено.")
        plain = unseal([old], row.sealed, key_id=row.key_id, bound_to=bound_to(row.pupil_id))
        row.sealed, row.key_id = seal(new, plain, bound_to=bound_to(row.pupil_id)), new.id
    session.flush()
    if others:
        trail.record(session, now=now, actor_id=None, verb="passport.rekeyed", subject_id=None, rows=len(others))
    return len(others), len(rows) - len(others)
