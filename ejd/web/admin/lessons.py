"""Lessons of a day for the office (R6): cancelled or moved with a reason, restored, given to a substitute, merged, held
remotely; one or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may, refuse_oneself
from ejd.db import db
from ejd.refusal import Refused
from ejd.schedule import moving, queries, substitutions
from ejd.schedule.models import Lesson
from ejd.schedule.substitutions import HeldBack
from ejd.school import queries as school
from ejd.school.day_in_words import said_of
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.filters import counted
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving

ONE_DAY = timedelta(days=1)
LESSONS = ("урок", "урока", "уроков")


@bp.get("/lessons")
@needs(Act.KEEP_CALENDAR)
def lessons() -> ResponseReturnValue:
    """The list; lessons that nobody teaches are shown on the first day that has any, unless a day is asked for."""
    if "day" not in request.args and number_in(request.args, "teacher_id") == queries.NOBODY:
        day = queries.first_untaught(db.session, from_on=clock.today())
        return redirect(url_for(".lessons", day=day or clock.today(), teacher_id=queries.NOBODY))
    return _page({})


@bp.post("/lessons/cancel")
@needs(Act.KEEP_CALENDAR)
def cancel_lessons() -> ResponseReturnValue:
    return _act("Отменено", lambda chosen: substitutions.cancel_lessons(
        db.session, actor_id=g.actor.person_id, lessons=chosen, reason=request.form.get("reason", ""),
        sparing=bool(request.form.get("sparing")), now=clock.now()))


@bp.post("/lessons/restore")
@needs(Act.KEEP_CALENDAR)
def restore_lessons() -> ResponseReturnValue:
    """Cancelled lessons, and those moved elsewhere, are given where they stood."""
    return _act("Возвращено", _restore)


@bp.post("/lessons/move")
@needs(Act.KEEP_CALENDAR)
def move_lessons() -> ResponseReturnValue:
    return _act("Перенесено", _move)


@bp.post("/lessons/merge")
@needs(Act.KEEP_CALENDAR)
def merge_lessons() -> ResponseReturnValue:
    return _act("Объединено", lambda chosen: substitutions.merge(
        db.session, actor_id=g.actor.person_id, lessons=chosen, into=_host(), now=clock.now()))


@bp.post("/lessons/remote")
@needs(Act.KEEP_CALENDAR)
def remote_lessons() -> ResponseReturnValue:
    """Held over the internet, or in the school again."""
    remote = request.form.get("remote") != "0"
    return _act("Проводится дистанционно" if remote else "Проводится в школе", lambda chosen:
                substitutions.hold_remotely(db.session, actor_id=g.actor.person_id, lessons=chosen, remote=remote,
                                            now=clock.now()))


@bp.post("/lessons/substitute")
@needs(Act.KEEP_CALENDAR)
def substitute_lessons() -> ResponseReturnValue:
    """Name who really teaches; without a name each lesson goes back to its own teacher."""
    return _act("Замена указана", _substitute)


def _substitute(chosen: Sequence[Lesson]) -> int:
    teacher_id = number_in(request.form, "substitute")
    refuse_oneself(g.actor, teacher_id, field="substitute")
    changed = substitutions.substitute_many(db.session, actor_id=g.actor.person_id, lessons=chosen,
                                            teacher_id=teacher_id, now=clock.now())
    if teacher_id is not None:
        for one, other in queries.taught_at_once(db.session, teacher_id=teacher_id, day=_day()):
            flash(f"Внимание: {one.teacher} в одно время ведёт {one.class_name}, урок {one.number}, "
                  f"и {other.class_name}, урок {other.number}.")
    return changed


def _restore(chosen: Sequence[Lesson]) -> int:
    how = {"actor_id": g.actor.person_id, "now": clock.now()}
    back = moving.move_back(db.session, lessons=chosen, **how)
    return back + substitutions.restore_lessons(db.session, lessons=chosen, **how)


def _move(chosen: Sequence[Lesson]) -> int:
    day, number = day_in(request.form, "to_day"), number_in(request.form, "to_number")
    if day is None:
        raise Refused("Укажите день, на который переносите", field="to_day")
    if request.form.get("to_number", "").strip() and not number:
        raise Refused("Номер урока – целое число, например 3", field="to_number")
    return moving.move_lessons(
        db.session, actor_id=g.actor.person_id, lessons=chosen, to=moving.Destination(day, number or None),
        reason=request.form.get("reason", ""), now=clock.now())


def _host() -> Lesson:
    """The lesson into which others are merged."""
    found = queries.lessons_by_ids(db.session, [number_in(request.form, "into") or 0], day=_day())
    if not found:
        raise Refused("Выберите, с каким уроком объединить", field="into")
    return found[0]


def _act(done: str, act: Callable[[Sequence[Lesson]], int]) -> ResponseReturnValue:
    """Do the act to the chosen lessons, all or none, and come back to the same list."""
    try:
        chosen = _chosen()
        with saving():
            count = act(chosen)
    except Refused as refused:
        held = refused if isinstance(refused, HeldBack) else None
        return _page({refused.field or "lessons": str(refused)}, held), 422
    flash(f"{done}: {counted(count, *LESSONS)}." if count else "Ничего не изменилось.")
    return redirect(url_for(".lessons", **_filters()))


def _chosen() -> Sequence[Lesson]:
    """The lessons ticked, or all that the list shows."""
    if request.form.get("all"):
        ids = [row.id for row in _rows()]
    else:
        ids = [number for text in request.form.getlist("lesson") if (number := number_in({"": text}, "")) is not None]
    found = queries.lessons_by_ids(db.session, ids, day=_day())
    if not found:
        raise Refused("Отметьте уроки галочкой или выберите «все показанные»", field="lessons")
    return found


def _day() -> date:
    return day_in(request.values, "day") or clock.today()


def _choice() -> dict[str, int]:
    """Whose lessons are meant: of one class, parallel, shift or teacher, together."""
    given = {name: number_in(request.values, name) for name in ("class_id", "grade", "bells_id", "teacher_id")}
    return {name: number for name, number in given.items() if number is not None}


def _rows() -> list[queries.LessonOfDay]:
    """What the list shows: nothing until something of the school is chosen, or all of it."""
    choice = _choice()
    return queries.lessons_of_day(db.session, day=_day(), **choice) if choice or request.values.get("whole") else []


def _hosts(rows: Sequence[queries.LessonOfDay]) -> list[tuple[int, str]]:
    """The shown lessons with which others can be merged."""
    return [(row.id, f"{row.class_name}, урок {row.number}, {row.course_title}, {row.teacher}") for row in rows
            if row.teacher_id and not row.cancelled and row.merged_into_id is None]


def _filters() -> dict[str, Any]:
    """The list's own filters, to come back to it."""
    whole = {"whole": 1} if request.values.get("whole") else {}
    return {"day": _day().isoformat()} | (_choice() or whole)


def _page(errors: dict[str, str], held: HeldBack | None = None) -> str:
    year = school.current_year(db.session, _day())
    classes = queries.classes_of_day(db.session, year_id=year.id, day=_day()) if year else []
    rows, filters = _rows(), _filters()
    calendar = school.calendar_of(db.session, year.id) if year else None
    names = {one.class_id: one.class_name for one in classes}
    waits = len(filters) == 1 and any(one.lessons for one in classes)  # for a choice
    return render_template(
        "admin/schedule/lessons.html", day=_day(), before=_day() - ONE_DAY, after=_day() + ONE_DAY,
        filters=filters, rows=rows, errors=errors, held=held, ticked=set(request.form.getlist("lesson")),
        values=request.form, hosts=_hosts(rows), classes=classes, waits=waits,
        staff=queries.staff_on(db.session, _day()),
        shifts={one.bells_id: one.bells for one in classes if one.bells_id},
        sees_marks=may(g.actor, Act.SEE_MARKS),
        said=said_of(calendar, _day(), names) if calendar else [],
        closed=None if rows or waits or calendar is None else calendar.why_closed(_day()))
