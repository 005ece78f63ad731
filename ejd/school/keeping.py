"""How long the journals and the summary sheets of a school year must be kept (R54). Pure."""

from __future__ import annotations

from datetime import date

JOURNAL_YEARS, SUMMARY_YEARS = 5, 25


def kept_until(year_ends_on: date) -> tuple[date, date]:
    """The last days of the journals and of the summary sheets, counted from the end of the year it ended in."""
    return (date(year_ends_on.year + JOURNAL_YEARS, 12, 31), date(year_ends_on.year + SUMMARY_YEARS, 12, 31))


def is_over(year_ends_on: date, today: date) -> tuple[bool, bool]:
    """Whether the time of the journals, and that of the summary sheets, is over."""
    journals, sheets = kept_until(year_ends_on)
    return today > journals, today > sheets
