"""The director certifies printed copies, and takes back what was registered by mistake (R50, R52)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select

from ejd import clock
from ejd.audit import trail
from ejd.certification import due
from ejd.certification.lacking import NOTHING, Lacking
from ejd.certification.models import Certification, PrintedJournal
from ejd.certification.queries import Copy, newest_copies, next_number
from ejd.db import Session, one_at_a_time
from ejd.journal.wording import key_of
from ejd.refusal import Refused, Stale

MOST_NUMBER = 99_999


@dataclass(frozen=True, slots=True)
class Bound:
    """A printed copy as it was bound: how many sheets were counted in it."""

    printed_id: int
    sheets: int | None


def certify(session: Session, *, actor_id: int, year_id: int, copies: Sequence[Bound], certified_on: date | None,
            number: int | None, key: str, now: datetime,
            lacking: Mapping[int, Lacking] = MappingProxyType({})) -> list[Certification]:
    """Certify copies of the year's classes, all or none; they take the numbers of the register from `number` on, in
    the order given. What their journals lack, as it was read before, is recorded. The same key again answers as the
    first time. Raises Refused for a copy that is out of date."""
    key = key_of(key)
    one_at_a_time(session, f"certification {year_id}")
    if known := session.scalars(select(Certification).where(
            Certification.key.in_([_key(key, copy.printed_id) for copy in copies]))).all():
        return list(known)
    if not copies:
        raise Refused("Отметьте экземпляры галочкой", field="copy")
    if certified_on is None:
        raise Refused("Укажите дату заверения, например 01.11.2026", field="certified_on")
    first = _first_number(session, year_id, number, len(copies))
    known_copies = {copy.id: copy for copy in newest_copies(session, year_id=year_id)}
    made = []
    for place, bound in enumerate(copies):
        copy = known_copies.get(bound.printed_id)
        if copy is None:
            raise Refused("Журнал напечатан снова: обновите страницу", field="copy")
        _check(copy, bound, certified_on, clock.local(now).date())
        row = Certification(printed_id=copy.id, year_id=year_id, number=first + place, sheets=bound.sheets,
                            certified_on=certified_on, certified_at=now, certified_by_id=actor_id,
                            key=_key(key, copy.id))
        session.add(row)
        session.flush()
        trail.record(session, now=now, actor_id=actor_id, verb="journal.certified", subject_id=row.id,
                     class_id=copy.class_id, term_id=copy.term_id, number=row.number, sheets=row.sheets,
                     certified_on=certified_on, missing=lacking.get(copy.class_id, NOTHING).gaps)
        made.append(row)
    return made


def withdraw(session: Session, *, actor_id: int, certification_id: int, now: datetime) -> Certification:
    """A line was registered by mistake: it stays in the register, crossed out, and its copy can be registered again."""
    row = session.scalars(select(Certification).filter_by(id=certification_id).with_for_update()).one()
    if row.withdrawn_at is not None:
        raise Stale("Эта запись уже отменена: обновите страницу")
    row.withdrawn_at = now
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="certification.withdrawn", subject_id=row.id,
                 number=row.number)
    return row


def note_checked(session: Session, *, printed_id: int, differs: bool, now: datetime) -> None:
    """Write down what comparing a copy with its journal has shown."""
    row = session.get_one(PrintedJournal, printed_id, with_for_update=True)
    row.checked_at, row.differs = now, differs
    session.flush()


def _first_number(session: Session, year_id: int, number: int | None, count: int) -> int:
    free = next_number(session, year_id)
    if number is None or not free <= number <= MOST_NUMBER - count:
        raise Refused(f"Номер в журнале заверений – от {free}: меньшие уже заняты", field="number")
    return number


def _check(copy: Copy, bound: Bound, certified_on: date, today: date) -> None:
    if copy.number is not None:
        raise Stale(f"{copy.class_name}: экземпляр уже заверен под № {copy.number}. Обновите страницу", field="copy")
    refused = due.why_not_certified(last=copy.last, printed_on=clock.local(copy.printed_at).date(),
                                    certified_on=certified_on, today=today, changed=copy.changed)
    if refused:
        field, reason = refused
        raise Refused(reason if field == "certified_on" else f"{copy.class_name}: {reason}", field=field)
    if wrong := due.why_not_sheets(bound.sheets, copy.pages):
        raise Refused(f"{copy.class_name}. {wrong}", field=f"sheets-{copy.id}")


def _key(key: str, printed_id: int) -> str:
    """One form certifies many copies; each line has a key of its own."""
    return f"{key[:28]}-{printed_id}"
