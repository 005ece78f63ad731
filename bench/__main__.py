"""`python -m bench [name …]`: every budget, or those named, one line each: figure, budget, floor and ratio.

Everything runs on a copy of the cached big school, in the same folder, so on the same disk.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import re
import sys
import time
from collections.abc import Callable
from secrets import token_urlsafe
from urllib.parse import urlencode

from sqlalchemy import func, select

from bench import control, lists, over_http
from bench.house import House, good, on_copy
from bench.measuring import interleaved, median, p95, statements
from bench.printed_journal import printed_journal
from bench.school import CACHE, DEPUTY, FIRST_DAY, GUARDIANS, NOW, PUPILS, TODAY, app_on
from bench.sheets import sheets_of_900
from ejd import clock, working
from ejd.credentials import cards, sessions
from ejd.db import db, writing
from ejd.importing import services as importing
from ejd.jobs import results, sealing
from ejd.jobs import services as jobs
from ejd.roster import people
from ejd.roster.models import Enrolment, Person
from ejd.schedule.models import Lesson
from ejd.schema import bring_forward

KB = 1024
FIRST_WINDOW = 14_400  # bytes: ten segments
VIEWS_A_SECOND = 150
BY_HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
COURSE, TEACHER = 1, 2  # the first class's course of 30 pupils × 60 lessons, and who teaches it


def journal_page(house: House) -> None:
    client, url = house.client_of(TEACHER), f"/teacher/courses/{COURSE}/journal"
    good(client.get(url))
    with statements() as asked:
        page = good(client.get(url)).text
    bare, pieces = house.bare(), re.split("(?=<)", page)

    def floor() -> None:
        for statement, parameters in asked:
            bare.execute(statement, parameters).fetchall()  # type: ignore[arg-type]
        "".join(pieces).encode()

    taken, floors = interleaved(50, lambda: good(client.get(url)), floor)
    house.report.line("journal-page", median(taken), 4 * median(floors), floor=median(floors))
    zipped = good(client.get(url, headers={"Accept-Encoding": "gzip"}))
    house.report.line("journal-page-gzip", len(zipped.data) / KB, 8, "KB")


def mark_saved(house: House) -> None:
    """A new mark by one key through htmx, against two INSERTs and COMMIT by the bare driver on the same disk."""
    client, bare = house.client_of(TEACHER), house.bare()
    with house.app.app_context():
        lesson = db.session.scalars(
            select(Lesson).where(Lesson.course_id == COURSE, Lesson.day <= TODAY).order_by(Lesson.day.desc())).first()
    assert lesson is not None
    page = good(client.get(f"/teacher/courses/{COURSE}/journal")).text
    token = re.search('data-csrf="([^"]+)"', page)
    assert token is not None
    sizes: list[tuple[int, int]] = []

    def save() -> None:
        pupil = PUPILS.start + len(sizes) % 30
        seen = bare.execute("SELECT id FROM mark WHERE lesson_id = ? AND pupil_id = ?", (lesson.id, pupil))
        form = {"act": "put", "value": "5", "for": "k1", "key": token_urlsafe(12), "view": "journal",
                "seen": " ".join(str(mark_id) for mark_id, in seen), "csrf_token": token[1]}
        answer = good(client.post(f"/teacher/lessons/{lesson.id}/pupils/{pupil}", data=form, headers=BY_HTMX))
        sizes.append((len(urlencode(form)), len(answer.data)))

    mark, record = (bare.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1").fetchone()
                    for table in ("mark", "audit_record"))
    key_at = [row[1] for row in bare.execute("PRAGMA table_info(mark)")].index("key")

    def floor() -> None:
        bare.execute("BEGIN IMMEDIATE")
        new = [None, *mark[1:]]
        new[key_at] = token_urlsafe(12)
        bare.execute(f"INSERT INTO mark VALUES ({','.join('?' * len(new))})", new)
        bare.execute(f"INSERT INTO audit_record VALUES ({','.join('?' * len(record))})", (None, *record[1:]))
        bare.execute("COMMIT")

    taken, floors = interleaved(200, save, floor)
    house.report.line("mark-saved", median(taken), median(floors) + 6, floor=median(floors), note="floor + 6 ms")
    house.report.line("mark-saved-p95", p95(taken), p95(floors) + 6, floor=p95(floors), note="floor + 6 ms")
    house.report.line("mark-request", max(size for size, _ in sizes) / KB, 0.5, "KB")
    house.report.line("mark-answer", max(size for _, size in sizes) / KB, 1, "KB")


def statements_a_page(house: House) -> None:
    for name, person, url in (
            ("journal", TEACHER, f"/teacher/courses/{COURSE}/journal"), ("lesson", TEACHER, a_lesson(house)),
            ("diary-week", GUARDIANS.start, "/parent/"), ("control", DEPUTY, "/admin/control")):
        client = house.client_of(person)
        good(client.get(url))
        with statements() as asked:
            good(client.get(url))
        house.report.line(f"statements-{name}", len(asked), 8, "statements")


def a_lesson(house: House) -> str:
    with house.app.app_context():
        lesson_id = db.session.scalars(select(Lesson.id).where(Lesson.course_id == COURSE, Lesson.day <= TODAY)
                                       .order_by(Lesson.day.desc())).first()
    return f"/teacher/lessons/{lesson_id}"


def import_of_a_thousand(house: House) -> None:
    """Preview and confirmation of 1,000 pupils with their guardians, in an empty database."""
    folder, body = house.folder / "import", lists.workbook()
    folder.mkdir()
    with app_on(folder).app_context(), clock.freeze(clock.at(FIRST_DAY, 9)):
        bring_forward()
        begun = time.perf_counter()
        preview = importing.accepting(importing.prepare(
            db.session, files=[importing.Upload("pupils.xlsx", body)], today=clock.today(), now=clock.now()))
        with writing():
            report = importing.confirm(db.session, actor_id=None, preview=preview, decisions=preview.decisions,
                                       now=clock.now())
        house.report.line("import-1000-pupils", time.perf_counter() - begun, 5, "s")
        assert not report.rejections and db.session.scalar(select(func.count()).select_from(Enrolment)) == lists.PUPILS
        db.session.remove()
        db.engine.dispose()


def cards_of_a_school(house: House) -> None:
    """2,500 credential cards from the job's row to the passwords in force: hashes, paper, sealing, one transaction."""
    secret, public = sealing.keys_of("a session", "a form")
    instance = house.folder
    with house.app.app_context(), clock.freeze(NOW):
        with writing():
            guardians = people.add_people(db.session, actor_id=None, now=NOW, people=[
                people.NewPerson("Бумагин", "Пётр", "АБВГДЕЖЗИК"[n % 10] + "абвгдежзик"[n // 10 % 10] * (1 + n // 100))
                for n in range(2500 - len(PUPILS) - len(GUARDIANS))])
            people.appoint_guardians(db.session, actor_id=None, from_on=FIRST_DAY, now=NOW, guardians=[
                people.NewGuardian(guardian, PUPILS[n % len(PUPILS)]) for n, guardian in enumerate(guardians)])
        begun = time.perf_counter()
        with writing():
            job = jobs.start(db.session, kind="cards", owner_id=DEPUTY, key=token_urlsafe(12), now=NOW, params={
                "scope": {}, "renew": True, "address": "https://school.example", "title": "школа", "back": "/",
                "seal": public})
        working.run(house.app, job.id)
        job = jobs.with_ids(db.session, [job.id])[0]
        db.session.refresh(job)
        opened = results.open_sealed(instance, job, secret, clock.real_now())
        actor = sessions.actor_of(db.session, db.session.get_one(Person, DEPUTY), clock.today())
        with writing():
            locked = time.perf_counter()
            cards.put_in_force(db.session, actor=actor, promise=opened.promise, now=NOW, real_now=clock.real_now())
        ended = time.perf_counter()
        house.report.line("cards-2500", ended - begun, 60, "s", note=f"{len(opened.promise['rows'])} cards")
        house.report.line("cards-2500-lock", ended - locked, 2, "s")


def over_the_wire(house: House) -> None:
    """What needs the real server: its start, pages a second, the diary's cost and weight."""
    db_engine_closed(house)
    starts = []
    for _ in range(5):
        with over_http.serving(house.folder) as server:
            starts.append(server.started_in)
    house.report.line("server-start", median(starts), 1.5, "s")
    journal = [(f"/teacher/courses/{COURSE}/journal", house.cookie_of(TEACHER))]
    families = [("/parent/", house.cookie_of(guardian)) for guardian in GUARDIANS]
    with over_http.serving(house.folder) as server:
        over_http.visit(server.port, journal, clients=8, seconds=2)  # both processes have served before it counts
        load = over_http.visit(server.port, journal, clients=8, seconds=8)
        assert not load.wrong, load
        house.report.line("journal-throughput", load.answers / load.seconds, 150, "pages/s", least=True,
                          note="8 clients, the generator on the same cores")
        diary_over_the_wire(house, server, families)
        diary_under_load(house, server, families)


def diary_over_the_wire(house: House, server: over_http.Server, families: list[tuple[str, str]]) -> None:
    over_http.visit(server.port, families, clients=2, seconds=2)
    before = server.cpu_seconds()
    load = over_http.visit(server.port, families, clients=2, seconds=5)
    assert not load.wrong and load.answers >= 200, load
    house.report.line("diary-cpu", (server.cpu_seconds() - before) * 1000 / load.answers, 4,
                      note=f"{load.answers} answers of {len(families)} families")
    path, cookie = families[0]
    page = over_http.ask_once(server.port, path, cookie)
    named = re.findall(rb'(?:src|href)="(/static/[^"]+)"', gzip.decompress(page.body))
    files = [over_http.ask_once(server.port, name.decode(), cookie) for name in named]
    first_visit = sum(answer.on_the_wire for answer in (page, *files))
    house.report.line("diary-first-visit", first_visit, FIRST_WINDOW, "bytes")
    house.report.line("diary-first-visit-requests", 1 + len(files), 3, "requests")
    house.report.line("diary-next-visit", len(page.body) / KB, 4, "KB")


def diary_under_load(house: House, server: over_http.Server, families: list[tuple[str, str]]) -> None:
    """A Monday evening: 150 views a second for a minute."""
    before, own = server.memory(), time.process_time()
    load = over_http.stream_of_visits(server.port, families, a_second=VIEWS_A_SECOND, seconds=60)
    note = (f"{VIEWS_A_SECOND} views/s for {load.seconds:.0f} s, {load.wrong} errors, the generator took "
            f"{time.process_time() - own:.0f} s of the same cores")
    house.report.line("diary-load-p99", sorted(load.taken)[int(load.answers * 0.99)], 300, note=note)
    house.report.line("diary-load-errors", load.wrong, 0, "errors")
    house.report.line("diary-load-memory", server.memory() / before, 1.1, "× before")


def db_engine_closed(house: House) -> None:
    with house.app.app_context():
        db.engine.dispose()


# What is measured at the school's own moment, and what by the clock of the machine.
MEASURES: dict[str, Callable[[House], None]] = {
    "journal": journal_page, "mark": mark_saved, "control": control.overview, "statements": statements_a_page,
    "sheets": sheets_of_900}
LATER: dict[str, Callable[[House], None]] = {
    "control-postgresql": control.on_postgresql, "printed": printed_journal, "import": import_of_a_thousand,
    "wire": over_the_wire, "cards": cards_of_a_school}  # last: new passwords shut everybody out


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Every budget, or only some.")
    parser.add_argument("only", nargs="*", metavar="name", help=", ".join((*MEASURES, *LATER)))
    only = parser.parse_args().only
    if unknown := set(only) - {*MEASURES, *LATER}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join((*MEASURES, *LATER))}")
    house = on_copy(CACHE / "run")
    gc.collect()
    gc.freeze()  # as the server's workers do
    with clock.freeze(NOW):
        control.count_weeks(house)
        for name, measure in MEASURES.items():
            if not only or name in only:
                measure(house)
    for name, measure in LATER.items():
        if not only or name in only:
            measure(house)
    if house.report.over:
        sys.exit("Over budget: " + ", ".join(house.report.over))


if __name__ == "__main__":
    main()
