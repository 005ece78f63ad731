"""The words of `ejd.words` as template filters, and moments by the school's clock."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from ejd import clock
from ejd.web.links import linked
from ejd.words import (
    NBSP,
    average,
    counted,
    day,
    day_month,
    day_year,
    days_from_to,
    duration,
    file_size,
    full_day,
    in_subgroup,
    long_date,
    number,
    of_weekday,
    percent,
    plural,
    short_day,
    weekday_day,
    weekday_name,
    work_name,
)


def moment(value: datetime) -> str:
    """3 ноября в 14:05, by the school's clock"""
    wall = clock.local(value)
    return f"{day(wall.date())} в{NBSP}{wall:%H:%M}"


def wall_time(value: datetime) -> str:
    """14:05, by the school's clock"""
    return f"{clock.local(value):%H:%M}"


def wall_day(value: datetime) -> date:
    """The day that it was by the school's clock."""
    return clock.local(value).date()


def register(app: Flask) -> None:
    for function in (day, weekday_day, full_day, day_month, day_year, long_date, days_from_to, moment, wall_time,
                     wall_day, of_weekday, weekday_name, plural, counted, number, average, short_day, work_name,
                     percent, in_subgroup, duration, file_size, linked):
        app.add_template_filter(function)
