"""The office and a teacher at one lesson at the same time, each with a connection: the second waits, then sees what
the first did. In a database of its own, for here transactions really commit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ejd import clock
from ejd.db import begin_as_writer
from ejd.journal import marks, works
from ejd.journal.marks import NewMark
from ejd.journal.works import NewWork
from ejd.refusal import Refused, Stale
from ejd.schedule import drafts, remaking, services, substitutions
from ejd.schedule.models import Lesson, LessonState, Slot, TimetableVersion
from ejd.schedule.queries_timetable import slots_of
from ejd.school.models import Bell
from ejd.school.settings import Settings
from tests.services.conftest import world_beside
from tests.world import NOW, World

LONG_ENOUGH = 0.25  # seconds in which an act that nobody holds up is done many times over


@pytest.fixture
def engine(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """The world once more, in a database beside the run's, anew for each test."""
    with clock.freeze(NOW), world_beside(database_url, tmp_path, "ejd_office") as found:
        yield found


@pytest.fixture
def first(engine: Any) -> Iterator[Session]:
    """The connection of who comes first; what it loads before writing is let go."""
    begin_as_writer(True)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    begin_as_writer(False)


class Facts:
    """Today's mathematics of 7А and the next lesson of it, by ids."""

    def __init__(self, session: Session) -> None:
        world = World(session)  # type: ignore[arg-type]
        course = world.course("7А", "Математика")
        self.today = world.lesson(course, date(2026, 9, 17)).id
        self.tomorrow = world.lesson(course, date(2026, 9, 18)).id
        self.anna, self.olga, self.vitya = world.anna.id, world.olga.id, world.vitya.id
        self.course, self.year = course.id, course.year_id
        self.oral, self.test = world.kind("oral").id, world.kind("test").id
        session.commit()

    def cancel(self, session: Session) -> None:
        substitutions.cancel_lessons(session, actor_id=self.olga, lessons=[session.get_one(Lesson, self.today)],
                                     reason="Карантин", now=NOW)

    def mark(self, session: Session) -> None:
        mark = NewMark(lesson_id=self.today, pupil_id=self.vitya, value="5", key="k", actor_id=self.anna, at=NOW,
                       kind_id=self.oral)
        marks.put_mark(session, mark=mark, settings=Settings())

    def declare(self, session: Session) -> None:
        """A test announced for tomorrow."""
        works.declare_works(session, works=[NewWork(self.tomorrow, self.test, self.anna, NOW)], settings=Settings())

    def fill(self, session: Session, room: str) -> None:
        """A hand that has seen the draft as it was made changes the room of the course on Mondays."""
        slots = [slot for slot in self.slots if slot.weekday == 1]
        drafts.put_places(session, actor_id=self.olga, version_id=self.draft, course_ids={self.course}, weekdays={1},
                          seen=drafts.look_of(slots), now=NOW, slots=[
                              services.SlotPlan(slot.weekday, slot.number, slot.course_id, room) for slot in slots])

    def make_draft(self, session: Session) -> None:
        """A copy of what is in force, for Friday."""
        version_id = session.scalars(select(TimetableVersion.id).order_by(TimetableVersion.id)).first()
        self.draft = drafts.make_draft(session, actor_id=self.olga, year_id=self.year, valid_from=date(2026, 9, 18),
                                       copied_from=version_id, now=NOW).id
        self.slots = [slot for slot in slots_of(session, self.draft) if slot.course_id == self.course]

    def put_in_force(self, session: Session) -> None:
        drafts.publish_draft(session, actor_id=self.olga, version_id=self.draft, valid_from=date(2026, 9, 18),
                             seen=drafts.look_of(slots_of(session, self.draft)), now=NOW)

    def publish_without(self, session: Session) -> None:
        """A timetable in which the course no longer stands."""
        slots = [services.SlotPlan(*row) for row in session.execute(
            select(Slot.weekday, Slot.number, Slot.course_id).where(Slot.course_id != self.course))]
        services.publish_timetable(session, actor_id=self.olga, year_id=self.year, valid_from=date(2026, 9, 18),
                                   slots=slots, now=NOW)


def meet(engine: Any, first: Session, acts: tuple[Any, Any]) -> None:
    """The first act is done but not committed while the second is tried; then both come to their ends."""
    def run() -> None:
        begin_as_writer(True)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            acts[1](session)

    acts[0](first)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(run)
        with pytest.raises(TimeoutError):
            second.result(timeout=LONG_ENOUGH)
        first.commit()
        second.result()


def test_no_lesson_is_cancelled_under_a_mark_that_is_being_put(engine, first):
    facts = Facts(first)
    with pytest.raises(Refused, match="стоят отметки"):
        meet(engine, first, (facts.mark, facts.cancel))


def test_no_mark_is_put_into_a_lesson_that_is_being_cancelled(engine, first):
    facts = Facts(first)
    with pytest.raises(Refused, match="отмен"):
        meet(engine, first, (facts.cancel, facts.mark))
    first.rollback()
    assert first.get_one(Lesson, facts.today, populate_existing=True).state == LessonState.CANCELLED.value


def test_a_work_that_is_being_declared_keeps_its_lesson_in_a_new_timetable(engine, first):
    facts = Facts(first)
    meet(engine, first, (facts.declare, facts.publish_without))
    first.rollback()
    left = first.scalars(select(Lesson.id).where(Lesson.course_id == facts.course, Lesson.day >= date(2026, 9, 18)))
    assert left.all() == [facts.tomorrow]


def test_two_hands_that_make_the_same_draft_have_one(engine, first):
    facts = Facts(first)
    meet(engine, first, (facts.make_draft, facts.make_draft))
    first.rollback()
    assert len(first.scalars(select(TimetableVersion).filter_by(published_at=None)).all()) == 1


def test_two_hands_at_one_grid_of_a_draft_do_not_write_over_each_other(engine, first):
    facts = Facts(first)
    facts.make_draft(first)
    first.commit()
    with pytest.raises(Stale):
        meet(engine, first, (lambda session: facts.fill(session, "12"), lambda session: facts.fill(session, "14")))
    first.rollback()
    assert [slot.room for slot in slots_of(first, facts.draft) if (slot.course_id, slot.weekday) == (
        facts.course, 1)] == ["12"]


def test_nobody_fills_a_draft_that_is_coming_into_force(engine, first):
    facts = Facts(first)
    facts.make_draft(first)
    facts.fill(first, "12")  # or it would be what is in force
    first.commit()
    with pytest.raises(Refused, match="ввели в действие"):
        meet(engine, first, (facts.put_in_force, lambda session: facts.fill(session, "14")))


@pytest.fixture
def reader(engine: Any) -> Iterator[Session]:
    """The connection of who works out what must be done, and holds no lock."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


def worked_out(reader: Session, facts: Facts) -> remaking.Work:
    [work] = remaking.prepare_remake(reader, year_id=facts.year, now=NOW)
    return work


def ring_earlier(session: Session) -> None:
    """Every lesson ends sooner."""
    for bell in session.scalars(select(Bell)):
        bell.ends_at = time(bell.starts_at.hour, bell.starts_at.minute + 1)


def test_a_mark_is_put_while_lessons_are_worked_out(engine, reader):
    facts = Facts(reader)
    assert worked_out(reader, facts).portions and reader.in_transaction()
    begin_as_writer(True)
    with ThreadPoolExecutor(1) as pool, Session(engine) as teacher:
        pool.submit(lambda: (begin_as_writer(True), facts.mark(teacher), teacher.commit())).result(LONG_ENOUGH * 4)


@pytest.mark.parametrize("meanwhile", ["bells", "a substitution"])
def test_what_others_changed_meanwhile_is_not_written_over(engine, reader, first, meanwhile):
    facts = Facts(reader)
    work = worked_out(reader, facts)
    reader.rollback()
    if meanwhile == "bells":
        ring_earlier(first)
    else:
        first.get_one(Lesson, facts.tomorrow).teacher_id = facts.olga
    first.commit()
    portion = next(portion for portion in work.portions if portion.first <= date(2026, 9, 18) <= portion.last)
    with pytest.raises(Stale):
        remaking.write_portion(first, actor_id=facts.olga, work=work, portion=portion, now=NOW)
