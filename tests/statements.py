"""Counting SQL statements: all that run, but for BEGIN, COMMIT, SAVEPOINT, SET and PRAGMA."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

HOUSEKEEPING = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "PRAGMA")


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements run inside the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:  # noqa: ANN001
        if not statement.lstrip().upper().startswith(HOUSEKEEPING):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def at_most(limit: int) -> Iterator[None]:
    with counting() as seen:
        yield
    assert seen, "nothing was asked of the database: the bound proves nothing"
    assert len(seen) <= limit, f"{len(seen)} statements, allowed {limit}:\n" + "\n".join(seen)
