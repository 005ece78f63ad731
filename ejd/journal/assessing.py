"""R16: how assessment works of a class and a parallel may follow each other; what is against one is a warning. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ejd.school.calendar import ClassCalendar
from ejd.words import counted, weekday_day

LEAST_MINUTES = 30
SHARE = 10  # one lesson of so many
NEXT_ON = 18  # the calendar day after a work from which on the next may stand
SERIES_DAYS = 3  # school days
ONE_HOUR_A_WEEK = 2  # half-hours
ONE_DAY = timedelta(days=1)


class Against(StrEnum):
    """Which of the four limits is crossed; the value is its short name."""

    DAY = "две в день"
    SHARE = "больше 10\u00a0%"
    EDGE = "первый или последний урок"
    DISTANCE = "раньше 18-го дня"


@dataclass(frozen=True, slots=True)
class Assessment:
    """A work of half an hour or more of the whole class. `lessons` are the subject's in the year, as planned or held;
    `first` and `last` the numbers of the class's lessons that day."""

    work_id: int
    class_id: int
    class_name: str
    grade: int
    subject_id: int
    subject: str
    subgroup: int
    day: date
    number: int
    series: str = ""
    lessons: int = 0
    half_hours: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Warned:
    """What is against a work, as a sentence."""

    against: Against
    sentence: str


def is_assessment(minutes: int | None, *, whole_class: bool) -> bool:
    return whole_class and (minutes or 0) >= LEAST_MINUTES


def warnings(work: Assessment, others: Iterable[Assessment], calendar: ClassCalendar) -> list[Warned]:
    """All that is against the work among the others of its year."""
    rest = [other for other in others if other.work_id != work.work_id]
    found = (_twice_a_day(work, rest), _too_many(work, rest, calendar), _at_the_edge(work),
             _too_early(work, rest, calendar))
    return [warned for warned in found if warned is not None]


def is_one_work(one: Assessment, other: Assessment, calendar: ClassCalendar) -> bool:
    """Both subgroups of a class on one day, or a series within three school days, are one work."""
    if one.subject_id != other.subject_id or one.grade != other.grade:
        return False
    if one.class_id == other.class_id and one.day == other.day:
        return True
    first, last = sorted((one.day, other.day))
    return bool(one.series) and one.series == other.series and len(calendar.school_days(first, last)) <= SERIES_DAYS


def days_after(first: date, last: date, calendar: ClassCalendar) -> int:
    """Which calendar day after the first the last is, holidays not counted."""
    days = (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1))
    return sum(not _in_holidays(day, calendar) for day in days)


def next_possible(day: date, calendar: ClassCalendar) -> date:
    """The first day on which the parallel may write the next work of the subject."""
    counted_days = 0
    while counted_days < NEXT_ON:
        day += ONE_DAY
        counted_days += not _in_holidays(day, calendar) or day > calendar.year.ends_on
    return day


def _twice_a_day(work: Assessment, rest: Sequence[Assessment]) -> Warned | None:
    same_day = [other for other in rest if other.class_id == work.class_id and other.day == work.day
                and other.subject_id != work.subject_id]
    if not same_day:
        return None
    return Warned(Against.DAY, f"В {work.class_name} в этот день уже есть оценочная работа: {same_day[0].subject}, "
                               f"{same_day[0].number}-й урок. В день – не больше одной.")


def _too_many(work: Assessment, rest: Sequence[Assessment], calendar: ClassCalendar) -> Warned | None:
    """A series counts once, as both subgroups do."""
    own = sorted((other for other in [work, *rest] if other.class_id == work.class_id
                  and other.subject_id == work.subject_id), key=lambda other: (other.day, other.work_id))
    different: list[Assessment] = []
    for other in own:
        if not any(is_one_work(known, other, calendar) for known in different):
            different.append(other)
    if len(different) * SHARE <= work.lessons:
        return None
    works = counted(len(different), "оценочная работа", "оценочные работы", "оценочных работ")
    return Warned(Against.SHARE, f"{work.class_name}, {work.subject}: за год {works} на "
                                 f"{counted(work.lessons, 'урок', 'урока', 'уроков')}, это больше 10\u00a0%.")


def _at_the_edge(work: Assessment) -> Warned | None:
    if work.half_hours <= ONE_HOUR_A_WEEK or work.number not in (work.first, work.last):
        return None
    which = "первый" if work.number == work.first else "последний"
    return Warned(Against.EDGE, f"У {work.class_name} это {which} урок в этот день: оценочные работы на нём не пишут.")


def _too_early(work: Assessment, rest: Sequence[Assessment], calendar: ClassCalendar) -> Warned | None:
    """The nearest work of the subject in the parallel, before or after."""
    near = []
    for other in rest:
        if other.subject_id == work.subject_id and other.grade == work.grade and not is_one_work(work, other, calendar):
            first, last = sorted((work.day, other.day))
            if (last - first).days < 2 * NEXT_ON * SERIES_DAYS and days_after(first, last, calendar) < NEXT_ON:
                near.append((abs((work.day - other.day).days), other.work_id, other))
    if not near:
        return None
    other = min(near)[2]
    first = min(work.day, other.day)
    return Warned(Against.DISTANCE, f"{work.subject}: в {other.class_name} оценочная работа {weekday_day(other.day)}, "
                  f"следующая в параллели возможна с {weekday_day(next_possible(first, calendar))}. "
                  "Если это одна работа параллели, укажите общую серию.")


def _in_holidays(day: date, calendar: ClassCalendar) -> bool:
    return any(closure.holidays and closure.closes(day, calendar.grade, calendar.class_id)
               for closure in calendar.year.closures)


def by_work(works: Sequence[Assessment], calendars: Mapping[int, ClassCalendar]) -> dict[int, list[Warned]]:
    """What is against each of the year's works; those against which nothing is are left out."""
    parallels: dict[int, list[Assessment]] = {}
    for work in works:
        parallels.setdefault(work.grade, []).append(work)
    found = {work.work_id: warnings(work, parallels[work.grade], calendars[work.class_id]) for work in works}
    return {work_id: warned for work_id, warned in found.items() if warned}
