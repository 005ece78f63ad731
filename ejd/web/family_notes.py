"""Notes to the family, alike for a parent and a pupil."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.homeroom import queries
from ejd.web.family import Whose


def show_notes(whose: Whose, errors: dict[int, str] | None = None) -> ResponseReturnValue:
    """The newest first; a guardian may answer each. `errors` by note."""
    notes = queries.notes_of_pupil(db.session, pupil_id=whose.pupil_id, guardian_id=whose.guardian_id)
    page = render_template("diary/notes.html", whose=whose, notes=notes, errors=errors or {}, typed=request.form,
                           key=token_urlsafe(12), today=clock.today(),
                           school=g.settings.value("school.name", on=None))
    return page, 422 if errors else 200
