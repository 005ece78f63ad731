"""Acts on accounts: create, issue a one-time password, sign in, change the password, sign out.

Hashing is slow on purpose and never happens inside a write transaction: these functions take ready hashes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from ejd import names
from ejd.access import Actor, Position
from ejd.audit import trail
from ejd.bulk import in_parts, insert_many
from ejd.credentials import sessions
from ejd.credentials.logins import login_for
from ejd.credentials.models import Account, Card, CardBatch, FailedAttempt
from ejd.credentials.throttling import Attempt
from ejd.db import Session
from ejd.refusal import Refused
from ejd.roster import people, queries_people
from ejd.roster.models import Person

KEEP_FAILURES = timedelta(days=1)


def blurred(value: str, key: str) -> str:
    """A keyed hash, so that the tables name neither addresses nor devices, nor logins that failed."""
    return hmac.new(key.encode(), value.strip().lower().encode(), hashlib.sha256).hexdigest()


def create_account(session: Session, *, actor_id: int | None, person: Person, now: datetime) -> Account:
    """A person's one login (R33), without a working password; the one there is when there is one."""
    if account := session.scalar(select(Account).filter_by(person_id=person.id)):
        return account
    beginning = login_for(person.last_name, person.first_name, ())
    taken = set(session.scalars(select(Account.login).where(Account.login.startswith(beginning, autoescape=True))))
    account = Account(person_id=person.id, login=login_for(person.last_name, person.first_name, taken),
                      must_change=True, created_at=now)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as clash:
        raise Refused("Такой логин только что появился: повторите") from clash
    trail.record(session, now=now, actor_id=actor_id, verb="account.created", subject_id=account.id)
    return account


def issue_password(session: Session, *, actor_id: int | None, account: Account, password_hash: str,
                   days: int, now: datetime) -> None:
    """Put a one-time password in force (R30): the old one and every session end, the new one must be changed."""
    if account.disabled_at is not None:
        raise Refused("Вход этого человека закрыт: сначала откройте его на странице человека")
    account.password_hash = password_hash
    account.must_change = True
    account.lapses_at = now + timedelta(days=days)
    sessions.end_all_sessions(session, account_id=account.id, now=now)
    cancel_cards(session, [account.person_id], now=now)
    trail.record(session, now=now, actor_id=actor_id, verb="password.issued", subject_id=account.id)


def cancel_cards(session: Session, person_ids: Collection[int], *, now: datetime) -> None:
    """Cards with a former password hold no more."""
    for part in in_parts(person_ids):
        session.execute(update(Card).where(Card.person_id.in_(part), Card.cancelled_at.is_(None))
                        .values(cancelled_at=now))


def issue_card(session: Session, *, actor_id: int, person: Person, pupil_id: int | None, password_hash: str, days: int,
               now: datetime, real_now: datetime) -> Account:
    """A one-time password for one person as a card: a line of the issue register (R31)."""
    account = create_account(session, actor_id=actor_id, person=person, now=now)
    issue_password(session, actor_id=actor_id, account=account, password_hash=password_hash, days=days, now=real_now)
    note_cards(session, actor_id=actor_id, people=[(person.id, pupil_id)], now=now)
    return account


def note_cards(session: Session, *, actor_id: int | None, people: Sequence[tuple[int, int | None]], now: datetime
               ) -> None:
    """Write down that these people have cards, each in whose place of a class, if any (R31)."""
    batch = CardBatch(made_at=now, made_by_id=actor_id, cards=len(people))
    session.add(batch)
    session.flush()
    insert_many(session, Card, [{"batch_id": batch.id, "person_id": person_id, "pupil_id": pupil_id, "made_at": now,
                                 "version": 1} for person_id, pupil_id in people])
    trail.record(session, now=now, actor_id=actor_id, verb="cards.made", subject_id=batch.id, cards=len(people))


def let_leader_in(session: Session, *, full_name: str, position: Position, password_hash: str, days: int,
                  today: date, now: datetime, real_now: datetime) -> Account:
    """Give a person of that name the position and a one-time password; a member of staff is known by the name. For
    whoever has the server: in the program nobody could let the first leader in, nor make a director."""
    name = ([*names.tidy(full_name).split(" ", 2), "", ""])[:3]
    person = queries_people.member_of_staff(session, *name, day=today) or people.add_person(
        session, actor_id=None, last_name=name[0], first_name=name[1], patronymic=name[2], now=now)
    if position not in queries_people.positions_of(session, person_id=person.id, day=today):
        people.employ(session, actor_id=None, person_id=person.id, position=position, from_on=today, now=now)
    account = create_account(session, actor_id=None, person=person, now=now)
    issue_password(session, actor_id=None, account=account, password_hash=password_hash, days=days, now=real_now)
    return account


def close_login(session: Session, *, actor_id: int, account: Account, now: datetime, real_now: datetime) -> None:
    """Nobody signs in with it any more, whatever the password; who is signed in is out. It can be opened again."""
    if account.disabled_at is None:
        account.disabled_at = now
        sessions.end_all_sessions(session, account_id=account.id, now=real_now)
        trail.record(session, now=now, actor_id=actor_id, verb="account.closed", subject_id=account.id)


def open_login(session: Session, *, actor_id: int, account: Account, now: datetime) -> None:
    """The password there is lets in again."""
    if account.disabled_at is not None:
        account.disabled_at = None
        session.flush()
        trail.record(session, now=now, actor_id=actor_id, verb="account.opened", subject_id=account.id)


def note_failure(session: Session, *, attempt: Attempt, now: datetime) -> None:
    """Remember a failed attempt, and forget those of yesterday."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.at < now - KEEP_FAILURES))
    session.add(FailedAttempt(login_hash=attempt.login_hash, place_hash=attempt.place_hash, at=now))


def forget_failures(session: Session, *, attempt: Attempt) -> None:
    """Forget the person's own failures at this place: the password was right after all."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.login_hash == attempt.login_hash,
                                                FailedAttempt.place_hash == attempt.place_hash))


def sign_in(session: Session, *, account: Account, new_hash: str | None, hours: int, attempt: Attempt,
            device_hash: str, now: datetime) -> str:
    """Open a session on a device, which is the login's own from now on. Returns the token."""
    if new_hash:
        account.password_hash = new_hash
    forget_failures(session, attempt=attempt)
    trail.record(session, now=now, actor_id=account.person_id, verb="session.opened", subject_id=account.id)
    return sessions.open_session(session, account_id=account.id, now=now, hours=hours, device_hash=device_hash)


def change_password(session: Session, *, actor: Actor, password_hash: str, session_id: int, now: datetime) -> None:
    """The person's own new password; every other session of theirs ends."""
    account = session.scalars(select(Account).filter_by(id=actor.account_id)).one()
    account.password_hash = password_hash
    account.must_change = False
    account.lapses_at = None
    sessions.end_all_sessions(session, account_id=account.id, now=now, but=session_id)
    trail.record(session, now=now, actor_id=actor.person_id, verb="password.changed", subject_id=account.id)


def sign_out(session: Session, *, actor: Actor, session_id: int, everywhere: bool, now: datetime) -> None:
    """End this session, or all of the person's sessions."""
    assert actor.account_id is not None
    if everywhere:
        sessions.end_all_sessions(session, account_id=actor.account_id, now=now)
    else:
        sessions.end_session(session, session_id=session_id, now=now)
    trail.record(session, now=now, actor_id=actor.person_id, verb="session.closed",
                 subject_id=actor.account_id, everywhere=everywhere)
