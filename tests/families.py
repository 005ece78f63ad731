"""Families on paper as tests tell them: who gets the service how, and the sheets that were printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from ejd import clock
from ejd.families import queries_sheets, sheets
from ejd.families.models import ServiceForm, WeeklySheet
from ejd.families.sheet_content import Content, from_json
from ejd.roster.models import Guardianship, Person
from ejd.school import settings
from tests.world import FIRST_DAY, World


def on_paper(school: World, guardian: Person, pupil: Person, form: str = "paper", *, from_on: date = date(2026, 9, 7),
             to_on: date | None = None) -> ServiceForm:
    """The guardian gets the service for the child on paper."""
    row = ServiceForm(guardian_id=guardian.id, pupil_id=pupil.id, form=form, from_on=from_on, to_on=to_on)
    school.session.add(row)
    school.session.flush()
    return row


def guardian_of(school: World, pupil: Person, guardian: Person) -> None:
    """One more guardian of the child."""
    school.session.add(Guardianship(guardian_id=guardian.id, pupil_id=pupil.id, relation="отец", from_on=FIRST_DAY))
    school.session.flush()


def to_print(school: World, class_name: str = "7А") -> list[queries_sheets.Owed]:
    found = queries_sheets.sheets_of_class(school.session, school.school_class(class_name), now=clock.now(),
                                           today=clock.today())
    return list(found.to_print)


def print_all(school: World, class_name: str = "7А", *, key: str = "batch-of-anna", shared: Any = ()
              ) -> list[WeeklySheet]:
    """Анна prints whatever is due in the class."""
    written = sheets.write_sheets(school.session, owed=to_print(school, class_name), shared=shared,
                                  settings=settings.load(school.session), now=clock.now())
    return sheets.print_sheets(school.session, sheets=written, actor_id=school.anna.id, key=key, now=clock.now())


def says(sheet: WeeklySheet) -> Content:
    return from_json(sheet.content)


def sheets_there(school: World) -> list[WeeklySheet]:
    return list(school.session.scalars(select(WeeklySheet).order_by(WeeklySheet.id)))
