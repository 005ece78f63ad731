"""Accounts, signed-in sessions, failed attempts, and credential cards with the issue register."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, String, Text, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class Account(Model):
    """One person's one login (R33). No hash means no working password yet."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)  # a one-time password (R30)
    lapses_at: Mapped[datetime | None] = mapped_column(Instant)  # of an unused one-time password
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)  # closed by the administration
    created_at: Mapped[datetime] = mapped_column(Instant)

    @hybrid_property
    def has_signed_in(self) -> bool:
        """Whether the one-time password was changed for one of the own (R30): what every figure means by it."""
        return self.password_hash is not None and not self.must_change

    @has_signed_in.inplace.expression
    @classmethod
    def _has_signed_in_sql(cls) -> ColumnElement[bool]:
        return and_(cls.password_hash.is_not(None), cls.must_change.is_(False))

    def lets_in(self, now: datetime) -> bool:
        """Whether one can sign in with the account's password."""
        return (self.password_hash is not None and self.disabled_at is None
                and (self.lapses_at is None or self.lapses_at >= now))


class SignedSession(Model):
    """One signed-in browser: a random token whose hash is here, and the device it was opened on."""

    __tablename__ = "signed_session"
    __table_args__ = (Index("ix_signed_session_account", "account_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    device_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SecondFactor(Model):
    """The secret that an application on the owner's phone shares (TOTP, RFC 6238), sealed by the installation's key."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)  # by a first right code
    last_step: Mapped[int] = mapped_column(default=0)  # of the last code taken: none is taken twice
    spare_hashes: Mapped[str] = mapped_column(Text, default="[]")  # JSON: one-time codes for a lost phone


class FailedAttempt(Model):
    """A failed sign-in, by hashes of login and place: the login's own device, or else the address. Rows older than a
    day are dropped."""

    __tablename__ = "failed_attempt"
    __table_args__ = (Index("ix_failed_attempt_login", "login_hash", "at"),
                      Index("ix_failed_attempt_place", "place_hash", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    login_hash: Mapped[str] = mapped_column(String(64))
    place_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)


class CardBatch(Model):
    """Credential cards made together (R30): passwords are in the one PDF only, encrypted until it is fetched."""

    __tablename__ = "card_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: from the server's command line
    cards: Mapped[int]


class Card(Model):
    """A credential card that exists on paper, and its line of the issue register (R31): no password in it."""

    __tablename__ = "card"
    __table_args__ = (Index("ix_card_person", "person_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("card_batch.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # in whose class it is handed out
    made_at: Mapped[datetime] = mapped_column(Instant)
    handed_on: Mapped[date | None]
    handed_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who signed
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)  # by a newer card
    version: Mapped[int] = mapped_column(default=1)
