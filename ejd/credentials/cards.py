"""Credential cards made together (R30): passwords and their hashes outside any transaction, then one PDF. They come
into force in one transaction as the PDF is handed over: what failed or was left lying has changed nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from ejd import clock
from ejd.access import Act, Actor, may, reason_closed
from ejd.audit import trail
from ejd.audit.leaving import Leaving, leave
from ejd.bulk import in_parts, insert_many, update_many
from ejd.credentials import holders, passwords, services, sessions
from ejd.credentials.card_paper import CardOnPaper, Heading, draw
from ejd.credentials.holders import Holder, Scope
from ejd.credentials.logins import login_for
from ejd.credentials.models import Account
from ejd.credentials.receiving import Custom
from ejd.credentials.sessions import actor_of
from ejd.db import Session
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.refusal import Refused
from ejd.roster.models import Person
from ejd.school import settings as school_settings
from ejd.words import counted

HASHERS = 2  # threads: hashing lets go of the interpreter
CARDS = ("карточка", "карточки", "карточек")
NAMED = 5  # of those left out
NOBODY = "Карточки делать некому: у всех уже есть действующий пароль. Новую взамен действующей заказывают отдельно."


@dataclass(frozen=True, slots=True)
class Prepared:
    """Cards to be printed, and the promise that puts their passwords in force."""

    cards: Sequence[CardOnPaper]
    heading: Heading
    promise: dict[str, Any]


@job("cards", "Карточки доступа", fulfil=lambda session, **given: put_in_force(session, **given))
def make_cards(session: Session, one: Job, tell: Tell) -> Made:
    """The sheets of a class, a parallel, the school's families or its staff."""
    asked = params_of(one)
    prepared = prepare(session, owner_id=one.owner_id, scope=Scope(**asked["scope"]), renew=asked["renew"],
                       address=asked["address"], tell=tell)
    if not prepared.cards:
        raise Refused(NOBODY)
    return Made(f"Карточки, {asked['title']}.pdf", draw(prepared.cards, prepared.heading),
                f"Готово: {counted(len(prepared.cards), *CARDS)}.", prepared.promise)


def prepare(session: Session, *, owner_id: int | None, scope: Scope, renew: bool, address: str, tell: Tell) -> Prepared:
    """Passwords and cards for whoever is to have one; without an owner the server's command line asks. A few
    statements, then no transaction while it hashes."""
    real_now, today = clock.real_now(), clock.today()
    settings = school_settings.load(session)
    owner = actor_of(session, session.get_one(Person, owner_id), today) if owner_id is not None else None
    chosen = _chosen(session, owner, scope, holders.custom_of(settings), renew, real_now)
    blanks = [replace(blank, login=login) for blank, login in zip(
        blanks_of(session, chosen, today=today), _logins(session, chosen), strict=True)]
    known = [(holder.person.id, holder.pupil.id if holder.pupil else None, _stamp(holder.account))
             for holder in chosen]
    heading = Heading(settings.value("school.name", on=None), address,
                      lapse_day(real_now, settings.value("card.days", on=None)))
    session.rollback()
    secrets = [passwords.one_time_password() for _ in blanks]
    hashes = _hashes(secrets, tell)
    rows = [[person_id, pupil_id, blank.login, hashed, stamp]
            for (person_id, pupil_id, stamp), blank, hashed in zip(known, blanks, hashes, strict=True)]
    cards = [replace(blank, password=passwords.in_groups(secret))
             for blank, secret in zip(blanks, secrets, strict=True)]
    return Prepared(cards, heading, {"rows": rows, "bulk": scope.class_id is None})


def _chosen(session: Session, actor: Actor | None, scope: Scope, custom: Custom, renew: bool,
            real_now: datetime) -> list[Holder]:
    """Who gets a card: each person once, nobody whose password works unless all are renewed, nor to whom a refusal
    closes whatever there would be to see (R23). Staff get theirs as staff, for the office lets them in; nobody makes
    one for themselves."""
    day = holders.school_day(session, clock.today())
    if scope.staff:
        found = [one for one, theirs in holders.staff(session, day=day) if actor and not reason_closed(actor, theirs)]
    else:
        found = [one for one in holders.families(session, scope=scope, custom=custom, day=day)
                 if one.table and not one.employed and not one.closed]
    once: dict[int, Holder] = {}
    for holder in found:
        shut = holder.account is not None and holder.account.disabled_at is not None
        mine = actor is not None and holder.person.id == actor.person_id
        if not mine and not shut and (renew or not holders.works(holder.account, real_now)):
            once.setdefault(holder.person.id, holder)
    return list(once.values())


def _logins(session: Session, chosen: Sequence[Holder]) -> list[str]:
    """The login there is, or a new one as `logins` makes them."""
    taken = set(session.scalars(select(Account.login)))
    found = []
    for holder in chosen:
        login = holder.account.login if holder.account else login_for(holder.person.last_name,
                                                                      holder.person.first_name, taken)
        taken.add(login)
        found.append(login)
    return found


def _hashes(secrets: Sequence[str], tell: Tell) -> Iterable[str]:
    with ThreadPoolExecutor(HASHERS) as threads:
        for done, hashed in enumerate(threads.map(passwords.hash_password, secrets), 1):
            tell(done, len(secrets))
            yield hashed


def blanks_of(session: Session, chosen: Sequence[Holder], *, today: date) -> list[CardOnPaper]:
    """Cards that say everything but login and password: a guardian's names every child at the school (R33)."""
    children = holders.children_of(session, [one.person.id for one in chosen], day=holders.school_day(session, today))
    return [CardOnPaper(one.role, one.person.full_name, one.class_name, about(children.get(one.person.id, ())))
            for one in chosen]


def about(children: Sequence[str]) -> str:
    """Whose guardian somebody is, as the card has it."""
    return f"{'Дети' if len(children) > 1 else 'Ребёнок'}: {'; '.join(children)}" if children else ""


def lapse_day(real_now: datetime, days: int) -> date:
    """The last day on which an unused card lets its holder in."""
    return clock.local(real_now + timedelta(days=days)).date()


def _stamp(account: Account | None) -> str:
    """What an account was like, so that a change meanwhile is noticed; tells nothing of the password."""
    known = f"{account.login} {account.password_hash} {account.disabled_at}" if account else ""
    return hashlib.sha256(known.encode()).hexdigest()[:16] if known else ""


def put_in_force(session: Session, *, actor: Actor | None, promise: Mapping[str, Any], now: datetime,
                 real_now: datetime) -> str:
    """The passwords of cards that are being handed over, all at once; cards of more than a class are told to the
    director. Who got another password meanwhile keeps it. Without an actor it is the server's command line."""
    if actor is not None and not (may(actor, Act.ISSUE_PASSWORD) or actor.own_classes):
        raise Refused("Вы больше не выдаёте карточки")
    rows, actor_id = promise["rows"], actor.person_id if actor else None
    if promise["bulk"] or actor is None:
        leave(session, kind=Leaving.CARDS, amount=len(rows), actor_id=actor_id, now=real_now)
    standing = _accounts(session, [row[0] for row in rows])
    taken = _taken(session, [row[2] for row in rows if row[0] not in standing])
    good = [row for row in rows if _stamp(standing.get(row[0])) == row[4] and row[2] not in taken]
    _create_accounts(session, [row for row in good if row[0] not in standing], actor_id, now)
    accounts = _accounts(session, [row[0] for row in good])
    lapses_at = real_now + timedelta(days=school_settings.load(session).value("card.days", on=None))
    update_many(session, Account, ((accounts[person_id].id, {
        "password_hash": hashed, "must_change": True, "lapses_at": lapses_at}) for person_id, _, _, hashed, _ in good))
    sessions.end_sessions_of(session, account_ids=[one.id for one in accounts.values()], now=real_now)
    services.cancel_cards(session, list(accounts), now=now)
    trail.record_many(session, now=now, actor_id=actor_id, verb="password.issued",
                      acts=[(accounts[row[0]].id, {}) for row in good])
    services.note_cards(session, actor_id=actor_id, people=[(row[0], row[1]) for row in good], now=now)
    return f"Паролей вступило в силу: {len(good)}.{_left_out(session, [row for row in rows if row not in good])}"


def _accounts(session: Session, person_ids: Sequence[int]) -> dict[int, Account]:
    return {one.person_id: one for part in in_parts(person_ids) for one in session.scalars(
        select(Account).where(Account.person_id.in_(part)).execution_options(populate_existing=True))}


def _create_accounts(session: Session, rows: Sequence[Sequence[Any]], actor_id: int | None, now: datetime
                     ) -> None:
    insert_many(session, Account, [{"person_id": row[0], "login": row[2], "must_change": True, "created_at": now}
                                   for row in rows])
    made = _accounts(session, [row[0] for row in rows])
    trail.record_many(session, now=now, actor_id=actor_id, verb="account.created",
                      acts=[(made[row[0]].id, {}) for row in rows])


def _taken(session: Session, logins: Sequence[str]) -> set[str]:
    return {login for part in in_parts(logins) for login in session.scalars(
        select(Account.login).where(Account.login.in_(part)))}


def _left_out(session: Session, rows: Sequence[Sequence[Any]]) -> str:
    """Whose cards are for the bin, by name as far as there is room."""
    if not rows:
        return ""
    people = session.scalars(select(Person).where(Person.id.in_([row[0] for row in rows[:NAMED]])))
    names = ", ".join(person.short_name for person in people)
    more = f" и ещё {len(rows) - NAMED}" if len(rows) > NAMED else ""
    return f" За это время получили пароль иначе, их карточки не действуют: {names}{more}."
