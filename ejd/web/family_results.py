"""The diary's page «Итоги», alike for a parent and a pupil: results by subject. No JavaScript is sent."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.results.of_pupil import results_of_pupil
from ejd.web.family import Whose


def show_results(whose: Whose) -> ResponseReturnValue:
    found = results_of_pupil(db.session, pupil_id=whose.pupil_id, today=clock.today())
    return render_template("diary/results.html", whose=whose, results=found, today=clock.today(),
                           school=g.settings.value("school.name", on=None))
