"""Attendance, declared works, and what they expect of each pupil (R3, R4, R6, R10, R14)."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select

from ejd import clock
from ejd.journal import sums, works
from ejd.journal.models import Attendance, Exemption, Expectation, Work
from ejd.refusal import Refused, Stale
from ejd.roster.models import CourseMember
from ejd.schedule.models import LessonState
from tests.journal import Hand, corrections_of, expected_of, records

TENTH, FOURTEENTH, FIFTEENTH = date(2026, 9, 10), date(2026, 9, 14), date(2026, 9, 15)
WEEK_AFTER_THE_TENTH = date(2026, 9, 17)
TWO_WEEKS_AFTER_THE_TENTH = date(2026, 9, 24)


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def maths(school):
    """`maths(10)` is the lesson of 7А on 10 September."""
    return lambda day: school.lesson(school.course("7А", "Матем"), date(2026, 9, day))


@pytest.fixture(autouse=True)
def sums_agree(session):
    yield
    assert sums.recount(session) == []


@pytest.fixture
def paper(anna, maths):
    """A test on 10 September, attendance not saved yet."""
    return anna.declares(maths(10), "test", title="Дроби")


def state(school, work, pupil):
    """What is awaited of whom until when, in a line; «–» when nothing is."""
    row = expected_of(school, work, pupil)
    return "–" if row is None else f"{row.awaiting} {row.due_on or '·'} {row.hand_in_by or '·'}"


# attendance


def test_a_letter_is_kept_with_who_and_when(school, anna, maths):
    row = anna.notes(maths(10), school.vitya, "н")
    assert (row.code, row.entered_by_id, row.version) == ("н", school.anna.id, 1)
    assert records(school, "attendance.recorded") == [
        f'{{"lesson":{maths(10).id},"pupil":{school.vitya.id},"before":null,"after":"н"}}']


def test_a_letter_becomes_another_and_is_cleared(school, session, anna, maths):
    first = anna.notes(maths(10), school.vitya, "н")
    second = anna.notes(maths(10), school.vitya, "б", version=first.version)
    cleared = anna.notes(maths(10), school.vitya, None, version=second.version)
    assert (cleared.code, cleared.version) == (None, 3)
    assert anna.notes(maths(10), school.vitya, "о").code == "о"  # the page showed an empty cell
    assert session.scalar(select(func.count()).select_from(Attendance)) == 1


def test_the_same_key_or_letter_again_changes_nothing(school, anna, maths):
    anna.notes(maths(10), school.vitya, "н", key="one")
    assert anna.notes(maths(10), school.vitya, "н", key="one").version == 1
    assert anna.notes(maths(10), school.vitya, "н").version == 1
    assert len(records(school, "attendance.recorded")) == 1


def test_clearing_an_empty_cell_is_no_act(school, anna, maths):
    assert anna.notes(maths(10), school.vitya, None).code is None
    assert records(school, "attendance.recorded") == []


def test_anothers_letter_is_shown_not_overwritten(school, anna, maths):
    first = anna.notes(maths(10), school.vitya, "н")
    Hand(school, school.boris).notes(maths(10), school.vitya, "у", version=first.version)
    for version in (1, None):
        with pytest.raises(Stale) as stale:
            anna.notes(maths(10), school.vitya, "б", version=version)
        assert stale.value.theirs == "у"


def test_absence_is_recorded_from_the_day_of_the_lesson(school, anna, maths):
    """R6."""
    assert anna.notes(maths(17), school.vitya, "б", at=clock.at(date(2026, 9, 17), 7)).code == "б"
    for told, lesson, pupil, code in (("ещё не наступил", maths(18), school.vitya, "н"),
                                      ("не было в списке", maths(10), school.zoya, "н"),
                                      ("буквами", maths(10), school.vitya, "x"),
                                      ("буквами", maths(10), school.vitya, "")):
        with pytest.raises(Refused, match=told):
            anna.notes(lesson, pupil, code)


def test_attendance_is_taken_once(school, session, anna, maths):
    anna.takes_attendance(maths(10), at=clock.at(TENTH, 9))
    anna.takes_attendance(maths(10), at=clock.at(TENTH, 10))
    assert maths(10).attendance_at == clock.at(TENTH, 9)
    assert len(records(school, "attendance.taken")) == 1
    with pytest.raises(Refused, match="ещё не начался"):
        anna.takes_attendance(maths(17), at=clock.at(date(2026, 9, 17), 8))
    with pytest.raises(Refused, match="ещё не наступил"):
        anna.takes_attendance(maths(18))
    maths(11).state = LessonState.CANCELLED.value
    session.flush()
    with pytest.raises(Refused, match="Урок отменён"):
        anna.takes_attendance(maths(11))


# what is expected


def test_nothing_is_expected_until_attendance_is_saved(school, session, anna, maths, paper):
    """R4: a blank counts as present only then."""
    anna.notes(maths(10), school.vitya, "н")
    assert session.scalar(select(func.count()).select_from(Expectation)) == 0
    anna.takes_attendance(maths(10))
    assert session.scalar(select(func.count()).select_from(Expectation)) == 8
    assert state(school, paper, school.vitya) == f"pupil · {TWO_WEEKS_AFTER_THE_TENTH}"
    assert state(school, paper, school.person("Ким", "Софья")) == f"teacher {WEEK_AFTER_THE_TENTH} ·"
    assert expected_of(school, paper, school.vitya).responsible_id == school.anna.id


def test_a_work_declared_after_attendance_expects_at_once(school, anna, maths):
    anna.notes(maths(10), school.vitya, "у")
    anna.takes_attendance(maths(10))
    work = anna.declares(maths(10), "written")
    assert state(school, work, school.vitya).startswith("pupil")
    assert state(school, work, school.person("Ким", "Софья")).startswith("teacher")


def test_who_came_late_is_expected_and_who_is_exempt_is_not(school, session, anna, maths, paper):
    kim = school.person("Ким", "Софья")
    anna.notes(maths(10), school.vitya, "о")
    session.add(Exemption(pupil_id=kim.id, course_id=maths(10).course_id, from_on=TENTH, to_on=TENTH))
    session.flush()
    anna.takes_attendance(maths(10))
    assert state(school, paper, school.vitya).startswith("teacher")
    assert state(school, paper, kim) == "–"
    assert anna.puts(maths(10), kim, "5", work_id=paper.id)  # none expected, but one possible (R10)


def test_a_work_for_some_pupils_expects_nothing(school, anna, maths):
    anna.takes_attendance(maths(10))
    work = anna.declares(maths(10), "written", whole_class=False)
    assert state(school, work, school.vitya) == "–"


def test_an_undivided_subgroup_expects_nothing(school, session):
    course = school.course("7А", "Иностр", 1)
    session.execute(delete(CourseMember).where(CourseMember.course_id == course.id))
    eva, lesson = Hand(school, school.eva), school.lesson(course, date(2026, 9, 11))
    eva.declares(lesson, "test")
    eva.takes_attendance(lesson)
    assert session.scalar(select(func.count()).select_from(Expectation)) == 0


def test_a_subgroup_expects_of_its_own_pupils(school, session):
    eva, lesson = Hand(school, school.eva), school.lesson(school.course("7А", "Иностр", 1), date(2026, 9, 11))
    eva.declares(lesson, "test")
    eva.takes_attendance(lesson)
    assert session.scalar(select(func.count()).select_from(Expectation)) == 4


def test_a_markless_class_has_no_works(school):
    lesson = school.lesson(school.course("1А", "Матем"), FOURTEENTH)
    with pytest.raises(Refused, match="отметок не ставят"):
        Hand(school, school.eva).declares(lesson, "test")


def test_a_mark_meets_the_expectation_and_its_withdrawal_reopens_it(school, anna, maths, paper):
    anna.takes_attendance(maths(10))
    mark = anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    assert (mark.kind_id, mark.weight) == (paper.kind_id, 2)
    assert state(school, paper, school.vitya).startswith("met")
    anna.withdraws(mark)
    assert state(school, paper, school.vitya) == f"teacher {WEEK_AFTER_THE_TENTH} ·"


def test_a_second_mark_for_the_work_keeps_it_met(school, anna, maths, paper):
    anna.takes_attendance(maths(10))
    first = anna.puts(maths(10), school.vitya, "3", work_id=paper.id)
    anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    anna.withdraws(first)
    assert state(school, paper, school.vitya).startswith("met")


def test_a_mark_put_before_attendance_counts(school, anna, maths, paper):
    mark = anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    anna.takes_attendance(maths(10))
    assert state(school, paper, school.vitya).startswith("met")
    anna.withdraws(mark)
    assert state(school, paper, school.vitya).startswith("teacher")


def test_a_corrected_letter_changes_what_is_expected(school, anna, maths, paper):
    row = anna.notes(maths(10), school.vitya, "н")
    anna.takes_attendance(maths(10))
    anna.notes(maths(10), school.vitya, None, version=row.version)
    assert state(school, paper, school.vitya).startswith(f"teacher {WEEK_AFTER_THE_TENTH}")
    anna.notes(maths(10), school.vitya, "б")
    assert state(school, paper, school.vitya) == f"pupil · {TWO_WEEKS_AFTER_THE_TENTH}"


def test_a_letter_under_a_mark_changes_only_what_is_awaited_without_it(school, anna, maths, paper):
    """н and the mark both stay (R3)."""
    anna.takes_attendance(maths(10))
    mark = anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    anna.notes(maths(10), school.vitya, "н")
    assert state(school, paper, school.vitya).startswith("met")
    anna.withdraws(mark)
    assert state(school, paper, school.vitya).startswith("pupil")


# written later (R3)


def test_a_mark_of_an_absentee_was_received_at_his_latest_attended_lesson(school, anna, maths, paper):
    anna.notes(maths(10), school.vitya, "н")
    for day, code in ((10, "н"), (11, "н"), (14, None), (15, "о")):
        if code and day != 10:
            anna.notes(maths(day), school.vitya, code)
        anna.takes_attendance(maths(day))
    mark = anna.puts(maths(10), school.vitya, "4", work_id=paper.id)
    assert (mark.received_on, mark.received_reason, mark.days_taken) == (FIFTEENTH, "написал позже", 2)
    assert anna.notes(maths(10), school.vitya, "н").code == "н"


@pytest.mark.parametrize("code", ["н", "б", "у"])
def test_another_day_of_writing_can_be_given(school, anna, maths, paper, code):
    anna.notes(maths(10), school.vitya, code)
    anna.takes_attendance(maths(14))
    mark = anna.puts(maths(10), school.vitya, "4", work_id=paper.id, received_on=date(2026, 9, 16))
    assert (mark.received_on, mark.received_reason) == (date(2026, 9, 16), "написал позже")
    with pytest.raises(Refused, match="не позже дня"):
        anna.puts(maths(10), school.vitya, "4", work_id=paper.id, received_on=date(2026, 9, 18))


def test_a_work_written_on_the_day_itself_needs_no_reason(school, anna, maths, paper):
    """The letter was a slip, or stays for another part of the lesson."""
    anna.notes(maths(10), school.vitya, "н")
    mark = anna.puts(maths(10), school.vitya, "4", work_id=paper.id, received_on=TENTH)
    assert (mark.received_on, mark.received_reason) == (TENTH, "")


def test_a_mark_saved_on_the_day_beside_a_letter_says_that_it_was_written_later(school, anna, maths, paper):
    """R3: nobody has said when, so it is told and can be asked."""
    anna.notes(maths(10), school.vitya, "н")
    at = clock.at(TENTH, 15)
    mark = anna.puts(maths(10), school.vitya, "4", work_id=paper.id, at=at)
    assert (mark.received_on, mark.received_reason) == (TENTH, "написал позже")


def test_lessons_without_saved_attendance_are_not_known_to_be_attended(school, anna, maths, paper):
    """Then the mark was received on the day it is entered."""
    anna.notes(maths(10), school.vitya, "н")
    assert anna.puts(maths(10), school.vitya, "4", work_id=paper.id).received_on == date(2026, 9, 17)


def test_a_mark_for_no_work_was_received_at_its_lesson_even_beside_a_letter(school, anna, maths, paper):
    anna.notes(maths(10), school.vitya, "н")
    anna.takes_attendance(maths(14))
    assert anna.puts(maths(10), school.vitya, "4").received_on == TENTH


# «•» (R4)


def test_owed_work_stops_the_clock_and_handing_in_starts_it_again(school, anna, maths, paper):
    anna.takes_attendance(maths(10))
    who = {"actor_id": school.anna.id, "work_id": paper.id, "pupil_id": school.vitya.id, "now": clock.now()}
    works.owe(school.session, hand_in_by=date(2026, 9, 21), **who)
    assert state(school, paper, school.vitya) == "pupil · 2026-09-21"
    works.hand_in(school.session, on=date(2026, 9, 16), **who)
    assert state(school, paper, school.vitya) == "teacher 2026-09-23 2026-09-21"
    mark = anna.puts(maths(10), school.vitya, "4", work_id=paper.id)
    assert (mark.received_on, mark.days_taken, mark.received_reason) == (date(2026, 9, 16), 1, "написал позже")
    with pytest.raises(Refused, match="уже стоит отметка"):
        works.owe(school.session, hand_in_by=date(2026, 9, 21), **who)
    assert [verb for verb in ("expectation.owed", "expectation.handed_in") if len(records(school, verb)) == 1] == [
        "expectation.owed", "expectation.handed_in"]


def test_owed_once_more_the_former_handing_in_does_not_count(school, session, anna, maths, paper):
    anna.takes_attendance(maths(10))
    anna.takes_attendance(maths(17))
    who = {"actor_id": school.anna.id, "work_id": paper.id, "pupil_id": school.vitya.id, "now": clock.now()}
    works.owe(session, hand_in_by=date(2026, 9, 21), **who)
    works.hand_in(session, on=date(2026, 9, 12), **who)
    works.owe(session, hand_in_by=date(2026, 9, 22), **who)
    assert anna.puts(maths(10), school.vitya, "4", work_id=paper.id).received_on == date(2026, 9, 17)


def test_nothing_is_owed_where_a_mark_stands_before_attendance(school, anna, maths, paper):
    anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    with pytest.raises(Refused, match="уже стоит отметка"):
        works.owe(school.session, actor_id=school.anna.id, work_id=paper.id, pupil_id=school.vitya.id,
                  hand_in_by=date(2026, 9, 21), now=clock.now())


def test_a_mark_for_an_owed_work_was_received_at_the_latest_lesson(school, anna, maths, paper):
    anna.takes_attendance(maths(10))
    anna.takes_attendance(maths(15))
    works.owe(school.session, actor_id=school.anna.id, work_id=paper.id, pupil_id=school.vitya.id,
              hand_in_by=date(2026, 9, 21), now=clock.now())
    assert anna.puts(maths(10), school.vitya, "4", work_id=paper.id).received_on == FIFTEENTH


def test_a_released_pupil_owes_nothing_and_may_still_be_marked(school, anna, maths, paper):
    anna.notes(maths(10), school.vitya, "б")
    anna.takes_attendance(maths(10))
    for _ in range(2):
        works.release(school.session, actor_id=school.anna.id, work_id=paper.id, pupil_id=school.vitya.id,
                      now=clock.now())
    assert state(school, paper, school.vitya) == "released · ·"
    assert len(records(school, "expectation.released")) == 1
    anna.withdraws(anna.puts(maths(10), school.vitya, "4", work_id=paper.id))
    assert state(school, paper, school.vitya) == "released · ·"


def test_what_cannot_be_owed_or_handed_in(school, session, anna, maths, paper):
    anna.takes_attendance(maths(10))
    who = {"actor_id": school.anna.id, "work_id": paper.id, "pupil_id": school.vitya.id, "now": clock.now()}
    for told, act in (
            ("не раньше сегодняшнего", lambda: works.owe(session, hand_in_by=date(2026, 9, 16), **who)),
            ("внутри учебного года", lambda: works.owe(session, hand_in_by=date(2027, 9, 16), **who)),
            ("не задолжал", lambda: works.hand_in(session, on=date(2026, 9, 16), **who)),
            ("не позже сегодняшнего", lambda: works.hand_in(session, on=date(2026, 9, 18), **who)),
            ("не было в списке", lambda: works.release(session, **who | {"pupil_id": school.zoya.id})),
            ("работы уже нет", lambda: works.release(session, **who | {"work_id": 10**9}))):
        with pytest.raises(Refused, match=told):
            act()
    assert state(school, paper, school.vitya).startswith("teacher")


# changing and taking back a work


def test_declaring_under_the_same_key_is_once(school, session, anna, maths):
    first = anna.declares(maths(10), "test", key="w1")
    assert anna.declares(maths(10), "test", key="w1") is first
    assert session.scalar(select(func.count()).select_from(Work)) == 1


def test_a_works_marks_follow_its_kind_and_weight(school, session, anna, maths, paper):
    mark = anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    by_hand = anna.puts(maths(10), school.vitya, "3", work_id=paper.id, weight=1)
    works.change_work(session, actor_id=school.anna.id, work_id=paper.id, version=1, now=clock.now(),
                      settings=anna.settings, kind_id=school.kind("written").id, weight=3, title="Самостоятельная")
    assert (mark.kind_id, mark.weight, mark.version) == (school.kind("written").id, 3, 2)
    assert (by_hand.kind_id, by_hand.weight) == (school.kind("written").id, 1)
    assert [row.what for row in corrections_of(school, mark)] == ["described"]
    with pytest.raises(Stale):
        works.change_work(session, actor_id=school.anna.id, work_id=paper.id, version=1, now=clock.now(),
                          settings=anna.settings, weight=5)
    with pytest.raises(Refused, match="у самой работы"):
        anna.describes(mark, kind_id=school.kind("oral").id)


def test_a_work_with_marks_is_not_taken_back(school, session, anna, maths, paper):
    anna.takes_attendance(maths(10))
    mark = anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    take_back = {"actor_id": school.anna.id, "work_id": paper.id, "version": 1, "now": clock.now()}
    with pytest.raises(Refused, match="стоят отметки"):
        works.withdraw_work(session, **take_back)
    anna.withdraws(mark)
    works.withdraw_work(session, **take_back)
    assert state(school, paper, school.person("Ким", "Софья")) == "released · ·"
    with pytest.raises(Refused, match="работы в уроке уже нет"):
        anna.puts(maths(10), school.vitya, "5", work_id=paper.id)
    with pytest.raises(Refused, match="работы уже нет"):
        works.withdraw_work(session, **take_back)


def test_a_mark_moved_to_another_work_is_awaited_where_it_stood(school, anna, maths, paper):
    other = anna.declares(maths(10), "written")
    anna.takes_attendance(maths(10))
    mark = anna.puts(maths(10), school.vitya, "5", work_id=other.id)
    anna.moves(mark, "work", work_id=paper.id)
    assert (mark.kind_id, mark.weight) == (paper.kind_id, 2)
    assert state(school, other, school.vitya).startswith("teacher")
    assert state(school, paper, school.vitya).startswith("met")


# handing an assignment over (R6)


def test_open_items_go_to_the_new_teacher_with_seven_days(school, session, anna, maths, paper):
    anna.takes_attendance(maths(10))
    done = anna.puts(maths(10), school.person("Ким", "Софья"), "5", work_id=paper.id)
    moved = works.hand_over(session, actor_id=school.dina.id, course_id=maths(10).course_id,
                            from_teacher_id=school.anna.id, to_teacher_id=school.boris.id, on=date(2026, 9, 21),
                            now=clock.now())
    assert moved == 7
    row = expected_of(school, paper, school.vitya)
    assert (row.responsible_id, row.due_on) == (school.boris.id, date(2026, 9, 28))
    assert done.responsible_id == school.anna.id
    boris = Hand(school, school.boris)
    within = boris.puts(maths(10), school.vitya, "5", work_id=paper.id, at=clock.at(date(2026, 9, 28), 12))
    assert (within.days_taken, within.responsible_id) == (18, school.anna.id)  # that lateness was there before
    after = boris.puts(maths(10), school.person("Белова", "Дарья"), "5", work_id=paper.id,
                       at=clock.at(date(2026, 9, 29), 12))
    assert after.responsible_id == school.boris.id


def test_a_change_noted_afterwards_gives_seven_days_from_today(school, session, anna, maths, paper):
    anna.takes_attendance(maths(10))
    works.hand_over(session, actor_id=school.dina.id, course_id=maths(10).course_id, from_teacher_id=None,
                    to_teacher_id=school.boris.id, on=date(2026, 9, 1), now=clock.now())
    assert expected_of(school, paper, school.vitya).due_on == date(2026, 9, 24)


def test_what_a_substitute_left_open_stays_the_substitutes(school, session, anna, maths):
    maths(10).teacher_id, maths(10).substitutes_id = school.eva.id, school.anna.id
    session.flush()
    work = anna.declares(maths(10), "test")
    anna.takes_attendance(maths(10))
    assert works.hand_over(session, actor_id=school.dina.id, course_id=maths(10).course_id,
                           from_teacher_id=school.anna.id, to_teacher_id=school.boris.id, on=date(2026, 9, 21),
                           now=clock.now()) == 0
    assert expected_of(school, work, school.vitya).responsible_id == school.eva.id
