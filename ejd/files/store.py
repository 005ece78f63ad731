"""Files in `instance/files/`, named by the SHA-256 of their bytes: written once, never changed.

A file is received outside any lock (read, recognised, written aside to the disk), then kept inside the transaction of
what it hangs on. What is refused in between leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import select

from ejd.db import Session
from ejd.files.kinds import IN_WORDS, clean_name, kind_of
from ejd.files.models import StoredFile
from ejd.refusal import Refused

MEGABYTE = 1024 * 1024
AT_ONCE = 256 * 1024
FOLDER = "files"  # of the instance
UNTOUCHED = timedelta(hours=1)  # before it may go: longer than any request that is just naming it
WAITING = ".waiting"  # the ending of what is not kept yet


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a person sent it."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is fit to be kept and waits on the disk."""

    name: str
    media_type: str
    size: int
    sha256: str
    waiting: Path


@contextmanager
def receiving(folder: Path, files: Iterable[Sent], *, longest: int, field: str) -> Iterator[Sequence[Received]]:
    """The files, each at most `longest` bytes, ready to be kept inside the block. Raises Refused when one is not taken.
    What was not kept is gone after it."""
    received: list[Received] = []
    try:
        for sent in files:
            received.append(_receive(folder, sent, longest, field))
        yield received
    finally:
        for file in received:
            file.waiting.unlink(missing_ok=True)


def keep(session: Session, *, folder: Path, file: Received, now: datetime) -> StoredFile:
    """The stored file of these bytes: known already, or put in its place in one step."""
    place = _place(folder, file.sha256)
    try:
        os.utime(place)  # so that no clearing takes it before what names it is saved
    except FileNotFoundError:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.waiting.replace(place)
        _settle(place.parent)
    stored = session.scalar(select(StoredFile).filter_by(sha256=file.sha256))
    if stored is None:
        stored = StoredFile(sha256=file.sha256, size=file.size, media_type=file.media_type, stored_at=now)
        session.add(stored)
        session.flush()
    return stored


def put_back(folder: Path, body: bytes) -> None:
    """Put bytes in their place that were kept before, in another installation."""
    place = _place(folder, hashlib.sha256(body).hexdigest())
    if not place.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        waiting = folder / f"{secrets.token_hex(16)}{WAITING}"
        waiting.write_bytes(body)
        waiting.replace(place)
        _settle(place.parent)


def path_of(folder: Path, sha256: str) -> Path | None:
    """Where the bytes lie; None when they are gone from the disk."""
    place = _place(folder, sha256)
    return place if place.is_file() else None


def untouched(folder: Path, hashes: Iterable[str], *, now: datetime) -> Iterator[Path]:
    """Where those of them lie that nobody has kept within the last hour: the others may be just being attached."""
    for sha256 in hashes:
        place = _place(folder, sha256)
        with suppress(FileNotFoundError):
            if place.stat().st_mtime < (now - UNTOUCHED).timestamp():
                yield place


def sweep(folder: Path, *, now: datetime) -> None:
    """Remove what a process that was killed left waiting more than a day ago."""
    for path in folder.glob(f"*{WAITING}"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                path.unlink()


def _place(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256[2:4] / sha256


def _receive(folder: Path, sent: Sent, longest: int, field: str) -> Received:
    name, size = clean_name(sent.name), sent.stream.seek(0, os.SEEK_END)
    if not size:
        raise Refused(f"Файл «{name}» пуст. Выберите его снова.", field=field)
    if size > longest:
        raise Refused(f"Файл «{name}» больше {longest // MEGABYTE}\u00a0МБ. Уменьшите его или дайте ссылку в тексте "
                      "задания.", field=field)
    kind = kind_of(name, sent.stream)
    if kind is None:
        raise Refused(f"Файл «{name}» не подходит: или такие не принимаются, или внутри не то, что в названии. "
                      f"Можно приложить {IN_WORDS}.", field=field)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = folder / f"{secrets.token_hex(16)}{WAITING}"
    try:
        return Received(name, kind.media_type, size, _copy(sent.stream, waiting), waiting)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise


def _copy(stream: IO[bytes], path: Path) -> str:
    """Write the bytes down for good; their SHA-256."""
    digest = hashlib.sha256()
    stream.seek(0)
    read: Callable[[], bytes] = lambda: stream.read(AT_ONCE)  # noqa: E731
    with path.open("xb") as file:
        for part in iter(read, b""):
            digest.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _settle(folder: Path) -> None:
    """Make the new name of a file last (on Windows a folder is not opened)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
