"""How a person read a file's header, remembered for the next file with the same header."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Model


class RememberedMapping(Model):
    """A corrected meaning of columns, by the header's signature."""

    __tablename__ = "remembered_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))  # recognising.Kind
    columns: Mapped[str] = mapped_column(Text)  # JSON: the meaning of each column in order
