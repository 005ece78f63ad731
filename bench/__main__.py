"""`python -m bench`: every budget of the first path, one line each; exact measures as docs and README tell them.

Everything runs on a copy of the cached big school, in the same folder, so on the same disk.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench import lists, over_http
from bench.measuring import Report, interleaved, median, milliseconds, p95, statements
from bench.school import CACHE, DEPUTY, GUARDIANS, NOW, TODAY, app_on, big_school
from ejd import clock
from ejd.credentials import sessions
from ejd.credentials.models import Account
from ejd.db import db, writing
from ejd.journal import sums

KB = 1024
FIRST_WINDOW = 14_400  # bytes: ten segments
STATEMENTS = 8
COURSE, TEACHER = 1, 2  # the first class's course of 30 pupils × 60 lessons, and who teaches it


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


def main() -> None:
    folder = CACHE / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    big_school()
    shutil.copy(Path(str(big_school().config["EJD"].instance)) / "ejd.sqlite", folder / "ejd.sqlite")
    house = House(app_on(folder), folder, Report())
    with clock.freeze(NOW):
        check_sums(house)
        for measure in (journal_page, mark_saved, control_overview, statements_a_page):
            measure(house)
    lists_of_a_school(house)
    over_the_wire(house)
    if house.report.over:
        sys.exit("Over budget: " + ", ".join(house.report.over))


def check_sums(house: House) -> None:
    """The data must be what the control overview believes: the recount finds no difference."""
    with house.app.app_context():
        differences = sums.recount(db.session)
        assert not differences, differences[:3]


def good(answer: TestResponse) -> TestResponse:
    assert answer.status_code == 200, f"{answer.request.path}: {answer.status_code}"
    return answer


def journal_page(house: House) -> None:
    client, url = house.client_of(TEACHER), f"/teacher/journals/{COURSE}"
    with statements() as asked:
        page = good(client.get(url)).text
    bare = house.bare()
    pieces = re.split("(?=<)", page)

    def floor() -> None:
        for statement, parameters in asked:
            bare.execute(statement, parameters).fetchall()  # type: ignore[arg-type]
        "".join(pieces).encode()

    taken, floors = interleaved(50, lambda: good(client.get(url)), floor)
    house.report.line("journal-page", median(taken), 4 * median(floors), floor=median(floors), note="4 × floor")
    zipped = good(client.get(url, headers={"Accept-Encoding": "gzip"}))
    house.report.line("journal-page-gzip", len(zipped.data) / KB, 8, "KB")


def mark_saved(house: House) -> None:
    """A new mark by one key through htmx, against two INSERTs and COMMIT by the bare driver on the same disk."""


def control_overview(house: House) -> None:
    client = house.client_of(DEPUTY)
    for name, query, budget in (("control-term", "", 50), ("control-year", "?from=2026-09-01&to=2027-05-20", 150)):
        [taken] = interleaved(15, lambda query=query: good(client.get(f"/admin/control{query}")))  # type: ignore[misc]
        house.report.line(name, median(taken), budget)


def statements_a_page(house: House) -> None:
    pages: tuple[tuple[str, int, str], ...] = (
        ("journal", TEACHER, f"/teacher/journals/{COURSE}"), ("diary-week", GUARDIANS.start, "/parent/"),
        ("control", DEPUTY, "/admin/control"))
    for name, person, url in pages:
        client = house.client_of(person)
        good(client.get(url))
        with statements() as asked:
            good(client.get(url))
        house.report.line(f"statements-{name}", len(asked), STATEMENTS, "statements")


def lists_of_a_school(house: House) -> None:
    """Preview and confirmation of 1,000 pupils with guardians in an empty database."""


def over_the_wire(house: House) -> None:
    """What needs the real server: its start, pages a second, the diary's cost and weight."""


if __name__ == "__main__":
    main()
