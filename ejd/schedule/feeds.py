"""Private addresses of lessons for a telephone's calendar: made, shown once, revoked; which of them still hold."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from ejd.audit import trail
from ejd.credentials.models import Account
from ejd.credentials.sessions import token_hash
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Employment, Enrolment, Guardianship, Person
from ejd.schedule.models import LessonFeed

SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class Feed:
    """An address that stands: of the owner's own lessons as a teacher, or of a pupil's."""

    id: int
    pupil_id: int | None
    pupil: str
    made_at: datetime


def make_feed(session: Session, *, owner_id: int, pupil_id: int | None, now: datetime) -> str:
    """A new address of the owner's lessons, or of a pupil's, in place of the one before; its secret is kept nowhere."""
    same = LessonFeed.pupil_id.is_(None) if pupil_id is None else LessonFeed.pupil_id == pupil_id
    session.execute(update(LessonFeed).where(LessonFeed.owner_id == owner_id, LessonFeed.revoked_at.is_(None), same)
                    .values(revoked_at=now).execution_options(synchronize_session=False))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = LessonFeed(owner_id=owner_id, pupil_id=pupil_id, token_hash=token_hash(secret), created_at=now)
    session.add(feed)
    session.flush()
    trail.record(session, now=now, actor_id=owner_id, verb="feed.made", subject_id=feed.id, pupil=pupil_id)
    return secret


def revoke_feed(session: Session, *, actor_id: int, feed: LessonFeed, now: datetime) -> None:
    """The address answers no more."""
    if feed.revoked_at is None:
        feed.revoked_at = now
        session.flush()
        trail.record(session, now=now, actor_id=actor_id, verb="feed.revoked", subject_id=feed.id)


def own_feed(session: Session, *, owner_id: int, feed_id: int) -> LessonFeed | None:
    return session.scalar(select(LessonFeed).filter_by(id=feed_id, owner_id=owner_id))


def feeds_of(session: Session, owner_id: int) -> Sequence[Feed]:
    """The addresses that a person has made and not revoked. One statement."""
    rows = session.execute(
        select(LessonFeed, Person.last_name, Person.first_name).outerjoin(Person, Person.id == LessonFeed.pupil_id)
        .where(LessonFeed.owner_id == owner_id, LessonFeed.revoked_at.is_(None)).order_by(LessonFeed.id))
    return [Feed(feed.id, feed.pupil_id, f"{last} {first}" if last else "", feed.created_at)
            for feed, last, first in rows]


def feed_behind(session: Session, secret: str, *, today: date) -> LessonFeed | None:
    """The feed of this secret, while its owner may see what it shows: works here, or is the pupil, or the guardian of
    the pupil (R33), and their login is not closed. Found by the hash, so that the time it takes tells nothing of the
    secret. One statement."""
    feed = aliased(LessonFeed)
    works = exists().where(Employment.person_id == feed.owner_id, held(Employment, today))
    learns = exists().where(Enrolment.pupil_id == feed.pupil_id, held(Enrolment, today))
    guards = exists().where(Guardianship.guardian_id == feed.owner_id, Guardianship.pupil_id == feed.pupil_id,
                            held(Guardianship, today))
    lives = exists().where(Account.person_id == feed.owner_id, Account.disabled_at.is_(None))
    return session.scalar(select(feed).where(
        lives, feed.token_hash == token_hash(secret), feed.revoked_at.is_(None),
        or_(and_(feed.pupil_id.is_(None), works), and_(learns, or_(feed.owner_id == feed.pupil_id, guards)))))
