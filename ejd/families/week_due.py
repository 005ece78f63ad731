"""Who is due a weekly sheet, for which week, until when (R21). Pure.

A sheet covers an ISO week (R9) and is due by the end of the first school day after it. A week in which the pupil's
class gave no lesson owes none. What counts is the form of service on the week's last day, or on the pupil's last day in
a class when he left in its middle: whoever took up paper is told of the whole week, whoever went back to the internet
reads it there. Who moved to another class gets one sheet, of the class that gave him the week's last lessons.

What has come since counts on the day it is given: who refuses meanwhile is told as a refuser, without homework, and
whom a court has limited is given nothing any more (R23).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ejd.families.provision import Form
from ejd.school.calendar import ClassCalendar, monday_of

SIX_DAYS, SEVEN_DAYS = timedelta(days=6), timedelta(days=7)
ON_PAPER = frozenset({Form.PAPER.value, Form.REFUSED.value})


class Amiss(StrEnum):
    """Why a sheet that was printed is not to be handed out; the value is shown."""

    HOMEWORK = "напечатан до отказа, домашние задания в нём не положены"
    LIMITED = "доступ ограничен по решению суда, лист не выдаётся"


@dataclass(frozen=True, slots=True)
class Served:
    """The form of service of a guardian for a child, from–to; both days included."""

    guardian_id: int
    pupil_id: int
    form: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A pupil's days in a class."""

    pupil_id: int
    class_id: int
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Taught:
    """What a class needs to know of itself: its calendar, and when the last lesson of each of its days ends."""

    calendar: ClassCalendar
    ends: Mapping[date, datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """A sheet that is owed. It can be printed when the week's last lesson is over."""

    guardian_id: int
    pupil_id: int
    class_id: int
    monday: date
    form: str
    since: date  # from when the guardian has been told on paper without a break
    ready_at: datetime
    due_on: date
    stopped_on: date | None = None  # from when a court has limited the guardian, who still is limited

    @property
    def stopped(self) -> bool:
        """Nothing is given any more."""
        return self.stopped_on is not None

    @property
    def stopped_in_time(self) -> bool:
        """The limit came before the sheet's last day was over: it was not owed then."""
        return self.stopped_on is not None and self.stopped_on <= self.due_on

    @property
    def sunday(self) -> date:
        return self.monday + SIX_DAYS

    @property
    def once(self) -> bool:
        """Exactly one sheet a week, not just one at least."""
        return self.form == Form.REFUSED


def sheets_owed(served: Iterable[Served], placed: Iterable[Placed], classes: Mapping[int, Taught], *,
                first: date, last: date, today: date) -> list[Due]:
    """Every sheet of the weeks that begin between two days, week by week, as it would be given today."""
    forms: dict[tuple[int, int], list[Served]] = {}
    for one in served:
        forms.setdefault((one.guardian_id, one.pupil_id), []).append(one)
    places: dict[int, list[Placed]] = {}
    for place in placed:
        places.setdefault(place.pupil_id, []).append(place)
    found = []
    monday = monday_of(first) if monday_of(first) >= first else monday_of(first) + SEVEN_DAYS
    while monday <= last:
        weeks = {pupil_id: _place_of_week(monday, of_pupil, classes) for pupil_id, of_pupil in places.items()}
        for (guardian_id, pupil_id), spans in forms.items():
            week = weeks.get(pupil_id)
            span = next((one for one in spans if week and holds(one, week[1])), None)
            if week and span and span.form in ON_PAPER:
                taught, now = classes[week[0]], {one.form: one.from_on for one in spans if holds(one, today)}
                found.append(Due(guardian_id, pupil_id, week[0], monday,
                                 Form.REFUSED.value if Form.REFUSED in now else span.form, _on_paper_since(span, spans),
                                 max(at for day, at in taught.ends.items() if monday <= day <= monday + SIX_DAYS),
                                 due_on(taught.calendar, monday), stopped_on=now.get(Form.LIMITED)))
        monday += SEVEN_DAYS
    return found


def due_on(calendar: ClassCalendar, monday: date) -> date:
    """The first school day after the week; after the year's last one the first weekday."""
    return calendar.add_school_days(monday + SIX_DAYS, 1)


def collect_by(calendar: ClassCalendar, monday: date, printed_on: date) -> date:
    """Until when a printed sheet waits for its family; from the day after it counts as not collected (R21, R25).

    A sheet printed in time may be collected to the end of the first school day after its week. One that the school
    printed later has as long: to the end of the first school day after the printing.
    """
    return max(due_on(calendar, monday), calendar.add_school_days(printed_on, 1))


def amiss(printed_for: str, now: Collection[str | None]) -> Amiss | None:
    """Why a printed sheet is not to be handed out: the form it was printed for, and those its guardians have now."""
    if all(form == Form.LIMITED for form in now):
        return Amiss.LIMITED
    if printed_for == Form.PAPER and Form.REFUSED in now:
        return Amiss.HOMEWORK
    return None


def _place_of_week(monday: date, places: Sequence[Placed], classes: Mapping[int, Taught]) -> tuple[int, date] | None:
    """The last class that gave the pupil a lesson in the week, and the day whose form of service counts; None when none
    did while he was in it."""
    sunday = monday + SIX_DAYS
    here = [one for one in places if one.from_on <= sunday and (one.to_on is None or one.to_on >= monday)]
    taught = [one for one in here if one.class_id in classes and any(
        holds(one, day) for day in classes[one.class_id].ends if monday <= day <= sunday)]
    if not taught:
        return None
    last_day = max((one.to_on or sunday for one in here), default=sunday)
    return max(taught, key=lambda one: one.from_on).class_id, min(sunday, last_day)


def _on_paper_since(span: Served, spans: Sequence[Served]) -> date:
    """The first day of the unbroken run of paper forms that the span is in."""
    since = span.from_on
    for one in sorted(spans, key=lambda one: one.from_on, reverse=True):
        if one.form in ON_PAPER and one.to_on == since - timedelta(days=1):
            since = one.from_on
    return since


def holds(span: Served | Placed, day: date) -> bool:
    return span.from_on <= day and (span.to_on is None or day <= span.to_on)
