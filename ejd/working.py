"""Long work behind the pages: a queue of job ids in the instance folder, and the process that works it off.

The server starts one such process beside its own (`serving`), so all of them share it: threads in the server's first
process would be in the way when it forks a worker anew. A job whose process is stopped begins again with the next.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app
from huey import Huey, MemoryHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy import event
from sqlalchemy.orm import Session as PlainSession

from ejd import clock
from ejd.config import Config, make_folder
from ejd.db import begin_as_writer, begins_as_writer, db, writing
from ejd.jobs import results, services
from ejd.jobs.kinds import KINDS, REGULAR
from ejd.jobs.models import JobState
from ejd.refusal import Refused
from ejd.school import settings
from ejd.school.settings import Settings
from ejd.web.errors import where_it_broke

WORKERS = 2
LOOKS_EVERY = 1.0  # seconds, into a queue that is empty
TELLS_EVERY = 0.5
BROKEN = "Не получилось: в программе ошибка, она записана в журнал сервера. Ничего не изменилось."

log = logging.getLogger("ejd.working")


@dataclass(frozen=True, slots=True)
class Queue:
    """The library's queue, and its one task: `put` takes a job's id."""

    huey: Huey
    put: Callable[[int], object]


def register(app: Flask) -> None:
    """Put the jobs that a transaction begins into the queue once it is committed."""
    if not event.contains(PlainSession, "after_commit", _enqueue_begun):
        event.listen(PlainSession, "after_commit", _enqueue_begun)
        event.listen(PlainSession, "after_rollback", _forget_begun)


def queue_of(app: Flask) -> Queue:
    """The application's queue, opened when it is first used; in tests a job runs at once."""
    queue = app.extensions.get("jobs")
    if queue is None:
        folder = Path(app.instance_path) / results.FOLDER
        make_folder(folder)
        huey = (MemoryHuey("ejd", immediate=True, results=False) if app.testing else
                SqliteHuey("ejd", filename=str(folder / "queue.sqlite"), results=False))
        queue = app.extensions["jobs"] = Queue(huey, huey.task(name="run")(lambda job_id: run(app, job_id)))
    return queue


def _enqueue_begun(session: PlainSession) -> None:
    if session.in_nested_transaction():
        return
    for job_id in session.info.pop(services.ON_COMMIT, ()):
        try:
            queue_of(current_app._get_current_object()).put(job_id)  # type: ignore[attr-defined]
        except Exception:
            log.exception("job %s is not in the queue yet: it will be in a minute", job_id)


def _forget_begun(session: PlainSession) -> None:
    if not session.in_nested_transaction():
        session.info.pop(services.ON_COMMIT, None)


def run(app: Flask, job_id: int) -> None:
    """Do one job, if nobody else has."""
    with app.app_context():
        with writing():
            job = services.take(db.session, job_id=job_id, now=clock.real_now())
        if job is None:
            return
        know_the_school()
        state, said, file_name = JobState.DONE, "", ""
        try:
            made = KINDS[job.kind].work(db.session, job, _teller(job_id))
            db.session.rollback()
            results.keep(Path(app.instance_path), job, made)
            said, file_name = made.said, made.name
        except Refused as refused:
            db.session.rollback()
            state, said = JobState.FAILED, str(refused)
        except Exception as error:
            db.session.rollback()
            log.error("job %s (%s): %s", job_id, job.kind, where_it_broke(error))
            state, said = JobState.FAILED, BROKEN
        with writing():
            services.end(db.session, job_id=job_id, state=state, said=said, file_name=file_name, now=clock.real_now())


def know_the_school() -> Settings:
    """The school's zone, and the clock of a demo database, as a request knows them; and its settings."""
    now = settings.load(db.session)
    clock.use_zone(now.value("zone", on=None))
    if now.value("demo", on=None):
        clock.start_at(current_app.config["EJD"].now or now.value("demo.now", on=None))
    return now


def _teller(job_id: int) -> Callable[[int, int], None]:
    """Writes progress down in a short transaction of its own, not oftener than anybody looks."""
    told_at = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < TELLS_EVERY:
            return
        with _beside() as session:
            services.tell(session, job_id=job_id, done=done, total=total)
        told_at = time.monotonic()

    return tell


@contextmanager
def _beside() -> Iterator[PlainSession]:
    """A transaction beside that of the job, which goes on reading."""
    before = begins_as_writer()
    begin_as_writer(True)
    try:
        with PlainSession(db.engine) as session, session.begin():
            yield session
    finally:
        begin_as_writer(before)


HEAD_START = 3  # seconds in which the processes that answer pages start by themselves


def serve(config: Config) -> multiprocessing.Process:
    """Start the process that works while the server runs; it ends with the one that started it."""
    process = multiprocessing.Process(target=_work, args=(config,), name="ejd-jobs", daemon=True)
    process.start()
    return process


def _work(config: Config) -> None:
    time.sleep(HEAD_START)
    from ejd.application import create_app

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the first process alone
    if hasattr(os, "nice"):
        os.nice(5)  # pages come first
    parent = os.getppid()
    app = create_app(config)
    with app.app_context(), writing():
        services.begin_again(db.session)
    consumer = consumer_of(app)
    consumer.start()
    guardian = multiprocessing.parent_process()
    while os.getppid() == parent and (guardian is None or guardian.is_alive()):
        time.sleep(1)
    os._exit(0)  # at once, whatever the threads are at: the next server's process begins it again


def consumer_of(app: Flask) -> Consumer:
    """Threads that take jobs from the queue, and once a minute what nobody asked for."""
    huey = queue_of(app).huey
    huey.storage.flush_queue()  # what waits is known by its rows
    huey.periodic_task(crontab(), name="minute")(lambda: every_minute(app))
    consumer = Consumer(huey, workers=WORKERS, max_delay=LOOKS_EVERY)
    consumer._set_signal_handlers = lambda: None  # the process has its own
    enqueue_waiting(app)
    return consumer


def enqueue_waiting(app: Flask) -> None:
    """Put every job that waits into the queue; one that is in it twice is still taken once."""
    with app.app_context():
        job_ids = services.waiting(db.session)
    for job_id in job_ids:
        queue_of(app).put(job_id)


_minute = threading.Lock()
_done_at: dict[Callable[..., None], float] = {}


def every_minute(app: Flask) -> None:
    """Sweep up: jobs that missed the queue, results whose time is over; then the regular work that is due."""
    if not _minute.acquire(blocking=False):
        return
    try:
        if not queue_of(app).huey.pending_count():
            enqueue_waiting(app)
        with app.app_context():
            sweep(Path(app.instance_path))
            know_the_school()
            for one in REGULAR:
                _do_regular(one.act, one.minutes)
    finally:
        _minute.release()


def sweep(instance: Path) -> None:
    """Take away the results that may no longer be fetched."""
    lying = results.files(instance)
    there = {job.id for job in services.with_ids(db.session, lying)
             if job.state == JobState.RUNNING or results.is_there(job, clock.real_now())}
    for job_id in lying - there:
        results.drop(instance, job_id)


def _do_regular(act: Callable[..., None], minutes: int) -> None:
    now = time.monotonic()
    if act in _done_at and now - _done_at[act] < minutes * 60 - 1:
        return
    _done_at[act] = now
    try:
        act(db.session)
    except Exception as error:
        log.error("%s: %s", act.__name__, where_it_broke(error))
    finally:
        db.session.rollback()


