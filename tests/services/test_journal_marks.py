"""Marks as acts: put, corrected, described, redated, moved, withdrawn, sent twice (R1, R2, R3, R6, R10, R14)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.journal import sums
from ejd.journal.models import DailySum, Mark
from ejd.refusal import Refused, Stale
from ejd.roster.models import Enrolment
from ejd.schedule.models import LessonState
from ejd.school import settings as school_settings
from tests.journal import Hand, corrections_of, records


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def boris(school):
    return Hand(school, school.boris)


@pytest.fixture
def maths(school):
    """`maths(10)` is the lesson of 7А on 10 September."""
    return lambda day: school.lesson(school.course("7А", "Матем"), date(2026, 9, day))


@pytest.fixture(autouse=True)
def sums_agree(session):
    """Whatever a test does, the daily sums say what the marks say."""
    yield
    assert sums.recount(session) == []


def test_a_mark_keeps_when_it_was_received_entered_and_by_whom(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "4")
    assert (mark.received_on, mark.entered_on, mark.days_taken) == (date(2026, 9, 10), date(2026, 9, 17), 7)
    assert (mark.kind_id, mark.weight) == (school.kind("oral").id, 1)
    assert (mark.entered_by_id, mark.responsible_id) == (school.anna.id, school.anna.id)
    assert records(school, "mark.entered") == [
        f'{{"lesson":{maths(10).id},"pupil":{school.vitya.id},"value":"4","kind":"oral","received_on":"2026-09-10"}}']


@pytest.mark.parametrize(("hour", "minute", "taken"), [(23, 59, 7), (24, 0, 8)])
def test_the_seventh_day_ends_at_midnight_of_the_schools_clock(school, anna, maths, hour, minute, taken):
    """R1."""
    at = clock.at(date(2026, 9, 17), 23, 59) if hour == 23 else clock.at(date(2026, 9, 18))
    assert anna.puts(maths(10), school.vitya, "4", at=at).days_taken == taken


@pytest.mark.parametrize(("kind", "entered", "after_term"), [
    ("oral", date(2026, 9, 10), False),  # the same day
    ("oral", date(2026, 9, 11), True),
    ("test", date(2026, 9, 15), False),  # three school days after Thursday: Tuesday
    ("test", date(2026, 9, 16), True),
    ("test", date(2026, 9, 17), True),
    ("test", date(2026, 9, 18), False),  # late, and that is another word
    ("essay", date(2026, 9, 17), False),
    ("transfer", date(2026, 9, 30), False),  # has no term of its own
])
def test_the_schools_own_term(school, anna, maths, kind, entered, after_term):
    """R2."""
    mark = anna.puts(maths(10), school.vitya, "4", at=clock.at(entered, 15), kind_id=school.kind(kind).id)
    assert mark.over_limit is after_term


def test_a_limit_holds_from_its_day(school, session, anna, maths):
    school_settings.change(session, actor_id=None, key="limits", valid_from=date(2026, 9, 11), now=clock.now(),
                           value={"oral": {"days": 2, "unit": "calendar"}})
    assert anna.puts(maths(10), school.vitya, "4", at=clock.at(date(2026, 9, 12))).over_limit is True
    assert anna.puts(maths(11), school.vitya, "4", at=clock.at(date(2026, 9, 13))).over_limit is False


def test_what_the_journal_refuses(school, session, anna, maths):
    vitya = school.vitya
    for told, lesson, pupil, value, more in (
            ("не начался", maths(18), vitya, "5", {}),
            ("не было в списке", maths(10), school.zoya, "5", {}),
            ("Такой отметки нет", maths(10), vitya, "6", {}),
            ("Такой отметки нет", maths(10), vitya, "н", {}),
            ("«1» в этой школе не ставят", maths(10), vitya, "1", {}),
            ("Вес", maths(10), vitya, "5", {"weight": 0}),
            ("Вес", maths(10), vitya, "5", {"weight": 21}),
            ("Слишком длинно", maths(10), vitya, "5", {"comment": "ы" * 301}),
            ("вид работы", maths(10), vitya, "5", {"kind_id": 10**9}),
            ("работы в уроке уже нет", maths(10), vitya, "5", {"work_id": 10**30}),
            ("не позже дня", maths(10), vitya, "5", {"received_on": date(2026, 9, 18), "received_reason": "потом"}),
            ("внутри учебного года", maths(10), vitya, "5",
             {"received_on": date(2026, 8, 31), "received_reason": "летом"}),
            ("укажите причину", maths(10), vitya, "5", {"received_on": date(2026, 9, 15)}),
            ("обновите", maths(10), vitya, "5", {"key": "к" * 41})):
        with pytest.raises(Refused, match=told):
            anna.puts(lesson, pupil, value, **more)
    assert session.scalar(select(func.count()).select_from(Mark)) == 0
    assert records(school, "mark.entered") == []


def test_a_cancelled_lesson_takes_no_mark(school, session, anna, maths):
    """R6."""
    maths(10).state = LessonState.CANCELLED.value
    session.flush()
    with pytest.raises(Refused, match="Урок отменён"):
        anna.puts(maths(10), school.vitya, "5")


def test_a_pupil_who_left_had_marks_until_his_last_day(school, session, anna, maths):
    session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one().to_on = date(2026, 9, 10)
    session.flush()
    assert anna.puts(maths(10), school.vitya, "5")
    with pytest.raises(Refused, match="не было в списке"):
        anna.puts(maths(11), school.vitya, "5")


def test_a_markless_class_takes_no_mark(school):
    """R14."""
    lesson = school.lesson(school.course("1А", "Матем"), date(2026, 9, 14))
    with pytest.raises(Refused, match="отметок не ставят"):
        Hand(school, school.eva).puts(lesson, school.masha, "5")


def test_a_subject_marked_by_pass_or_fail(school, session, anna, maths):
    school.course("7А", "Матем").scheme = "pass_fail"
    session.flush()
    assert anna.puts(maths(10), school.vitya, "зач").value == "зач"
    with pytest.raises(Refused, match="зач или незач"):
        anna.puts(maths(10), school.vitya, "5")


def test_ones_are_a_setting(school, session, anna, maths):
    """R10."""
    school_settings.change(session, actor_id=None, key="marks.one", value=True, valid_from=date(2026, 9, 11),
                           now=clock.now())
    assert anna.puts(maths(11), school.vitya, "1").value == "1"
    with pytest.raises(Refused, match="не ставят"):
        anna.puts(maths(10), school.vitya, "1")


def test_several_marks_in_one_lesson(school, anna, boris, maths):
    """R10: each with its kind, weight and comment; a second person's new mark is another mark."""
    first = anna.puts(maths(10), school.vitya, "5")
    second = boris.puts(maths(10), school.vitya, "3", kind_id=school.kind("test").id, weight=4, comment="  тема  2 ")
    assert first.id != second.id
    assert (second.weight, second.comment) == (4, "тема 2")


def test_the_lessons_teacher_is_responsible_whoever_enters(school, session, boris, maths):
    """R6: a substitute who taught; a vacancy's marks are of who put them."""
    maths(10).teacher_id, maths(11).teacher_id = school.eva.id, None
    session.flush()
    assert boris.puts(maths(10), school.vitya, "5").responsible_id == school.eva.id
    assert boris.puts(maths(11), school.vitya, "5").responsible_id == school.boris.id


def test_the_same_key_again_answers_as_the_first_time(school, session, anna, maths):
    first = anna.puts(maths(10), school.vitya, "5", key="one")
    again = anna.puts(maths(10), school.vitya, "5", key="one", at=clock.at(date(2026, 9, 25)))
    assert again is first
    assert session.scalar(select(func.count()).select_from(Mark)) == 1
    assert len(records(school, "mark.entered")) == 1


def test_nobody_elses_key_answers(school, anna, boris, maths):
    anna.puts(maths(10), school.vitya, "5", key="one")
    with pytest.raises(Refused, match="обновите"):
        boris.puts(maths(10), school.vitya, "5", key="one")


def test_a_correction_moves_neither_day_nor_timeliness(school, anna, maths):
    """R3: the first real value decides; corrections more than 7 days after are counted by `days_after`."""
    mark = anna.puts(maths(10), school.vitya, "3", at=clock.at(date(2026, 9, 10), 9))
    corrected = anna.corrects(mark, "4", at=clock.at(date(2026, 9, 18), 9))
    assert (corrected.value, corrected.version) == ("4", 2)
    assert (corrected.entered_on, corrected.days_taken) == (date(2026, 9, 10), 0)
    [correction] = corrections_of(school, mark)
    assert (correction.what, correction.before, correction.after, correction.days_after) == ("corrected", "3", "4", 8)
    assert records(school, "mark.corrected") == ['{"before":"3","after":"4"}']


def test_the_same_value_again_is_no_correction(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "3")
    assert anna.corrects(mark, "3").version == 1
    assert corrections_of(school, mark) == []


def test_a_second_hand_is_shown_not_overwritten(school, anna, boris, maths):
    """Engineering 7: a stale version is answered with both values."""
    mark = anna.puts(maths(10), school.vitya, "3")
    boris.corrects(mark, "4")
    with pytest.raises(Stale, match="уже изменили") as stale:
        anna.corrects(mark, "2", version=1)
    assert stale.value.theirs == "4"
    assert mark.value == "4"


def test_a_repeated_correction_answers_as_the_first_time(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "3")
    anna.corrects(mark, "4", key="again")
    assert anna.corrects(mark, "4", version=1, key="again").version == 2
    assert len(corrections_of(school, mark)) == 1


def test_a_correction_keeps_to_the_scheme(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "3")
    with pytest.raises(Refused, match="Такой отметки нет"):
        anna.corrects(mark, "7")
    with pytest.raises(Refused, match="Этой отметки нет"):
        anna.corrects(Mark(id=10**9, version=1), "4")


def test_withdrawn_and_entered_anew_is_a_new_entry(school, session, anna, maths):
    """R3."""
    mark = anna.puts(maths(3), school.vitya, "5", at=clock.at(date(2026, 9, 3), 9))
    anna.withdraws(mark)
    anew = anna.puts(maths(3), school.vitya, "5")
    assert (anew.id != mark.id, anew.days_taken) == (True, 14)
    assert [row.what for row in corrections_of(school, mark)] == ["withdrawn"]
    assert session.scalars(select(DailySum.days_taken).where(DailySum.marks > 0)).all() == [14]


def test_withdrawing_twice_changes_nothing(school, anna, boris, maths):
    mark = anna.puts(maths(10), school.vitya, "5")
    anna.withdraws(mark, key="gone")
    anna.withdraws(mark, version=1, key="gone")
    assert len(corrections_of(school, mark)) == 1
    with pytest.raises(Stale, match="уже удалили"):
        boris.withdraws(mark)
    with pytest.raises(Stale, match="уже удалили"):
        boris.corrects(mark, "4")


def test_what_it_was_given_for_can_be_said_anew(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "5", at=clock.at(date(2026, 9, 11), 9))
    assert mark.over_limit is True
    test = school.kind("test")
    anna.describes(mark, kind_id=test.id, weight=2, comment="повторение")
    assert (mark.kind_id, mark.weight, mark.comment, mark.over_limit) == (test.id, 2, "повторение", False)
    [correction] = corrections_of(school, mark)
    assert (correction.what, correction.before, correction.after) == ("described", "oral 1", "test 2")


def test_a_comment_is_no_correction(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "5")
    anna.describes(mark, comment="у доски")
    assert (mark.version, corrections_of(school, mark)) == (2, [])
    assert records(school, "mark.described") == ['{"fields":["comment"]}']


def test_another_day_of_receiving_needs_a_reason(school, anna, maths):
    """R3: when it was entered stays."""
    mark = anna.puts(maths(3), school.vitya, "5", at=clock.at(date(2026, 9, 14), 9))
    assert mark.days_taken == 11
    with pytest.raises(Refused, match="укажите причину"):
        anna.redates(mark, date(2026, 9, 10))
    anna.redates(mark, date(2026, 9, 10), "принёс проект")
    assert (mark.received_on, mark.days_taken, mark.entered_on) == (date(2026, 9, 10), 4, date(2026, 9, 14))
    assert mark.received_reason == "принёс проект"
    with pytest.raises(Refused, match="не позже дня"):
        anna.redates(mark, date(2026, 9, 15), "ещё позже")
    [correction] = corrections_of(school, mark)
    assert (correction.what, correction.before, correction.after, correction.days_after) == (
        "redated", "2026-09-03", "2026-09-10", 14)


def test_a_mark_moves_to_the_right_pupil(school, anna, maths):
    """R3: keeps when it was entered, and is a correction."""
    mark = anna.puts(maths(10), school.vitya, "5", at=clock.at(date(2026, 9, 10), 9))
    yulia = school.person("Яковлева", "Юлия")
    anna.moves(mark, "pupil", pupil_id=yulia.id)
    assert (mark.pupil_id, mark.days_taken, mark.entered_on) == (yulia.id, 0, date(2026, 9, 10))
    [correction] = corrections_of(school, mark)
    assert (correction.what, correction.reason) == ("moved", "pupil")
    assert correction.after == f"{maths(10).id}/{yulia.id}/-"


def test_a_mark_moves_to_the_right_lesson(school, anna, maths):
    mark = anna.puts(maths(11), school.vitya, "5", at=clock.at(date(2026, 9, 14), 15))
    anna.moves(mark, "lesson", lesson_id=maths(10).id)
    assert (mark.lesson_id, mark.received_on, mark.days_taken) == (maths(10).id, date(2026, 9, 10), 4)


def test_where_a_mark_cannot_move(school, anna, maths):
    mark = anna.puts(maths(10), school.vitya, "5", at=clock.at(date(2026, 9, 10), 9))
    for told, reason, to in (
            ("Выберите причину", "так надо", {"pupil_id": school.vitya.id}),
            ("раньше начала", "lesson", {"lesson_id": maths(11).id}),
            ("не было в списке", "pupil", {"pupil_id": school.zoya.id}),
            ("работы в уроке уже нет", "work", {"work_id": 12345}),
            ("Такого урока нет", "lesson", {"lesson_id": 10**9})):
        with pytest.raises(Refused, match=told):
            anna.moves(mark, reason, **to)
    assert (mark.version, corrections_of(school, mark)) == (1, [])
    assert anna.moves(mark, "pupil", pupil_id=school.vitya.id).version == 1  # to where it stands


def test_one_mark_takes_few_statements(school, anna, maths, at_most):
    lesson, vitya = maths(10), school.vitya
    mark = anna.puts(lesson, vitya, "5")
    with at_most(12):
        anna.puts(lesson, vitya, "4")
    with at_most(11):
        anna.corrects(mark, "3")
