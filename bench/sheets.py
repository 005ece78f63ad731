"""Weekly sheets of 900 pupils: read, kept, and drawn as one PDF, as the administration prints them."""

from __future__ import annotations

import time
from datetime import date, timedelta

from sqlalchemy import insert

from bench.house import House, on_copy
from bench.school import DEPUTY, GUARDIANS, NOW, PUPILS, TODAY
from ejd.db import db, table_of, writing
from ejd.families.models import ServiceForm
from ejd.families.queries_sheets import classes_of
from ejd.families.sheet_pdf import sheets_pdf
from ejd.families.sheets import contents
from ejd.families.sheets_of_school import print_classes
from ejd.roster.models import Guardianship

SHEETS, BUDGET = 900, 20.0
FROM_ON = date(2027, 5, 10)  # one whole week before the school's day


def sheets_of_900(house: House) -> None:
    """On a copy of its own: who refused opens no diary any more."""
    with on_copy(house.folder / "sheets").app.app_context():
        _on_paper()
        begun = time.perf_counter()
        printed = print_classes(db.session, classes_of(db.session, 1), actor_id=DEPUTY, key="bench", now=NOW,
                                tell=lambda done, total: None)
        kept = time.perf_counter() - begun
        paper = sheets_pdf(contents(db.session(), printed, day=TODAY))
        taken = time.perf_counter() - begun
        assert len(printed) == SHEETS and paper.startswith(b"%PDF")
        house.report.line("sheets-900", taken, BUDGET, "s",
                          note=f"{kept:.1f} s to read and keep, the rest to draw {len(paper) / 1024 / 1024:.1f} MB")
        db.session.remove()


def _on_paper() -> None:
    """A guardian for each of the first 900 pupils, told on paper; every fifth refused."""
    guardians = [GUARDIANS.start + number % len(GUARDIANS) for number in range(SHEETS)]
    with writing():
        db.session.execute(insert(table_of(Guardianship)), [
            {"guardian_id": guardians[number], "pupil_id": PUPILS.start + number, "relation": "мать",
             "from_on": FROM_ON - timedelta(days=90)} for number in range(len(GUARDIANS), SHEETS)])
        db.session.execute(insert(table_of(ServiceForm)), [
            {"guardian_id": guardians[number], "pupil_id": PUPILS.start + number,
             "form": "paper" if number % 5 else "refused", "from_on": FROM_ON} for number in range(SHEETS)])
