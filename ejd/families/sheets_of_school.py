"""Every weekly sheet that the school owes now, in one file: long work, class by class (R21).

Begun again it goes on where it stopped: what it has printed is found by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from ejd import clock
from ejd.db import Session, writing
from ejd.families import sheets
from ejd.families.models import WeeklySheet
from ejd.families.queries_sheets import classes_of, sheets_of_class, stands_for_all
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.refusal import Refused
from ejd.roster.models import SchoolClass
from ejd.school import settings as school_settings
from ejd.words import counted

KIND = "sheets"
NOTHING = "Печатать сейчас нечего: все положенные листы уже напечатаны"


@job(KIND, "Недельные листы школы")
def print_school(session: Session, one: Job, tell: Tell) -> Made:
    """What is due in every class, by class and pupil."""
    from ejd.families.sheet_pdf import sheets_pdf  # ReportLab is brought in when a paper is drawn

    printed = print_classes(session, classes_of(session, params_of(one)["year_id"]), actor_id=one.owner_id,
                            key=f"job{one.id}", now=clock.now(), tell=tell)
    if not printed:
        raise Refused(NOTHING)
    contents = sheets.contents(session, printed, day=clock.today())
    session.rollback()
    return Made("Недельные листы.pdf", sheets_pdf(contents),
                f"Готово: {counted(len(printed), 'лист', 'листа', 'листов')}.")


def print_classes(session: Session, classes: Mapping[int, SchoolClass], *, actor_id: int, key: str, now: datetime,
                  tell: Tell) -> list[WeeklySheet]:
    """Print whatever is due in each class; each class is kept in a short transaction of its own. Of shared sheets the
    first."""
    keys = []
    for done, (class_id, school_class) in enumerate(classes.items()):
        keys.append(f"{key}.{class_id}")
        try:
            _print_class(session, school_class, actor_id, keys[-1], now)
        except Refused:  # another hand was printing the same class: what it left
            session.rollback()
            _print_class(session, school_class, actor_id, keys[-1], now)
        tell(done + 1, len(classes))
    found = session.scalars(select(WeeklySheet).where(WeeklySheet.key.in_(keys)).order_by(WeeklySheet.id))
    order = {one: place for place, one in enumerate(keys)}
    return sorted((one for one in found if stands_for_all(one)),
                  key=lambda one: order[one.key])


def _print_class(session: Session, school_class: SchoolClass, actor_id: int, key: str, now: datetime) -> None:
    owed = sheets_of_class(session, school_class, now=now, today=clock.local(now).date()).to_print
    if not owed:
        return
    written = sheets.write_sheets(session, owed=owed, settings=school_settings.load(session), now=now)
    with writing():
        sheets.print_sheets(session, sheets=written, actor_id=actor_id, key=key, now=now)
