"""The weekly sheets of the demo school's families on paper: earlier ones are handed out, last week's are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select

from ejd import clock
from ejd.db import Session
from ejd.families import sheets
from ejd.families.queries_sheets import PUPIL, sheets_of_class
from ejd.families.sheets import Seen
from ejd.roster.models import ClassTeacher, SchoolClass
from ejd.school import settings as school_settings
from ejd.school.calendar import monday_of

SEVEN_DAYS = timedelta(days=7)


def sheets_go_out(session: Session, *, now: datetime) -> None:
    """Each class teacher prints a week's sheets on the day they are due, and the pupils take them home."""
    today, settings = clock.local(now).date(), school_settings.load(session)
    class_teachers = session.execute(
        select(SchoolClass, ClassTeacher.teacher_id).join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
        .where(ClassTeacher.to_on.is_(None)).order_by(SchoolClass.id)).all()
    for school_class, teacher_id in class_teachers:
        due = [one for one in sheets_of_class(session, school_class, now=now, today=today).to_print
               if one.due.monday < monday_of(today) - SEVEN_DAYS]
        for monday, week in groupby(due, key=lambda one: one.due.monday):
            owed = list(week)
            at = clock.at(owed[0].due.due_on, 14)
            printed = sheets.print_sheets(
                session, sheets=sheets.write_sheets(session, owed=owed, settings=settings, now=at),
                actor_id=teacher_id, key=f"demo-sheets-{school_class.id}-{monday}", now=at)
            sheets.hand_out(session, actor_id=teacher_id, class_id=school_class.id, to=PUPIL,
                            sheets=[Seen(one.id, one.version) for one in printed], on=owed[0].due.due_on, now=at)
