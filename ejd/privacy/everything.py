"""Everything that the database keeps about one person, walked along its metadata: what is told and how stands in
`headings.py`. Of others only the names of teachers are in it, as the journal shows them, and for a guardian the names
of the own children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.schema import Column, Table

from ejd import clock
from ejd.access import POSITION_NAMES, Position
from ejd.audit import trail
from ejd.audit.leaving import Leaving, leave
from ejd.db import Base, Session
from ejd.privacy.headings import ABOUT, CODES, COLUMNS, MADE, NOTES, THROUGH
from ejd.privacy.labels import labels_of
from ejd.privacy.purposes import PURPOSES, Purpose
from ejd.roster.models import Person
from ejd.words import average

Plain = str | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind: each the value under each heading, empty ones left out."""

    key: str
    title: str
    rows: Sequence[dict[str, Plain]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Everything:
    """What is kept about a person on a day."""

    name: str
    birth_date: date | None
    made_on: date
    sections: Sequence[Section]
    made: Sequence[tuple[str, int]]  # what the person has done in the records of others, and how often


def everything_about(session: Session, *, person: Person, today: date) -> Everything:
    """A statement for each kind of rows, one for each kind of thing they name, and one that counts the rest."""
    sections = [_section(session, key, title, columns, _rows(key, person.id)) for key, (title, columns) in
                ABOUT.items()]
    sections += [_section(session, key, title, columns, _hanging(key, on, person.id)) for key, (on, title, columns) in
                 THROUGH.items()]
    return Everything(person.full_name, person.birth_date, today,
                      sorted((one for one in sections if one.rows), key=lambda one: one.title),
                      _made(session, person.id))


def hand_over(session: Session, *, actor_id: int, person_id: int, form: str, now: datetime, real_now: datetime) -> None:
    """What was gathered is about to leave: counted against the day's limit, and in the record. Raises Refused."""
    leave(session, kind=Leaving.PERSON, amount=1, actor_id=actor_id, now=real_now)
    trail.record(session, now=now, actor_id=actor_id, verb="person.exported", subject_id=person_id, form=form)


def column_of(key: str) -> Column[Any]:
    """«mark.pupil_id» as the column."""
    table, name = key.split(".")
    return Base.metadata.tables[table].c[name]


def whose(key: str, person_id: int) -> Select[Any]:
    """The ids of the rows that a key of `ABOUT` finds."""
    column = column_of(key)
    return select(column.table.c.id).where(column == person_id)


def _rows(key: str, person_id: int) -> Select[Any]:
    column = column_of(key)
    return select(column.table).where(column == person_id)


def _hanging(key: str, on: str, person_id: int) -> Select[Any]:
    column = column_of(key)
    return select(column.table).where(column.in_(whose(on, person_id)))


def _section(session: Session, key: str, title: str, columns: str, query: Select[Any]) -> Section:
    table = column_of(key).table
    assert isinstance(table, Table)
    shown = [table.c[name] for name in columns.split()]
    rows = session.execute(query.order_by(*table.primary_key.columns)).mappings().all()
    labels = {column.name: labels_of(session, _target(column), {row[column.name] for row in rows} - {None})
              for column in shown if column.foreign_keys and rows}
    return Section(key, title, [_told(row, shown, labels) for row in rows],
                   NOTES.get(key, ""))


def _target(column: Column[Any]) -> str:
    """Whose words stand for an id. A pupil is shown in rows of a guardian, or of who reads the own lessons, alone."""
    if column.name == "pupil_id":
        return "pupil"
    return next(iter(column.foreign_keys)).column.table.name


def _told(row: Any, shown: Iterable[Column[Any]], labels: dict[str, dict[int, str]]) -> dict[str, Plain]:
    told: dict[str, Plain] = {}
    for column in shown:
        value = row[column.name]
        if value is None or value == "":
            continue
        heading = COLUMNS[column.name]
        if column.name in labels:
            value = labels[column.name].get(value, "")
        elif isinstance(value, datetime):
            value = clock.local(value)
        elif isinstance(value, str):
            value = _in_words(column.name, value)
        if value != "":
            told[heading] = value
    return told


def _in_words(name: str, value: str) -> str:
    if name == "position":
        return POSITION_NAMES[Position(value)]
    if name == "average":
        return average(Fraction(value))
    words = CODES.get(name, {})
    if name == "topics":
        return ", ".join(words.get(part, part) for part in value.split(","))
    return words.get(value, value)


def counts_of(session: Session, *, person_id: int) -> list[tuple[Purpose, int]]:
    """How many rows are kept about the person, by what they are kept for. One statement."""
    counts = [select(literal(key), func.count()).select_from(column_of(key).table).where(column_of(key) == person_id)
              for key in ABOUT]
    counts += [select(literal(key), func.count()).select_from(column_of(key).table)
               .where(column_of(key).in_(whose(on, person_id))) for key, (on, *_) in THROUGH.items()]
    found: dict[str, int] = {}
    for key, count in session.execute(union_all(*counts)):
        found[key] = count
    totals = [(purpose, sum(found[key] for key in purpose.keys)) for purpose in PURPOSES]
    return [(purpose, total) for purpose, total in totals if total]


def _made(session: Session, person_id: int) -> list[tuple[str, int]]:
    """One statement."""
    counts = [select(literal(key), func.count()).select_from(column_of(key).table).where(column_of(key) == person_id)
              for key in MADE]
    found: dict[str, int] = defaultdict(int)
    for key, count in session.execute(union_all(*counts)):
        found[MADE[key]] += count
    return sorted((phrase, count) for phrase, count in found.items() if count)
