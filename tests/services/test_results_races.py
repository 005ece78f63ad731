"""Two hands at one result, each with a connection of its own: two tabs of one teacher, a teacher and the deputy, and
who closes the term meanwhile (R8).

In a database of its own, for here transactions really commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ejd import clock
from ejd.db import begin_as_writer
from ejd.journal.closed import hold_class
from ejd.journal.models import TermClosing
from ejd.refusal import Refused, Stale
from ejd.results.models import TermMark
from ejd.results.setting import NewResult, set_results
from ejd.school.settings import Settings
from tests.results import term
from tests.world import NOW, World

LONG_ENOUGH = 0.25  # seconds in which an act that nobody holds up is done many times over


@pytest.fixture
def meeting(engine) -> Iterator[Meeting]:
    with clock.freeze(NOW):
        found = Meeting(engine)
        yield found
        found.first.close()


class Meeting:
    """Анна's journal of 7А; Витя's result in the first quarter, emptied between the tests by other pupils."""

    pupils = iter(("Абрамов", "Белова", "Волков", "Ёлкин"))

    def __init__(self, engine: Any) -> None:
        self.engine, self._pool = engine, ThreadPoolExecutor(1)
        begin_as_writer(True)
        self.first = Session(engine, expire_on_commit=False)
        world = World(self.first)  # type: ignore[arg-type]
        name = next(self.pupils)
        self.pupil = next(person.id for person in self.first.scalars(select(type(world.anna)))
                          if person.last_name == name)
        self.anna, self.dina = world.anna.id, world.dina.id
        self.course, self.class_id = world.course("7А", "Матем").id, world.school_class("7А").id
        self.term = term(world, 1).id
        self.first.commit()

    def sets(self, session: Session, value: str, key: str, *, by: int, version: int = 0) -> None:
        set_results(session, course_id=self.course, code=str(self.term), actor_id=by, leads=by == self.dina,
                    settings=Settings(), now=NOW, results=[NewResult(self.pupil, value, key, version)])

    def second(self, act: Any) -> Any:
        """The other hand does something in a transaction of its own, meanwhile."""

        def run() -> Any:
            begin_as_writer(True)
            with clock.freeze(NOW), Session(self.engine, expire_on_commit=False) as session, session.begin():
                return act(session)

        return self._pool.submit(run)

    def values(self) -> list[str | None]:
        with Session(self.engine) as session:
            return list(session.scalars(select(TermMark.value).filter_by(pupil_id=self.pupil)))


def test_two_hands_at_an_empty_result(meeting):
    """The second waits, then is told what the first has set: never two rows."""
    meeting.sets(meeting.first, "5", "one", by=meeting.anna)
    other = meeting.second(lambda session: meeting.sets(session, "4", "two", by=meeting.dina))
    with pytest.raises(TimeoutError):
        other.result(timeout=LONG_ENOUGH)
    meeting.first.commit()
    with pytest.raises(Stale) as told:
        other.result(timeout=5)
    assert told.value.theirs == "5" and meeting.values() == ["5"]


def test_two_tabs_of_one_teacher(meeting):
    """Both have seen the same version: the later is told both values."""
    meeting.sets(meeting.first, "5", "tab-0", by=meeting.anna)
    meeting.first.commit()
    meeting.sets(meeting.first, "4", "tab-1", by=meeting.anna, version=1)
    other = meeting.second(lambda session: meeting.sets(session, "3", "tab-2", by=meeting.anna, version=1))
    meeting.first.commit()
    with pytest.raises(Stale):
        other.result(timeout=5)
    assert meeting.values() == ["4"]


def test_the_same_save_twice_at_once(meeting):
    """A repeated press of one button sets one result."""
    meeting.sets(meeting.first, "5", "same", by=meeting.anna)
    other = meeting.second(lambda session: meeting.sets(session, "5", "same", by=meeting.anna))
    meeting.first.commit()
    other.result(timeout=5)
    with Session(meeting.engine) as session:
        assert session.scalar(select(func.count()).select_from(TermMark).filter_by(pupil_id=meeting.pupil)) == 1


def test_who_closes_the_term_goes_before_or_after(meeting):
    """R8: a result is either set before the closing or refused by it."""
    hold_class(meeting.first, meeting.class_id, alone=True)
    meeting.first.add(TermClosing(class_id=meeting.class_id, term_id=meeting.term, closed_at=NOW,
                                  closed_by_id=meeting.dina))
    meeting.first.flush()
    other = meeting.second(lambda session: meeting.sets(session, "5", "late", by=meeting.anna))
    with pytest.raises(TimeoutError):
        other.result(timeout=LONG_ENOUGH)
    meeting.first.commit()
    with pytest.raises(Refused, match="Закрыто"):
        other.result(timeout=5)
    assert meeting.values() == []
