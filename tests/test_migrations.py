"""The migrations make exactly the tables of the models, with the triggers, on either database."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import MetaData, create_engine, insert, inspect, select, text
from sqlalchemy.types import Boolean, Date, DateTime, Time

from ejd.application import create_app
from ejd.config import Config
from ejd.db import db, triggers_missing
from ejd.schema import MIGRATIONS, complaint, current, head

RELEASES = sorted((Path(__file__).parent / "data" / "releases").glob("*.json"))


def empty_database(app, tmp_path):
    """The address of a second, empty database beside the one of the run."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS ejd_empty"))
        connection.execute(text("CREATE DATABASE ejd_empty TEMPLATE template0 LOCALE 'C.UTF-8'"))
    engine.dispose()
    return url.replace("/ejd_test", "/ejd_empty")


def test_the_head_equals_the_models(app, tmp_path):
    other = create_app(Config(instance=tmp_path, database_url=empty_database(app, tmp_path), secret_key="x"))
    with other.app_context():
        assert complaint().startswith("База пуста")
        upgrade(directory=str(MIGRATIONS))
        assert current() == head() and complaint() is None
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []
            assert set(db.metadata.tables) < set(inspect(connection).get_table_names())
        assert triggers_missing(db.session) == set()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_a_filled_database_of_every_earlier_release_comes_forward_whole(app, tmp_path, path):
    """Engineering 22: every row of the earlier release is there afterwards, with the same values."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    other = create_app(Config(instance=tmp_path, database_url=empty_database(app, tmp_path), secret_key="x"))
    with other.app_context():
        upgrade(directory=str(MIGRATIONS), revision=path.stem)
        before = filled(kept)
        upgrade(directory=str(MIGRATIONS))
        assert current() == head()
        after = rows_of(kept)
        assert sum(map(len, before.values())) > 500
        assert after == before
        with db.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []
        assert triggers_missing(db.session) == set()
        db.session.remove()
        db.engine.dispose()


def filled(kept):
    """Write the rows of a release into the tables of its time; the rows as they read back."""
    tables = MetaData()
    with db.engine.begin() as connection:
        tables.reflect(connection, only=list(kept))
        for name, data in kept.items():
            table = tables.tables[name]
            rows = [{column: plain(table.c[column].type, value)
                     for column, value in zip(data["columns"], row, strict=True)} for row in data["rows"]]
            if rows:
                connection.execute(insert(table), rows)
    return rows_of(kept)


def rows_of(kept):
    tables = MetaData()
    with db.engine.connect() as connection:
        tables.reflect(connection, only=list(kept))
        return {name: sorted(connection.execute(select(*(tables.tables[name].c[c] for c in data["columns"]))).all(),
                             key=repr) for name, data in kept.items()}


def plain(column_type, value):
    """A value of the file, as it lay in SQLite, for the column's type in either database."""
    if value is None:
        return None
    if isinstance(column_type, Boolean):
        return bool(value)
    for kind, read in ((DateTime, datetime.fromisoformat), (Date, date.fromisoformat), (Time, time.fromisoformat)):
        if isinstance(column_type, kind):
            found = read(value)
            return found.replace(tzinfo=UTC) if isinstance(found, datetime) and column_type.timezone else found
    return value
