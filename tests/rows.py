"""A row of any table about somebody, made from the metadata: values by type, texts that hold a word."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    insert,
    select,
)
from sqlalchemy.schema import Column, Table

from ejd.db import Instant
from ejd.privacy.emptied import CODED, CODED_NAMES
from tests.world import FIRST_DAY, NOW, World

# What a constraint of the table or the program's reading of a code asks for.
LAWFUL = {
    "attendance.code": "н", "excuse.code": "б", "excuse.state": "accepted", "job.state": "done", "mark.value": "5",
    "mark.weight": 1, "service_form.form": "paper", "term_mark.period": "year", "term_mark.value": "5",
    "employment.position": "teacher", "news_address.often": "daily", "news_address.items_often": "",
    "news_address.topics": "marks", "plan_topic.hours": 1, "course.kind": "home", "course.scheme": "five_point",
    "excuse.first_number": None, "excuse.last_number": None, "weekly_sheet.form": "paper",
    "homework.named": True, "note.whole_class": False, "expectation.awaiting": "pupil",
}
_numbers = count(1)


def can_hold_words(column: Column[Any]) -> bool:
    """Whether something that a person typed may stand in it."""
    key = f"{column.table.name}.{column.name}"
    return isinstance(column.type, String) and key not in CODED and not column.name.endswith(CODED_NAMES)


def row_of(school: World, table: Table, given: dict[str, Any], *, word: str = "") -> dict[str, Any]:
    """Write the row and say what stands in it; every text holds the word."""
    values = {column.name: _value(school, column, word) for column in table.columns
              if column.name not in given and not (column.primary_key and column.name == "id")}
    result = school.session.execute(insert(table).values(**values | given))
    keys = dict(zip((column.name for column in table.primary_key.columns), result.inserted_primary_key or (),
                    strict=True))
    return values | given | keys


def _value(school: World, column: Column[Any], word: str) -> Any:
    key = f"{column.table.name}.{column.name}"
    if key in LAWFUL:
        return LAWFUL[key]
    if column.foreign_keys:
        return None if column.nullable else _some(school, next(iter(column.foreign_keys)).column.table)
    if can_hold_words(column) and word:
        return f"{word} {next(_numbers)}"[:column.type.length or None]
    if isinstance(column.type, String):
        return f"k{next(_numbers)}"[:column.type.length or None]
    if _must_differ(column):
        number = next(_numbers)
        return FIRST_DAY + timedelta(days=number) if isinstance(column.type, Date) else 100 + number
    if column.name == "to_on":
        return FIRST_DAY
    if isinstance(column.type, Boolean):
        return False
    return next(value for kind, value in _PLAIN if isinstance(column.type, kind))


def _must_differ(column: Column[Any]) -> bool:
    """A day or a number that makes the row unique."""
    unique = [one for one in column.table.constraints if isinstance(one, UniqueConstraint | PrimaryKeyConstraint)]
    return isinstance(column.type, Date | Integer) and any(column.name in one.columns for one in unique)


_PLAIN: tuple[tuple[type, Any], ...] = ((Integer, 1), (Date, FIRST_DAY), (Instant, NOW), (LargeBinary, b"sealed"))


def _some(school: World, table: Table) -> int:
    """Any row of the table but a person of the story; made when there is none."""
    if table.name == "person":
        return school.anna.id
    found = school.session.scalar(select(table.c.id).order_by(table.c.id).limit(1))
    return found if found is not None else row_of(school, table, {})["id"]


def texts_with(school: World, word: str) -> dict[str, int]:
    """In how many rows of which columns of the whole database the word stands."""
    from ejd.db import Base

    found = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String):
                values = school.session.scalars(select(column)).all()
                if rows := sum(1 for value in values if value and word.casefold() in value.casefold()):
                    found[f"{table.name}.{column.name}"] = rows
    return found


