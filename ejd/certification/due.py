"""When printed journals are to be certified, and what a certified copy is worth (R50, R52). Pure.

A class is certified by the quarters of the school's calendar, whatever terms it is marked by (trimesters where there
are no quarters), and once more for the whole year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ejd.school.calendar import main_scheme
from ejd.school.keeping import is_over
from ejd.words import counted, long_date

WHOLE_YEAR = "Год"
COVERS = 10  # sheets of covers, titles and blank pages that a bound copy may have besides


@dataclass(frozen=True, slots=True)
class Period:
    """What a copy is of: a quarter, or the year (`term_id` None)."""

    term_id: int | None
    name: str
    first: date
    last: date


class State(StrEnum):
    """How a class stands in a period, from nothing to be done to what is late."""

    AHEAD = "ahead"  # has not ended
    BEFORE_LAUNCH = "before_launch"  # ended before the school began with the program
    DUE = "due"
    OVERDUE = "overdue"
    CERTIFIED = "certified"
    OUT_OF_DATE = "out_of_date"  # certified, and changed since


OWED = frozenset({State.DUE, State.OVERDUE, State.CERTIFIED, State.OUT_OF_DATE})  # to be certified by now, or certified
IN_WORDS = {
    State.AHEAD: "ещё рано",
    State.BEFORE_LAUNCH: "до начала ведения",
    State.DUE: "пора заверить",
    State.OVERDUE: "просрочено",
    State.CERTIFIED: "заверен",
    State.OUT_OF_DATE: "устарел",
}


def periods(terms: Sequence[tuple[str, Period]], year: Period) -> list[Period]:
    """The periods to be certified: the school's usual terms in order, then the year."""
    main = main_scheme(scheme for scheme, _ in terms)
    return [*sorted((period for scheme, period in terms if scheme == main), key=lambda period: period.first), year]


def overdue_from(last: date, days: int) -> date:
    """The first day on which it is late: with ten days, from the eleventh day after the period's end."""
    return last + timedelta(days=days + 1)


def state_of(period: Period, *, today: date, days: int, launched: date | None, certified: bool,
             changed: bool) -> State:
    """Before its launch date a school owes nothing, and of journals whose time is over nothing any more (R54); a copy
    that is certified all the same counts."""
    if certified:
        return State.OUT_OF_DATE if changed else State.CERTIFIED
    if today <= period.last:
        return State.AHEAD
    if launched is None or period.last < launched or is_over(period.last, today)[0]:
        return State.BEFORE_LAUNCH
    return State.OVERDUE if today >= overdue_from(period.last, days) else State.DUE


def fewest_sheets(pages: int) -> int:
    """Of a copy printed on both sides."""
    return -(-pages // 2)


def why_not_sheets(sheets: int | None, pages: int) -> str | None:
    """Why a copy of so many pages has not so many sheets, or None."""
    low, high = fewest_sheets(pages), pages + COVERS
    if sheets is None or not low <= sheets <= high:
        return f"Сосчитайте листы: при {counted(pages, 'странице', 'страницах', 'страницах')} их от {low} до {high}"
    return None


def why_not_certified(*, last: date, printed_on: date, certified_on: date, today: date,
                      changed: bool) -> tuple[str, str] | None:
    """The field and the sentence why a copy cannot be certified, or None."""
    if changed:
        return "copy", "журнал изменился после этой печати: напечатайте его снова"
    if printed_on < last:
        return "copy", f"напечатано до конца периода, {long_date(last)}: напечатайте снова"
    if not printed_on <= certified_on <= today:
        return "certified_on", "Дата заверения – не раньше печати и не позже сегодняшнего дня"
    return None
