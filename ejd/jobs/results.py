"""Files of finished jobs in the instance folder: each its owner's alone, gone after a day, or an hour."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ejd.config import make_folder
from ejd.jobs import sealing
from ejd.jobs.kinds import KINDS, Made
from ejd.jobs.models import Job, JobState
from ejd.refusal import Refused

FOLDER = "jobs"
KEPT, KEPT_SEALED = timedelta(hours=24), timedelta(hours=1)
GONE = "Файла уже нет: готовое хранится сутки. Закажите его снова."
GONE_SEALED = "Файла уже нет: он хранится час и выдаётся один раз. Закажите его снова."


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed result opened: the file, and what was promised with it."""

    body: bytes
    promise: Any


def is_sealed(job: Job) -> bool:
    return "seal" in json.loads(job.params)


def kept_until(job: Job) -> datetime | None:
    """Until when the result of a finished job is there."""
    if job.state != JobState.DONE or job.ended_at is None:
        return None
    return job.ended_at + (KEPT_SEALED if is_sealed(job) else KEPT)


def is_there(job: Job, now: datetime) -> bool:
    """Whether the result can still be fetched."""
    until = kept_until(job)
    return until is not None and now < until and (job.fetched_at is None or not is_sealed(job))


def keep(instance: Path, job: Job, made: Made) -> None:
    """Write the result down; whatever has passwords in it lies sealed."""
    body = made.body
    if is_sealed(job):
        promise = json.dumps(made.promise).encode()
        body = sealing.seal(json.loads(job.params)["seal"], len(promise).to_bytes(4, "big") + promise + body)
    elif KINDS[job.kind].fulfil:
        raise ValueError(f"{job.kind} is handed over sealed only")
    make_folder(instance / FOLDER)
    _path(instance, job.id).write_bytes(body)


def read(instance: Path, job: Job, now: datetime) -> bytes:
    """The file as it lies there."""
    try:
        if is_there(job, now):
            return _path(instance, job.id).read_bytes()
    except FileNotFoundError:
        pass
    raise Refused(GONE_SEALED if is_sealed(job) else GONE)


def open_sealed(instance: Path, job: Job, secret: str, now: datetime) -> Opened:
    """The file behind a sealed result, by the key that the browser brought."""
    content = sealing.unseal(secret, read(instance, job, now))
    size = int.from_bytes(content[:4], "big")
    return Opened(content[4 + size:], json.loads(content[4:4 + size]))


def drop(instance: Path, job_id: int) -> None:
    _path(instance, job_id).unlink(missing_ok=True)


def files(instance: Path) -> set[int]:
    """The jobs whose files lie there."""
    return {int(path.stem) for path in (instance / FOLDER).glob("*.result")}


def _path(instance: Path, job_id: int) -> Path:
    return instance / FOLDER / f"{job_id}.result"
