"""Views of the control page that somebody keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class SavedView(Model):
    """A span and filters of the control page under a name of the owner's own."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(400))  # of the page's address, made by the program
    made_at: Mapped[datetime] = mapped_column(Instant)
