"""Loaders of personal data: a pupil with the class of today, a basis of processing, a pupil's passport."""

from __future__ import annotations

from flask import abort

from ejd import clock
from ejd.db import db
from ejd.privacy import queries
from ejd.privacy.models import Passport, ProcessingBasis
from ejd.privacy.queries import PupilHere


def pupil_listed(pupil_id: int) -> PupilHere:
    """Somebody who is or was a pupil."""
    return queries.pupil_here(db.session, pupil_id=pupil_id, day=clock.today()) or abort(404)


def basis_listed(basis_id: int) -> tuple[ProcessingBasis, PupilHere]:
    """A basis of processing, and whose it is."""
    row = queries.basis_by_id(db.session, basis_id) or abort(404)
    return row, pupil_listed(row.pupil_id)


def passport_kept(pupil_id: int) -> tuple[PupilHere, Passport]:
    """A pupil about whom passport data are kept now."""
    row = queries.passport_of(db.session, pupil_id)
    return (pupil_listed(pupil_id), row) if row is not None and row.sealed is not None else abort(404)
