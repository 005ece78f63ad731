"""Whether the journal accepts a mark, or a word about attendance, and on which day a mark was received. Pure.

Refusals are of the moment and the pupil (R1, R3, R6, R8, R10, R14); whose lesson it is was decided by the loader.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

FIVE_POINT = ("5", "4", "3", "2", "1")
PASS_FAIL = ("зач", "незач")
VALUES = FIVE_POINT + PASS_FAIL
WRITTEN_LATER = "написал позже"
RETAKEN = "пересдача"
# Why a mark is moved (R3). Codes, because the history of marks holds no free text.
MOVE_REASONS = {"pupil": "поставлена не тому ученику", "lesson": "поставлена не в тот урок",
                "work": "поставлена не за ту работу"}


class Refusal(StrEnum):
    """Why it is not accepted; the value is shown to the teacher."""

    CANCELLED = "Урок отменён или перенесён: записать в него ничего нельзя"
    NOT_BEGUN = "Урок ещё не начался: отметку ставят после его начала"
    NOT_BEGUN_TO_CALL = "Урок ещё не начался: посещаемость отмечают на уроке"
    DAY_NOT_COME = "День урока ещё не наступил"
    NOT_A_MEMBER = "В день урока этого ученика не было в списке класса или группы"
    MARKLESS = "По этому предмету в этом классе отметок не ставят"
    NO_SUCH_VALUE = "Такой отметки нет. Ставят 5, 4, 3, 2, зач или незач"
    NO_ONES = "Отметку «1» в этой школе не ставят"
    PASS_FAIL_ONLY = "По этому предмету ставят зач или незач"
    RECEIVED_LATER_THAN_ENTERED = "День получения – не позже дня, когда отметку внесли"
    RECEIVED_OUTSIDE_YEAR = "День получения отметки – внутри учебного года"
    RECEIVED_WITHOUT_REASON = "Отметка получена не в день урока: укажите причину"
    RETAKEN_BEFORE = "Пересдача – не раньше дня, когда получена первая отметка"
    BEFORE_ITS_LESSON = "Отметка внесена раньше начала этого урока: удалите её и поставьте заново"
    NO_SUCH_CODE = "Такого обозначения нет. Посещаемость отмечают буквами н, б, у, о"

    @property
    def field(self) -> str | None:
        """The form field beside which the sentence belongs."""
        return FIELDS.get(self)


FIELDS = {
    Refusal.NO_SUCH_VALUE: "value", Refusal.NO_ONES: "value", Refusal.PASS_FAIL_ONLY: "value",
    Refusal.RECEIVED_LATER_THAN_ENTERED: "received_on", Refusal.RECEIVED_OUTSIDE_YEAR: "received_on",
    Refusal.RECEIVED_WITHOUT_REASON: "received_reason", Refusal.RETAKEN_BEFORE: "received_on",
    Refusal.NO_SUCH_CODE: "code",
}


class Scheme(NamedTuple):
    """How the subject is marked in the class (R10, R14)."""

    markless: bool = False
    pass_fail: bool = False
    ones: bool = False  # «1» is a setting


class Occasion(NamedTuple):
    """The lesson as a mark for one pupil sees it at one moment."""

    begun: bool
    cancelled: bool
    member: bool  # in the class or group on the lesson's day
    scheme: Scheme


class Received(NamedTuple):
    """The day a mark was received, and why when it isn't the lesson's."""

    on: date
    reason: str = ""


def refusal_to_mark(occasion: Occasion) -> Refusal | None:
    """The first reason why no mark can stand there, or None."""
    if occasion.cancelled:
        return Refusal.CANCELLED
    if not occasion.begun:
        return Refusal.NOT_BEGUN
    if not occasion.member:
        return Refusal.NOT_A_MEMBER
    if occasion.scheme.markless:
        return Refusal.MARKLESS
    return None


def refusal_of_value(value: str, scheme: Scheme) -> Refusal | None:
    """Whether the scheme knows the value (R10): «зач» may stand among figures, figures not among «зач»."""
    if value not in VALUES:
        return Refusal.PASS_FAIL_ONLY if scheme.pass_fail else Refusal.NO_SUCH_VALUE
    if scheme.pass_fail and value not in PASS_FAIL:
        return Refusal.PASS_FAIL_ONLY
    if value == "1" and not scheme.ones:
        return Refusal.NO_ONES
    return None


def offered(scheme: Scheme) -> list[str]:
    """The values that may be put, for a form to choose from."""
    return [value for value in VALUES if refusal_of_value(value, scheme) is None]


def refusal_of_day(received: Received, *, lesson_day: date, entered_on: date,
                   year: tuple[date, date]) -> Refusal | None:
    """Whether the mark can have been received on that day (R3)."""
    if received.on > entered_on:
        return Refusal.RECEIVED_LATER_THAN_ENTERED
    if not year[0] <= received.on <= year[1]:
        return Refusal.RECEIVED_OUTSIDE_YEAR
    if received.on != lesson_day and not received.reason:
        return Refusal.RECEIVED_WITHOUT_REASON
    return None


def received_later(given: date | None, reason: str, *, handed_in_on: date | None, attended_on: date | None,
                   entered_on: date) -> Received:
    """«Когда написал?» (R3): the day given, else the day the work was handed in, else the pupil's latest attended
    lesson of the subject, else the day of entering."""
    return Received(given or handed_in_on or attended_on or entered_on, reason or WRITTEN_LATER)


def received_again(given: date | None, reason: str, *, entered_on: date) -> Received:
    """When a re-take was received: on the day given, else on the day it is entered (R11)."""
    return Received(given or entered_on, reason or RETAKEN)


def refusal_of_retake(received_on: date, *, first_on: date) -> Refusal | None:
    """A re-take comes after what it mends (R11)."""
    return Refusal.RETAKEN_BEFORE if received_on < first_on else None


def refusal_to_take_attendance(*, day_came: bool, begun: bool, cancelled: bool) -> Refusal | None:
    """Blanks can count as present only of a lesson that has begun (R4)."""
    if cancelled:
        return Refusal.CANCELLED
    if not day_came:
        return Refusal.DAY_NOT_COME
    return None if begun else Refusal.NOT_BEGUN_TO_CALL


def refusal_to_note_presence(*, day_came: bool, cancelled: bool, member: bool) -> Refusal | None:
    """Absences are recorded from the day of the lesson on (R6)."""
    if cancelled:
        return Refusal.CANCELLED
    if not day_came:
        return Refusal.DAY_NOT_COME
    return None if member else Refusal.NOT_A_MEMBER
