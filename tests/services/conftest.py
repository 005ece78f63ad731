"""A second database for tests of two hands at once: each hand has a connection, so nothing can be rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text

from ejd import clock
from ejd.application import create_app
from ejd.config import Config
from ejd.db import db
from tests.world import NOW, build_world


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest, app: Flask, database_url: str,
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The world once more, in a database beside the run's; one for each module of tests."""
    name = request.module.__name__.rpartition(".")[2]
    with world_beside(database_url, tmp_path_factory.mktemp(name), name) as found:
        yield found


@contextmanager
def world_beside(database_url: str, folder: Path, name: str) -> Iterator[Engine]:
    """A database of this name with the world of the tests in it, while its application is at hand."""
    own = make_url(database_url)
    if own.get_backend_name() == "postgresql":
        admin = create_engine(own, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'"))
        admin.dispose()
        own = own.set(database=name)
    else:
        own = own.set(database=str(folder / "beside.sqlite"))
    beside = create_app(Config(instance=folder, secret_key="for tests only",
                               database_url=own.render_as_string(hide_password=False)))
    with beside.app_context():
        with clock.freeze(NOW):
            db.create_all()
            build_world()
        db.session.remove()
        yield db.engine
        db.engine.dispose()
