"""What a declared work expects and what a cell says of it: R4, R6."""

from datetime import date

import pytest

from ejd.journal.expecting import (
    Awaiting,
    Cell,
    after_attendance,
    cell_of,
    due_after_handing_over,
    first_awaiting,
    hand_in_day,
    is_away,
    reopened,
    sentence_of_expectation,
    who_answers,
)

TEACHER, PUPIL, RELEASED, MET = Awaiting.TEACHER, Awaiting.PUPIL, Awaiting.RELEASED, Awaiting.MET


@pytest.mark.parametrize(("code", "exempt", "mark_stands", "expected"), [
    (None, False, False, TEACHER),  # a blank, once attendance was saved
    ("о", False, False, TEACHER),  # late, but present
    ("н", False, False, PUPIL),
    ("б", False, False, PUPIL),
    ("у", False, False, PUPIL),
    (None, True, False, None),  # «осв»: present, no mark expected
    (None, True, True, MET),  # but one is possible
    (None, False, True, MET),
    ("н", False, True, MET),  # н and the mark both stay
    ("н", True, False, None),
])
def test_what_is_expected_once_attendance_was_saved(code, exempt, mark_stands, expected):
    assert first_awaiting(code=code, exempt=exempt, mark_stands=mark_stands) is expected


@pytest.mark.parametrize(("awaiting", "was_away", "away", "becomes"), [
    (PUPIL, True, False, TEACHER),
    (TEACHER, False, True, PUPIL),
    (TEACHER, False, False, None),
    (PUPIL, True, True, None),  # н becomes б: still away
    (PUPIL, False, True, None),
    (PUPIL, False, False, None),  # «•» of a pupil who was there
    (RELEASED, True, False, None),
    (MET, True, False, None),
    (TEACHER, True, True, None),  # handed in since
])
def test_a_correction_of_attendance(awaiting, was_away, away, becomes):
    assert after_attendance(awaiting, was_away=was_away, away=away) is becomes


@pytest.mark.parametrize(("due_on", "hand_in_by", "again"), [
    (date(2026, 9, 17), None, TEACHER),
    (date(2026, 9, 17), date(2026, 9, 24), TEACHER),  # handed in since
    (None, date(2026, 9, 24), PUPIL),
    (None, None, RELEASED),
])
def test_what_is_awaited_again_when_the_mark_is_withdrawn(due_on, hand_in_by, again):
    assert reopened(due_on=due_on, hand_in_by=hand_in_by) is again


DUE, HAND_IN = date(2026, 9, 17), date(2026, 9, 24)


@pytest.mark.parametrize(("awaiting", "today", "cell", "told"), [
    (None, DUE, Cell.NOTHING, ""),
    (MET, DUE, Cell.NOTHING, ""),
    (RELEASED, DUE, Cell.NOTHING, ""),
    (TEACHER, date(2026, 9, 10), Cell.AWAITED, "учитель ещё не выставил, срок до 17 сентября"),
    (TEACHER, DUE, Cell.AWAITED, "учитель ещё не выставил, срок до 17 сентября"),
    (TEACHER, date(2026, 9, 18), Cell.OVERDUE, "учитель ещё не выставил, срок был 17 сентября"),
    (PUPIL, date(2026, 9, 18), Cell.OWED, "работа не сдана, сдать до 24 сентября"),
    (PUPIL, HAND_IN, Cell.OWED, "работа не сдана, сдать до 24 сентября"),
    (PUPIL, date(2026, 9, 25), Cell.OWED, "работа не сдана, срок сдачи был 24 сентября"),  # never the teacher's
])
def test_a_cell_is_one_of_four(awaiting, today, cell, told):
    due_on = None if awaiting is PUPIL else DUE
    assert cell_of(awaiting, due_on, today) is cell
    sentence = sentence_of_expectation(cell, due_on=due_on, hand_in_by=HAND_IN, today=today)
    assert sentence.replace("\u00a0", " ") == told
    assert "просрочено" not in sentence


@pytest.mark.parametrize(("cell", "told"), [
    (Cell.AWAITED, "учитель ещё не выставил"),
    (Cell.OVERDUE, "учитель ещё не выставил"),
    (Cell.OWED, "работа не сдана"),
])
def test_without_a_day_none_is_told(cell, told):
    """R7: before the launch date a teacher has no term."""
    assert sentence_of_expectation(cell, due_on=None, hand_in_by=None, today=DUE) == told


def test_an_absentee_has_two_weeks():
    assert hand_in_day(date(2026, 9, 10)) == date(2026, 9, 24)


def test_who_came_late_was_not_away():
    assert [code for code in ("н", "б", "у", "о", None) if is_away(code)] == ["н", "б", "у"]


@pytest.mark.parametrize(("due_on", "today", "expected"), [
    (date(2026, 9, 10), date(2026, 9, 17), date(2026, 9, 24)),  # was overdue with the former teacher
    (date(2026, 9, 18), date(2026, 9, 17), date(2026, 9, 24)),
    (date(2026, 9, 30), date(2026, 9, 17), date(2026, 9, 30)),
])
def test_a_new_teacher_has_seven_days(due_on, today, expected):
    assert due_after_handing_over(due_on, today) == expected


FORMER, NEW = 1, 2


@pytest.mark.parametrize(("due_on", "days_late", "entered_on", "answers"), [
    (date(2026, 9, 24), 0, date(2026, 9, 16), NEW),
    (date(2026, 9, 24), 5, date(2026, 9, 24), FORMER),  # late, but within the new teacher's own days
    (date(2026, 9, 24), 6, date(2026, 9, 25), NEW),
    (None, 3, date(2026, 9, 25), NEW),  # the pupil's clock stood still
])
def test_lateness_that_already_happened_stays_with_the_former_teacher(due_on, days_late, entered_on, answers):
    assert who_answers(taught_by=FORMER, open_item_of=NEW, due_on=due_on, days_late=days_late,
                       entered_on=entered_on) == answers
