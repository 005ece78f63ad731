"""What the journal refuses, and on which day a mark was received: R1, R3, R6, R8, R10, R14."""

from datetime import date

import pytest

from ejd.journal.marking import (
    VALUES,
    Occasion,
    Received,
    Refusal,
    Scheme,
    received_later,
    refusal_of_day,
    refusal_of_value,
    refusal_to_mark,
    refusal_to_note_presence,
    refusal_to_take_attendance,
)

FIVE_POINT = Scheme()
WITH_ONES = Scheme(ones=True)
PASS_FAIL = Scheme(pass_fail=True)
MARKLESS = Scheme(markless=True)


def occasion(**more):
    return Occasion(**({"begun": True, "cancelled": False, "member": True, "scheme": FIVE_POINT} | more))


@pytest.mark.parametrize(("where", "refusal"), [
    (occasion(), None),
    (occasion(begun=False), Refusal.NOT_BEGUN),
    (occasion(cancelled=True), Refusal.CANCELLED),
    (occasion(member=False), Refusal.NOT_A_MEMBER),
    (occasion(scheme=MARKLESS), Refusal.MARKLESS),
    (occasion(scheme=PASS_FAIL), None),
    (occasion(cancelled=True, begun=False), Refusal.CANCELLED),  # a cancelled lesson never begins
])
def test_where_a_mark_can_stand(where, refusal):
    assert refusal_to_mark(where) is refusal


@pytest.mark.parametrize(("scheme", "allowed"), [
    (FIVE_POINT, {"5", "4", "3", "2", "зач", "незач"}),
    (WITH_ONES, {"5", "4", "3", "2", "1", "зач", "незач"}),
    (PASS_FAIL, {"зач", "незач"}),
])
def test_values_by_scheme(scheme, allowed):
    asked = (*VALUES, "6", "0", "", "5 ", "н", "•", "5.0", "зачёт")
    assert {value for value in asked if refusal_of_value(value, scheme) is None} == allowed


def test_the_one_is_refused_by_name():
    assert refusal_of_value("1", FIVE_POINT) is Refusal.NO_ONES
    assert refusal_of_value("5", PASS_FAIL) is Refusal.PASS_FAIL_ONLY


LESSON, TODAY = date(2026, 9, 10), date(2026, 9, 17)
YEAR = (date(2026, 9, 1), date(2027, 5, 26))


@pytest.mark.parametrize(("received", "refusal"), [
    (Received(LESSON), None),
    (Received(date(2026, 9, 15)), Refusal.RECEIVED_WITHOUT_REASON),
    (Received(date(2026, 9, 15), "написал позже"), None),
    (Received(date(2026, 9, 3), "сдал заранее"), None),
    (Received(TODAY, "сдал сегодня"), None),
    (Received(date(2026, 9, 18), "сдаст завтра"), Refusal.RECEIVED_LATER_THAN_ENTERED),
    (Received(date(2026, 8, 31), "летом"), Refusal.RECEIVED_OUTSIDE_YEAR),
])
def test_the_day_a_mark_was_received(received, refusal):
    assert refusal_of_day(received, lesson_day=LESSON, entered_on=TODAY, year=YEAR) is refusal


@pytest.mark.parametrize(("given", "handed_in", "attended", "expected"), [
    (None, None, date(2026, 9, 15), Received(date(2026, 9, 15), "написал позже")),
    (None, date(2026, 9, 14), date(2026, 9, 15), Received(date(2026, 9, 14), "написал позже")),
    (date(2026, 9, 11), date(2026, 9, 14), date(2026, 9, 15), Received(date(2026, 9, 11), "написал позже")),
    (None, None, None, Received(TODAY, "написал позже")),
])
def test_when_was_it_written(given, handed_in, attended, expected):
    assert received_later(given, "", handed_in_on=handed_in, attended_on=attended, entered_on=TODAY) == expected


def test_the_teachers_own_reason_stands():
    later = received_later(None, "писал дома", handed_in_on=None, attended_on=LESSON, entered_on=TODAY)
    assert later == Received(LESSON, "писал дома")


@pytest.mark.parametrize(("day_came", "cancelled", "member", "refusal"), [
    (True, False, True, None),
    (False, False, True, Refusal.DAY_NOT_COME),
    (True, True, True, Refusal.CANCELLED),
    (True, False, False, Refusal.NOT_A_MEMBER),
])
def test_absence_is_noted_from_the_day_of_the_lesson(day_came, cancelled, member, refusal):
    assert refusal_to_note_presence(day_came=day_came, cancelled=cancelled, member=member) is refusal


@pytest.mark.parametrize(("day_came", "begun", "cancelled", "refusal"), [
    (True, True, False, None),
    (True, False, False, Refusal.NOT_BEGUN_TO_CALL),
    (False, False, False, Refusal.DAY_NOT_COME),
    (True, True, True, Refusal.CANCELLED),
])
def test_attendance_is_taken_once_the_lesson_has_begun(day_came, begun, cancelled, refusal):
    assert refusal_to_take_attendance(day_came=day_came, begun=begun, cancelled=cancelled) is refusal


def test_a_refusal_knows_its_field():
    assert Refusal.NO_ONES.field == "value"
    assert Refusal.RECEIVED_WITHOUT_REASON.field == "received_reason"
    assert Refusal.NOT_BEGUN.field is None
