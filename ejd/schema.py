"""The database's shape against the program's: which migration it is at, and bringing it forward.

Forward only: the way back is the backup. `flask init` and `make run` migrate after a backup; the server never
does, and refuses an older schema naming the command.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from ejd import clock
from ejd.config import ROOT, make_folder
from ejd.db import db, writing
from ejd.journal.kinds import prefill_kinds

MIGRATIONS = ROOT / "ejd" / "migrations"
KEEP_BACKUPS = 5
NO_ANSWER = "База данных не отвечает. Проверьте EJD_DATABASE_URL и что сервер базы запущен."


def head() -> str:
    """The newest migration that this program knows."""
    revision = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert revision is not None
    return revision


def current() -> str | None:
    """The migration the database is at; None for an empty database."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def complaint() -> str | None:
    """Why the server can't work with this database, or None."""
    try:
        found = current()
    except DBAPIError:
        return NO_ANSWER
    if found == head():
        return None
    if found is None:
        return "База пуста. Подготовьте её: flask --app app init (или flask --app app demo для показательной школы)."
    return "База сделана другой версией программы. Обновите её: flask --app app init (перед этим сделается копия)."


def bring_forward() -> bool:
    """Migrate to the head, after a backup when there is something to lose. Returns whether anything changed."""
    found = current()
    if found == head():
        return False
    if found is not None:
        back_up_sqlite()
    upgrade(directory=str(MIGRATIONS))
    with writing():
        prefill_kinds(db.session)
    return True


def back_up_sqlite() -> None:
    """A copy beside the database by SQLite's own online backup; PostgreSQL's is made by pg_dump by hand."""
    name = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or not name:
        return
    folder = Path(current_app.instance_path) / "backups"
    make_folder(folder)
    target = folder / f"before-migration-{clock.real_now():%Y%m%d-%H%M%S}.sqlite"
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    for old in sorted(folder.glob("before-migration-*.sqlite"))[:-KEEP_BACKUPS]:
        old.unlink()
