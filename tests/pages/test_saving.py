"""A request that lost against another is answered once more; any other trouble with the database is an error."""

from __future__ import annotations

from contextvars import Context

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError, OperationalError

from ejd.application import create_app
from ejd.config import Config
from ejd.db import clashed, db
from ejd.school.models import BellSchedule
from ejd.web.saving import saving


@pytest.mark.parametrize(("orig", "expected"), [
    (psycopg.errors.DeadlockDetected(), True),
    (psycopg.errors.SerializationFailure(), True),
    (psycopg.errors.UniqueViolation(), True),  # the other hand's row is there by then, to be refused by
    (psycopg.errors.ForeignKeyViolation(), False),
    (psycopg.errors.AdminShutdown(), False),
    (Exception("database is locked"), False),
])
def test_what_is_worth_another_try(orig, expected):
    assert clashed(DBAPIError("UPDATE", {}, orig)) is expected


def losing(app: Flask, *troubles: Exception) -> list[Exception]:
    """Make the door write a row and then meet these troubles, one a time."""
    left = list(troubles)

    def view():
        with saving():
            db.session.add(BellSchedule(name=f"Попытка {len(left)}"))
            db.session.flush()
            if left:
                raise OperationalError("UPDATE", {}, left.pop(0))
        return "ok"

    app.view_functions["auth.sign_in"] = view
    return left


@pytest.fixture
def own_app(tmp_path):
    app = create_app(Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'own.sqlite'}", secret_key="x"))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_after_a_save_the_page_is_read_without_the_writers_lock_and_may_save_again(own_app):
    """SQLite has one writer at a time."""
    begun: list[str] = []

    def view():
        with saving():
            db.session.add(BellSchedule(name="первое"))
        assert len(db.session.scalars(select(BellSchedule)).all()) == 1
        with saving():
            db.session.add(BellSchedule(name="второе"))
        return "ok"

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("BEGIN"):
            begun.append(statement)

    own_app.view_functions["auth.sign_in"] = view
    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert Context().run(own_app.test_client().post, "/login").status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert begun[-3:] == ["BEGIN IMMEDIATE", "BEGIN DEFERRED", "BEGIN IMMEDIATE"]
    db.session.rollback()
    assert len(db.session.scalars(select(BellSchedule)).all()) == 2


@pytest.mark.parametrize(("troubles", "status", "written"), [
    ([], 200, ["Попытка 0"]),
    ([psycopg.errors.DeadlockDetected()], 200, ["Попытка 0"]),  # the first try left nothing behind
    ([psycopg.errors.SerializationFailure(), psycopg.errors.DeadlockDetected()], 500, []),  # once, not for ever
    ([psycopg.errors.AdminShutdown()], 500, []),
])
def test_a_clash_is_tried_once_more(own_app, troubles, status, written):
    losing(own_app, *troubles)
    assert Context().run(own_app.test_client().post, "/login").status_code == status  # how it begins stays in there
    db.session.rollback()
    assert db.session.scalars(select(BellSchedule.name)).all() == written
