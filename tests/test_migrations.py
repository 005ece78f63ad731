"""The migrations make exactly the tables of the models, with the triggers, on either database."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import create_engine, inspect, text

from ejd.application import create_app
from ejd.config import Config
from ejd.db import APPEND_ONLY, db
from ejd.schema import MIGRATIONS, complaint, current, head


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
            catalogue = ("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
                         if db.engine.dialect.name == "sqlite"
                         else "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
            assert connection.scalar(text(catalogue)) == 2 * len(APPEND_ONLY)
        db.engine.dispose()
