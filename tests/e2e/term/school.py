"""The school in which a term is lived through: tests/world.py without a timetable, with a short first quarter, served
in the test's own process so that the story can move the clock.

The first quarter lasts from Tuesday, 1 September, to Friday, 18 September 2026. Mathematics is given three times a
week, Russian twice, English once in two subgroups: that is the load, the timetable is made in the story.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from ejd import clock
from ejd.application import create_app
from ejd.config import Config, database_url
from ejd.credentials import passwords
from ejd.credentials.services import create_account
from ejd.db import db
from ejd.roster.models import Course, Employment, Person, Subject
from ejd.schedule.models import Lesson, Slot, TimetableVersion
from ejd.school.models import DayOff, Term
from tests.world import CLASS_7A, World, build_world

PREPARED = date(2026, 8, 28)
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 18)  # of the first quarter
PASSWORD = "a term of 7A"
PEOPLE = ("anna", "boris", "eva", "dina", "galina", "olga", "vera", "vitya")
HALF_HOURS = {"Математика": 6, "Русский язык": 4, "Иностранный язык (английский)": 2}


class Quiet(WSGIRequestHandler):
    def log_request(self, *_: object, **__: object) -> None:
        pass


class School:
    """The school, served; `moves_to` sets its clock, which stands still in between."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self._time = ExitStack()
        with app.app_context():
            found = db.session.execute(select(Person.last_name, Person.first_name, Person.id)).all()
        ids = {(last, first): person_id for last, first, person_id in found}
        self.pupils = {last: ids[last, first] for last, first, _ in CLASS_7A}

    def moves_to(self, day: int, hour: int, minute: int = 0, *, month: int = 9) -> None:
        self._time.close()
        self._time.enter_context(clock.freeze(clock.at(date(2026, month, day), hour, minute)))

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A session of one's own, to read what stands in the tables."""
        with self.app.app_context(), Session(db.engine) as session:
            yield session

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._time.close()
        with self.app.app_context():
            db.drop_all()
            db.engine.dispose()


def make_school(folder: Path, address: str = "") -> School:
    """In a database of its own, SQLite unless an empty one is given."""
    app = create_app(Config(instance=folder, database_url=database_url(folder, address), secret_key="for tests only"))
    with app.app_context(), clock.freeze(clock.at(PREPARED, 9)):
        db.create_all()
        build_world()
        _shorten_the_year()
        _open_logins()
        db.session.commit()
        db.session.remove()
    return School(app)


def _shorten_the_year() -> None:
    """Staff is there before the year; no timetable yet; the first quarter ends in September."""
    db.session.execute(update(Employment).values(from_on=date(2026, 8, 17)))
    for made in (Lesson, Slot, TimetableVersion):
        db.session.execute(delete(made))
    quarters = update(Term).where(Term.scheme == "quarters")
    db.session.execute(quarters.where(Term.number == 1).values(ends_on=LAST))
    db.session.execute(quarters.where(Term.number == 2).values(starts_on=date(2026, 9, 28)))
    db.session.execute(update(DayOff).values(starts_on=date(2026, 9, 19), ends_on=date(2026, 9, 27)))
    for name, half_hours in HALF_HOURS.items():
        subject = select(Subject.id).filter_by(name=name).scalar_subquery()
        db.session.execute(update(Course).where(Course.subject_id == subject).values(half_hours=half_hours))


def _open_logins() -> None:
    """Everybody in the story has changed the first password already."""
    school, password_hash = World(db.session), passwords.hash_password(PASSWORD)
    for name in PEOPLE:
        account = create_account(db.session(), actor_id=None, person=getattr(school, name), now=clock.now())
        account.login, account.password_hash, account.must_change = name, password_hash, False
    db.session.flush()
