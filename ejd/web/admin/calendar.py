"""The school's calendar: the year, its terms by scheme (R15), holidays and days off; lessons follow each change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.db import db
from ejd.office.calendar_changes import Foreseen, foresee
from ejd.refusal import Refused
from ejd.roster.queries_classes import class_choices
from ejd.school import queries, services
from ejd.school.calendar import Calendar
from ejd.school.year_plan import (
    MOST_TERMS,
    DayOffPlan,
    TermPlan,
    fault_of_new_dates,
    fault_of_terms,
    usual_name,
    usual_span,
    with_dates,
    with_terms,
)
from ejd.web import access
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.remaking import lessons_follow
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving, unlocked

Errors = dict[str, str]
SCHEMES = {"quarters": "Четверти", "half_years": "Полугодия", "trimesters": "Триместры"}


@bp.get("/calendar")
@bp.get("/calendar/<int:year_id>")
@needs(Act.KEEP_CALENDAR)
def calendar(year_id: int | None = None) -> ResponseReturnValue:
    """The year as it stands; without one the way to open it."""
    year = access.school_year(year_id) if year_id else queries.current_year(db.session, clock.today())
    if year is None:
        return redirect(url_for(".open_year"))
    terms = queries.terms_of(db.session, year.id)
    by_scheme = {scheme: [term for term in terms if term.scheme == scheme] for scheme in SCHEMES}
    return render_template("admin/school/calendar.html", year=year, years=queries.years(db.session), schemes=SCHEMES,
                           by_scheme=by_scheme, over=clock.today() > year.ends_on,
                           turns_year=may(g.actor, Act.TURN_YEAR),
                           days_off=queries.days_off_of(db.session, year.id),
                           moved=queries.moved_days_of(db.session, year.id), today=clock.today(),
                           class_names=dict(class_choices(db.session, year.id)))


@bp.route("/calendar/open", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def open_year() -> ResponseReturnValue:
    """Open a school year; terms and days off are prefilled."""
    known = queries.years(db.session)
    first, last = usual_span(max([clock.today(), *(year.ends_on for year in known)]))
    if request.method != "POST":
        return _year_form("Новый учебный год", first, last, {})
    return _put_year("Новый учебный год", (first, last))


@bp.route("/calendar/<int:year_id>/dates", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def move_year(year_id: int) -> ResponseReturnValue:
    """Move the first or the last day of a year."""
    year = access.school_year(year_id)
    title = f"Даты учебного года {year.name}"
    if request.method != "POST":
        return _year_form(title, year.starts_on, year.ends_on, {})
    starts_on = day_in(request.form, "starts_on")
    if starts_on is not None and starts_on.year != year.starts_on.year:
        errors = {"starts_on": f"Год {year.name} начинается в {year.starts_on.year} году"}
        return _year_form(title, year.starts_on, year.ends_on, errors), 422
    return _put_year(title, (year.starts_on, year.ends_on), queries.calendar_of(db.session, year.id))


@bp.route("/calendar/<int:year_id>/terms/<scheme>", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def terms(year_id: int, scheme: str) -> ResponseReturnValue:
    """All terms of one scheme; an emptied row is a term less."""
    year = access.school_year(year_id)
    title = SCHEMES.get(scheme) or abort(404)
    rows = {term.number: term for term in queries.terms_of(db.session, year.id) if term.scheme == scheme}
    if request.method != "POST":
        return _terms_form(year, scheme, title, _filled(scheme, rows), {})
    plans, errors = _terms_given(scheme)
    try:
        if not errors:
            calendar = queries.calendar_of(db.session, year.id)
            if (not fault_of_terms(scheme, plans, (year.starts_on, year.ends_on))
                    and (told := _foreseen(calendar, with_terms(calendar, scheme, plans)))):
                return _terms_form(year, scheme, title, request.form, {}, told)
            with saving():
                services.put_terms(db.session, actor_id=g.actor.person_id, year_id=year.id, scheme=scheme, terms=plans,
                                   now=clock.now())
            flash(f"{title} сохранены. {lessons_follow(year.id)}")
            return redirect(url_for(".calendar", year_id=year.id))
    except Refused as refused:
        errors["name-1"] = str(refused)
    return _terms_form(year, scheme, title, request.form, errors), 422


@bp.route("/calendar/<int:year_id>/days-off/new", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def add_day_off(year_id: int) -> ResponseReturnValue:
    return _day_off(access.school_year(year_id).id, None, "Новые каникулы или выходной",
                    {"holidays": "1", "first_grade": "1", "last_grade": "11", "class_id": ""})


@bp.route("/calendar/days-off/<int:day_off_id>", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def change_day_off(day_off_id: int) -> ResponseReturnValue:
    row = access.day_off(day_off_id)
    return _day_off(row.year_id, row.id, row.name, {
        "name": row.name, "starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat(),
        "holidays": "1" if row.holidays else "0", "first_grade": str(row.first_grade),
        "last_grade": str(row.last_grade), "class_id": str(row.class_id or "")})


@bp.post("/calendar/days-off/<int:day_off_id>/remove")
@needs(Act.KEEP_CALENDAR)
def remove_day_off(day_off_id: int) -> ResponseReturnValue:
    """Its days become school days again."""
    row = access.day_off(day_off_id)
    with saving():
        services.remove_day_off(db.session, actor_id=g.actor.person_id, day_off=row, now=clock.now())
    flash(f"Убрано из календаря: «{row.name}». {lessons_follow(row.year_id)}")
    return redirect(url_for(".calendar", year_id=row.year_id))


def _foreseen(before: Calendar, after: Calendar) -> Foreseen | None:
    """What a change would do, worked out without a lock; None once somebody has read it, or when it does nothing."""
    if request.form.get("sure"):
        return None
    with unlocked():
        told = foresee(db.session, before=before, after=after, now=clock.now())
    return told if told.anything or len(after.terms) < len(before.terms) else None


def _put_year(title: str, shown: tuple[date, date], standing: Calendar | None = None) -> ResponseReturnValue:
    starts_on, ends_on = day_in(request.form, "starts_on"), day_in(request.form, "ends_on")
    errors = {name: "Укажите дату, например 01.09.2026"
              for name, day in (("starts_on", starts_on), ("ends_on", ends_on)) if day is None}
    if starts_on and ends_on:
        try:
            if (standing is not None and not fault_of_new_dates(standing, starts_on, ends_on)
                    and (told := _foreseen(standing, with_dates(standing, starts_on, ends_on)))):
                return _year_form(title, *shown, {}, told)
            with saving():
                year = services.open_year(db.session, actor_id=g.actor.person_id, starts_on=starts_on,
                                          ends_on=ends_on, now=clock.now())
            flash(f"Учебный год {year.name} сохранён. {lessons_follow(year.id)}")
            return redirect(url_for(".calendar", year_id=year.id))
        except Refused as refused:
            errors[refused.field if refused.field in {"starts_on", "ends_on"} else "ends_on"] = str(refused)
    return _year_form(title, *shown, errors), 422


def _year_form(title: str, first: date, last: date, errors: Errors, told: Foreseen | None = None) -> str:
    return render_template("admin/school/year.html", title=title, errors=errors, told=told,
                           starts_on=request.form.get("starts_on", first.isoformat()),
                           ends_on=request.form.get("ends_on", last.isoformat()))


def _filled(scheme: str, rows: Mapping[int, Any]) -> dict[str, str]:
    """The fields of the terms that stand; of those that don't, the usual name only when there are none yet."""
    filled = {}
    for number in range(1, MOST_TERMS[scheme] + 1):
        term = rows.get(number)
        filled[f"name-{number}"] = term.name if term else "" if rows else usual_name(scheme, number)
        filled[f"starts_on-{number}"] = term.starts_on.isoformat() if term else ""
        filled[f"ends_on-{number}"] = term.ends_on.isoformat() if term else ""
    return filled


def _terms_given(scheme: str) -> tuple[list[TermPlan], Errors]:
    """The terms filled in; a row without dates is none."""
    plans: list[TermPlan] = []
    errors: Errors = {}
    for number in range(1, MOST_TERMS[scheme] + 1):
        names = f"starts_on-{number}", f"ends_on-{number}"
        if not any(request.form.get(name, "").strip() for name in names):
            continue
        days = [day_in(request.form, name) for name in names]
        errors |= {name: "Укажите дату, например 01.09.2026" for name, day in zip(names, days, strict=True) if not day}
        first, last = days
        if first and last:
            plans.append(TermPlan(number, request.form.get(f"name-{number}", ""), first, last))
    return plans, errors


def _terms_form(year: Any, scheme: str, title: str, values: Mapping[str, str], errors: Errors,
                told: Foreseen | None = None) -> str:
    return render_template("admin/school/terms.html", year=year, scheme=scheme, title=title, values=values, told=told,
                           errors=errors, numbers=range(1, MOST_TERMS[scheme] + 1))


def _day_off(year_id: int, day_off_id: int | None, title: str, values: Mapping[str, str]) -> ResponseReturnValue:
    """The form of one span of holidays or one day off."""
    if request.method != "POST":
        return _day_off_form(year_id, day_off_id, title, values, {})
    plan, errors = _day_off_given(year_id)
    if plan is not None:
        try:
            with saving():
                services.put_day_off(db.session, actor_id=g.actor.person_id, year_id=year_id, row=plan,
                                     day_off_id=day_off_id, now=clock.now())
            flash(f"Сохранено: «{plan.name.strip()}». {lessons_follow(year_id)}")
            return redirect(url_for(".calendar", year_id=year_id))
        except Refused as refused:
            errors["name" if not plan.name.strip() else "starts_on"] = str(refused)
    return _day_off_form(year_id, day_off_id, title, request.form, errors), 422


def _day_off_given(year_id: int) -> tuple[DayOffPlan | None, Errors]:
    """What was typed; for one class its own grade stands in place of from–to."""
    form = request.form
    first, last = day_in(form, "starts_on"), day_in(form, "ends_on")
    class_id = number_in(form, "class_id")
    grades = number_in(form, "first_grade"), number_in(form, "last_grade")
    if class_id is not None:
        school_class, year = access.class_listed(class_id)
        grades = (school_class.grade, school_class.grade) if year.id == year_id else abort(404)
    errors = {name: "Укажите дату, например 01.09.2026"
              for name, day in (("starts_on", first), ("ends_on", last)) if day is None}
    errors |= {name: "Укажите класс от 1 до 11"
               for name, grade in zip(("first_grade", "last_grade"), grades, strict=True) if grade is None}
    if first is None or last is None or grades[0] is None or grades[1] is None:
        return None, errors
    return DayOffPlan(form.get("name", ""), first, last, form.get("holidays") != "0", grades[0], grades[1],
                      class_id), errors


def _day_off_form(year_id: int, day_off_id: int | None, title: str, values: Mapping[str, str], errors: Errors) -> str:
    begun = day_off_id is not None and access.day_off(day_off_id).starts_on <= clock.today()
    return render_template("admin/school/day_off.html", year_id=year_id, day_off_id=day_off_id, title=title,
                           values=values, errors=errors, begun=begun,
                           classes=class_choices(db.session, year_id))
