"""Writing and reading many rows at once, and keeping objects that are already loaded true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import bindparam, insert, inspect, update

from ejd.db import Base, Session, table_of

AT_ONCE = 500  # ids in one statement: old SQLite takes 999 parameters

Item = TypeVar("Item")


def in_parts(items: Collection[Item]) -> Iterator[Sequence[Item]]:
    """The items in portions that one statement can take, in order when they can be ordered."""
    ordered = list(items)
    return (ordered[start:start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def insert_many(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows in bulk; nothing when there are none."""
    if rows:
        session.execute(insert(table_of(model)), rows)


def update_many(session: Session, model: type[Base], changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Change named columns of rows by id; loaded objects read their new values when they are asked next."""
    session.flush()
    table, mapper = table_of(model), inspect(model)
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, values in changes:
        by_columns[tuple(sorted(values))].append({"row_id": row_id, **values})
        loaded = session.identity_map.get(mapper.identity_key_from_primary_key((row_id,)))
        if loaded is not None:
            session.expire(loaded)
    for columns, rows in by_columns.items():
        statement = update(table).where(table.c.id == bindparam("row_id"))
        session.connection().execute(statement.values({name: bindparam(name) for name in columns}), rows)
