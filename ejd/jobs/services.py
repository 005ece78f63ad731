"""The life of a job's row: begun by somebody, taken by a worker, told about, ended, fetched."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from ejd.db import Session
from ejd.jobs.kinds import KINDS
from ejd.jobs.models import Job, JobState
from ejd.refusal import Refused

ON_COMMIT = "jobs begun"  # in the session's info: their ids, for the queue once the rows are there
LONGEST_WORD = 300


def start(session: Session, *, kind: str, params: Mapping[str, Any], owner_id: int, key: str, now: datetime) -> Job:
    """Begin long work; the same key again is the same job. It runs when the transaction is committed."""
    if not 8 <= len(key) <= 40:
        raise Refused("Страница устарела: откройте её снова")
    if job := session.scalars(select(Job).filter_by(key=key)).first():
        if (job.owner_id, job.kind) != (owner_id, kind):
            raise Refused("Страница устарела: откройте её снова")
        return job
    assert kind in KINDS, kind
    job = Job(kind=kind, params=json.dumps(params), owner_id=owner_id, key=key, made_at=now)
    session.add(job)
    session.flush()
    session.info.setdefault(ON_COMMIT, []).append(job.id)
    return job


def is_known(session: Session, key: str) -> bool:
    """Whether a job was begun under the key."""
    return session.scalars(select(Job.id).filter_by(key=key)).first() is not None


def standing(session: Session, *, since: datetime) -> tuple[int, int]:
    """How many jobs have not ended, and how many failed since. One statement."""
    waiting = func.count().filter(Job.state.in_((JobState.WAITING.value, JobState.RUNNING.value)))
    failed = func.count().filter(Job.state == JobState.FAILED.value, Job.made_at >= since)
    row = session.execute(select(waiting, failed)).one()
    return int(row[0]), int(row[1])


def take(session: Session, *, job_id: int, now: datetime) -> Job | None:
    """The job for the worker who takes it, or None when another did, or it ended."""
    taken = session.execute(
        update(Job).where(Job.id == job_id, Job.state == JobState.WAITING.value)
        .values(state=JobState.RUNNING.value, begun_at=now, done=0, total=0).returning(Job.id)).first()
    return session.get(Job, job_id, populate_existing=True) if taken else None


def tell(session: Session, *, job_id: int, done: int, total: int) -> None:
    """How far it has come."""
    session.execute(update(Job).where(Job.id == job_id).values(done=done, total=total))


def end(session: Session, *, job_id: int, state: JobState, said: str = "", file_name: str = "", now: datetime) -> None:
    session.execute(update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING.value).values(
        state=state.value, said=said[:LONGEST_WORD], file_name=file_name[:120], ended_at=now))


def fetch(session: Session, *, job: Job, now: datetime) -> None:
    """Hand a sealed result over; of two hands at once one gets it."""
    fetched = session.execute(update(Job).where(Job.id == job.id, Job.fetched_at.is_(None))
                              .values(fetched_at=now).returning(Job.id)).first()
    if not fetched:
        raise Refused("Этот файл уже выдан: второй раз он не выдаётся")


def say(session: Session, *, job: Job, said: str) -> None:
    """What came of handing it over."""
    session.execute(update(Job).where(Job.id == job.id).values(said=said[:LONGEST_WORD]))


def begin_again(session: Session) -> None:
    """What was running when the server stopped waits once more."""
    session.execute(update(Job).where(Job.state == JobState.RUNNING.value).values(state=JobState.WAITING.value))


def waiting(session: Session) -> list[int]:
    """What waits for a worker, the oldest first."""
    return list(session.scalars(select(Job.id).where(Job.state == JobState.WAITING.value).order_by(Job.id)))


def with_ids(session: Session, job_ids: Collection[int]) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.id.in_(job_ids))))


def own_job(session: Session, *, owner_id: int, job_id: int) -> Job | None:
    """A job of that owner."""
    return session.scalars(select(Job).filter_by(id=job_id, owner_id=owner_id)).first()


def params_of(job: Job) -> dict[str, Any]:
    """What the job was asked for."""
    return dict(json.loads(job.params))
