"""On what basis a pupil's data are processed, and passport data of class 11, encrypted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class ProcessingBasis(Model):
    """Receiving the service is consent, or a signed one is kept, from–to; `to_on` is its revocation."""

    __tablename__ = "processing_basis"
    __table_args__ = (
        Index("uq_processing_basis_open", "pupil_id", unique=True,
              sqlite_where=text("to_on IS NULL"), postgresql_where=text("to_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # service, consent
    number: Mapped[str] = mapped_column(String(40), default="")
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Passport(Model):
    """Passport data of a pupil of class 11: ciphertext under a key that is not in the database."""

    __tablename__ = "passport"

    pupil_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(16))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)
