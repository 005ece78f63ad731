"""Teachers who are away, the substitutions of a day, and who stood in for whom in a month (R6)."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, refuse_oneself
from ejd.db import db
from ejd.documents.tables import Table, as_pdf, as_xlsx
from ejd.refusal import Refused, Stale
from ejd.schedule import absences as acts
from ejd.schedule import queries
from ejd.schedule import replaced as reports
from ejd.schedule.free_teachers import DayOfSubstitutions, Waiting, day_of_substitutions
from ejd.schedule.substitutions import substitute_many
from ejd.web.access import needs
from ejd.web.access_lessons import absence_of_teacher
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.filters import counted
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving, unlocked
from ejd.words import month_year

ONE_DAY = timedelta(days=1)


@bp.get("/absences")
@needs(Act.KEEP_CALENDAR)
def absences() -> ResponseReturnValue:
    return _absences({})


@bp.post("/absences")
@needs(Act.KEEP_CALENDAR)
def note_absence() -> ResponseReturnValue:
    try:
        teacher_id, first = number_in(request.form, "teacher_id"), day_in(request.form, "from_on")
        if not teacher_id:
            raise Refused("Выберите, кто отсутствует", field="teacher_id")
        if first is None:
            raise Refused("Укажите первый день отсутствия", field="from_on")
        last = day_in(request.form, "to_on") if request.form.get("to_on") else first
        if last is None:
            raise Refused("Последний день – дата, например 05.11.2026", field="to_on")
        with saving():
            acts.note_absence(db.session, actor_id=g.actor.person_id, teacher_id=teacher_id, from_on=first,
                              to_on=last, reason=request.form.get("reason", ""), now=clock.now())
    except Refused as refused:
        return _absences({refused.field or "teacher_id": str(refused)}), 422
    flash("Отсутствие записано. Назначьте замены.")
    return redirect(url_for(".substitutions", day=max(first, clock.today()) if last >= clock.today() else first))


@bp.post("/absences/<int:absence_id>/withdraw")
@needs(Act.KEEP_CALENDAR)
def withdraw_absence(absence_id: int) -> ResponseReturnValue:
    absence = absence_of_teacher(absence_id)
    with saving():
        acts.withdraw_absence(db.session, actor_id=g.actor.person_id, absence=absence, now=clock.now())
    flash("Отсутствие отменено. Назначенные замены остались: снимите лишние в «Уроках дня».")
    return redirect(url_for(".absences"))


@bp.get("/substitutions")
@needs(Act.KEEP_CALENDAR)
def substitutions() -> ResponseReturnValue:
    return _day_page({})


@bp.post("/substitutions")
@needs(Act.KEEP_CALENDAR)
def put_substitutions() -> ResponseReturnValue:
    """Everybody who was chosen on the page, for the whole day at once."""
    day, found = _day(), day_of_substitutions(db.session, _day())
    waiting = {one.lesson.id: one for one in found.waiting}
    try:
        chosen = _chosen(waiting)
        with saving():
            done = sum(substitute_many(
                db.session, actor_id=g.actor.person_id, lessons=queries.lessons_by_ids(db.session, ids, day=day),
                teacher_id=teacher_id, now=clock.now()) for teacher_id, ids in chosen.items())
    except Stale as stale:
        return _day_page({stale.field or "day": f"{stale}. Сейчас там: {stale.theirs}"}), 409
    except Refused as refused:
        return _day_page({refused.field or "day": str(refused)}), 422
    for teacher_id in chosen:
        for one, other in queries.taught_at_once(db.session, teacher_id=teacher_id, day=day):
            flash(f"Внимание: {one.teacher} в одно время ведёт {one.class_name}, урок {one.number}, "
                  f"и {other.class_name}, урок {other.number}.")
    flash(f"Замены назначены: {counted(done, 'урок', 'урока', 'уроков')}." if done else "Ничего не изменилось.")
    return redirect(url_for(".substitutions", day=day))


@bp.get("/substitutions/replaced")
@needs(Act.KEEP_CALENDAR)
def replaced() -> ResponseReturnValue:
    first, last = _month()
    rows = reports.replacements(db.session, first=first, last=last, now=clock.now())
    return render_template("admin/schedule/replaced.html", rows=rows, totals=reports.totals(rows), first=first,
                           last=last, before=first - ONE_DAY, after=last + ONE_DAY)


@bp.get("/substitutions/replaced.xlsx")
@needs(Act.KEEP_CALENDAR)
def replaced_workbook() -> ResponseReturnValue:
    table, name = _table()
    with unlocked():
        return download(as_xlsx(table), XLSX, f"{name}.xlsx")


@bp.get("/substitutions/replaced.pdf")
@needs(Act.KEEP_CALENDAR)
def replaced_paper() -> ResponseReturnValue:
    table, name = _table()
    with unlocked():
        return download(as_pdf(table), PDF, f"{name}.pdf")


def _chosen(waiting: dict[int, Waiting]) -> dict[int, list[int]]:
    """The lessons by who is to take them. Raises Stale when one has been settled since the page was shown."""
    chosen: dict[int, list[int]] = defaultdict(list)
    for name in request.form:
        lesson_id = number_in({"": name.removeprefix("lesson-")}, "") if name.startswith("lesson-") else None
        teacher_id = number_in(request.form, name) if lesson_id else None
        if lesson_id is None or not teacher_id:
            continue
        refuse_oneself(g.actor, teacher_id, field=name)
        if lesson_id not in waiting:
            taken = next(iter(queries.lessons_shown(db.session, [lesson_id], day=_day())), None)
            raise Stale("Замену на этот урок уже назначили или она больше не нужна",
                        theirs=f"{taken.class_name}, урок {taken.number}, {taken.teacher or 'без учителя'}" if taken
                        else "такого урока в этот день нет", field="day")
        chosen[teacher_id].append(lesson_id)
    return chosen


def _day_page(errors: dict[str, str]) -> str:
    day = _day()
    found: DayOfSubstitutions = day_of_substitutions(db.session, day)
    return render_template("admin/schedule/substitutions.html", day=day, found=found, errors=errors,
                           values=request.form, before=day - ONE_DAY, after=day + ONE_DAY)


def _absences(errors: dict[str, str]) -> str:
    today = clock.today()
    return render_template("admin/schedule/absences.html", absences=acts.absences_from(db.session, today), today=today,
                           staff=queries.staff_on(db.session, today), errors=errors, values=request.form)


def _day() -> date:
    """The day asked for, when there are days around it to turn to."""
    day = day_in(request.values, "day")
    return day if day and 1900 < day.year < 2200 else clock.today()


def _month() -> tuple[date, date]:
    """The month of the day asked for, its first day and last."""
    day = _day()
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def _table() -> tuple[Table, str]:
    first, last = _month()
    rows = reports.replacements(db.session, first=first, last=last, now=clock.now())
    return (reports.table_of_replacements(rows, first=first, last=last, today=clock.today(),
                                          school=g.settings.value("school.name", on=None)),
            f"Замены, {month_year(first)}")
