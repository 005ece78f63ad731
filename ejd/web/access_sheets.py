"""Loaders of weekly sheets: of a class, whose class it is having been asked before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import abort

from ejd import clock
from ejd.db import db
from ejd.families import queries_sheets
from ejd.families.models import WeeklySheet

FRESH = timedelta(hours=1)


def sheet_of_class(class_id: int, sheet_id: int) -> WeeklySheet:
    return queries_sheets.sheet_of_class(db.session, class_id=class_id, sheet_id=sheet_id) or abort(404)


def fresh_batch(class_id: int, key: str) -> Sequence[WeeklySheet]:
    """What was printed together for the class within the last hour."""
    found = queries_sheets.batch_of(db.session, class_id=class_id, key=key)
    if not found or clock.now() - found[0].printed_at > FRESH:
        abort(404, "Файл хранится час после печати. Испорченный или потерянный лист напечатайте повторно из журнала.")
    return found
