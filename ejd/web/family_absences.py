"""The diary's page «Пропуски», alike for a parent and a pupil; a parent announces there. No JavaScript is sent."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.diary.absences import absences_of
from ejd.journal.excusing import LETTER_WORDS
from ejd.web.family import Whose, number_asked


def show_absences(whose: Whose, *, announces: bool = False, errors: Mapping[str, str] | None = None,
                  status: int = 200) -> ResponseReturnValue:
    """The term that the address names, else the current one; with what was typed where it was refused."""
    found = absences_of(db.session, pupil_id=whose.pupil_id, number=number_asked(), today=clock.today())
    if found is None:
        abort(404, "Такого учебного периода нет. Выберите другой на странице пропусков.")
    page = render_template(
        "diary/absences.html", whose=whose, absences=found, announces=announces, errors=errors or {},
        form_errors={name: text for name, text in (errors or {}).items() if not name.startswith("excuse")},
        typed=request.form, today=clock.today(), school=g.settings.value("school.name", on=None),
        key=token_urlsafe(12), words=LETTER_WORDS)
    return page, status
