"""Printed journals, and their certification by the director."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class PrintedJournal(Model):
    """The journal of one class printed for a quarter, or for the whole year (`term_id` None). The second checksum is
    over the facts alone: when it differs from today's, the copy is out of date (engineering 21)."""

    __tablename__ = "printed_journal"
    __table_args__ = (Index("ix_printed_journal_class", "class_id", "term_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    term_id: Mapped[int | None] = mapped_column(ForeignKey("term.id"))
    first: Mapped[date]  # the days it covers
    last: Mapped[date]
    pages: Mapped[int]
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    facts_sha256: Mapped[str] = mapped_column(String(64))
    facts_version: Mapped[int]  # of how the canonical text is written
    printed_at: Mapped[datetime] = mapped_column(Instant)
    printed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: on the server
    key: Mapped[str] = mapped_column(String(60), unique=True)  # of the job and class: a second run is the same print
    checked_at: Mapped[datetime | None] = mapped_column(Instant)  # against the journal as it stood then
    differs: Mapped[bool] = mapped_column(default=False, server_default=false())  # what that said


class Certification(Model):
    """A line of the register of certifications: the director has certified a printed copy."""

    __tablename__ = "certification"
    __table_args__ = (UniqueConstraint("year_id", "number"),
                      Index("uq_certification_standing", "printed_id", unique=True,  # one stands for a copy
                            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")))

    id: Mapped[int] = mapped_column(primary_key=True)
    printed_id: Mapped[int] = mapped_column(ForeignKey("printed_journal.id"), index=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("school_year.id"))
    number: Mapped[int]  # in the year's register
    sheets: Mapped[int]  # counted in the bound copy
    certified_on: Mapped[date]
    certified_at: Mapped[datetime] = mapped_column(Instant)
    certified_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # the director
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)  # registered by mistake
    key: Mapped[str] = mapped_column(String(40), unique=True)
