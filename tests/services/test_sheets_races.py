"""Two hands print the same week at once, each with a connection of its own: there is one sheet, and the second is told
why (R21).

In a database of its own, for here transactions really commit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, TimeoutError
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ejd import clock
from ejd.bulk import insert_many
from ejd.db import begin_as_writer, db
from ejd.families import sheets
from ejd.families.models import WeeklySheet
from ejd.refusal import Refused
from ejd.school.settings import Settings
from tests.families import on_paper, to_print
from tests.world import NOW, World

LONG_ENOUGH = 0.25  # seconds in which an act that nobody holds up is done many times over


@pytest.fixture(scope="module", autouse=True)
def told_on_paper(engine):
    """Вера is told on paper of Витя."""
    with clock.freeze(NOW):
        world = World(db.session)
        on_paper(world, world.vera, world.vitya, "refused", from_on=date(2026, 9, 7))
        db.session.commit()
        db.session.remove()


def test_two_hands_at_one_week_print_one_sheet(engine):
    begin_as_writer(True)
    with clock.freeze(NOW), Session(engine, expire_on_commit=False) as first, ThreadPoolExecutor(1) as pool:
        world = World(first)  # type: ignore[arg-type]
        written = sheets.write_sheets(first, owed=to_print(world), settings=Settings(), now=NOW)
        anna, dina = world.anna.id, world.dina.id
        first.commit()
        sheets.print_sheets(first, sheets=written, actor_id=anna, key="of-anna", now=NOW)

        def run() -> None:
            begin_as_writer(True)
            with Session(engine) as session, session.begin():
                sheets.print_sheets(session, sheets=written, actor_id=dina, key="of-dina", now=NOW)

        second = pool.submit(run)
        with pytest.raises(TimeoutError):
            second.result(timeout=LONG_ENOUGH)
        first.commit()
        with pytest.raises(Refused, match="ровно один лист в неделю"):
            second.result()
        assert first.scalar(select(func.count()).select_from(WeeklySheet)) == 1
        row = first.scalars(select(WeeklySheet)).one()
        again = {column.name: getattr(row, column.name) for column in WeeklySheet.__table__.columns
                 if column.name != "id"}
        with pytest.raises(IntegrityError):  # whoever goes past the act meets the database's own rule
            insert_many(first, WeeklySheet, [again])
        first.rollback()
    begin_as_writer(False)
