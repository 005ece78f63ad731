"""Time is one function: what the moment is, in the school's zone.

Rules and services are handed `now` and `today`; only views, the command line and tests call this module.
A demo database starts its own clock (`start_at`); tests stop it (`freeze`). Security timers use `real_now`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Moscow"

_process_started = datetime.now(UTC)
_zone = ZoneInfo(DEFAULT_ZONE)
_offset = timedelta(0)
_frozen: datetime | None = None


def use_zone(name: str) -> None:
    """Set the school's time zone by its IANA name."""
    global _zone
    if _zone.key != name:
        _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    return _zone


def start_at(moment: str) -> None:
    """Let the clock go on from `moment` (ISO time), at which this process started; demo databases only. Said again,
    it changes nothing. Counted from the start, not from the first request, so that the server's processes agree."""
    global _offset
    if not _offset:
        given = datetime.fromisoformat(moment)
        _offset = (given if given.tzinfo else given.replace(tzinfo=_zone)) - _process_started


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (aware) inside the block; for tests and for making the demo school."""
    global _frozen
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def real_now() -> datetime:
    """The machine's own moment, UTC: for sessions, throttling and whatever must not follow a demo clock."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment, aware, UTC."""
    return _frozen if _frozen is not None else real_now() + _offset


def today() -> date:
    """The calendar day in the school's zone: the only kind of date that rules know."""
    return now().astimezone(_zone).date()


def local(moment: datetime) -> datetime:
    """An aware moment as the clock on the school's wall shows it."""
    return moment.astimezone(_zone)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The moment (UTC) when the school's wall clock shows that time on that day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=_zone).astimezone(UTC)
