"""Re-takes (R11): both marks stay to be seen, the last counts, each has its own day and its own timeliness."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal import sums
from ejd.journal.models import Mark
from ejd.refusal import Refused, Stale
from tests.journal import Hand, corrections_of, expected_of, records

TUESDAY, THURSDAY = date(2026, 9, 15), date(2026, 9, 17)


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), TUESDAY)


@pytest.fixture
def work(anna, lesson):
    work = anna.declares(lesson)
    anna.takes_attendance(lesson)
    return work


@pytest.fixture
def three(anna, school, lesson, work):
    """Витя wrote the control work for a «3»."""
    return anna.puts(lesson, school.vitya, "3", work_id=work.id)


@pytest.fixture
def five(anna, school, lesson, three):
    """And again for a «5», on Thursday."""
    return anna.puts(lesson, school.vitya, "5", retakes_id=three.id)


def standing(school):
    query = select(Mark).where(Mark.withdrawn_at.is_(None)).order_by(Mark.id)
    return [(mark.value, mark.retakes_id) for mark in school.session.scalars(query)]


def test_both_marks_stand_and_the_second_is_for_the_same(school, three, five):
    assert standing(school) == [("3", None), ("5", three.id)]
    assert (five.work_id, five.kind_id, five.weight) == (three.work_id, three.kind_id, three.weight)


def test_a_re_take_is_received_when_it_was_taken(five, three):
    """R3: its timeliness is its own, the first one's stays."""
    assert (five.received_on, five.received_reason, five.days_taken) == (THURSDAY, "пересдача", 0)
    assert (three.received_on, three.days_taken) == (TUESDAY, 2)


def test_another_day_may_be_named_and_then_it_may_be_late(anna, school, lesson, three):
    """R1: taken on the 16th, entered on the 25th: two days late."""
    five = anna.puts(lesson, school.vitya, "5", retakes_id=three.id, received_on=date(2026, 9, 16),
                     at=clock.at(date(2026, 9, 25), 12))
    assert (five.received_on, five.days_taken) == (date(2026, 9, 16), 9)
    assert not sums.recount(school.session)


@pytest.mark.parametrize(("on", "says"), [
    (date(2026, 9, 14), "не раньше дня"), (date(2026, 9, 18), "не позже дня")])
def test_it_comes_after_the_first_and_not_after_today(anna, school, lesson, three, on, says):
    with pytest.raises(Refused, match=says):
        anna.puts(lesson, school.vitya, "5", retakes_id=three.id, received_on=on)


def test_no_other_day_puts_it_before_the_first(anna, three, five):
    with pytest.raises(Refused, match="не раньше дня"):
        anna.redates(five, date(2026, 9, 14), "ошибка")
    anna.redates(five, date(2026, 9, 16), "ошибка")
    with pytest.raises(Refused, match="не раньше дня"):
        anna.redates(three, THURSDAY, "ошибка")
    anna.redates(three, date(2026, 9, 16), "ошибка")


def test_one_re_take_stands_for_a_mark(anna, school, lesson, three, five):
    with pytest.raises(Stale, match="уже пересдали") as stale:
        anna.puts(lesson, school.vitya, "4", retakes_id=three.id)
    assert stale.value.theirs == "5"
    with pytest.raises(Stale):
        anna.puts(lesson, school.vitya, "4", retakes_id=five.id), anna.puts(lesson, school.vitya, "4",
                                                                            retakes_id=five.id)


def test_a_re_take_of_a_re_take_chains(anna, school, lesson, three, five):
    anna.puts(lesson, school.vitya, "4", retakes_id=five.id)
    assert standing(school) == [("3", None), ("5", three.id), ("4", five.id)]


def test_the_same_key_again_answers_as_the_first_time(anna, school, lesson, three):
    first = anna.puts(lesson, school.vitya, "5", retakes_id=three.id, key="again")
    assert anna.puts(lesson, school.vitya, "5", retakes_id=three.id, key="again").id == first.id
    assert len(standing(school)) == 2


def test_withdrawn_it_leaves_the_first_which_may_be_re_taken_anew(anna, school, lesson, work, three, five):
    anna.withdraws(five)
    assert standing(school) == [("3", None)]
    assert expected_of(school, work, school.vitya).awaiting == "met", "the first mark stands for the work"
    anna.puts(lesson, school.vitya, "4", retakes_id=three.id)
    assert standing(school) == [("3", None), ("4", three.id)]
    assert [change.what for change in corrections_of(school, five)] == ["withdrawn"]


def test_when_the_first_is_withdrawn_the_re_take_stands_by_itself(anna, school, work, three, five):
    anna.withdraws(three)
    assert standing(school) == [("5", three.id)]
    assert expected_of(school, work, school.vitya).awaiting == "met"
    assert not sums.recount(school.session)


def test_one_between_two_others_is_not_withdrawn(anna, school, lesson, three, five):
    anna.puts(lesson, school.vitya, "4", retakes_id=five.id)
    with pytest.raises(Refused, match="сначала удалите последнюю"):
        anna.withdraws(five)
    assert len(standing(school)) == 3


@pytest.mark.parametrize("which", ["three", "five", "four"])
def test_marks_of_a_re_take_move_together(anna, school, lesson, work, three, five, which):
    """R3: to the right pupil; when each was entered and received stays."""
    four = anna.puts(lesson, school.vitya, "4", retakes_id=five.id)
    other = anna.puts(lesson, school.vitya, "2", work_id=work.id)
    kim = school.person("Ким", "Софья")
    key = anna.key()
    for _ in range(2):
        anna.moves({"three": three, "five": five, "four": four}[which], "pupil", pupil_id=kim.id, key=key, version=1)
    assert [mark.pupil_id for mark in (three, five, four, other)] == [kim.id] * 3 + [school.vitya.id]
    assert [mark.received_on for mark in (three, five, four)] == [TUESDAY, THURSDAY, THURSDAY]
    assert [change.what for change in corrections_of(school, five)] == ["moved"]
    assert expected_of(school, work, kim).awaiting == "met" and not sums.recount(school.session)


def test_the_mark_of_another_cell_is_not_re_taken(anna, school, lesson, three):
    for pupil, mark_id in ((school.person("Ким", "Софья"), three.id), (school.vitya, 999999)):
        with pytest.raises(Refused, match="уже нет"):
            anna.puts(lesson, pupil, "5", retakes_id=mark_id)


def test_each_is_corrected_for_itself(anna, school, three, five):
    anna.corrects(three, "2")
    anna.corrects(five, "4")
    assert standing(school) == [("2", None), ("4", three.id)]


def test_sums_and_record_count_it_as_a_mark_of_who_took_it(school, three, five):
    assert not sums.recount(school.session)
    assert five.responsible_id == school.anna.id
    [told] = records(school, "mark.retaken")
    assert f'"retakes":{three.id}' in told and '"received_on":"2026-09-17"' in told
