"""The diary's page «Итоги», alike for a parent and a pupil: results by subject. No JavaScript is sent."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.diary.by_subject import marked_subjects
from ejd.results.of_pupil import results_of_pupil
from ejd.web.family import Whose


def show_results(whose: Whose) -> ResponseReturnValue:
    found = results_of_pupil(db.session, pupil_id=whose.pupil_id, today=clock.today())
    term = found.last.term if found.last else None
    standing = term and found.standing(marked_subjects(db.session, pupil_id=whose.pupil_id, first=term.starts_on,
                                                       last=term.ends_on))
    return render_template("diary/results.html", whose=whose, results=found, standing=standing, today=clock.today(),
                           school=g.settings.value("school.name", on=None))
