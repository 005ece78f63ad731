"""Bells, of which a school may have several schedules, and which class keeps to which in its working week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.refusal import Refused
from ejd.schedule.weeks import Week, put_weeks, weeks_of
from ejd.school import queries, services
from ejd.school.models import Bell, SchoolYear
from ejd.school.year_plan import MOST_LESSONS, BellPlan, usual_bells
from ejd.web import access
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.calendar import SCHEMES
from ejd.web.admin.remaking import lessons_follow, refuse_impossible
from ejd.web.filters import counted
from ejd.web.given import number_in, time_in
from ejd.web.saving import saving

Errors = dict[str, str]
NUMBERS = (*range(1, MOST_LESSONS + 1), 0)


@bp.get("/bells")
@needs(Act.KEEP_CALENDAR)
def bells() -> ResponseReturnValue:
    return render_template("admin/school/bells.html", schedules=queries.bell_schedules(db.session))


@bp.route("/bells/new", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def add_bells() -> ResponseReturnValue:
    """A further schedule of bells, under a name of its own."""
    taken = {schedule.name.casefold() for schedule in queries.bell_schedules(db.session)}
    if request.method != "POST":
        prefilled = _times(usual_bells()) | {"name": "" if taken else "Основное"}
        return _form("Новые звонки", None, prefilled, {})
    name = " ".join(request.form.get("name", "").split())
    if name.casefold() in taken:
        return _form("Новые звонки", None, request.form, {"name": f"Звонки «{name}» уже есть: измените их"}), 422
    return _put("Новые звонки", None, name)


@bp.route("/bells/<int:schedule_id>", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def change_bells(schedule_id: int) -> ResponseReturnValue:
    schedule = access.bell_schedule(schedule_id)
    title = f"Звонки «{schedule.name}»"
    if request.method != "POST":
        return _form(title, schedule_id, _times(schedule.bells), {})
    return _put(title, schedule_id, schedule.name)


@bp.route("/weeks", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def weeks() -> ResponseReturnValue:
    """The working week, bells and terms of each class of the year."""
    year, years = access.school_year_asked()
    if year is None:
        return redirect(url_for(".open_year"))
    standing = weeks_of(db.session, year.id)
    if request.method != "POST":
        return _weeks_form(standing, {}, year, years)
    wanted = _of_grade(standing) if "grade" in request.form else [_week_given(week) for week in standing]
    try:
        with saving():
            changed = put_weeks(db.session, actor_id=g.actor.person_id, year_id=year.id, weeks=wanted, now=clock.now())
            refuse_impossible(year.id)
        flash(f"Изменено: {counted(changed, 'класс', 'класса', 'классов')}. {lessons_follow(year.id)}")
        return redirect(url_for(".weeks", year=year.id))
    except Refused as refused:
        return _weeks_form(wanted, {refused.field or "weeks": str(refused)}, year, years), 422


def _times(bells: Iterable[Bell | BellPlan]) -> dict[str, str]:
    return {f"{edge}-{bell.number}": f"{moment:%H:%M}" for bell in bells
            for edge, moment in (("from", bell.starts_at), ("to", bell.ends_at))}


def _put(title: str, schedule_id: int | None, name: str) -> ResponseReturnValue:
    plans, errors = _bells_given()
    if not errors:
        try:
            with saving():
                services.put_bells(db.session, actor_id=g.actor.person_id, name=name, bells=plans, now=clock.now())
                refuse_impossible()
            flash(f"Звонки «{name}» сохранены. {lessons_follow()}")
            return redirect(url_for(".bells"))
        except Refused as refused:
            errors["name" if refused.field == "name" and schedule_id is None else "from-1"] = str(refused)
    return _form(title, schedule_id, request.form, errors), 422


def _bells_given() -> tuple[list[BellPlan], Errors]:
    """The bells filled in; a row without times is no lesson."""
    plans: list[BellPlan] = []
    errors: Errors = {}
    for number in NUMBERS:
        names = f"from-{number}", f"to-{number}"
        if not any(request.form.get(name, "").strip() for name in names):
            continue
        begins, ends = (time_in(request.form, name) for name in names)
        errors |= {name: f"Урок {number}: укажите время, например 08:30"
                   for name, moment in zip(names, (begins, ends), strict=True) if moment is None}
        if begins is not None and ends is not None:
            plans.append(BellPlan(number, begins, ends))
    return plans, errors


def _form(title: str, schedule_id: int | None, values: Mapping[str, str], errors: Errors) -> str:
    return render_template("admin/school/bell_schedule.html", title=title, is_new=schedule_id is None, values=values,
                           errors=errors, numbers=NUMBERS)


def _week_given(week: Week) -> Week:
    """What is chosen for a class; what is missing stays as it is."""
    form, suffix = request.form, f"-{week.class_id}"
    bells_id = number_in(form, "bells" + suffix) if "bells" + suffix in form else week.bell_schedule_id
    days = number_in(form, "days" + suffix) if "days" + suffix in form else week.days_per_week
    return replace(week, days_per_week=days or 0, bell_schedule_id=bells_id or None,
                   term_scheme=form.get("scheme" + suffix, week.term_scheme))


def _of_grade(standing: list[Week]) -> list[Week]:
    """One schedule of bells for all classes of a grade, as a second shift is usually given out."""
    grade, bells_id = number_in(request.form, "grade"), number_in(request.form, "grade_bells")
    return [replace(week, bell_schedule_id=bells_id) if week.grade == grade else week for week in standing]


def _weeks_form(standing: list[Week], errors: Errors, year: SchoolYear, years: Sequence[SchoolYear]) -> str:
    schedules = queries.bell_schedules(db.session)
    bell_options = [("", "как у всех"), *((schedule.id, schedule.name) for schedule in schedules)]
    return render_template("admin/schedule/weeks.html", weeks=standing, errors=errors, schemes=SCHEMES,
                           bell_options=bell_options, year=year, years=years)
