"""How dates, numbers and plurals read in Russian. Pure: for sentences of rules, pages and papers alike."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

NBSP = "\u00a0"
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
WEEKDAYS_FULL = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
WEEKDAYS_OF = ("понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья")
MONTHS = ("января", "февраля", "марта", "апреля", "мая", "июня",
          "июля", "августа", "сентября", "октября", "ноября", "декабря")
MONTHS_THEMSELVES = ("январь", "февраль", "март", "апрель", "май", "июнь",
                     "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")


def month_year(value: date) -> str:
    """ноябрь 2026, as the name of a file says it"""
    return f"{MONTHS_THEMSELVES[value.month - 1]} {value.year}"


def day(value: date) -> str:
    """3 ноября"""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]}"


def short_day(value: date) -> str:
    """вт 03.11, where there is little room"""
    return f"{WEEKDAYS[value.weekday()]}{NBSP}{day_month(value)}"


def weekday_day(value: date) -> str:
    """вт, 3 ноября"""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}"


def full_day(value: date) -> str:
    """вторник, 3 ноября"""
    return f"{WEEKDAYS_FULL[value.weekday()]}, {day(value)}"


def of_weekday(weekday: int) -> str:
    """An ISO weekday as in «по расписанию пятницы»."""
    return WEEKDAYS_OF[weekday - 1]


def weekday_name(weekday: int) -> str:
    """An ISO weekday where there is little room: пн"""
    return WEEKDAYS[weekday - 1]


def day_month(value: date) -> str:
    """03.11"""
    return f"{value.day:02}.{value.month:02}"


def day_year(value: date) -> str:
    """03.11.2026"""
    return f"{value.day:02}.{value.month:02}.{value.year}"


def long_date(value: date) -> str:
    """3 ноября 2026: where another year could be meant, as in the history of a person"""
    return f"{day(value)}{NBSP}{value.year}"


def days_from_to(first: date, last: date, seen_on: date | None = None) -> str:
    """14–19 сентября; 28 сентября – 3 октября; with the year when it is not that of the day it is read on"""
    year = f" {last.year}{NBSP}года" if seen_on and last.year != seen_on.year else ""
    if first == last:
        return day(last) + year
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}{year}"
    return f"{day(first)} – {day(last)}{year}"


def work_name(kind: str, title: str) -> str:
    """Контрольная работа «Дроби»; a title that says the kind itself, like «Практическая работа № 3», stands alone."""
    first, second = kind.casefold(), title.casefold()
    if first.startswith(second) or any(second.startswith(name) for name in first.split(", ")):
        return title or kind
    return f"{kind} «{title}»"


def plural(count: int, one: str, few: str, many: str) -> str:
    """The word alone, right for the number: 1 отметка, 2 отметки, 5 отметок."""
    tens, units = abs(count) % 100, abs(count) % 10
    if 11 <= tens <= 14 or units == 0 or units >= 5:
        return many
    return one if units == 1 else few


def counted(count: int, one: str, few: str, many: str) -> str:
    """2 отметки, with a no-break space and thousands apart."""
    return f"{number(count)}{NBSP}{plural(count, one, few, many)}"


def number(value: int) -> str:
    """12 345, thousands apart by a no-break space"""
    return f"{value:,}".replace(",", NBSP)


def average(value: Fraction | None) -> str:
    """4,33; empty when there is none. For showing only: thresholds compare the exact fraction (R11)."""
    if value is None:
        return ""
    hundredths = int(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100},{hundredths % 100:02}"


def percent(share: Fraction) -> str:
    """2,3 %; a share that is not nought is never shown as nought."""
    tenths = int(share * 1000 + Fraction(1, 2))
    if share and not tenths:
        return f"<{NBSP}0,1{NBSP}%"
    return f"{tenths // 10}{f',{tenths % 10}' if tenths % 10 else ''}{NBSP}%"


def duration(minutes: int) -> str:
    """1 ч 10 мин; 45 мин"""
    hours, rest = divmod(minutes, 60)
    parts = (f"{hours}{NBSP}ч" if hours else "", f"{rest}{NBSP}мин" if rest or not hours else "")
    return NBSP.join(filter(None, parts))


def file_size(size: int) -> str:
    """340 КБ; 1,2 МБ"""
    if size < 1_000_000:
        return f"{max(1, round(size / 1024))}{NBSP}КБ"
    tenths = round(size * 10 / 1024 / 1024)
    return f"{tenths // 10}{f',{tenths % 10}' if tenths % 10 else ''}{NBSP}МБ"


def in_hours(half_hours: int) -> str:
    """Weekly hours as they are written: «2», «0,5»."""
    return f"{half_hours // 2}{',5' if half_hours % 2 else ''}"


def in_subgroup(subject: str, subgroup: int) -> str:
    """A subject, of the whole class or of a subgroup: «Информатика, подгруппа 2»."""
    return f"{subject}, подгруппа{NBSP}{subgroup}" if subgroup else subject
