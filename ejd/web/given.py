"""What a person sent: days, times and numbers out of form fields and addresses; None when it is none of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time

from werkzeug.routing import IntegerConverter, Map

from ejd.typed import day_of, number_of, time_of

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """A number in an address; beyond what a database column holds there is nothing, so 404."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST_ID,
                 signed: bool = False) -> None:
        super().__init__(url_map, fixed_digits, min, max, signed)


def day_in(form: Mapping[str, str], name: str) -> date | None:
    return day_of(form.get(name, ""))


def time_in(form: Mapping[str, str], name: str) -> time | None:
    return time_of(form.get(name, ""))


def number_in(form: Mapping[str, str], name: str) -> int | None:
    return number_of(form.get(name, ""))


def numbers_of(given: Iterable[str]) -> list[int]:
    """Of the values of one field sent many times those that are numbers."""
    return [number for one in given if (number := number_of(one)) is not None]
