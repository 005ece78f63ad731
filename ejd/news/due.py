"""When somebody is told by e-mail that there is something new, and how an address reads (R40). Pure.

At once means whenever there is news; daily and weekly at an hour of the school's clock, the first time it is possible
after it; nothing in the quiet hours. A letter that the mail server did not take is tried again later and later; after
many failures in a row the address is paused until its owner says it again. All moments are those of the school's wall
clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Topic(StrEnum):
    """What a guardian or a pupil may be told of, in the order in which it is told."""

    MARKS = "marks"
    MISSING = "missing"
    HOMEWORK = "homework"
    NOTES = "notes"


TOPIC_NAMES = {
    Topic.MARKS: "новые или исправленные отметки",
    Topic.MISSING: "несданные работы",
    Topic.HOMEWORK: "новые или изменённые домашние задания",
    Topic.NOTES: "сообщения и замечания",
}


class Often(StrEnum):
    """How often."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"


NEWS_HOUR = time(18)  # of each day, or of Friday: when the lessons of the day or the week are over
ITEMS_HOUR = time(8)  # of each working day, or of Monday: before the lessons
FRIDAY, SUNDAY = 5, 7
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
PAUSED_AFTER = 20  # failures in a row: about four days
SETTLES = timedelta(minutes=2)  # what is just being saved is told the next time: nothing on its way is lost
GATHERS = timedelta(minutes=30)  # between two letters at once
LINK_HOLDS = timedelta(hours=24)  # of confirming
ASKED_A_DAY = 3  # letters that ask to confirm: of one person, and to one address
LONGEST_ADDRESS, LONGEST_NAME = 200, 64


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What decides when an address is told."""

    often: str
    quiet_from: int
    quiet_to: int
    told_until: datetime
    items_often: str = ""
    items_told_on: date | None = None
    failed_at: datetime | None = None
    failures: int = 0


def news_due(rhythm: Rhythm, now: datetime) -> bool:
    """Whether it is time to tell what is new, if anything is."""
    if not may_try(rhythm, now) or is_quiet(now.hour, rhythm.quiet_from, rhythm.quiet_to):
        return False
    if rhythm.often == Often.ONCE:
        return rhythm.told_until <= now - SETTLES - GATHERS
    return rhythm.told_until < last_time(rhythm.often, now - SETTLES)


def items_due(rhythm: Rhythm, now: datetime) -> bool:
    """Whether it is time for the digest of own open items."""
    if not rhythm.items_often or not may_try(rhythm, now) or now.time() < ITEMS_HOUR or now.isoweekday() == SUNDAY:
        return False
    begins = now.date() if rhythm.items_often == Often.DAILY else now.date() - timedelta(days=now.weekday())
    return rhythm.items_told_on is None or rhythm.items_told_on < begins


def last_time(often: str, now: datetime) -> datetime:
    """The latest moment for daily or weekly news that is not to come."""
    at = datetime.combine(now.date(), NEWS_HOUR, now.tzinfo)
    if at > now:
        at -= timedelta(days=1)
    return at if often == Often.DAILY else at - timedelta(days=(at.isoweekday() - FRIDAY) % 7)


def is_quiet(hour: int, quiet_from: int, quiet_to: int) -> bool:
    """Whether the hour is one of the quiet ones, which may go over midnight; from and to the same: there are none."""
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def may_try(rhythm: Rhythm, now: datetime) -> bool:
    """Whether nothing has failed lately: the wait doubles with each failure in a row."""
    if is_paused(rhythm.failures):
        return False
    return rhythm.failed_at is None or now >= rhythm.failed_at + wait_after(rhythm.failures)


def wait_after(failures: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(max(failures, 1) - 1, 10)), LONGEST_WAIT)


def is_paused(failures: int) -> bool:
    """Nothing is sent any more until the owner says the address again."""
    return failures >= PAUSED_AFTER


def told(topics: Iterable[str]) -> str:
    """«новые или исправленные отметки, сообщения и замечания»"""
    chosen = set(topics)
    return ", ".join(name for topic, name in TOPIC_NAMES.items() if topic.value in chosen)


# A name as mail servers know it without quoting; a host of at least two labels, in any alphabet.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+")


def tidy_address(typed: str) -> str | None:
    """The address as it is kept: the host in small letters and as the network names it; None when it is none."""
    name, at, host = typed.strip()[:2 * LONGEST_ADDRESS].rpartition("@")
    if not at or not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or not _HOST.fullmatch(host) or "_" in host:
        return None
    try:
        address = f"{name}@{host.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        return None
    return address if len(address) <= LONGEST_ADDRESS and not address[-1].isdigit() else None
