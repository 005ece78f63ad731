"""Much about many people leaving the program at once: seldom, never unseen. Each time is counted against a day's
limit, written down with its size, and told to the director, who says that it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from ejd.audit import trail
from ejd.audit.models import BulkExport
from ejd.db import Session, one_at_a_time
from ejd.refusal import Refused

A_DAY = timedelta(days=1)


class Leaving(StrEnum):
    """What leaves."""

    CARDS = "cards"
    ARCHIVE = "archive"
    ALL_DATA = "all_data"
    PERSON = "person"
    AUDIT = "audit"


# What is told of each, what its amount counts, and how often a day it may happen.
TOLD: dict[Leaving, tuple[str, tuple[str, str, str], int]] = {
    Leaving.CARDS: ("карточки с паролями", ("карточка", "карточки", "карточек"), 20),
    Leaving.ARCHIVE: ("архив учебного года", ("файл", "файла", "файлов"), 5),
    Leaving.ALL_DATA: ("выгрузка всех данных школы", ("строка", "строки", "строк"), 3),
    Leaving.PERSON: ("сведения об одном человеке", ("человек", "человека", "человек"), 30),
    Leaving.AUDIT: ("выгрузка из журнала действий", ("запись", "записи", "записей"), 10),
}


@dataclass(frozen=True, slots=True)
class Left:
    """What left, when and by whose hand; `person_id` None: by the server's command line."""

    id: int
    kind: Leaving
    amount: int
    at: datetime
    person_id: int | None
    seen: bool


def leave(session: Session, *, kind: Leaving, amount: int, actor_id: int | None, now: datetime) -> None:
    """Write down what is about to leave, in the transaction that lets it go; `now` is real time.

    Raises Refused when the day's limit is reached. The server's command line has no limit.
    """
    what, _, most = TOLD[kind]
    if actor_id is not None:
        one_at_a_time(session, f"leaving {kind}")
        times = session.scalar(select(func.count()).select_from(BulkExport).where(
            BulkExport.kind == kind, BulkExport.made_at > now - A_DAY, BulkExport.made_by_id.is_not(None))) or 0
        if times >= most:
            raise Refused(f"За сутки уже {times}: {what}. Больше – завтра, так школа заметит чужую руку")
    row = BulkExport(kind=kind, amount=amount, made_at=now, made_by_id=actor_id)
    session.add(row)
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="bulk.left", subject_id=row.id, kind=kind.value,
                 amount=amount)


def unseen(session: Session) -> Sequence[Left]:
    """What the director has not looked at yet, the newest first."""
    return _found(session, BulkExport.seen_at.is_(None))


def of_last_days(session: Session, *, since: datetime) -> Sequence[Left]:
    """What left since a moment, seen or not, the newest first."""
    return _found(session, BulkExport.made_at >= since)


def see(session: Session, *, actor_id: int, ids: Sequence[int], now: datetime) -> None:
    """The director has seen these."""
    for row in session.scalars(select(BulkExport).where(BulkExport.id.in_(ids), BulkExport.seen_at.is_(None))):
        row.seen_at, row.seen_by_id = now, actor_id
        trail.record(session, now=now, actor_id=actor_id, verb="bulk.seen", subject_id=row.id)


def _found(session: Session, which: ColumnElement[bool]) -> list[Left]:
    rows = session.scalars(select(BulkExport).where(which).order_by(BulkExport.made_at.desc(), BulkExport.id.desc())
                           .limit(100))
    return [Left(row.id, Leaving(row.kind), row.amount, row.made_at, row.made_by_id, row.seen_at is not None)
            for row in rows]
