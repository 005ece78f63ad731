"""One row for each act, and one for whatever left the program in bulk.

Ids, codes and mark values only: no names, no free text (they must stay erasable).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model, keep_append_only


class AuditRecord(Model):
    __tablename__ = "audit_record"
    __table_args__ = (Index("ix_audit_record_subject", "verb", "subject_id"),
                      Index("ix_audit_record_day", "on_day", "id"),  # these three: the search, the latest first
                      Index("ix_audit_record_actor", "actor_id", "on_day", "id"),
                      Index("ix_audit_record_verb", "verb", "on_day", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    on_day: Mapped[date]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: the program itself
    verb: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    data: Mapped[str] = mapped_column(Text)  # JSON of the verb's declared fields


class BulkExport(Model):
    """Much about many people left the program at once: the director is told, and says that it was seen."""

    __tablename__ = "bulk_export"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # leaving.Leaving
    amount: Mapped[int]  # cards, people, rows: what the kind counts
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: from the server's command line
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


keep_append_only(AuditRecord)
