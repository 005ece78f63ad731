"""Signed-in sessions: a random token whose hash is a row; `arriving` asks who stands behind one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, String, bindparam, cast, literal, select, union_all, update

from ejd.access import Actor, Position
from ejd.bulk import in_parts
from ejd.credentials.models import SignedSession
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import ClassTeacher, Employment, Enrolment, Guardianship, Person

SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What Flask-Login calls the user: a person behind one session."""

    token: str
    session_id: int
    actor: Actor
    must_change: bool
    seen_long_ago: bool
    has_factor: bool = False  # a second factor is on

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, *, account_id: int, now: datetime, hours: int, device_hash: str = "") -> str:
    """Make a session for an account and return its token, known to the browser only."""
    token = secrets.token_urlsafe(32)
    session.add(SignedSession(token_hash=token_hash(token), account_id=account_id, created_at=now,
                              last_seen_at=now, ends_at=now + timedelta(hours=hours), device_hash=device_hash))
    session.flush()
    return token


def signed_in_as(token: str, *, session_id: int, seen_at: datetime, account_id: int, must_change: bool, person_id: int,
                 name: str, held: Iterable[tuple[str, str]], now: datetime, has_factor: bool = False) -> SignedIn:
    """The person behind a session with the roles held today."""
    return SignedIn(token, session_id, _actor(person_id, name, held, account_id), must_change,
                    now - seen_at > SEEN_EVERY, has_factor)


def actor_of(session: Session, person: Person, today: date, account_id: int | None = None) -> Actor:
    """The person with every role held today, in one statement."""
    rows = session.execute(_ROLES, {"people": [person.id], "today": today})
    return _actor(person.id, person.full_name, [(kind, value) for _, kind, value in rows], account_id)


def actors_of(session: Session, people: Collection[Person], today: date) -> list[Actor]:
    """The same of many people. One statement."""
    of_person: dict[int, list[tuple[str, str]]] = {person.id: [] for person in people}
    for person_id, kind, value in session.execute(_ROLES, {"people": list(of_person), "today": today}):
        of_person[person_id].append((kind, value))
    return [_actor(person.id, person.full_name, of_person[person.id], None) for person in people]


def _actor(person_id: int, name: str, held: Iterable[tuple[str, str]], account_id: int | None) -> Actor:
    of_kind: dict[str, list[str]] = {"position": [], "class": [], "child": [], "pupil": []}
    for kind, value in held:
        of_kind[kind].append(value)
    positions = {Position(value) for value in of_kind["position"]}
    if of_kind["class"]:
        positions.add(Position.CLASS_TEACHER)
    return Actor(
        person_id=person_id,
        name=name,
        positions=frozenset(positions),
        children=frozenset(int(value) for value in of_kind["child"]),
        own_classes=frozenset(int(value) for value in of_kind["class"]),
        is_pupil=bool(of_kind["pupil"]),
        account_id=account_id,
    )


def _held(kind: str, value: Any, table: Any, owner: Any) -> Any:
    today = bindparam("today", type_=Date)
    return select(owner, literal(kind), value).where(owner.in_(bindparam("people", expanding=True)), held(table, today))


_ROLES = union_all(
    _held("position", Employment.position, Employment, Employment.person_id),
    _held("class", cast(ClassTeacher.class_id, String), ClassTeacher, ClassTeacher.teacher_id),
    _held("child", cast(Guardianship.pupil_id, String), Guardianship, Guardianship.guardian_id),
    _held("pupil", cast(Enrolment.class_id, String), Enrolment, Enrolment.pupil_id),
)


def account_behind(session: Session, *, token: str) -> int | None:
    """Whose session the token was, whether or not it has ended."""
    return session.scalar(select(SignedSession.account_id).where(SignedSession.token_hash == token_hash(token)))


def touch(session: Session, *, session_id: int, now: datetime) -> None:
    """Note that the session is in use; the caller does so at most every five minutes."""
    session.execute(update(SignedSession).where(SignedSession.id == session_id).values(last_seen_at=now))


def end_session(session: Session, *, session_id: int, now: datetime) -> None:
    session.execute(update(SignedSession).where(SignedSession.id == session_id).values(ended_at=now))


def end_sessions_of(session: Session, *, account_ids: Collection[int], now: datetime) -> None:
    """Sign many people out everywhere."""
    for part in in_parts(account_ids):
        session.execute(update(SignedSession).where(
            SignedSession.account_id.in_(part), SignedSession.ended_at.is_(None)).values(ended_at=now))


def end_all_sessions(session: Session, *, account_id: int, now: datetime, but: int | None = None) -> None:
    """Sign out everywhere, or everywhere but in the session `but`."""
    session.execute(update(SignedSession)
                    .where(SignedSession.account_id == account_id, SignedSession.ended_at.is_(None),
                           SignedSession.id != (but or 0))
                    .values(ended_at=now))
