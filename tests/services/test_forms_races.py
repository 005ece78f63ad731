"""Two hands at the forms of one child, each with a connection of its own: the class teacher and the office register at
once, a form is sent twice, both guardians switch (R20, R23, R32).

In a database of its own, for here transactions really commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ejd import clock
from ejd.db import begin_as_writer
from ejd.families.forms import switch_login
from ejd.families.models import PupilAccess, ServiceForm, ServicePaper
from ejd.refusal import Refused
from tests.forms import signs
from tests.world import NOW, World

LONG_ENOUGH = 0.25  # seconds in which an act that nobody holds up is done many times over


class Meeting:
    """One hand in a transaction of the test's, the other in one of its own, meanwhile."""

    def __init__(self, engine: Any) -> None:
        self.engine, self._pool = engine, ThreadPoolExecutor(1)
        begin_as_writer(True)
        self.first = Session(engine, expire_on_commit=False)

    def second(self, act: Callable[[World], Any]) -> Future[Any]:
        def run() -> Any:
            begin_as_writer(True)
            with clock.freeze(NOW), Session(self.engine, expire_on_commit=False) as session, session.begin():
                return act(World(session))  # type: ignore[arg-type]

        return self._pool.submit(run)

    def all_of(self, model: Any) -> list[Any]:
        with Session(self.engine) as session:
            return list(session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def meeting(engine) -> Iterator[Meeting]:
    with clock.freeze(NOW):
        found = Meeting(engine)
        yield found
        found.first.close()


def waits_for(future: Future[Any]) -> None:
    with pytest.raises(TimeoutError):
        future.result(timeout=LONG_ENOUGH)


def test_two_papers_at_once_come_one_after_the_other(meeting):
    world = World(meeting.first)
    signs(world, "refusal", world.vitya, world.vera)
    other = meeting.second(lambda school: signs(school, "no_access", school.vitya, school.vera, by=school.olga))
    waits_for(other)
    meeting.first.commit()
    with pytest.raises(Refused, match="Отказ в силе"):
        other.result(timeout=5)
    assert [(row.form, row.to_on) for row in meeting.all_of(ServiceForm)] == [("refused", None)]


def test_a_form_sent_twice_at_once_is_one_paper(meeting):
    world = World(meeting.first)
    before = len(meeting.all_of(ServicePaper))
    signs(world, "refusal", world.masha, world.vera, key="twice")
    other = meeting.second(lambda school: signs(school, "refusal", school.masha, school.vera, key="twice").id)
    waits_for(other)
    meeting.first.commit()
    assert other.result(timeout=5) == meeting.all_of(ServicePaper)[-1].id
    assert len(meeting.all_of(ServicePaper)) == before + 1


def test_two_hands_at_one_switch(meeting):
    world = World(meeting.first)

    def switch(school: World, opens: bool) -> None:
        switch_login(school.session, guardian_id=school.zakhar.id, pupil_id=school.zoya.id, opens=opens, signs_from=8,
                     now=NOW)

    switch(world, False)
    other = meeting.second(lambda school: switch(school, False))
    waits_for(other)
    meeting.first.commit()
    other.result(timeout=5)
    assert [(row.open, row.to_on) for row in meeting.all_of(PupilAccess)] == [(False, None)]
