"""The kinds of long work: each names the function that does it, and what happens when its result is fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ejd.access import Actor
from ejd.db import Session
from ejd.jobs.models import Job

Tell = Callable[[int, int], None]  # so many done of so many; never inside a transaction that writes


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a job: a file under its name, and what to say about it. `promise` goes with a sealed file: what is
    to be done in the database at the moment the file is handed over (JSON)."""

    name: str
    body: bytes
    said: str = ""
    promise: Any = None


Work = Callable[[Session, Job, Tell], Made]


class Fulfil(Protocol):
    """Keeps the promise of a sealed file; what to say afterwards. `real_now` is for what follows no demo clock."""

    def __call__(self, session: Session, *, actor: Actor, promise: Any, now: datetime, real_now: datetime) -> str: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """`fulfil` makes a kind sealed: its file opens in the browser that asked for it only, once, within an hour."""

    title: str
    work: Work
    fulfil: Fulfil | None = None


KINDS: dict[str, Kind] = {}


def job(kind: str, title: str, *, fulfil: Fulfil | None = None) -> Callable[[Work], Work]:
    """Declare the function behind a kind of job. It may be begun again from the start, so it changes nothing that a
    second run would change twice."""

    def declare(work: Work) -> Work:
        KINDS[kind] = Kind(title, work, fulfil)
        return work

    return declare


@dataclass(frozen=True, slots=True)
class Regular:
    """What is done again and again while the server runs, without anybody asking."""

    minutes: int
    act: Callable[[Session], None]


REGULAR: list[Regular] = []


def every(minutes: int) -> Callable[[Callable[[Session], None]], Callable[[Session], None]]:
    """Declare what is to be done every so many minutes; it opens its own short transactions with `writing()`."""

    def declare(act: Callable[[Session], None]) -> Callable[[Session], None]:
        REGULAR.append(Regular(minutes, act))
        return act

    return declare
