"""What a journal says of its term when that is closed, and when it is open again for a while (R8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ejd import clock

MOMENT = timedelta(seconds=1)


def last_day_open(until: datetime) -> date:
    """The last day of a reopening, which ends with it."""
    return clock.local(until - MOMENT).date()
