"""The application on a copy of the big school, and visitors of it."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.measuring import Report
from bench.school import app_on, big_school
from ejd import clock
from ejd.credentials import sessions
from ejd.credentials.models import Account
from ejd.db import db, writing


@dataclass
class House:
    """The application on the run's own copy of the big school."""

    app: Flask
    folder: Path
    report: Report

    @property
    def database(self) -> Path:
        return self.folder / "ejd.sqlite"

    def token_of(self, person_id: int) -> str:
        """A session of this person, as after signing in."""
        with self.app.app_context(), writing():
            account = db.session.query(Account).filter_by(person_id=person_id).one()
            return sessions.open_session(db.session, account_id=account.id, now=clock.real_now(), hours=12)

    def client_of(self, person_id: int) -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as stored:
            stored["_user_id"], stored["_fresh"] = self.token_of(person_id), True
        return client

    def cookie_of(self, person_id: int) -> str:
        cookie = self.client_of(person_id).get_cookie("ejd")
        assert cookie is not None
        return cookie.value

    def bare(self) -> sqlite3.Connection:
        """The driver alone, with the settings of ejd/db.py."""
        connection = sqlite3.connect(self.database, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


def good(answer: TestResponse) -> TestResponse:
    assert answer.status_code == 200, f"{answer.request.path}: {answer.status_code}"
    return answer


def on_copy(folder: Path) -> House:
    """The application on a fresh copy of the cached big school."""
    cached = big_school().config["EJD"].instance / "ejd.sqlite"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(cached, folder / "ejd.sqlite")
    return House(app_on(folder), folder, Report())
