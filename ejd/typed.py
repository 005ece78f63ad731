"""What a person typed: days, times of day and numbers out of text; None when it is none of these. Pure."""

from __future__ import annotations

import re
from datetime import date, time

YEARS = range(1900, 2200)  # any other year is a slip


def day_of(text: str) -> date | None:
    """A day, as a date field sends it or as a person writes it: 2026-09-01, 01.09.2026, 1.9.2026."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text.strip()):
        year, month, day = found.groups()
    elif found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text.strip()):
        day, month, year = found.groups()
    else:
        return None
    try:
        given = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return given if given.year in YEARS else None


def time_of(text: str) -> time | None:
    """A time of day: 08:30, 8:30, 8.30."""
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def number_of(text: str) -> int | None:
    """A whole number that any of the databases can hold."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text.strip()) else None
