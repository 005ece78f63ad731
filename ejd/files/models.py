"""A stored file: immutable, named by its content; its name for people stands where it is attached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class StoredFile(Model):
    """One content in `instance/files/`, under the hexadecimal SHA-256 of its bytes."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]  # bytes
    media_type: Mapped[str] = mapped_column(String(100))
    stored_at: Mapped[datetime] = mapped_column(Instant)
