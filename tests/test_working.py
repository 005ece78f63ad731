"""The queue itself: what a page's transaction begins, threads beside the server do; a stopped server loses nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask

from ejd import clock, schema, working
from ejd.application import create_app
from ejd.config import Config
from ejd.db import db, writing
from ejd.jobs import results, services
from ejd.jobs.kinds import Made, job
from ejd.jobs.models import Job, JobState
from ejd.roster.models import Person
from tests.test_migrations import empty_database

PATIENCE = 20  # seconds


@job("test.counted", "Считать до трёх")
def counted(session, one, tell):
    for number in range(3):
        tell(number, 3)
    return Made("Три.pdf", b"three", "Три")


@pytest.fixture
def served(app: Flask, tmp_path: Path):
    """An installation of its own, with a person who asks."""
    other = create_app(Config(instance=tmp_path, database_url=empty_database(app, tmp_path), secret_key="x"))
    with other.app_context():
        schema.bring_forward()
        with writing():
            db.session.add(Person(id=1, last_name="Д", first_name="Д", sort_key="д", search_key="д"))
        yield other
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def consumer(served):
    """The threads that work."""
    working_now = []

    def start():
        one = working.consumer_of(served)
        one.start()
        working_now.append(one)

    yield start
    for one in working_now:
        one.stop(graceful=True)


def begin(key):
    with writing():
        return services.start(db.session, kind="test.counted", params={}, owner_id=1, key=key, now=clock.real_now()).id


def ended(job_id):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        db.session.rollback()
        found = db.session.get(Job, job_id, populate_existing=True)
        if found.state in {JobState.DONE, JobState.FAILED}:
            return found.state
        time.sleep(0.05)
    raise AssertionError("nobody did it")


def test_what_is_asked_for_is_done_beside_the_server(served, consumer):
    consumer()
    first, second = begin("first key"), begin("second key")
    assert ended(first) == ended(second) == JobState.DONE
    assert results.files(Path(served.instance_path)) == {first, second}


def test_what_was_asked_for_while_nobody_worked_or_was_cut_short_is_done_after_a_start(served, consumer):
    waited, cut = begin("first key"), begin("second key")
    with writing():
        services.take(db.session, job_id=cut, now=clock.real_now())
    with writing():
        services.begin_again(db.session)  # the process does so as it starts
    consumer()
    assert ended(waited) == ended(cut) == JobState.DONE


def test_the_queue_carries_ids_only(served):
    begin("first key")
    [message] = working.queue_of(served).huey.pending()
    assert message.args == (1,) and not message.kwargs
