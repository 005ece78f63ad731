"""How failed sign-ins slow down further ones without locking a victim out. Pure.

Three counts, each over the last `WINDOW`: failures of this login at this place (a person guessing, or having
forgotten), failures of this login at all places (an attacker with many), and different logins that failed at
this place (an attacker trying many people). The place is a device on which this login has signed in before, known by
its cookie: then only its own failures count, so nobody holds up a person at the person's own device. Else it is the
address, and a login that exists counts like one that does not. A whole school sits behind one address, so the last
count is generous.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(minutes=30)
FREE_TRIES = 4  # of one login at one place
FREE_EVERYWHERE = 20  # of one login, all places
FREE_LOGINS = 40  # different logins at one place
LONGEST = 300  # seconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which login is tried at which place, by keyed hashes that name neither."""

    login_hash: str
    place_hash: str
    own_device: bool


@dataclass(frozen=True, slots=True)
class Failures:
    """What is known before an attempt is checked; `seconds_ago` is the age of the newest counted failure."""

    here: int
    here_seconds_ago: float
    everywhere: int
    everywhere_seconds_ago: float
    logins_here: int
    logins_seconds_ago: float
    own_device: bool


def _wait(count: int, free: int, seconds_ago: float) -> int:
    """Seconds still to wait: 2, 4, 8 … up to five minutes after each failure beyond the free ones."""
    if count < free:
        return 0
    pause = min(1 << min(count - free + 1, 9), LONGEST)
    return max(0, round(pause - seconds_ago + 0.5))


def seconds_to_wait(failures: Failures) -> int:
    """How long the next attempt has to wait; 0 when it may go on."""
    waits = [_wait(failures.here, FREE_TRIES, failures.here_seconds_ago)]
    if not failures.own_device:
        waits.append(_wait(failures.everywhere, FREE_EVERYWHERE, failures.everywhere_seconds_ago))
        waits.append(_wait(failures.logins_here, FREE_LOGINS, failures.logins_seconds_ago))
    return max(waits)
