"""The school's tables as they go, with what each holds in words; and which of them never leave.

Sessions, failed attempts and jobs are of one installation and one day: they never go; neither do weekly sums, which are
counted anew out of the lessons. Secrets (password hashes, the
keys of second factors, addresses that open something by themselves, passports, which lie under a key outside the
database) go only from the server's own command line, for a move to another server: whoever holds such a file could
try passwords at leisure. Without them everybody gets a new card, and nothing else is lost.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, Time

from ejd.archive.codes import codes_of
from ejd.archive.glossary import TABLES, said_of
from ejd.db import Base, Instant

NEVER = frozenset({"signed_session", "failed_attempt", "job", "lesson_sum", "counted_week", "changed_week"})
SECRET = frozenset({"second_factor", "lesson_feed", "passport", "news_asked"})  # whole tables
EMPTIED: dict[str, dict[str, Any]] = {  # columns, and what stands in them instead
    "account": {"password_hash": None}, "news_address": {"code_hash": "", "leave_hash": ""}}
OF_NEVER: dict[str, frozenset[str]] = {"card_batch": frozenset({"job_id"})}  # what names a row that never goes

Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Described:
    """A column in words: its kind, what it refers to, what it means."""

    name: str
    kind: str
    empty: bool  # may be empty
    refers: str
    meaning: str
    codes: Mapping[str, str]  # what stands in it, in words


@dataclass(frozen=True, slots=True)
class TableOut:
    """A table as it goes: its columns, and what is written in place of those that stay."""

    table: Table
    title: str
    meaning: str
    columns: Sequence[Described]
    instead: dict[str, Any]

    @property
    def name(self) -> str:
        return self.table.name


def tables_out(*, secrets: bool) -> list[TableOut]:
    """The tables that go, each after those it refers to."""
    gone = NEVER if secrets else NEVER | SECRET
    return [_table_out(table, secrets=secrets) for table in Base.metadata.sorted_tables if table.name not in gone]


def _table_out(table: Table, *, secrets: bool) -> TableOut:
    columns = [Described(column.name, kind_of(column), bool(column.nullable),
                         ", ".join(key.target_fullname for key in column.foreign_keys),
                         said_of(table.name, column.name), codes_of(table.name, column.name))
               for column in table.columns]
    instead = dict.fromkeys(OF_NEVER.get(table.name, ())) | ({} if secrets else EMPTIED.get(table.name, {}))
    return TableOut(table, *TABLES[table.name], columns, instead)


def kind_of(column: Column[Any]) -> str:
    """How its values are written."""
    for of_type, kind in ((Boolean, "boolean"), (Integer, "integer"), (Instant, "moment"), (Date, "date"),
                          (Time, "time"), (LargeBinary, "bytes")):
        if isinstance(column.type, of_type):
            return kind
    return "text"


def told(value: Any) -> Cell:
    """A value as it goes: dates and moments (UTC) in ISO 8601, bytes in base64."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value


READ: dict[str, Callable[[Any], Any]] = {
    "boolean": lambda value: value if isinstance(value, bool) else {"true": True, "false": False}[value],
    "integer": int,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "bytes": b64decode,
    "text": str,
}


def meant(value: Cell, kind: str) -> Any:
    """The value again. Raises ValueError, KeyError or TypeError when it is none of that kind."""
    return None if value is None else READ[kind](value)
