"""Where somebody wants to be told by e-mail that there is something new, and how often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class NewsAddress(Model):
    """An e-mail address that a person gave by own choice (R40), and what to tell it; mails carry no marks, no names."""

    __tablename__ = "news_address"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(200))  # emptied when the person is erased
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    code_hash: Mapped[str] = mapped_column(String(64), default="", index=True)  # of the link that confirms
    leave_hash: Mapped[str] = mapped_column(String(64), index=True)  # of the link that unsubscribes
    topics: Mapped[str] = mapped_column(String(100))  # comma-separated: marks, missing, homework, notes, items
    often: Mapped[str] = mapped_column(String(10))  # once, daily, weekly
    quiet_from: Mapped[int] = mapped_column(default=21)  # hours of the school's clock
    quiet_to: Mapped[int] = mapped_column(default=8)
    told_until: Mapped[datetime] = mapped_column(Instant)  # news up to then were told
    failed_at: Mapped[datetime | None] = mapped_column(Instant)  # the last sending that did not succeed
    failures: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
