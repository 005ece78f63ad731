"""What a year's terms, days off and bells may look like, and how they are prefilled. Pure.

A fault is a Russian sentence, None means there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import combinations, pairwise

from ejd.school.calendar import Calendar, TermDates
from ejd.words import WEEKDAYS_FULL, long_date

MONDAY, SATURDAY, SUNDAY = 1, 6, 7  # ISO
FIRST_GRADE, LAST_GRADE = 1, 11
LONGEST_NAME = 60  # characters, of a term or a day off
LONGEST_YEAR = 366  # days
MOST_LESSONS = 14  # a day, two shifts
MOST_TERMS = {"quarters": 4, "half_years": 2, "trimesters": 3}
TERM_WORDS = {"quarters": "четверть", "half_years": "полугодие", "trimesters": "триместр"}
ROMAN = ("", "I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class TermPlan:
    """A term as somebody wants it; both days included."""

    number: int
    name: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class DayOffPlan:
    """Holidays (`holidays=True`, «каникулы») or a public day off, for a span of grades or one class alone; both days
    included."""

    name: str
    starts_on: date
    ends_on: date
    holidays: bool = True
    first_grade: int = 1
    last_grade: int = 11
    class_id: int | None = None


@dataclass(frozen=True, slots=True)
class MovedDayPlan:
    """A day to be taught by the timetable of another weekday (ISO), for a span of grades."""

    day: date
    weekday: int
    first_grade: int = 1
    last_grade: int = 11


@dataclass(frozen=True, slots=True)
class BellPlan:
    """When a lesson of that number begins and ends, by the school's clock."""

    number: int
    starts_at: time
    ends_at: time


def fault_of_year(starts_on: date, ends_on: date) -> str | None:
    """Why the year can't have these dates."""
    if ends_on <= starts_on:
        return f"Год кончается {long_date(ends_on)}, раньше, чем начинается: {long_date(starts_on)}"
    if (ends_on - starts_on).days > LONGEST_YEAR:
        return "Учебный год не бывает длиннее календарного: проверьте годы в датах"
    return None


def fault_of_terms(scheme: str, terms: Sequence[TermPlan], year: tuple[date, date]) -> str | None:
    """Why these can't be the terms of the year: order, overlaps, dates outside it."""
    if scheme not in MOST_TERMS:
        return "Периоды бывают четвертями, полугодиями или триместрами"
    numbers = [term.number for term in terms]
    if numbers != list(range(1, len(terms) + 1)) or len(terms) > MOST_TERMS[scheme]:
        return f"Периоды нумеруются по порядку с первого, и не больше {MOST_TERMS[scheme]}"
    for term in terms:
        if not term.name.strip():
            return f"Назовите период № {term.number}"
        if len(term.name) > LONGEST_NAME:
            return f"Название не длиннее {LONGEST_NAME} знаков"
        if reason := _fault_of_span(term.name, term.starts_on, term.ends_on, year):
            return reason
    for before, after in pairwise(terms):
        if after.starts_on <= before.ends_on:
            return (f"«{after.name}» начинается {long_date(after.starts_on)}, а «{before.name}» кончается только "
                    f"{long_date(before.ends_on)}")
    return None


def with_terms(calendar: Calendar, scheme: str, terms: Sequence[TermPlan]) -> Calendar:
    """The calendar as it will be with these terms of one scheme."""
    others = tuple(term for term in calendar.terms if term.scheme != scheme)
    new = tuple(TermDates(-plan.number, scheme, plan.number, plan.name, plan.starts_on, plan.ends_on)
                for plan in terms)
    return replace(calendar, terms=others + new)


def with_dates(calendar: Calendar, starts_on: date, ends_on: date) -> Calendar:
    """The calendar with the year's first and last day moved: terms at its edges move along."""
    terms = tuple(replace(term, starts_on=starts_on if term.starts_on == calendar.starts_on else term.starts_on,
                          ends_on=ends_on if term.ends_on == calendar.ends_on else term.ends_on)
                  for term in calendar.terms)
    return replace(calendar, starts_on=starts_on, ends_on=ends_on, terms=terms)


def fault_of_new_dates(calendar: Calendar, starts_on: date, ends_on: date) -> str | None:
    """Why the year can't be moved to these dates with its terms."""
    moved = with_dates(calendar, starts_on, ends_on)
    faults = (fault_of_terms(scheme, [TermPlan(term.number, term.name, term.starts_on, term.ends_on)
                                      for term in moved.terms_by(scheme)], (starts_on, ends_on))
              for scheme in sorted({term.scheme for term in moved.terms}))
    return fault_of_year(starts_on, ends_on) or next((fault for fault in faults if fault), None)


def fault_of_day_off(row: DayOffPlan, year: tuple[date, date]) -> str | None:
    """Why this can't be a day off of the year."""
    if not row.name.strip():
        return "Назовите каникулы или выходной"
    if len(row.name) > LONGEST_NAME:
        return f"Название не длиннее {LONGEST_NAME} знаков"
    if not FIRST_GRADE <= row.first_grade <= row.last_grade <= LAST_GRADE:
        return f"«{row.name}»: классы указываются от {FIRST_GRADE} до {LAST_GRADE}, сначала младший"
    return _fault_of_span(row.name, row.starts_on, row.ends_on, year)


def fault_of_days_off(rows: Sequence[DayOffPlan], year: tuple[date, date]) -> str | None:
    """Why these can't be the days off of the year. A public day off may lie inside holidays; holidays may not
    overlap holidays of the same grades, nor days off days off; those of one class heed only that class's."""
    for row in rows:
        if reason := fault_of_day_off(row, year):
            return reason
    return next((fault for one, other in combinations(rows, 2) if (fault := _overlap(one, other))), None)


def fault_of_moved_day(plan: MovedDayPlan, calendar: Calendar, others: Sequence[MovedDayPlan]) -> str | None:
    """Why this day can't be taught by that weekday's timetable."""
    when = long_date(plan.day)
    if not calendar.starts_on <= plan.day <= calendar.ends_on:
        return (f"{when} вне учебного года: он длится с {long_date(calendar.starts_on)} "
                f"по {long_date(calendar.ends_on)}")
    if not MONDAY <= plan.weekday <= SATURDAY:
        return "Выберите, по расписанию какого дня учимся: от понедельника до субботы"
    if plan.weekday == plan.day.isoweekday():
        return f"{when} и так {WEEKDAYS_FULL[plan.weekday - 1]}: выберите другой день"
    if not FIRST_GRADE <= plan.first_grade <= plan.last_grade <= LAST_GRADE:
        return f"Классы указываются от {FIRST_GRADE} до {LAST_GRADE}, сначала младший"
    if any(other.day == plan.day and other.first_grade <= plan.last_grade and plan.first_grade <= other.last_grade
           for other in others):
        return f"{when}: перенос для этих классов уже есть, сначала уберите его"
    grades = range(plan.first_grade, plan.last_grade + 1)
    closed = [next((one.name for one in calendar.closures if one.closes(plan.day, grade)), None) for grade in grades]
    if all(closed):
        return f"{when} – «{closed[0]}»: сначала измените эти дни в календаре"
    if calendar.terms and not any(term.holds(plan.day) for term in calendar.terms):
        return f"{when} не входит ни в один период: сначала измените их даты"
    return None


def fault_of_bells(bells: Sequence[BellPlan]) -> str | None:
    """Why these can't be the bells of a day: each lesson ends after it begins and before the next begins."""
    if not bells:
        return "Укажите звонки хотя бы одного урока"
    ordered = sorted(bells, key=lambda bell: bell.number)
    for bell in ordered:
        if not 0 <= bell.number <= MOST_LESSONS:
            return f"Номер урока – от 0 до {MOST_LESSONS}"
        if bell.ends_at <= bell.starts_at:
            return f"Урок {bell.number} кончается в {bell.ends_at:%H:%M}, не позже своего начала"
    for before, after in pairwise(ordered):
        if after.number == before.number:
            return f"Урок {after.number} указан дважды"
        if after.starts_at < before.ends_at:
            return (f"Урок {after.number} начинается в {after.starts_at:%H:%M}, а урок {before.number} "
                    f"кончается только в {before.ends_at:%H:%M}")
    return None


def usual_span(after: date) -> tuple[date, date]:
    """The first and last day of the school year that ends next after that day: 1 September to 26 May."""
    year = after.year if (after.month, after.day) >= (5, 26) else after.year - 1
    return date(year, 9, 1), date(year + 1, 5, 26)


def usual_name(scheme: str, number: int) -> str:
    """«II четверть»."""
    return f"{ROMAN[number]} {TERM_WORDS[scheme]}"


def usual_terms(starts_on: date, ends_on: date) -> dict[str, list[TermPlan]]:
    """Quarters and half-years between the usual holidays of the year that begins on `starts_on`."""
    breaks = [(row.starts_on, row.ends_on) for row in _usual_holidays(starts_on.year) if row.first_grade == 1
              and row.last_grade == LAST_GRADE]
    winter = breaks[1:2]
    return {
        "quarters": _terms_between("quarters", starts_on, ends_on, breaks),
        "half_years": _terms_between("half_years", starts_on, ends_on, winter),
    }


def usual_days_off(starts_on: date, ends_on: date) -> list[DayOffPlan]:
    """The usual holidays and public days off inside the year; the school mends them by its own order."""
    rows = [*_usual_holidays(starts_on.year), *_public_days(starts_on.year)]
    return sorted((row for row in rows if starts_on <= row.starts_on and row.ends_on <= ends_on),
                  key=lambda row: (row.starts_on, row.ends_on))


def usual_bells() -> list[BellPlan]:
    """Seven lessons of 40 minutes from 8:30, two long breaks for meals."""
    starts = ((8, 30), (9, 20), (10, 20), (11, 20), (12, 15), (13, 5), (13, 55))
    return [BellPlan(number, time(hour, minute), time(hour + (minute + 40) // 60, (minute + 40) % 60))
            for number, (hour, minute) in enumerate(starts, 1)]


def _usual_holidays(year: int) -> list[DayOffPlan]:
    """Nine days around the end of October, New Year's until the Sunday after the 8th, nine days at the end of
    March, and a week in February for class 1."""
    autumn = _on_or_after(date(year, 10, 24), SATURDAY)
    spring = _on_or_after(date(year + 1, 3, 25), SATURDAY)
    february = _on_or_after(date(year + 1, 2, 15), MONDAY)
    return [
        DayOffPlan("Осенние каникулы", autumn, autumn + timedelta(days=8)),
        DayOffPlan("Зимние каникулы", date(year, 12, 31), _on_or_after(date(year + 1, 1, 8), SUNDAY)),
        DayOffPlan("Весенние каникулы", spring, spring + timedelta(days=8)),
        DayOffPlan("Дополнительные каникулы, 1 классы", february, february + timedelta(days=6), last_grade=1),
    ]


def _public_days(year: int) -> list[DayOffPlan]:
    """Public days off of the Labour Code (art. 112) outside New Year's; one that falls on a weekend takes the
    next Monday with it. Days moved by the government's yearly order are entered by hand."""
    days = (("День народного единства", date(year, 11, 4)),
            ("День защитника Отечества", date(year + 1, 2, 23)),
            ("Международный женский день", date(year + 1, 3, 8)),
            ("Праздник Весны и Труда", date(year + 1, 5, 1)),
            ("День Победы", date(year + 1, 5, 9)))
    return [DayOffPlan(name, day, _on_or_after(day, MONDAY) if day.isoweekday() >= SATURDAY else day, holidays=False)
            for name, day in days]


def _terms_between(scheme: str, starts_on: date, ends_on: date,
                   breaks: Sequence[tuple[date, date]]) -> list[TermPlan]:
    """The spans left of the year when the breaks are cut out."""
    inside = [span for span in breaks if starts_on < span[0] and span[1] < ends_on]
    firsts = [starts_on, *(last + timedelta(days=1) for _, last in inside)]
    lasts = [*(first - timedelta(days=1) for first, _ in inside), ends_on]
    return [TermPlan(number, usual_name(scheme, number), first, last)
            for number, (first, last) in enumerate(zip(firsts, lasts, strict=True), 1)]


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def _fault_of_span(name: str, starts_on: date, ends_on: date, year: tuple[date, date]) -> str | None:
    if ends_on < starts_on:
        return f"«{name}» кончается {long_date(ends_on)}, раньше, чем начинается: {long_date(starts_on)}"
    if starts_on < year[0] or ends_on > year[1]:
        return f"«{name}» выходит за учебный год: он длится с {long_date(year[0])} по {long_date(year[1])}"
    return None


def _overlap(one: DayOffPlan, other: DayOffPlan) -> str | None:
    if (one.class_id != other.class_id or one.holidays != other.holidays
            or one.last_grade < other.first_grade or other.last_grade < one.first_grade
            or one.ends_on < other.starts_on or other.ends_on < one.starts_on):
        return None
    return (f"«{other.name}» ({long_date(other.starts_on)} – {long_date(other.ends_on)}) и «{one.name}» "
            f"({long_date(one.starts_on)} – {long_date(one.ends_on)}) пересекаются")
