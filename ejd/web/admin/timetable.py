"""The timetable: its versions, one of them by class, teacher and room, and a draft that is filled grid by grid."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.refusal import Refused, Stale
from ejd.schedule import drafts, timetable_grid
from ejd.schedule.clashes import Finding
from ejd.schedule.drafts import look_of
from ejd.schedule.making import SlotFacts
from ejd.schedule.queries import NOBODY
from ejd.schedule.queries_timetable import WholeWeek, versions_of_year, whole_week
from ejd.web.access import needs, school_year_asked
from ejd.web.access_timetable import timetable_version
from ejd.web.admin import bp
from ejd.web.admin.timetable_form import Given, Lines, Scope, in_words, lines_of, read, scope_of_class, scope_of_teacher
from ejd.web.filters import counted
from ejd.web.given import number_in
from ejd.web.saving import saving

PLACES = ("место", "места", "мест")


@bp.get("/timetable")
@needs(Act.KEEP_CALENDAR)
def timetable() -> ResponseReturnValue:
    """Every version of the year: in force, to come, drafts, and what was."""
    today = clock.today()
    year, years = school_year_asked()
    if year is None:
        return redirect(url_for(".open_year"))
    versions = versions_of_year(db.session, year.id)
    published = [one for one in versions if not one.draft and one.ever]
    return render_template(
        "admin/schedule/timetable.html", year=year, years=years, today=today,
        drafts=[one for one in versions if one.draft],
        in_force=[one for one in published if one.in_force(today)],
        to_come=[one for one in published if one.valid_from > today],
        past=[one for one in published if one.valid_to and one.valid_to < today])


@bp.get("/timetable/<int:version_id>")
@needs(Act.KEEP_CALENDAR)
def timetable_page(version_id: int) -> ResponseReturnValue:
    """One version: its classes with hours against the load, teachers, rooms, and what is wrong with it."""
    week = _week(version_id)
    placed = {class_id: week.placed(week.journals_of_class(class_id)) for class_id in week.classes}
    return render_template(
        "admin/schedule/timetable_version.html", week=week, version=week.version, placed=placed,
        teachers=[(teacher_id, name, len(week.of_teacher(teacher_id))) for teacher_id, name in week.teachers],
        vacant=week.offered(week.journals_of_teacher(NOBODY)))


@bp.get("/timetable/<int:version_id>/rooms")
@needs(Act.KEEP_CALENDAR)
def timetable_room(version_id: int) -> ResponseReturnValue:
    """The week of a room."""
    week = _week(version_id)
    room = request.args.get("room", "") or next(iter(week.rooms), "")
    return render_template("admin/schedule/timetable_room.html", week=week, version=week.version, room=room,
                           grid=timetable_grid.of_room(week, room))


@bp.route("/timetable/<int:version_id>/classes/<int:class_id>", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def timetable_class(version_id: int, class_id: int) -> ResponseReturnValue:
    """The week of a class: of a draft as a form."""
    week = _week(version_id)
    if class_id not in week.classes:
        abort(404)
    if not week.version.draft and request.method != "POST":
        return render_template("admin/schedule/timetable_read.html", week=week, version=week.version,
                               title=week.classes[class_id].name, class_id=class_id,
                               grid=timetable_grid.of_class(week, class_id))
    return _edit(week, scope_of_class(week, class_id, _day()))


@bp.route("/timetable/<int:version_id>/teachers/<int:teacher_id>", methods=["GET", "POST"])
@needs(Act.KEEP_CALENDAR)
def timetable_teacher(version_id: int, teacher_id: int) -> ResponseReturnValue:
    """The week of a teacher across classes, or of what nobody teaches: of a draft as a form."""
    week = _week(version_id)
    if teacher_id != NOBODY and teacher_id not in dict(week.teachers):
        abort(404)
    scope = scope_of_teacher(week, teacher_id, _day())
    if not week.version.draft and request.method != "POST":
        return render_template("admin/schedule/timetable_read.html", week=week, version=week.version,
                               title=scope.title, teacher_id=teacher_id,
                               grid=timetable_grid.of_teacher(week, teacher_id))
    return _edit(week, scope)


def _week(version_id: int) -> WholeWeek:
    return whole_week(db.session, timetable_version(version_id), today=clock.today())


def _day() -> int | None:
    """One weekday of the grid, for a small screen; none is the whole week."""
    return number_in(request.values, "day")


def _edit(week: WholeWeek, scope: Scope) -> ResponseReturnValue:
    """Show the grid as it stands; or look at what was typed, and save it once nothing new is wrong with it."""
    if request.method != "POST":
        return _form(week, scope, lines_of(scope, scope.mine(week.slots)))
    given = read(scope, request.form)
    if given.errors:
        return _form(week, scope, given.lines, errors=given.errors), 422
    looked = week.with_slots(_replaced(week, scope, given))
    if request.form.get("check"):
        return _form(looked, scope, given.lines, checked=True)
    before = {one.sentence for one in week.findings}
    new = [one for one in looked.findings
           if (one.forbidden or one.doubtful) and one.sentence not in before]
    if new and not request.form.get("sure"):
        return _form(looked, scope, given.lines, doubts=new), 422
    return _save(week, scope, given)


def _save(week: WholeWeek, scope: Scope, given: Given) -> ResponseReturnValue:
    try:
        with saving():
            changed = drafts.put_places(
                db.session, actor_id=g.actor.person_id, version_id=week.version.id, course_ids=scope.course_ids,
                weekdays=scope.days, seen=request.form.get("seen", ""), slots=given.slots, now=clock.now())
    except Stale as stale:
        week = _week(week.version.id)
        return _form(week, scope, given.lines, errors={"slots": str(stale)},
                     theirs=lines_of(scope, scope.mine(week.slots))), 409
    except Refused as refused:
        return _form(week, scope, given.lines, errors={refused.field or "slots": str(refused)}), 422
    flash(f"{scope.title}: изменено {counted(changed, *PLACES)} в черновике." if changed else "Ничего не изменилось.")
    return redirect(request.full_path.rstrip("?"))


def _replaced(week: WholeWeek, scope: Scope, given: Given) -> list[SlotFacts]:
    """All places as they would be."""
    mine = scope.mine(week.slots)
    others = [slot for slot in week.slots if slot not in mine]
    return others + [SlotFacts(-index, slot.weekday, slot.number, slot.course_id, slot.room)
                     for index, slot in enumerate(given.slots, 1)]


def _form(week: WholeWeek, scope: Scope, lines: Lines, *, errors: dict[str, str] | None = None,
          doubts: list[Finding] | None = None, theirs: Lines | None = None, checked: bool = False) -> str:
    """The grid with `lines` in it. `theirs` is what stands now where others were first."""
    concerns = [one for one in week.findings if scope.class_id in one.class_ids or scope.teacher_id in one.teacher_ids]
    stands = scope.mine(week.slots)
    seen = look_of(stands) if theirs is not None or request.method != "POST" else request.form.get("seen", "")
    now = {} if theirs is None else {
        (day, number): in_words(scope, theirs, (day, number)) for day in scope.days for number in scope.numbers
        if theirs.get((day, number), []) != lines.get((day, number), [])}
    days = sorted({day for day, _ in lines} | set(scope.days))
    numbers = sorted({number for _, number in lines} | set(scope.numbers))
    return render_template(
        "admin/schedule/timetable_edit.html", week=week, version=week.version, scope=scope, lines=lines,
        days=days, numbers=numbers, errors=errors or {}, doubts=doubts, concerns=concerns, checked=checked,
        seen=seen, now=now, placed=week.placed(scope.journals), day=_day())
