"""Two hands at one paper, each with a connection of its own: one makes the version, the other hears of it; a form sent
twice is one version (R55)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ejd import clock
from ejd.db import begin_as_writer
from ejd.families.letters import NewWording, program_text, word
from ejd.families.models import Letter
from ejd.families.wording import LetterKind
from ejd.refusal import Stale
from ejd.school.settings import load
from tests.services.test_forms_races import waits_for
from tests.world import NOW, TODAY, World


def words(session: Session, body: str, key: str, *, kind: LetterKind, by: str = "olga") -> int:
    who = getattr(World(session), by)  # type: ignore[arg-type]
    return word(session, settings=load(session), today=TODAY,
                new=NewWording(kind, f"{program_text(kind)}\n\n{body}", 0, who.id, NOW, key)).number


@pytest.fixture
def first(engine) -> Iterator[Session]:
    """The first hand, in a transaction of the test's."""
    with clock.freeze(NOW):
        begin_as_writer(True)
        with Session(engine, expire_on_commit=False) as session:
            yield session


def second(engine: Any, *said: Any, **more: Any) -> Future[int]:
    """The other hand, meanwhile."""
    def run() -> int:
        begin_as_writer(True)
        with clock.freeze(NOW), Session(engine, expire_on_commit=False) as session, session.begin():
            return words(session, *said, **more)

    return ThreadPoolExecutor(1).submit(run)


def test_the_slower_hand_hears_of_the_faster_one(engine, first):
    words(first, "Канцелярии", "one", kind=LetterKind.ORDER)
    other = second(engine, "Директора", "other", kind=LetterKind.ORDER, by="galina")
    waits_for(other)
    first.commit()
    with pytest.raises(Stale, match="версию 1"):
        other.result(timeout=5)
    with Session(engine) as session:
        [body] = session.scalars(select(Letter.body).filter_by(kind="order"))
        assert body.endswith("Канцелярии")


def test_a_form_sent_twice_at_once_is_one_version(engine, first):
    words(first, "Дважды", "twice", kind=LetterKind.REGISTER)
    other = second(engine, "Дважды", "twice", kind=LetterKind.REGISTER)
    waits_for(other)
    first.commit()
    assert other.result(timeout=5) == 1
    with Session(engine) as session:
        assert len(session.scalars(select(Letter).filter_by(kind=LetterKind.REGISTER.value)).all()) == 1
