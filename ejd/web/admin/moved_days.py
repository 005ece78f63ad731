"""Moved days («перенос»): a day taught by another weekday's timetable; lessons follow each change."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.refusal import Refused
from ejd.school import moved_days, queries
from ejd.school.year_plan import MovedDayPlan
from ejd.web import access
from ejd.web.access import needs
from ejd.web.access_timetable import moved_day
from ejd.web.admin import bp
from ejd.web.admin.remaking import lessons_follow
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving
from ejd.words import WEEKDAYS_OF, long_date

Errors = dict[str, str]
OFFERED = {"first_grade": "1", "last_grade": "11", "weekday": "5"}


@bp.route("/calendar/<int:year_id>/moved/new", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def move_day(year_id: int) -> ResponseReturnValue:
    """Let a day be taught by the timetable of another weekday."""
    year = access.school_year(year_id)
    if request.method != "POST":
        return _form(year.id, {})
    plan, errors = _given()
    if plan is not None:
        try:
            with saving():
                moved_days.move_day(db.session, actor_id=g.actor.person_id, year_id=year.id, plan=plan,
                                    now=clock.now())
            flash(f"Перенос записан: {long_date(plan.day)} учимся по расписанию {WEEKDAYS_OF[plan.weekday - 1]}. "
                  f"{lessons_follow(year.id)}")
            return redirect(url_for(".calendar", year_id=year.id))
        except Refused as refused:
            errors[refused.field or "day"] = str(refused)
    return _form(year.id, errors), 422


@bp.route("/calendar/moved/<int:moved_day_id>", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def give_back_day(moved_day_id: int) -> ResponseReturnValue:
    """A page that says what will happen; then the day is taught by its own weekday again."""
    row = moved_day(moved_day_id)
    if request.method != "POST":
        return render_template("admin/school/moved_day_back.html", row=row,
                               year=queries.calendar_of(db.session, row.year_id))
    with saving():
        moved_days.give_back_day(db.session, actor_id=g.actor.person_id, moved=row, now=clock.now())
    flash(f"Перенос {long_date(row.day)} убран. {lessons_follow(row.year_id)}")
    return redirect(url_for(".calendar", year_id=row.year_id))


def _given() -> tuple[MovedDayPlan | None, Errors]:
    form = request.form
    day, weekday = day_in(form, "day"), number_in(form, "weekday")
    first, last = number_in(form, "first_grade"), number_in(form, "last_grade")
    errors = {} if day else {"day": "Укажите дату, например 31.10.2026"}
    errors |= {} if weekday else {"weekday": "Выберите, по расписанию какого дня учимся"}
    errors |= {name: "Укажите класс от 1 до 11"
               for name, grade in (("first_grade", first), ("last_grade", last)) if grade is None}
    if day is None or not weekday or first is None or last is None:
        return None, errors
    return MovedDayPlan(day, weekday, first, last), errors


def _form(year_id: int, errors: Errors) -> str:
    return render_template("admin/school/moved_day.html", year_id=year_id, errors=errors,
                           values=request.form or OFFERED, weekdays=list(enumerate(WEEKDAYS_OF, 1))[:6])
