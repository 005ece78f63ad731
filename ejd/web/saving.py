"""One request, one transaction: commits at the end of the block, rolls back when an act is refused; a request that
clashed with another is answered once more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from ejd.db import begin_as_writer, begins_as_writer, clashed, db
from ejd.web.security import SAFE_METHODS


@contextmanager
def saving() -> Iterator[None]:
    """Acts inside are saved together or not at all; the page is rendered after the block, by reading alone: no other
    hand waits for it. A safe method saves nothing: no token stands behind it."""
    if request.method in SAFE_METHODS:
        abort(405)
    if not begins_as_writer():  # a second block of one request
        release()
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        begin_as_writer(False)


@contextmanager
def unlocked() -> Iterator[None]:
    """Slow reading within a request that will write: it holds no lock, and the next transaction writes again."""
    db.session.commit()
    begin_as_writer(False)
    try:
        yield
    finally:
        db.session.rollback()
        begin_as_writer(request.method not in SAFE_METHODS)


def release() -> None:
    """End the transaction opened for loading, before slow work (hashing, parsing, PDF) outside any lock."""
    db.session.commit()
    begin_as_writer(True)


def register(app: Flask) -> None:
    """A view that lost against another (`clashed`) is run once more from the start: nothing of it was
    saved, and its form carries the same key."""
    view = app.dispatch_request

    def dispatch_request() -> ResponseReturnValue:
        try:
            return view()
        except DBAPIError as error:
            if not clashed(error):
                raise
            db.session.rollback()
            begin_as_writer(True)
            return view()

    app.dispatch_request = dispatch_request  # type: ignore[method-assign]
