"""Joining two rows that are one person (R33): by hand and confirmed. A wrong merge shows a stranger's child."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update

from ejd.audit import trail
from ejd.credentials.models import Account, SignedSession
from ejd.db import APPEND_ONLY, Session, table_of
from ejd.journal.models import DailySum
from ejd.refusal import Refused
from ejd.roster.belonging import person_with_id, references
from ejd.roster.models import Employment, Enrolment, Guardianship, Person

# What makes two rows of these tables the same, when both belong to one person.
SAME = {"guardianship": ("guardian_id", "pupil_id", "to_on"), "employment": ("person_id", "position", "to_on")}


def reason_not_to_join(session: Session, *, keep: Person, drop: Person) -> str | None:
    """Why these can't be one person, or None."""
    both = {keep.id, drop.id}
    if keep.id == drop.id:
        return "Это одна и та же запись: выберите другую"
    pupils = set(session.scalars(select(Enrolment.pupil_id).where(Enrolment.pupil_id.in_(both))))
    if pupils == both:
        return "Обе записи – ученики: их отметки объединять нельзя"
    if session.scalar(select(Guardianship.id).where(Guardianship.guardian_id.in_(both),
                                                    Guardianship.pupil_id.in_(both)).limit(1)):
        return "Один из них – представитель другого: это разные люди"
    if pupils:
        return "Ученик и взрослый – разные люди"
    working = session.scalars(select(Account.id).where(Account.person_id.in_(both),
                                                       Account.password_hash.is_not(None))).all()
    if len(working) == 2:
        return "У обоих есть пароль: человек мог входить под обоими. Объединить их нельзя"
    return None


def join_people(session: Session, *, actor_id: int | None, keep_id: int, drop_id: int, now: datetime) -> None:
    """Let everything that names one person name the other; the emptied row stays for the record."""
    keep, drop = person_with_id(session, keep_id), person_with_id(session, drop_id)
    if reason := reason_not_to_join(session, keep=keep, drop=drop):
        raise Refused(reason)
    _one_account(session, keep_id, drop_id)
    _drop_doubles(session, keep_id, drop_id)
    _add_up_sums(session, keep_id, drop_id)
    for column in references(skip=APPEND_ONLY):
        session.execute(update(column.table).where(column == drop_id).values({column: keep_id}))
    drop.last_name = drop.first_name = drop.patronymic = drop.sort_key = drop.search_key = ""
    drop.birth_date, drop.erased_at = None, now
    session.flush()
    session.expire_all()
    trail.record(session, now=now, actor_id=actor_id, verb="person.joined", subject_id=keep_id, dropped=drop_id)


def _one_account(session: Session, keep_id: int, drop_id: int) -> None:
    """Of two accounts the one without a password goes."""
    accounts = session.scalars(select(Account).where(Account.person_id.in_({keep_id, drop_id}))).all()
    if len(accounts) == 2:
        spare = min(accounts, key=lambda one: (one.password_hash is not None, one.person_id == keep_id))
        session.execute(delete(SignedSession).where(SignedSession.account_id == spare.id))
        session.delete(spare)
        session.flush()


def _drop_doubles(session: Session, keep_id: int, drop_id: int) -> None:
    """The same child or position, held by both, is held once: from the earlier day."""
    tables: tuple[Any, ...] = (Guardianship, Employment)
    for table in tables:
        owner, *rest = SAME[table.__tablename__]
        mine = {tuple(getattr(row, name) for name in rest): row for row in session.scalars(
            select(table).where(getattr(table, owner) == keep_id))}
        for row in session.scalars(select(table).where(getattr(table, owner) == drop_id)).all():
            if same := mine.get(tuple(getattr(row, name) for name in rest)):
                same.from_on = min(same.from_on, row.from_on)
                session.delete(row)
    session.flush()


def _add_up_sums(session: Session, keep_id: int, drop_id: int) -> None:
    """Daily sums are unique by who is responsible: those of both are added."""
    sums: Table = table_of(DailySum)
    rest = [column for column in sums.primary_key.columns if column.name != "responsible_id"]
    for row in session.execute(select(sums).where(sums.c.responsible_id == drop_id)).mappings().all():
        same = [column == row[column.name] for column in rest]
        mine = session.execute(update(sums).where(sums.c.responsible_id == keep_id, *same)
                               .values(marks=sums.c.marks + row["marks"]))
        if mine.rowcount:  # type: ignore[attr-defined]
            session.execute(delete(sums).where(sums.c.responsible_id == drop_id, *same))
