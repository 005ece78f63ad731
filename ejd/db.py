"""The database: one object, the few column types, and every statement that only one database knows.

SQLite by default, PostgreSQL by `EJD_DATABASE_URL`. Unsafe methods begin IMMEDIATE, reads DEFERRED
(a read that turns into a write would fail at once with "database is locked"); the choice is made before the
first statement through `writing()` or `begin_as_writer`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, DateTime, Engine, MetaData, Table, event, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, scoped_session
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


# What services and queries are handed: the request's scoped session, or a plain one.
Session: TypeAlias = PlainSession | scoped_session[Any]


def table_of(model: type[Base]) -> Table:
    """The Core table of a model, for bulk statements and rows without objects."""
    return cast(Table, model.__table__)


class Instant(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, `timestamptz` in PostgreSQL, naive UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def answers() -> None:
    """Ask the database the least question; raises when it is not there."""
    db.session.execute(text("SELECT 1"))


# PostgreSQL's own words for "begin again": serialization_failure, deadlock_detected, and unique_violation, for then
# the other hand's row is there to be refused by. SQLite has one writer at a time, who waits for the lock before the
# first statement.
CLASHES = frozenset({"40001", "40P01", "23505"})


def clashed(error: DBAPIError) -> bool:
    """Whether the database gave a transaction up for another's sake, so that the same act may be tried again."""
    return getattr(error.orig, "sqlstate", None) in CLASHES


_writing: ContextVar[bool] = ContextVar("ejd_writing", default=False)


def begin_as_writer(yes: bool) -> None:
    """Say how the next transactions of this context begin (SQLite: IMMEDIATE or DEFERRED)."""
    _writing.set(yes)


def begins_as_writer() -> bool:
    """How the next transaction of this context begins."""
    return _writing.get()


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that writes: commits at the end, rolls back on any exception. For the command line."""
    db.session.commit()
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def one_at_a_time(session: Session, act: str) -> None:
    """Wait until no other transaction of this school is at the same act. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || :act))"), {"act": act})


def one_snapshot(session: Session) -> None:
    """Begin a transaction that reads everything as it stands at one moment, whatever is written meanwhile; SQLite's
    always do. What the session has read before is let go."""
    bind = session.get_bind()
    if bind.dialect.name == "postgresql" and isinstance(bind, Engine):
        session.rollback()
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def read_by_index(session: Session) -> None:
    """Until the transaction ends: what is read lies in memory, so that a page found by an index costs little more than
    the next one. PostgreSQL takes it for four times as much and would rather read half a million marks."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL random_page_cost = 1.1"))


def continue_numbering(session: Session, tables: Iterable[Table]) -> None:
    """After rows were written with the ids they had: the next row gets the next id. SQLite goes on from the largest."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.columns:
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                                 f"coalesce(max(id), 0) + 1, false) FROM {table.name}"))


def let_others_write(session: Session) -> None:
    """Between two transactions of one long act: SQLite's waiting writers look whether the file is free every tenth of
    a second only, and would wait for all of the act."""
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(0.11)


@event.listens_for(Engine, "connect")
def _set_up_connection(connection: Any, _record: Any) -> None:
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000",
                   "temp_store=MEMORY", "cache_size=-32000",
                   "recursive_triggers=ON"):  # else INSERT OR REPLACE deletes past the append-only triggers
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN DEFERRED")


# Tables whose rows are written once. Triggers keep it so in both databases; Alembic's SQLite batch mode
# drops triggers silently, so tests look into both catalogues after migrating.
APPEND_ONLY = ("audit_record", "mark_correction", "term_mark_correction")


def append_only_ddl(table: str, dialect: str) -> list[str]:
    """The statements that forbid UPDATE and DELETE on `table`, for one of the two databases."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


@contextmanager
def append_only_lifted(session: Session, tables: Iterable[str]) -> Iterator[None]:
    """Let rows of these tables go inside the block, in the caller's transaction: for what has outlived its time (R54).
    Whatever fails in between takes the lifting back with it."""
    dialect, lifted = session.get_bind().dialect.name, [table for table in APPEND_ONLY if table in set(tables)]
    for table in lifted:
        for statement in ([f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"]
                          if dialect == "sqlite" else [f"DROP FUNCTION {table}_refuse() CASCADE"]):
            session.execute(text(statement))
    yield
    for table in lifted:
        for statement in append_only_ddl(table, dialect):
            session.execute(text(statement))


def keep_append_only(model: type[Base]) -> None:
    """Add the triggers whenever its table is created from the models; migrations call `append_only_ddl`."""
    _after_create(table_of(model), append_only_ddl)


def _after_create(table: Table, statements: Callable[[str, str], list[str]]) -> None:
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect):
            ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
            event.listen(table, "after_create", ddl)


# Columns that weekly sums of lessons stand on (journal/week_sums.py). Whatever writes to them, in bulk or by hand,
# notes the weeks it touched in the same transaction. Only rows are added, so writers never wait for one another.
# SQLite, with one writer at a time, can look whether the week is counted at all; PostgreSQL must not, for a count may
# be under way.
NOTED = {"lesson": ("course_id", "day", "number", "ends_at", "teacher_id", "state", "topic_at", "attendance_at",
                    "homework_due_at"),
         "homework": ("lesson_id", "named", "not_set", "published_at")}
ROWS_OF = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def noting_ddl(table: str, dialect: str) -> list[str]:
    """The triggers that note in `changed_week` the weeks whose lessons, or whose homework, a statement changed."""
    make = _noting_on_sqlite if dialect == "sqlite" else _noting_on_postgresql
    return [statement for act in ROWS_OF for statement in make(table, act)]


def _noting_on_sqlite(table: str, act: str) -> list[str]:
    if table == "lesson":
        weeks = " UNION ".join(f"SELECT date({row}.day, 'weekday 0', '-6 days')" for row in ROWS_OF[act])
    else:
        ids = ", ".join(f"{row}.lesson_id" for row in ROWS_OF[act])
        weeks = f"SELECT date(day, 'weekday 0', '-6 days') FROM lesson WHERE id IN ({ids})"
    columns = f" OF {', '.join(NOTED[table])}" if act == "UPDATE" else ""
    return [f"CREATE TRIGGER {table}_notes_{act.lower()} AFTER {act}{columns} ON {table} "
            f"BEGIN INSERT INTO changed_week (monday) SELECT monday FROM counted_week WHERE monday IN ({weeks}) "
            f"AND monday NOT IN (SELECT monday FROM changed_week); END"]


def _noting_on_postgresql(table: str, act: str) -> list[str]:
    """Once a statement, not once a row: a term's lessons are made by the thousand."""
    rows = " UNION ALL ".join(f"SELECT * FROM {row.lower()}_rows" for row in ROWS_OF[act])
    if act == "UPDATE":
        before, after = (", ".join(f"{row}.{column}" for column in NOTED[table]) for row in ("o", "n"))
        differ = (f"SELECT n.id FROM old_rows o JOIN new_rows n ON n.id = o.id "
                  f"WHERE ({before}) IS DISTINCT FROM ({after})")
        rows = f"SELECT * FROM ({rows}) both_rows WHERE id IN ({differ})"
    lessons = f"({rows}) l" if table == "lesson" else f"lesson l JOIN ({rows}) h ON h.lesson_id = l.id"
    given = " ".join(f"{row} TABLE AS {row.lower()}_rows" for row in ROWS_OF[act])
    name = f"{table}_notes_{act.lower()}"
    return [f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO changed_week (monday) "
            f"SELECT DISTINCT l.day - (EXTRACT(ISODOW FROM l.day)::int - 1) FROM {lessons}; RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {act} ON {table} REFERENCING {given} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"]


def note_weeks(model: type[Base]) -> None:
    """Add the triggers whenever the table is created from the models; migrations call `noting_ddl`."""
    _after_create(table_of(model), noting_ddl)


def triggers_missing(session: Session) -> set[str]:
    """Names of the triggers that should be in this database and are not."""
    dialect = session.get_bind().dialect.name
    acts = {"sqlite": ("no_update", "no_delete"), "postgresql": ("append_only", "no_truncate")}[dialect]
    wanted = {f"{table}_{act}" for table in APPEND_ONLY for act in acts}
    wanted |= {f"{table}_notes_{act.lower()}" for table in NOTED for act in ROWS_OF}
    catalogue = ("SELECT name FROM sqlite_master WHERE type = 'trigger'" if dialect == "sqlite" else
                 "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                 "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace")
    return wanted - set(session.scalars(text(catalogue)))
