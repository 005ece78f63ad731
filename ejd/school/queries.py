"""Reading the school's time: the year of a day, its calendar as a value, its terms."""

from __future__ import annotations

from datetime import date

from ejd.db import Session
from ejd.school.calendar import Calendar, TermDates
from ejd.school.models import SchoolYear


def current_year(session: Session, today: date) -> SchoolYear | None:
    """The year that holds the day, else the nearest to come, else the last one. One statement."""
    raise NotImplementedError


def calendar_of(session: Session, year_id: int) -> Calendar:
    """The year with its terms and days off as a value for pure rules. One statement."""
    raise NotImplementedError


def terms_of(session: Session, year_id: int) -> list[TermDates]:
    """The year's terms by scheme and number. One statement."""
    raise NotImplementedError
