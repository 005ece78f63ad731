"""What a declared work expects of each pupil, and what a cell says of it (R4). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from ejd.school.catalogue import WEEK
from ejd.words import day

# [practice] A pupil who was away has two weeks, unless the teacher names another day.
TIME_TO_HAND_IN = timedelta(days=14)


class Presence(StrEnum):
    """What a cell says of attendance (R10); nothing there means present once attendance was saved."""

    ABSENT = "н"
    ILL = "б"
    EXCUSED = "у"
    LATE = "о"


AWAY = frozenset({Presence.ABSENT, Presence.ILL, Presence.EXCUSED})  # «о» came, if late


class Awaiting(StrEnum):
    """What a declared work expects of one pupil."""

    TEACHER = "teacher"  # awaited from the teacher until `due_on`
    PUPIL = "pupil"  # «•»: owed by the pupil, with a hand-in date
    RELEASED = "released"  # nothing is expected any more
    MET = "met"  # a mark stands
    CLOSED = "closed"  # cut off when its term was closed (R8)


class Cell(StrEnum):
    """What is expected in a cell; a mark or letter may stand there besides."""

    NOTHING = "nothing"
    AWAITED = "awaited"
    OVERDUE = "overdue"
    OWED = "owed"


def is_away(code: str | None) -> bool:
    return code in AWAY


def first_awaiting(*, code: str | None, exempt: bool, mark_stands: bool) -> Awaiting | None:
    """What a work declared for the class expects of a pupil in its list, once attendance was saved; None: nothing.

    Who is exempt is present and expects no mark; who was away owes the work.
    """
    if mark_stands:
        return Awaiting.MET
    if exempt:
        return None
    return Awaiting.PUPIL if is_away(code) else Awaiting.TEACHER


def after_attendance(awaiting: str, *, was_away: bool, away: bool) -> Awaiting | None:
    """What a correction of attendance makes of an expectation; None: it stays as it is.

    A mark that stands and a release stay whatever the letter says.
    """
    if awaiting == Awaiting.TEACHER and away and not was_away:
        return Awaiting.PUPIL
    if awaiting == Awaiting.PUPIL and was_away and not away:
        return Awaiting.TEACHER
    return None


def reopened(*, due_on: date | None, hand_in_by: date | None) -> Awaiting:
    """What is awaited again once the mark was withdrawn: the days that are kept tell what was awaited before."""
    if due_on is not None:
        return Awaiting.TEACHER
    return Awaiting.PUPIL if hand_in_by is not None else Awaiting.RELEASED


def hand_in_day(lesson_day: date) -> date:
    """Until when an absentee is asked to hand a work in, when nobody said otherwise."""
    return lesson_day + TIME_TO_HAND_IN


def due_after_handing_over(due_on: date, today: date) -> date:
    """The new teacher has seven days before an open item counts against him (R6)."""
    return max(due_on, today + timedelta(days=WEEK))


def who_answers(*, taught_by: int, open_item_of: int, due_on: date | None, days_late: int, entered_on: date) -> int:
    """Whose mark it is in the figures (R6): of who has the open item, who taught the lesson if nobody took it over.

    A mark that was late within the new teacher's own days is the former's lateness.
    """
    return taught_by if days_late and due_on is not None and entered_on <= due_on else open_item_of


def cell_of(awaiting: str | None, due_on: date | None, today: date) -> Cell:
    """The cell's state on a day; `awaiting` None: no expectation is there."""
    if awaiting == Awaiting.PUPIL:
        return Cell.OWED
    if awaiting != Awaiting.TEACHER:
        return Cell.NOTHING
    return Cell.OVERDUE if due_on is not None and due_on < today else Cell.AWAITED


def sentence_for_teacher(cell: Cell, due_on: date | None) -> str:
    """What the teacher reads of a mark not put yet; without `due_on` nobody is held to a day (R7)."""
    if due_on is None:
        return "ждёт отметки"
    return f"отметки нет, срок был {day(due_on)}" if cell is Cell.OVERDUE else f"ждёт отметки до {day(due_on)}"


def sentence_of_expectation(cell: Cell, *, due_on: date | None, hand_in_by: date | None, today: date) -> str:
    """What families read, and never a bare «просрочено»; empty when nothing is expected.

    Without `due_on` the teacher has no term: control had not begun (R7).
    """
    if cell is Cell.NOTHING:
        return ""
    if cell is Cell.OWED:
        if hand_in_by is None:
            return "работа не сдана"
        return f"работа не сдана, {'срок сдачи был' if hand_in_by < today else 'сдать до'} {day(hand_in_by)}"
    told = "учитель ещё не выставил"
    if due_on is None:
        return told
    return f"{told}, срок {'был' if cell is Cell.OVERDUE else 'до'} {day(due_on)}"
