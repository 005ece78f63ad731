"""The teacher's day: its lessons with what is open in each, then what earlier days still lack (R62)."""

from datetime import date, timedelta

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.families.to_do import class_items
from ejd.journal.queries_today import awaited_marks, open_lessons
from ejd.remarks.own_items import own_items
from ejd.remarks.queries import open_for_teacher
from ejd.schedule.queries import lessons_of_teacher
from ejd.school.day_in_words import classes_off, said_of
from ejd.school.queries import calendar_on
from ejd.web.given import day_in
from ejd.web.teacher import bp

ONE_DAY = timedelta(days=1)


@bp.get("/")
def today() -> ResponseReturnValue:
    now_day = clock.today()
    day = _asked_day() or now_day
    me = g.actor.person_id
    calendar = calendar_on(db.session, day)
    closure = calendar.of(grade=None, days_per_week=6).closure_on(day) if calendar else None
    told = calendar if calendar and not closure else None
    own, names = own_items(db.session, teacher_id=me, class_ids=g.actor.own_classes, today=now_day,
                           named=classes_off(told, day) if told else ())
    return render_template(
        "teacher/today.html", day=day, today=now_day, before=day - ONE_DAY, after=day + ONE_DAY, closure=closure,
        year=calendar, said=said_of(told, day, names) if told else [], own_items=own,
        now=clock.now(), lessons=lessons_of_teacher(db.session, teacher_id=me, day=day),
        remarks=open_for_teacher(db.session, me, today=now_day),
        class_items=class_items(db.session, reader_id=me, class_ids=g.actor.own_classes, today=now_day,
                                now=clock.now()),
        awaited=awaited_marks(db.session, teacher_id=me, today=now_day, now=clock.now(), settings=g.settings),
        open_lessons=open_lessons(db.session, teacher_id=me, before=now_day, now=clock.now(), settings=g.settings))


def _asked_day() -> date | None:
    """The day in the address, when there are days around it to turn to."""
    day = day_in(request.args, "day")
    return day if day and 1900 < day.year < 2200 else None
