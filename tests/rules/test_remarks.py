"""R61: what becomes of a remark, and what may be done with it."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.remarks import rules
from ejd.remarks.rules import State

TODAY = date(2026, 9, 17)


@pytest.mark.parametrize(("answered", "closed", "withdrawn", "due_on", "state"), [
    (False, False, False, None, State.OPEN),
    (False, False, False, date(2026, 9, 17), State.OPEN),  # the last day itself
    (False, False, False, date(2026, 9, 16), State.OVERDUE),
    (True, False, False, date(2026, 9, 16), State.ANSWERED),
    (True, True, False, date(2026, 9, 16), State.CLOSED),
    (False, True, False, None, State.CLOSED),  # mended without a word
    (True, True, True, None, State.WITHDRAWN),
])
def test_where_a_remark_stands(answered, closed, withdrawn, due_on, state):
    assert rules.state_of(answered=answered, closed=closed, withdrawn=withdrawn, due_on=due_on, today=TODAY) is state


@pytest.mark.parametrize(("state", "answer", "close", "back"), [
    (State.OPEN, True, True, False),
    (State.OVERDUE, True, True, False),
    (State.ANSWERED, True, True, True),
    (State.CLOSED, False, False, True),
    (State.WITHDRAWN, False, False, False),
])
def test_what_may_be_done_in_each_state(state, answer, close, back):
    allowed = [reason is None for reason in (rules.why_no_answer(state), rules.why_not_closed(state),
                                             rules.why_not_sent_back(state))]
    assert allowed == [answer, close, back]


@pytest.mark.parametrize(("due_on", "allowed"), [
    (None, True), (date(2026, 9, 17), True), (date(2026, 9, 16), False), (date(2027, 9, 17), True),
    (date(2028, 1, 1), False),
])
def test_until_when_a_teacher_is_given(due_on, allowed):
    assert (rules.why_not_due(due_on, TODAY) is None) is allowed


@pytest.mark.parametrize(("first", "last", "said"), [
    (date(2026, 9, 1), date(2026, 9, 30), None),
    (date(2026, 9, 15), date(2026, 9, 14), "раньше первого"),
    (date(2026, 9, 18), date(2026, 9, 20), "ещё не было"),
])
def test_a_page_of_the_journal_has_begun(first, last, said):
    reason = rules.why_no_page(first, last, TODAY)
    assert reason is None if said is None else said in reason
