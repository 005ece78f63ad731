"""Loader of an earlier version of a paper that the school words itself."""

from __future__ import annotations

from flask import abort, g

from ejd import clock
from ejd.db import db
from ejd.families import letters
from ejd.families.wording import LetterKind, Text


def paper_version(kind: LetterKind, number: int) -> Text:
    return letters.version(db.session, kind, number, settings=g.settings, today=clock.today()) or abort(404)
