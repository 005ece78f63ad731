"""The search over the record: whatever is asked walks an index, and every noun of a sentence is known to it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, text

from ejd.audit.trail import VERBS
from ejd.audit.wording import IT, Group, about, fields_of
from ejd.db import db
from ejd.office.history import ENDINGS, NAMES_OF_CODES, NOUNS, WHY, Question, search
from ejd.office.history_scope import NAMING_PERSON, OF_CLASS, OF_COURSE, OF_PERSON

DAYS = (date(2026, 9, 1), date(2026, 9, 30))
OTHER = {"", "day", "moment", "letter", "span", *ENDINGS, *WHY}
WAYS = {
    "days alone": {}, "who acted": {"actor_id": 1}, "a kind of act": {"group": Group.MARKS},
    "a kind of act by one": {"group": Group.MARKS, "actor_id": 1}, "a person": {"person_id": 1},
    "a journal": {"course_id": 1}, "a class": {"class_id": 1}, "a subject of a class": {"class_id": 1, "subject_id": 1},
    "a day of lessons": {"lesson_day": date(2026, 9, 15)},
    "a day of a journal": {"course_id": 1, "lesson_day": date(2026, 9, 15)},
    "a person by one": {"person_id": 1, "actor_id": 1, "group": Group.ATTENDANCE},
}


@pytest.mark.parametrize("verb", VERBS)
def test_everything_that_a_sentence_names_can_be_said(verb):
    assert {what for _, what in fields_of(verb)} <= NOUNS | NAMES_OF_CODES.keys() | OTHER


@pytest.mark.parametrize("verb", VERBS)
def test_an_act_that_names_a_person_is_found_by_that_person(verb):
    if any(what == "person" and name != IT for name, what in fields_of(verb)):
        assert about(verb) in NAMING_PERSON.keys() | OF_PERSON.keys(), verb


def test_the_nouns_of_a_scope_are_nouns_of_sentences():
    worded = {about(verb) for verb in VERBS}
    for scope in (OF_PERSON, OF_COURSE, OF_CLASS, NAMING_PERSON):
        assert scope.keys() <= worded


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_asking_reads_the_whole_record(school, session, way):
    question = Question(*DAYS, **WAYS[way])
    plan = "\n".join(plans_of(session, lambda: search(session, question, most=50, before=(date(2026, 9, 20), 99))))
    on_record = [line for line in plan.splitlines() if "audit_record" in line]
    assert on_record
    if db.engine.dialect.name == "sqlite":
        assert not [line for line in on_record if "SCAN" in line and "USING" not in line], plan
    else:
        assert "Seq Scan on audit_record" not in plan, plan


def plans_of(session, act):
    """How the database answers the statements of an act that ask for ids of the record."""
    sqlite, told = db.engine.dialect.name == "sqlite", []
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # so small a table would be read whole
    asked = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "audit_record" in statement and not statement.startswith("EXPLAIN"):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    for statement, parameters in asked:
        explained = f"EXPLAIN QUERY PLAN {statement}" if sqlite else f"EXPLAIN {statement}"
        cursor = session.connection().exec_driver_sql(explained, parameters)
        told += [" ".join(map(str, row)) for row in cursor]
    return told
