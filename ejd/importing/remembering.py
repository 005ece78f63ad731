"""Corrections of what a sheet is, kept by header for the next file."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import select

from ejd.db import Session
from ejd.importing.models import RememberedMapping
from ejd.importing.recognising import Kind, Meaning, Recognised, corrected


def recall(session: Session, found: list[Recognised]) -> list[Recognised]:
    """The same, as people corrected such headers before. One statement."""
    known = {row.signature: row for row in session.scalars(
        select(RememberedMapping).where(RememberedMapping.signature.in_({one.signature for one in found})))}
    return [_as_told(one, known[one.signature]) if one.header >= 0 and one.signature in known else one
            for one in found]


def remember(session: Session, corrections: Iterable[Recognised]) -> None:
    """Keep how these sheets were read. A sheet without a header has nothing to know it by."""
    for told in corrections:
        if told.header >= 0:
            row = session.scalar(select(RememberedMapping).filter_by(signature=told.signature))
            if row is None:
                row = RememberedMapping(signature=told.signature)
                session.add(row)
            row.kind = told.kind.value
            row.columns = json.dumps([meaning.value for meaning in told.columns])
            session.flush()


def _as_told(found: Recognised, row: RememberedMapping) -> Recognised:
    columns = dict(enumerate(Meaning(value) for value in json.loads(row.columns)))
    return corrected(found, Kind(row.kind), columns, remembered=True)
