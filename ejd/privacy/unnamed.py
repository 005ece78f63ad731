"""Stored files that no row names any more: those of an erased person or an expired year. They are removed from the disk
once that is saved; should the program be killed in between, the regular clearing finds them by their rows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, union_all

from ejd import clock
from ejd.db import Base, Session, table_of
from ejd.files import store
from ejd.files.models import StoredFile
from ejd.privacy.emptied import GONE


def unnamed_files(session: Session) -> list[str]:
    """The hashes of stored files that no row names, or only rows of files taken away. One statement."""
    naming = [select(column).where(column.is_not(None), *(
        [column.table.c.name != GONE] if column.table.name == "homework_file" else []))
              for table in Base.metadata.sorted_tables for column in table.columns
              if any(key.column.table is table_of(StoredFile) for key in column.foreign_keys)]
    return list(session.scalars(select(StoredFile.sha256).where(StoredFile.id.not_in(union_all(*naming)))))


def lying(session: Session, folder: Path) -> list[Path]:
    """Those of them that still lie on the disk and may go."""
    return list(store.untouched(folder, unnamed_files(session), now=clock.real_now()))
