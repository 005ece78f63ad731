"""Loader of the register of certifications."""

from __future__ import annotations

from flask import abort

from ejd.certification import queries
from ejd.certification.models import Certification
from ejd.db import db


def certification_listed(certification_id: int) -> Certification:
    """A line of the register, withdrawn or not."""
    return queries.line_with_id(db.session, certification_id) or abort(404)
