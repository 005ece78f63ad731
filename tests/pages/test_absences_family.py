"""A guardian tells of an absence and reads the answer; the page «Пропуски» of the diary (R10, R33, R40)."""

from __future__ import annotations

from ejd.journal import excuses
from ejd.journal.models import Excuse
from ejd.roster.models import Guardianship
from tests.journal import Hand, records
from tests.world import FIRST_DAY


def absences_of(pupil):
    return f"/parent/children/{pupil.id}/absences"


FORM = 'form[action$="/absences"]'
TOMORROW = {"from_on": "2026-09-18", "code": "у", "word": "Едем к врачу"}


def test_a_guardian_announces_and_sees_that_it_waits(as_, school):
    visitor = as_(school.vera)
    visitor.submit(visitor.get(absences_of(school.vitya)), FORM, TOMORROW)
    page = visitor.get(absences_of(school.vitya))
    assert "пт, 18 сентября : уважительная причина ждёт ответа" in page.words
    assert "«Едем к врачу»" in page.words
    assert len(records(school, "excuse.announced")) == 1
    assert "врачу" not in records(school, "excuse.announced")[0]
