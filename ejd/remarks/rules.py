"""What becomes of a remark on the journal (R61): open, answered, closed; what may be done with it in each state.
Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

LONGEST = 1000
A_YEAR = timedelta(days=366)


class State(StrEnum):
    """Overdue is open past its day."""

    OPEN = "open"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATE_NAMES = {
    State.OPEN: "ждёт ответа",
    State.OVERDUE: "срок вышел",
    State.ANSWERED: "есть ответ",
    State.CLOSED: "закрыто",
    State.WITHDRAWN: "снято",
}


def state_of(*, answered: bool, closed: bool, withdrawn: bool, due_on: date | None, today: date) -> State:
    """Where a remark stands; the last day itself is still in time."""
    if withdrawn:
        return State.WITHDRAWN
    if closed:
        return State.CLOSED
    if answered:
        return State.ANSWERED
    return State.OVERDUE if due_on is not None and due_on < today else State.OPEN


def why_no_answer(state: State) -> str | None:
    """Why the teacher may not answer now, or None: an answer may be worded anew until the remark is closed."""
    return {State.CLOSED: "Замечание уже закрыто: отвечать больше не нужно",
            State.WITHDRAWN: "Замечание снято: отвечать не нужно"}.get(state)


def why_not_closed(state: State) -> str | None:
    """Why it may not be closed: without an answer too it may be, for what was mended is seen in the journal."""
    return {State.CLOSED: "Замечание уже закрыто", State.WITHDRAWN: "Замечание снято"}.get(state)


def why_not_sent_back(state: State) -> str | None:
    """Only what was answered, or closed too early, goes back to the teacher."""
    if state in {State.ANSWERED, State.CLOSED}:
        return None
    return "Замечание снято" if state is State.WITHDRAWN else "Ответа ещё нет: возвращать нечего"


def why_not_due(due_on: date | None, today: date) -> str | None:
    """Why a teacher can't be given that day, or None."""
    if due_on is not None and not today <= due_on <= today + A_YEAR:
        return "Срок – сегодня или позже, не дальше года"
    return None


def why_no_page(first: date, last: date, today: date) -> str | None:
    """Why there is no such page of the journal, or None."""
    if last < first:
        return "Последний день раньше первого: поменяйте даты местами"
    return "Этих уроков ещё не было" if first > today else None
