"""Letters that are due now: found for all addresses at once, then sent one by one.

A letter is taken in hand, sent, and what it told is written down in the transaction right after the mail server's
answer: whoever stops in between repeats one letter at most, and loses none. News of the last moments wait for the next
time, for what is just being saved has its moment already (`due.SETTLES`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ejd import clock, mail
from ejd.bulk import in_parts
from ejd.db import Session, writing
from ejd.mail import Message
from ejd.news import letters, services
from ejd.news.due import SETTLES, Often, Topic, items_due, news_due
from ejd.news.open_items import open_items
from ejd.news.queries import Address, addresses, changes, newest, pupils_told
from ejd.school.settings import Settings

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Site:
    """Where links of letters lead; the key makes the one that takes an address back."""

    address: str
    key: str

    def leave(self, to: Address) -> str:
        return f"{self.address}news/leave/{services.leave_secret(self.key, to.person_id, to.email)}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about to be sent, and what it tells."""

    person_id: int
    message: Message
    told_before: datetime
    told_until: datetime | None = None
    items_on: date | None = None


@dataclass(slots=True)
class Outcome:
    """How many letters the mail server has taken on, and how many not."""

    sent: int = 0
    failed: int = 0
    why: set[str] = field(default_factory=set)  # in sentences without addresses


def tell_all(session: Session, *, settings: Settings, key: str, now: datetime) -> Outcome:
    """Send whatever is due at the moment. Nothing without a mail server or the school's own address."""
    address = site_of(settings)
    if not (mail.configured() and address):
        return Outcome()
    every, wall, site = addresses(session), clock.local(now), Site(address, key)
    news = _news_letters(session, [one for one in every if one.topics and news_due(one.rhythm, wall)],
                         settings=settings, site=site, now=now)
    items = _items_letters(session, [one for one in every if items_due(one.rhythm, wall)], settings=settings, site=site,
                           now=now)
    return _send(session, [*news, *items])


def site_of(settings: Settings) -> str:
    """Where the journal is found, with a slash at the end; empty while the school has not said."""
    site = str(settings.value("school.address", on=None))
    return site and site.rstrip("/") + "/"


def _news_letters(session: Session, due: Sequence[Address], *, settings: Settings, site: Site, now: datetime
                  ) -> list[Letter]:
    until = now - SETTLES
    found = _what_is_new(session, due, until=until, settings=settings, today=clock.local(now).date())
    with writing():  # who is told at once is looked at every time anyway
        services.note_nothing_new(session, told_until=until, person_ids=[
            one.person_id for one in due if not found[one.person_id]
            and (one.rhythm.often != Often.ONCE or one.told_until < until - A_DAY)])
    made = []
    for one in due:
        if topics := found[one.person_id]:
            leave = site.leave(one)
            subject, text = letters.of_news(topics, address=site.address, leave=leave)
            made.append(Letter(one.person_id, Message(one.email, subject, text, leave), one.told_until,
                               told_until=until))
    return made


def _what_is_new(session: Session, due: Sequence[Address], *, until: datetime, settings: Settings, today: date
                 ) -> dict[int, set[str]]:
    """By person, the topics of which there is something. Eleven statements for some hundred addresses."""
    found: dict[int, set[str]] = defaultdict(set)
    if not due:
        return found
    told: dict[int, set[int]] = {}
    for part in in_parts([one.person_id for one in due]):
        told |= pupils_told(session, part, today=today, signs_from=settings.value("cards.first_own", on=None))
    for topic in Topic:
        asking = [one for one in due if topic.value in one.topics and one.told_until < until]
        pupil_ids = set().union(*(told[one.person_id] for one in asking))
        if not pupil_ids:
            continue
        since = min(one.told_until for one in asking)
        moments = newest(session, topic, pupil_ids, since=since, until=until)
        changed = changes(session, topic, pupil_ids, since=since, until=until)
        for one in asking:
            if any(moments.get(pupil_id, one.told_until) > one.told_until
                   or any(there <= one.told_until < at for there, at in changed.get(pupil_id, ()))
                   for pupil_id in told[one.person_id]):
                found[one.person_id].add(topic.value)
    return found


def _items_letters(session: Session, due: Sequence[Address], *, settings: Settings, site: Site, now: datetime
                   ) -> list[Letter]:
    today, made, nothing = clock.local(now).date(), [], []
    waiting: dict[int, list[tuple[str, int]]] = {}
    for part in in_parts([one.person_id for one in due]):
        waiting |= open_items(session, person_ids=part, settings=settings, today=today, now=now)
    for one in due:
        if items := waiting.get(one.person_id):
            leave = site.leave(one)
            subject, text = letters.of_items(items, address=site.address, leave=leave)
            made.append(Letter(one.person_id, Message(one.email, subject, text, leave), one.told_until, items_on=today))
        else:
            nothing.append(one.person_id)
    with writing():
        services.note_nothing_new(session, person_ids=nothing, items_on=today)
    return made


def _send(session: Session, made: Iterable[Letter]) -> Outcome:
    outcome: Outcome = Outcome()
    in_hand: list[Letter] = []

    def taken() -> Iterator[Message]:
        for letter in made:
            with writing():
                mine = services.claim(session, person_id=letter.person_id, email=letter.message.to, now=clock.now(),
                                      told_before=letter.told_before, items_on=letter.items_on)
            if mine:
                in_hand.append(letter)
                yield letter.message

    for answer in mail.sending(taken()):
        letter = in_hand[-1]
        with writing():
            if answer is None:
                services.note_sent(session, person_id=letter.person_id, email=letter.message.to,
                                   told_until=letter.told_until, items_on=letter.items_on)
            elif isinstance(answer, mail.Unreachable):
                services.put_back(session, person_id=letter.person_id, email=letter.message.to)
            else:
                services.note_failed(session, person_id=letter.person_id, email=letter.message.to, now=clock.now())
        outcome.sent += answer is None
        if answer is not None:
            outcome.failed += 1
            outcome.why.add(answer)
    return outcome
