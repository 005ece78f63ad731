"""What was recorded stays: no UPDATE or DELETE on the audit record and on corrections, in either database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from ejd import clock
from ejd.audit import trail
from ejd.db import APPEND_ONLY, db


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_triggers_are_in_the_catalogue(session, table):
    if db.engine.dialect.name == "sqlite":
        found = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
                                {"t": table}).all()
    else:
        found = session.scalars(text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:t AS regclass) "
                                     "AND NOT tgisinternal"), {"t": table}).all()
    assert len(found) == 2


@pytest.mark.parametrize("statement", ["UPDATE audit_record SET verb = 'x'", "DELETE FROM audit_record"])
def test_a_record_can_be_neither_changed_nor_deleted(session, statement):
    trail.record(session, now=clock.now(), actor_id=None, verb="topic.recorded", subject_id=1)
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


def test_a_record_cannot_be_put_in_the_place_of_another(session):
    trail.record(session, now=clock.now(), actor_id=None, verb="topic.recorded", subject_id=1)
    columns = "id, at, on_day, verb, data"
    same_row = f"SELECT {columns} FROM audit_record"
    statement = f"INSERT OR REPLACE INTO audit_record ({columns}) {same_row}"
    if db.engine.dialect.name == "postgresql":
        statement = (f"INSERT INTO audit_record ({columns}) {same_row} "
                     "ON CONFLICT (id) DO UPDATE SET verb = excluded.verb")
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


def test_a_field_that_the_verb_does_not_declare_is_an_error(session):
    with pytest.raises(KeyError, match="declares"):
        trail.record(session, now=clock.now(), actor_id=None, verb="topic.recorded", subject_id=1, title="Дроби")
