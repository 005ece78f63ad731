"""Daily sums of marks: how many of a course, person responsible, day received, kind and days taken.

Kept in the same transaction as the marks; a row that sank to nought stays, for another hand may be about to add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ejd.bulk import in_parts
from ejd.db import Session, table_of
from ejd.journal.models import DailySum, Mark
from ejd.schedule.models import Lesson

SUMS = table_of(DailySum)
_KEY = tuple(SUMS.primary_key.columns)
_STANDING = (select(*_KEY)
             .where(SUMS.c.course_id.in_(bindparam("courses", expanding=True)),
                    SUMS.c.received_on.between(bindparam("first"), bindparam("last")))
             .order_by(*_KEY).with_for_update())
_INCREASE = update(SUMS).values(marks=SUMS.c.marks + bindparam("change")).where(
    *(column == bindparam(f"key_{column.name}") for column in _KEY))


class Sum(NamedTuple):
    """What a mark is counted under."""

    course_id: int
    responsible_id: int
    received_on: date
    kind_id: int
    days_taken: int
    over_limit: bool


class Difference(NamedTuple):
    """A sum that does not agree with the marks."""

    sum: Sum
    kept: int
    counted: int


def add(session: Session, changes: Mapping[Sum, int]) -> None:
    """Add to the sums (or take from them) what a batch of acts changed."""
    left = {key: change for key, change in sorted(changes.items()) if change}
    while left:
        known = _standing(session, left)
        _increase(session, {key: left.pop(key) for key in known})
        if left and _made(session, left):
            return


def recount(session: Session) -> list[Difference]:
    """Every sum that differs from what the marks themselves say; none when all is well."""
    columns = (Lesson.course_id, Mark.responsible_id, Mark.received_on, Mark.kind_id, Mark.days_taken, Mark.over_limit)
    counted = {Sum(*row[:-1]): row[-1] for row in session.execute(
        select(*columns, func.count()).join(Lesson, Lesson.id == Mark.lesson_id)
        .where(Mark.withdrawn_at.is_(None)).group_by(*columns))}
    kept = {Sum(*row[:-1]): row[-1] for row in session.execute(select(SUMS).where(SUMS.c.marks != 0))}
    return [Difference(key, kept.get(key, 0), counted.get(key, 0)) for key in sorted(kept.keys() | counted.keys())
            if kept.get(key, 0) != counted.get(key, 0)]


def _standing(session: Session, keys: Iterable[Sum]) -> list[Sum]:
    """Which of the sums have a row, locked in their order."""
    wanted = set(keys)
    first, last = min(key.received_on for key in wanted), max(key.received_on for key in wanted)
    found = []
    for course_ids in in_parts(sorted({key.course_id for key in wanted})):
        rows = session.execute(_STANDING, {"courses": course_ids, "first": first, "last": last})
        found += [key for row in rows if (key := Sum(*row)) in wanted]
    return found


def _made(session: Session, sums: Mapping[Sum, int]) -> bool:
    """Write new rows; False when another hand made one of them meanwhile, so that it stands now."""
    try:
        with session.begin_nested():
            session.execute(insert(SUMS), [{**key._asdict(), "marks": marks} for key, marks in sums.items()])
    except IntegrityError:
        if not _standing(session, sums):
            raise
        return False
    return True


def _increase(session: Session, changes: Mapping[Sum, int]) -> None:
    if not changes:
        return
    session.connection().execute(_INCREASE, [
        {**{f"key_{name}": value for name, value in key._asdict().items()}, "change": change}
        for key, change in changes.items()])
