"""Two hands print the same week at once, each with a connection of its own: there is one sheet, and the second is told
why (R21).

In a database of its own, for here transactions really commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ejd import clock
from ejd.application import create_app
from ejd.bulk import insert_many
from ejd.config import Config
from ejd.db import begin_as_writer, db
from ejd.families import sheets
from ejd.families.models import WeeklySheet
from ejd.refusal import Refused
from ejd.school.settings import Settings
from tests.families import on_paper, to_print
from tests.world import NOW, World, build_world

LONG_ENOUGH = 0.25  # seconds in which an act that nobody holds up is done many times over


@pytest.fixture(scope="module")
def engine(app: Flask, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The world once more, in a database beside the run's; Вера is told on paper of Витя."""
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        own = url.set(database="ejd_sheet_races")
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE ejd_sheet_races TEMPLATE template0 LOCALE 'C.UTF-8'"))
        admin.dispose()
    else:
        own = url.set(database=str(tmp_path_factory.mktemp("races") / "races.sqlite"))
    beside = create_app(Config(instance=tmp_path_factory.mktemp("beside"), secret_key="for tests only",
                               database_url=own.render_as_string(hide_password=False)))
    with beside.app_context():
        db.create_all()
        with clock.freeze(NOW):
            build_world()
            world = World(db.session)
            on_paper(world, world.vera, world.vitya, "refused", from_on=date(2026, 9, 7))
            db.session.commit()
        db.session.remove()
        yield db.engine
        db.engine.dispose()


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
