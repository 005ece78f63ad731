"""Two hands at one remark, each with a connection of its own (R61). In a database of its own, for here transactions
really commit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from ejd import clock
from ejd.refusal import Stale
from ejd.remarks.models import JournalRemark, RemarkWord
from ejd.remarks.services import NewRemark, answer_remark, close_remark, make_remark
from tests.services.test_forms_races import Meeting, waits_for
from tests.world import NOW, World


@pytest.fixture
def meeting(engine) -> Iterator[Meeting]:
    with clock.freeze(NOW):
        found = Meeting(engine)
        yield found
        found.first.close()


def test_who_closes_what_is_being_answered_reads_the_answer_first(meeting):
    school = World(meeting.first)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    remark = make_remark(meeting.first, remark=NewRemark("Нет темы", school.dina.id, NOW, "race", lesson_id=lesson.id))
    meeting.first.commit()
    answer_remark(meeting.first, actor_id=school.anna.id, remark_id=remark.id, version=1, text="Записана", now=NOW)
    other = meeting.second(lambda school: close_remark(
        school.session, actor_id=school.galina.id, remark_id=remark.id, version=1, now=NOW))
    waits_for(other)
    meeting.first.commit()
    with pytest.raises(Stale) as stale:
        other.result(timeout=5)
    assert stale.value.theirs == "Записана"
    [standing] = meeting.all_of(JournalRemark)
    assert (standing.answer, standing.closed_at) == ("Записана", None) and len(meeting.all_of(RemarkWord)) == 1
