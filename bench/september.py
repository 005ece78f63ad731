"""`python -m bench.september` (`make september`): the first school morning on the real server, by Locust.

A thousand families sign in within ten minutes, each with its password and a browser of its own, and read diary and
marks, while forty teachers put a mark every five seconds; then 150 views of the diary a second for a minute. On a copy
of the big school. `--minutes 1` is the same crowd for a shorter time. Locust is given as `--locust PATH`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from bench import over_http
from bench.__main__ import VIEWS_A_SECOND
from bench.house import House, on_copy
from bench.school import CACHE, GUARDIANS, NOW, PUPILS, TEACHERS, TODAY, person, put
from ejd import clock
from ejd.credentials import passwords
from ejd.credentials.models import Account
from ejd.db import db, table_of, writing
from ejd.roster.models import Guardianship, Person
from ejd.schedule.models import Lesson

FAMILIES, MARKING, PACE = 1000, 40, 5  # seconds between two marks of a teacher
MINUTES = 10
MB = 2**20
PASSWORD = "корабль лопата зима"
SLOWEST = 300  # ms, of the slowest hundredth
REHEARSAL = 30  # seconds: every process has served every kind of page before it counts
READ_IN = 10  # seconds that the last family needs after it has come
NOT_MARKED = text("""
    SELECT lesson.id, enrolment.pupil_id FROM lesson JOIN course ON course.id = lesson.course_id
    JOIN enrolment ON enrolment.class_id = course.class_id
    WHERE lesson.teacher_id = :teacher AND lesson.day <= :today AND NOT EXISTS (
        SELECT 1 FROM mark WHERE mark.lesson_id = lesson.id AND mark.pupil_id = enrolment.pupil_id)
    ORDER BY lesson.day DESC, lesson.id, enrolment.pupil_id LIMIT :cells OFFSET :first""")


Plan = dict[str, Any]


def school(folder: Path) -> House:
    """A copy of the big school where every pupil has a guardian, and those who come can sign in."""
    house = on_copy(folder)
    with house.app.app_context():
        with writing():
            more = range(GUARDIANS.stop, GUARDIANS.start + FAMILIES)
            put(Person, [person(number) for number in more])
            put(Guardianship, [{"guardian_id": number, "pupil_id": PUPILS.start + number - GUARDIANS.start,
                                "relation": "мать", "from_on": TODAY} for number in more])
            put(Account, [{"person_id": number, "login": f"p{number}", "must_change": False,
                           "created_at": clock.real_now()} for number in more])
            # One hash for all: checking it costs each of them what their own would.
            db.session.execute(table_of(Account).update().values(password_hash=passwords.hash_password(PASSWORD)))
        db.session.remove()
        db.engine.dispose()
    return house


def plan_of(house: House, seconds: int, first: int = 0) -> Plan:
    """Whom Locust lets come, and which empty cells the teachers fill; the first so many are left out."""
    cells: dict[int, list[tuple[int, int]]] = defaultdict(list)
    with house.app.app_context():
        teaching = db.session.scalars(select(Lesson.teacher_id).where(Lesson.day <= TODAY).distinct()).all()
        for teacher in sorted(set(teaching) & set(TEACHERS))[:MARKING]:
            rows = db.session.execute(NOT_MARKED, {"teacher": teacher, "today": TODAY, "first": first,
                                                   "cells": seconds // PACE + 1})
            cells[teacher] = [(lesson, pupil) for lesson, pupil in rows]
        db.session.remove()
        db.engine.dispose()
    assert len(cells) == MARKING
    coming = FAMILIES * seconds // (MINUTES * 60)
    return {"password": PASSWORD, "seconds": seconds, "pace": PACE,
            "families": [f"p{number}" for number in range(GUARDIANS.start, GUARDIANS.start + coming)],
            "teachers": [[f"p{teacher}", todo] for teacher, todo in cells.items()]}


def locust(command: str, house: House, server: over_http.Server, plan: Plan) -> list[dict[str, str]]:
    """One morning; a row of figures for each kind of request, the last of all together."""
    told = house.folder / "plan.json"
    told.write_text(json.dumps(plan), encoding="utf-8")
    people = len(plan["families"]) + len(plan["teachers"])
    subprocess.run(
        [command, "-f", "bench/locustfile.py", "--headless", "--only-summary", "--loglevel", "ERROR", "--host",
         f"http://127.0.0.1:{server.port}", "-u", str(people), "-r", str(people), "-t",
         f"{plan['seconds'] + READ_IN}s", "--csv", str(house.folder / "locust"), "--exit-code-on-error", "0"],
        cwd=over_http.ROOT, check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "EJD_SEPTEMBER": str(told)})
    with (house.folder / "locust_stats.csv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def morning(house: House, server: over_http.Server, command: str, plan: Plan) -> None:
    begun, own, of_server, memory = time.monotonic(), _of_children(), server.cpu_seconds(), server.memory()
    rows = locust(command, house, server, plan)
    seconds = time.monotonic() - begun
    print(f"\n{'':18}{'requests':>9}{'errors':>8}{'p50':>7}{'p95':>7}{'p99':>7} ms")
    for row in rows:
        print(f"{row['Name']:18}{row['Request Count']:>9}{row['Failure Count']:>8}"
              + "".join(f"{row[share]:>7}" for share in ("50%", "95%", "99%")))
    print(f"CPU of {seconds:.0f} s: server {server.cpu_seconds() - of_server:.0f} s, generator "
          f"{_of_children() - own:.0f} s; memory {memory / MB:.0f} → {server.memory() / MB:.0f} MB\n", flush=True)
    whole, by_name = rows[-1], {row["Name"]: row for row in rows}
    house.report.line("september-errors", int(whole["Failure Count"]), 0, "errors")
    for name in ("sign-in", "diary", "mark", whole["Name"]):
        house.report.line(f"september-p99-{name.lower()}", float(by_name[name]["99%"]), SLOWEST)
    house.report.line("september-memory", server.memory() / memory, 1.1, "× before")


def evening(house: House, server: over_http.Server, visits: list[tuple[str, str]]) -> None:
    """The same server goes on: families with their sessions ask for the week."""
    own, memory = time.process_time(), server.memory()
    load = over_http.stream_of_visits(server.port, visits, a_second=VIEWS_A_SECOND, seconds=60)
    note = f"{VIEWS_A_SECOND} views/s for {load.seconds:.0f} s, the generator took {time.process_time() - own:.0f} s"
    house.report.line("september-views-errors", load.wrong, 0, "errors")
    house.report.line("september-views-p99", sorted(load.taken)[int(load.answers * 0.99)], SLOWEST, note=note)
    house.report.line("september-views-memory", server.memory() / memory, 1.1, "× before")


def _of_children() -> float:
    """CPU seconds of the processes that have ended: Locust, for the server goes on."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.september", description=__doc__)
    options.add_argument("--minutes", type=int, default=MINUTES)
    options.add_argument("--locust", default=shutil.which("locust"))
    given = options.parse_args()
    if given.locust is None:
        sys.exit("Нет Locust: make september ставит его сам.")
    with clock.freeze(NOW):
        house = school(CACHE / "september")
        rehearsal, plan = plan_of(house, REHEARSAL), plan_of(house, given.minutes * 60, REHEARSAL // PACE + 1)
        visits = [("/parent/", house.cookie_of(guardian)) for guardian in GUARDIANS]
    with over_http.serving(house.folder) as server:
        fresh = server.memory()
        locust(given.locust, house, server, rehearsal)
        print(f"memory of the server when it has begun {fresh / MB:.0f} MB, rehearsed {server.memory() / MB:.0f} MB")
        morning(house, server, given.locust, plan)
        evening(house, server, visits)
    if house.report.over:
        sys.exit("Over budget: " + ", ".join(house.report.over))


if __name__ == "__main__":
    main()
