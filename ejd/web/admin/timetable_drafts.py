"""What becomes of a draft of the timetable: made, put in force after a page that says what will happen, withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.refusal import Refused, Stale
from ejd.schedule import drafts
from ejd.schedule.clashes import Finding
from ejd.schedule.drafts import look_of, plans_of
from ejd.schedule.queries_timetable import VersionRow, WholeWeek, versions_of_year, whole_week
from ejd.schedule.services import Prepared, prepare_timetable
from ejd.school.calendar import monday_of
from ejd.school.models import SchoolYear
from ejd.web.access import NO_YEAR, needs, school_year_asked
from ejd.web.access_timetable import timetable_draft
from ejd.web.admin import bp
from ejd.web.admin.remaking import in_words
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving, unlocked
from ejd.words import long_date

Errors = dict[str, str]
WEEK = timedelta(days=7)
NOT_A_DAY = "Укажите дату, например 09.11.2026"


@bp.route("/timetable/new", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def new_draft() -> ResponseReturnValue:
    """A draft begins as a copy of the timetable in force, of another one, or empty."""
    today = clock.today()
    year, versions, last = _to_begin_with()
    usual = next((one for one in versions if one.in_force(today)), next(iter(versions), last))
    offered = {"valid_from": max(monday_of(today) + WEEK, year.starts_on).isoformat(),
               "copied_from": request.args.get("copied_from", str(usual.id if usual else ""))}
    errors: Errors = {}
    if request.method == "POST":
        valid_from, copied_from = day_in(request.form, "valid_from"), number_in(request.form, "copied_from")
        if valid_from is None:
            errors["valid_from"] = NOT_A_DAY
        if request.form.get("copied_from") and copied_from not in {one.id for one in (*versions, last) if one}:
            errors["copied_from"] = "Выберите расписание из списка или начните с пустого"
        if valid_from is not None and not errors:
            try:
                with saving():
                    draft = drafts.make_draft(db.session, actor_id=g.actor.person_id, year_id=year.id,
                                              valid_from=valid_from, copied_from=copied_from, now=clock.now())
                return redirect(url_for(".timetable_page", version_id=draft.id))
            except Refused as refused:
                errors[refused.field or "valid_from"] = str(refused)
    page = render_template("admin/schedule/draft_new.html", versions=versions, last=last, errors=errors, today=today,
                           year=year, values=request.form if request.method == "POST" else offered)
    return page, 422 if errors else 200


@bp.route("/timetable/<int:version_id>/publish", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def publish_draft(version_id: int) -> ResponseReturnValue:
    """What is wrong with it; then what will become of the lessons from that day on; once that is read, it is done."""
    draft = timetable_draft(version_id)
    if request.method != "POST":
        return _page(whole_week(db.session, draft, today=clock.today()), draft.valid_from, None, {})
    valid_from = day_in(request.form, "valid_from")
    with unlocked():
        week = whole_week(db.session, draft, today=clock.today())
        prepared, errors = _prepared(week, valid_from)
    read = valid_from is not None and request.form.get("read") == valid_from.isoformat()
    errors |= _faults(week.findings) if read else {}
    if errors or not read or valid_from is None:
        return _page(week, valid_from, prepared, errors), 422 if errors else 200
    return _publish(week, valid_from, prepared)


@bp.route("/timetable/<int:version_id>/withdraw", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def withdraw_draft(version_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    draft = timetable_draft(version_id)
    if request.method != "POST":
        return render_template("admin/schedule/draft_withdraw.html", version=draft)
    with saving():
        drafts.withdraw_draft(db.session, actor_id=g.actor.person_id, version_id=draft.id, now=clock.now())
    flash(f"Черновик с {long_date(draft.valid_from)} убран. Уроки не изменились.")
    return redirect(url_for(".timetable"))


def _to_begin_with() -> tuple[SchoolYear, list[VersionRow], VersionRow | None]:
    """The year that a draft is for, its versions, and before there is any the last one of the year before."""
    year, years = school_year_asked()
    if year is None:
        abort(422, NO_YEAR)
    versions = [one for one in versions_of_year(db.session, year.id) if one.draft or one.ever]
    before = next((one for one in years if one.ends_on < year.starts_on), None)
    last = next((one for one in versions_of_year(db.session, before.id) if not one.draft and one.ever),
                None) if before and not versions else None
    return year, versions, last


def _prepared(week: WholeWeek, valid_from: date | None) -> tuple[Prepared | None, Errors]:
    """What publishing would do, worked out without a lock, or why it can't be."""
    if valid_from is None:
        return None, {"valid_from": NOT_A_DAY}
    if not week.slots:
        return None, {"slots": "В черновике нет ни одного урока: сначала поставьте уроки"}
    try:
        return prepare_timetable(db.session, year_id=week.version.year_id, valid_from=valid_from,
                                 slots=plans_of(week.slots), now=clock.now()), {}
    except Refused as refused:
        return None, {refused.field or "slots": str(refused)}


def _faults(findings: list[Finding]) -> Errors:
    """What must be mended or confirmed before."""
    if any(one.forbidden for one in findings):
        return {"slots": "Сначала исправьте уроки, на которых класс в двух местах сразу"}
    if any(one.doubtful for one in findings) and not request.form.get("sure"):
        return {"sure": "Подтвердите, что накладки задуманы, или исправьте их"}
    return {}


def _publish(week: WholeWeek, valid_from: date, prepared: Prepared | None) -> ResponseReturnValue:
    seen = request.form.get("seen", "")
    try:
        with saving():
            published = drafts.publish_draft(
                db.session, actor_id=g.actor.person_id, version_id=week.version.id, valid_from=valid_from, seen=seen,
                now=clock.now(), prepared=prepared)
    except Stale as stale:
        return _page(week, valid_from, prepared, {"slots": str(stale)}), 409
    except Refused as refused:
        return _page(week, valid_from, prepared, {refused.field or "slots": str(refused)}), 422
    flash(f"Расписание действует с {long_date(valid_from)}. {in_words(published)}")
    return redirect(url_for(".timetable_page", version_id=published.version_id))


def _page(week: WholeWeek, valid_from: date | None, prepared: Prepared | None, errors: Errors) -> str:
    grave = [one for one in week.findings if one.forbidden]
    doubts = [one for one in week.findings if one.doubtful]
    return render_template(
        "admin/schedule/draft_publish.html", week=week, version=week.version, errors=errors, grave=grave,
        doubts=doubts, notes=len(week.findings) - len(grave) - len(doubts), seen=look_of(week.slots),
        work=prepared.alignment if prepared else None, same=prepared is not None and prepared.version.id > 0, differ=[
            one for one in week.placed(week.journals.values()) if one.differs],
        valid_from=request.form.get("valid_from", valid_from.isoformat() if valid_from else ""),
        from_on=valid_from)
