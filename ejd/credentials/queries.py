"""Reading accounts, their sessions and their failed attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from ejd.access import POSITION_NAMES, Position
from ejd.audit.models import AuditRecord
from ejd.credentials.models import Account, FailedAttempt, SignedSession
from ejd.credentials.throttling import WINDOW, Attempt, Failures
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Employment

LONG_AGO = 10**9


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A place where a person is signed in."""

    id: int
    since: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A one-time password that somebody issued, and as what."""

    at: datetime
    by: str


def account_by_login(session: Session, login: str) -> Account | None:
    """The account of a login; letter case does not matter."""
    return session.scalar(select(Account).where(Account.login == login.strip().lower()))


def account_by_id(session: Session, account_id: int) -> Account | None:
    return session.get(Account, account_id)


def anybody_has_a_login(session: Session) -> bool:
    return session.scalar(select(Account.id).limit(1)) is not None


def open_sessions(session: Session, *, account_id: int, now: datetime) -> list[OpenSession]:
    """Where the person is signed in now, newest first."""
    rows = session.execute(
        select(SignedSession.id, SignedSession.created_at, SignedSession.last_seen_at)
        .where(SignedSession.account_id == account_id, SignedSession.ended_at.is_(None), SignedSession.ends_at > now)
        .order_by(SignedSession.last_seen_at.desc()))
    return [OpenSession(*row) for row in rows]


def passwords_issued(session: Session, *, account_id: int, most: int) -> list[Issued]:
    """The latest one-time passwords of an account, newest first, by which positions. One statement."""
    latest = (select(AuditRecord.id, AuditRecord.at, AuditRecord.on_day, AuditRecord.actor_id)
              .where(AuditRecord.verb == "password.issued", AuditRecord.subject_id == account_id)
              .order_by(AuditRecord.id.desc()).limit(most).subquery())
    rows = session.execute(
        select(latest.c.id, latest.c.at, latest.c.actor_id, Employment.position)
        .outerjoin(Employment, and_(Employment.person_id == latest.c.actor_id, held(Employment, latest.c.on_day)))
        .order_by(latest.c.id.desc(), Employment.id))
    moments: dict[int, datetime] = {}
    by: dict[int, dict[str, None]] = {}
    for number, at, actor_id, position in rows:
        moments[number] = at
        name = POSITION_NAMES[Position(position)].lower() if position else "бывший сотрудник"
        by.setdefault(number, {})[name if actor_id is not None else "команда на сервере"] = None
    return [Issued(at, ", ".join(by[number])) for number, at in moments.items()]


def has_signed_in_on(session: Session, *, login: str, device_hash: str) -> bool:
    """Whether the login has ever signed in on the device."""
    return session.scalar(
        select(SignedSession.id).join(Account, Account.id == SignedSession.account_id)
        .where(Account.login == login.strip().lower(), SignedSession.device_hash == device_hash).limit(1)) is not None


def failures_before(session: Session, *, attempt: Attempt, now: datetime) -> Failures:
    """The counts that `throttling` decides by. An unknown login is counted like a known one."""
    since = now - WINDOW

    def count(what: object, *where: object) -> tuple[int, float]:
        number, newest = session.execute(
            select(func.count(what), func.max(FailedAttempt.at)).where(FailedAttempt.at > since, *where)  # type: ignore[arg-type]
        ).one()
        return number, (now - newest).total_seconds() if newest else LONG_AGO

    of_login = FailedAttempt.login_hash == attempt.login_hash
    here = FailedAttempt.place_hash == attempt.place_hash
    return Failures(*count(FailedAttempt.id, of_login, here), *count(FailedAttempt.id, of_login),
                    *count(FailedAttempt.login_hash.distinct(), here), attempt.own_device)
