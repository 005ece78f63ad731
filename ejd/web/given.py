"""What a person sent: days, times and numbers out of form fields and addresses; None when it is none of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time

from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
YEARS = range(1900, 2200)  # any other year is a slip


class RowId(IntegerConverter):
    """A number in an address; beyond what a database column holds there is nothing, so 404."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST_ID,
                 signed: bool = False) -> None:
        super().__init__(url_map, fixed_digits, min, max, signed)


def day_in(form: Mapping[str, str], name: str) -> date | None:
    """A day, as a date field sends it or as a person writes it: 2026-09-01, 01.09.2026, 1.9.2026."""
    text = form.get(name, "").strip()
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        year, month, day = found.groups()
    elif found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text):
        day, month, year = found.groups()
    else:
        return None
    try:
        given = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return given if given.year in YEARS else None


def time_in(form: Mapping[str, str], name: str) -> time | None:
    """A time of day: 08:30, 8:30, 8.30."""
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?", form.get(name, "").strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def number_in(form: Mapping[str, str], name: str) -> int | None:
    """A whole number that any of the databases can hold."""
    text = form.get(name, "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
