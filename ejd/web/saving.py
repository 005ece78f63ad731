"""One request, one transaction: commits at the end of the block, rolls back when an act is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ejd.db import begin_as_writer, db


@contextmanager
def saving() -> Iterator[None]:
    """Acts inside are saved together or not at all; the page is rendered after the block."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def release() -> None:
    """End the transaction opened for loading, before slow work (hashing, parsing, PDF) outside any lock."""
    db.session.commit()
    begin_as_writer(True)
