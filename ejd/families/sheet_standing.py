"""How a family on paper stands with its weekly sheets, in words: what became of the last one, when the next one comes,
and why there is none (R21, R23, R25). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ejd import words
from ejd.families.provision import Form
from ejd.families.week_due import ON_PAPER, SEVEN_DAYS, SIX_DAYS, Due, Placed, Served, Taught, holds
from ejd.school.calendar import monday_of

LATELY = timedelta(days=14)  # so long a family that is on paper no more is still told of


@dataclass(frozen=True, slots=True)
class Said:
    """`next_at`: when the next sheet can be printed, where it is known."""

    last: str
    next: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A guardian and a child of the class: forms of service, days in classes, the class, sheets that are owed (by any
    class) and, by week, what became of those printed."""

    class_id: int
    spans: Sequence[Served]
    places: Sequence[Placed]
    taught: Taught
    owed: Mapping[date, Due]
    printed: Mapping[date, str]

    def form_on(self, day: date) -> Served | None:
        return next((one for one in self.spans if holds(one, day)), None)


def said(family: Family, *, today: date, now: datetime) -> Said | None:
    """None for a family that has nothing to do with paper, or whose child is not in the class."""
    span = family.form_on(today)
    if not any(one.class_id == family.class_id and holds(one, today) for one in family.places):
        return None
    if span is None or span.form == Form.ELECTRONIC:
        return _back(family, span, today)
    if span.form == Form.LIMITED:
        return Said("не выдаётся", f"с {words.day(span.from_on)} доступ ограничен по решению суда")
    monday = monday_of(today)
    due = family.owed.get(monday)
    if due is not None and due.ready_at > now:
        return Said(_last(family, span, monday - SEVEN_DAYS),
                    f"{_week(monday)}, после последнего урока недели", due.ready_at)
    return Said(_last(family, span, monday if due else monday - SEVEN_DAYS), _next(family, monday, this_week=bool(due)))


def _back(family: Family, span: Served | None, today: date) -> Said | None:
    """Of a family that has just gone back to the internet."""
    ended = [one.to_on for one in family.spans if one.form in ON_PAPER and one.to_on is not None]
    if not ended or span is None or max(ended) < today - LATELY:
        return None
    return Said(_of_week(family, monday_of(max(ended))) or "–",
                f"с {words.day(span.from_on)} услуга снова электронная, листы не положены")


def _last(family: Family, span: Served, monday: date) -> str:
    """What became of the sheet of a week that is over, or why there was none."""
    return _of_week(family, monday) or f"{_week(monday)} не положен: {_why_none(family, span, monday)}"


def _of_week(family: Family, monday: date) -> str:
    if monday in family.printed:
        return f"{_week(monday)} – {family.printed[monday]}"
    due = family.owed.get(monday)
    if due is None:
        return ""
    return f"{_week(monday)} – " + ("пора напечатать" if due.class_id == family.class_id
                                    else "печатают в классе, где учился в ту неделю")


def _why_none(family: Family, span: Served, monday: date) -> str:
    sunday = monday + SIX_DAYS
    if reason := _no_lessons(family.taught, monday):
        return reason
    began = min(one.from_on for one in family.spans if one.form in ON_PAPER)
    if began > sunday:
        return f"на бумаге с {words.day(began)}"
    joined = min(one.from_on for one in family.places if one.class_id == family.class_id)
    if joined > monday:
        return f"в классе с {words.day(joined)}"
    return f"в конце той недели услуга была не на бумаге, снова на ней с {words.day(span.from_on)}"


def _next(family: Family, monday: date, *, this_week: bool) -> str:
    """The next week with lessons by the calendar; of this one why it has none."""
    day = family.taught.calendar.next_school_day(monday + SIX_DAYS)
    if day is None:
        return "учебный год закончен, листов больше не будет"
    skipped = "" if this_week else _no_lessons(family.taught, monday)
    if not skipped and monday_of(day) > monday + SEVEN_DAYS:
        skipped = _no_lessons(family.taught, monday + SEVEN_DAYS)
    return f"{_week(monday_of(day))}{f' ({skipped})' if skipped else ''}"


def _no_lessons(taught: Taught, monday: date) -> str:
    """Why the class has no lesson in a week; empty when it has one."""
    days = [monday + timedelta(days=one) for one in range(7)]
    if any(day in taught.ends for day in days):
        return ""
    if taught.calendar.school_days(days[0], days[-1]):
        return "уроков в классе нет"
    closure = next((found for day in days if (found := taught.calendar.closure_on(day))), None)
    return f"{closure.name[:1].lower()}{closure.name[1:]}" if closure else "каникулы"


def _week(monday: date) -> str:
    return f"за {words.days_from_to(monday, monday + SIX_DAYS)}"
