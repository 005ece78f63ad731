"""Marks as acts: put, corrected, described, redated, moved, withdrawn (R1, R3, R4, R6, R10; engineering 7)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.journal import marks, sums
from ejd.journal.marks import NewMark
from ejd.journal.models import Mark, MarkCorrection
from ejd.refusal import Refused, Stale
from ejd.school import settings as school_settings


@pytest.fixture
def settings(session):
    return school_settings.load(session)


@pytest.fixture
def put(school, session, settings):
    """`put(lesson, pupil, "5", at=…)`: Анна puts a mark."""
    numbers = iter(range(1, 1000))

    def put(lesson, pupil, value, *, at=None, **more):
        more.setdefault("key", f"key-{next(numbers)}")
        more.setdefault("actor_id", school.anna.id)
        mark = NewMark(lesson.id, pupil.id, value, at=at or clock.now(), **more)
        return marks.put_mark(session, mark=mark, settings=settings)

    return put


@pytest.fixture
def maths(school):
    """The lesson of 7А on Thursday, 10 September."""
    return school.lesson(school.course("7А", "Матем"), date(2026, 9, 10))


def test_a_mark_keeps_when_it_was_received_and_entered(put, school, session, maths):
    mark = put(maths, school.vitya, "4")
    assert (mark.received_on, mark.entered_on, mark.days_taken) == (date(2026, 9, 10), date(2026, 9, 17), 7)
    assert (mark.kind_id, mark.weight, mark.responsible_id) == (school.kind("oral").id, 1, school.anna.id)
    record = session.scalars(select(AuditRecord).filter_by(verb="mark.entered", subject_id=mark.id)).one()
    assert f'"pupil":{school.vitya.id},"value":"4","kind":"oral"' in record.data
    assert sums.recount(session) == []
