"""Where somebody wants to be told by e-mail that there is something new, and how often; who asked for an address to be
confirmed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class NewsAddress(Model):
    """An e-mail address that a person gave by own choice (R40), and what to tell it; letters carry no marks, no names.
    Taken back, the row stays without an address."""

    __tablename__ = "news_address"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(200))  # emptied when it is taken back, or the person is erased
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    code_hash: Mapped[str] = mapped_column(String(64), default="", index=True)  # of the link that confirms
    leave_hash: Mapped[str] = mapped_column(String(64), index=True)  # of the link that unsubscribes
    asked_at: Mapped[datetime | None] = mapped_column(Instant)  # when that link was made; it lapses
    topics: Mapped[str] = mapped_column(String(100))  # due.Topic, comma-separated
    often: Mapped[str] = mapped_column(String(10))  # due.Often
    items_often: Mapped[str] = mapped_column(String(10), default="")  # own open items of staff; empty: never
    items_told_on: Mapped[date | None]
    quiet_from: Mapped[int] = mapped_column(default=21)  # hours of the school's clock
    quiet_to: Mapped[int] = mapped_column(default=8)
    told_until: Mapped[datetime] = mapped_column(Instant)  # news up to then were told
    failed_at: Mapped[datetime | None] = mapped_column(Instant)  # the last sending that did not succeed
    failures: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)  # a letter to it is just being sent
    version: Mapped[int] = mapped_column(default=1)


class NewsAsked(Model):
    """A letter that asks to confirm an address: so many a day for a person, and for an address, whoever names it. Rows
    older than a day are dropped."""

    __tablename__ = "news_asked"
    __table_args__ = (Index("ix_news_asked_email", "email_hash", "at"),
                      Index("ix_news_asked_person", "person_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
