"""Acts on addresses for news: give one and confirm it, choose what it is told, take it back; how a letter fared."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from ejd import clock
from ejd.audit import trail
from ejd.bulk import in_parts
from ejd.credentials.services import blurred
from ejd.credentials.sessions import token_hash
from ejd.db import Session, one_at_a_time
from ejd.news.due import ASKED_A_DAY, LINK_HOLDS, Often, Topic, tidy_address
from ejd.news.models import NewsAddress, NewsAsked
from ejd.refusal import Refused, Stale

A_DAY, CLAIM = timedelta(days=1), timedelta(minutes=15)
SECRET_BYTES = 24
WRONG_ADDRESS = "Это не похоже на адрес почты. Пример: ivanova@mail.ru"
TOO_OFTEN = "Сегодня на этот адрес уже отправлено несколько писем: попробуйте завтра"
CHANGED = "Пока эта страница была открыта, настройки изменили в другом окне"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to be told, where to, how often."""

    email: str
    topics: Collection[str]
    often: str
    quiet_from: int
    quiet_to: int
    items_often: str = ""


def choose(session: Session, *, person_id: int, choice: Choice, version: int, key: str, now: datetime,
           real_now: datetime) -> tuple[NewsAddress, str | None]:
    """Keep the choice. Of a new address also the code that confirms it, to be mailed there and kept nowhere: until then
    nothing else goes there. `real_now` is for what follows no demo clock. Raises Stale."""
    email = _checked(choice)
    values = {"topics": ",".join(topic.value for topic in Topic if topic.value in choice.topics),
              "often": choice.often, "quiet_from": choice.quiet_from, "quiet_to": choice.quiet_to,
              "items_often": choice.items_often}
    row = _row_of(session, person_id)
    standing = {name: getattr(row, name) for name in values} | {"email": row.email} if row else {}
    if row and standing == values | {"email": email}:
        row.failed_at, row.failures = None, 0  # said again: a paused address is tried again
        return row, None
    if (row.version if row else 0) != version:
        raise Stale(CHANGED, theirs=row.email if row else "")
    if row is None:
        row = NewsAddress(person_id=person_id, email="", leave_hash="", told_until=now, failures=0, version=0, **values)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.failed_at, row.failures = row.version + 1, None, 0
    code = _new_address(session, row, email, key, real_now) if email != row.email else None
    session.flush()
    trail.record(session, now=now, actor_id=person_id, verb="news.chosen", subject_id=person_id, often=choice.often,
                 topics=values["topics"], items=choice.items_often)
    return row, code


def ask_again(session: Session, *, person_id: int, key: str, real_now: datetime) -> tuple[NewsAddress, str]:
    """A new code for an address that is not confirmed yet."""
    row = _row_of(session, person_id)
    if row is None or not row.email or row.confirmed_at is not None:
        raise Refused("Подтверждать нечего: обновите страницу")
    code = _new_address(session, row, row.email, key, real_now)
    session.flush()
    return row, code


def confirm(session: Session, *, code: str, now: datetime, real_now: datetime) -> None:
    """The link out of the letter: from now on the address is told what was chosen. Again changes nothing."""
    row = address_to_confirm(session, code=code, real_now=real_now, lock=True)
    if row is None:
        raise Refused("Эта ссылка больше не действует: закажите письмо ещё раз на странице «Новости по почте»")
    if row.confirmed_at is None:
        row.confirmed_at, row.told_until = now, now
        row.items_told_on = clock.local(now).date()
        session.flush()
        trail.record(session, now=now, actor_id=row.person_id, verb="news.confirmed", subject_id=row.person_id)


def address_to_confirm(session: Session, *, code: str, real_now: datetime, lock: bool = False) -> NewsAddress | None:
    """Found by the hash; one that has lapsed unconfirmed is none. One statement."""
    lives = or_(NewsAddress.asked_at > real_now - LINK_HOLDS, NewsAddress.confirmed_at.is_not(None))
    query = select(NewsAddress).where(NewsAddress.code_hash == token_hash(code), NewsAddress.email != "", lives)
    return session.scalar(query.with_for_update() if lock else query)


def take_back(session: Session, *, person_id: int, now: datetime) -> None:
    """The address is forgotten, nothing is sent any more. Again changes nothing."""
    row = _row_of(session, person_id)
    if row is not None and row.email:
        row.email, row.code_hash, row.confirmed_at, row.asked_at = "", "", None, None
        row.version += 1
        session.flush()
        trail.record(session, now=now, actor_id=person_id, verb="news.taken_back", subject_id=person_id)


def leave(session: Session, *, secret: str, now: datetime) -> bool:
    """The link in each letter: whoever has it takes the address back. Whether there is such a link."""
    person_id = session.scalar(select(NewsAddress.person_id).where(NewsAddress.leave_hash == token_hash(secret)))
    if person_id is not None:
        take_back(session, person_id=person_id, now=now)
    return person_id is not None


def leave_secret(key: str, person_id: int, email: str) -> str:
    """The secret of that link: the same in each letter to the address, so it is made, not kept."""
    return hmac.new(key.encode(), f"news leave {person_id} {email}".encode(), hashlib.sha256).hexdigest()[:40]


def claim(session: Session, *, person_id: int, email: str, told_before: datetime, items_on: date | None, now: datetime
          ) -> bool:
    """Take a letter into hand, unless somebody else has it, or has sent it since it was made; one whose sender broke
    off is free again after a while."""
    if items_on is None:
        untold: ColumnElement[bool] = NewsAddress.told_until == told_before
    else:
        untold = or_(NewsAddress.items_told_on.is_(None), NewsAddress.items_told_on < items_on)
    done = session.execute(
        update(NewsAddress)
        .where(NewsAddress.person_id == person_id, NewsAddress.email == email, NewsAddress.confirmed_at.is_not(None),
               untold,
               or_(NewsAddress.claimed_at.is_(None), NewsAddress.claimed_at < now - CLAIM))
        .values(claimed_at=now))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def note_sent(session: Session, *, person_id: int, email: str, told_until: datetime | None, items_on: date | None
              ) -> None:
    """The mail server has taken the letter on: its news are told."""
    values: dict[str, object] = {"claimed_at": None, "failed_at": None, "failures": 0}
    if told_until is not None:
        values["told_until"] = told_until
    if items_on is not None:
        values["items_told_on"] = items_on
    _write(session, [person_id], email, values)


def note_failed(session: Session, *, person_id: int, email: str, now: datetime) -> None:
    """It has not: tried again later."""
    _write(session, [person_id], email, {"claimed_at": None, "failed_at": now, "failures": NewsAddress.failures + 1})


def put_back(session: Session, *, person_id: int, email: str) -> None:
    """No letter could be handed over at all: this one is free again, and nothing counts against its address."""
    _write(session, [person_id], email, {"claimed_at": None})


def note_nothing_new(session: Session, *, person_ids: Collection[int], told_until: datetime | None = None,
                     items_on: date | None = None) -> None:
    """There was nothing to tell: looked at all the same."""
    values: dict[str, object] = {"told_until": told_until} if told_until else {"items_told_on": items_on}
    _write(session, person_ids, None, values)


def _write(session: Session, person_ids: Collection[int], email: str | None, values: dict[str, object]) -> None:
    for part in in_parts(person_ids):
        query = update(NewsAddress).where(NewsAddress.person_id.in_(part))
        if email is not None:  # what was changed meanwhile is another address
            query = query.where(NewsAddress.email == email)
        session.execute(query.values(values))


def _checked(choice: Choice) -> str:
    email = tidy_address(choice.email)
    if email is None:
        raise Refused(WRONG_ADDRESS, field="email")
    if choice.often not in {often.value for often in Often}:
        raise Refused("Выберите, как часто писать", field="often")
    if choice.items_often not in {"", Often.DAILY.value, Often.WEEKLY.value}:
        raise Refused("Выберите, как часто писать о делах", field="items_often")
    if not (0 <= choice.quiet_from < 24 and 0 <= choice.quiet_to < 24):
        raise Refused("Тихие часы – целые часы от 0 до 23", field="quiet_from")
    if not set(choice.topics) <= {topic.value for topic in Topic}:
        raise Refused("Обновите страницу: о таком не пишут", field="topics")
    if not choice.topics and not choice.items_often:
        raise Refused("Отметьте, о чём писать, или удалите адрес", field="topics")
    return email


def _new_address(session: Session, row: NewsAddress, email: str, key: str, real_now: datetime) -> str:
    """Put an address there that is still to be confirmed; so many letters a day."""
    one_at_a_time(session, "news.ask")
    session.execute(delete(NewsAsked).where(NewsAsked.at <= real_now - A_DAY))
    email_hash = blurred(f"news {email}", key)
    for same in (NewsAsked.person_id == row.person_id, NewsAsked.email_hash == email_hash):
        asked = select(func.count(NewsAsked.id)).where(same, NewsAsked.at > real_now - A_DAY)
        if session.execute(asked).scalar_one() >= ASKED_A_DAY:
            raise Refused(TOO_OFTEN, field="email")
    code = secrets.token_urlsafe(SECRET_BYTES)
    row.email, row.confirmed_at, row.asked_at, row.claimed_at = email, None, real_now, None
    row.code_hash, row.leave_hash = token_hash(code), token_hash(leave_secret(key, row.person_id, email))
    session.add(NewsAsked(person_id=row.person_id, email_hash=email_hash, at=real_now))
    return code


def _row_of(session: Session, person_id: int) -> NewsAddress | None:
    return session.scalar(select(NewsAddress).filter_by(person_id=person_id).with_for_update()
                          .execution_options(populate_existing=True))
