"""One work of a class with everybody's mark in a column: typed down, or pasted from a table, and saved in one go."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal import points
from ejd.journal.pasting import as_value, read_column
from ejd.journal.queries_works import WorkLine, WorkPage, kinds_in_order, work_page
from ejd.journal.wording import OLD_PAGE
from ejd.journal.work_entry import Line, LinesRefused, enter_work
from ejd.refusal import Refused
from ejd.web.access_works import work_taught_by
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.acts import when_received
from ejd.web.teacher.cell import reason_of
from ejd.words import counted

Errors = Mapping[int, str]  # why a line is not accepted, by pupil


@bp.get("/works/<int:work_id>")
def work(work_id: int) -> ResponseReturnValue:
    return show_work(_page(work_id))


@bp.post("/works/<int:work_id>")
def save_work(work_id: int) -> ResponseReturnValue:
    """Save the column; or show what was pasted, or what the points suggest, before anything is saved."""
    page = _page(work_id)
    if request.form.get("act") == "paste" or _not_put_in():
        return _pasted(page)
    if request.form.get("act") == "suggest":
        return _suggested(page)
    try:
        with saving():
            saved = enter_work(db.session, work=page.work, lines=_lines(page), actor_id=g.actor.person_id,
                               now=clock.now(), settings=g.settings)
    except LinesRefused as refused:
        return show_work(_page(work_id), refused=str(refused), lines={
            pupil_id: reason_of(why, request.form.get(f"m{pupil_id}", ""))
            for pupil_id, why in refused.lines.items()}), 409 if refused.stale else 422
    except Refused as refused:
        return show_work(_page(work_id), refused=str(refused)), 422
    flash(f"Сохранено: {counted(len(saved), 'отметка', 'отметки', 'отметок')}" if saved else "Ничего не изменилось")
    names = {line.pupil_id: line.name for line in page.lines if line.later}
    for mark in saved:
        if mark.pupil_id in names:
            flash(f"{names[mark.pupil_id]}: {when_received(mark)}")
    return redirect(url_for(".work", work_id=work_id))


def show_work(page: WorkPage, *, refused: str = "", lines: Errors | None = None, told: str = "",
              typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> str:
    """The work as it stands; over it what was typed, when it was not saved."""
    if typed is None:
        typed = request.form if refused or errors else {}
    return render_template("teacher/work.html", page=page, work=page.work, place=page.place, lesson=page.place.lesson,
                           kinds=kinds_in_order(db.session), refused=refused, lines=lines or {}, told=told, typed=typed,
                           errors=errors or {}, offered=page.place.offered(g.settings), key=token_urlsafe(12),
                           with_criteria=g.settings.value("works.criteria", on=page.place.lesson.day),
                           closed=page.place.why_shut(g.settings, clock.now()), today=clock.today())


def _page(work_id: int) -> WorkPage:
    found, lesson = work_taught_by(g.actor, work_id)
    return work_page(db.session, work=found, lesson=lesson, settings=g.settings, today=clock.today())


def _words_of(column: str) -> str:
    return " ".join(column.split())


def _not_put_in() -> bool:
    """A column stands in the box that has not been put into the fields yet: saving the fields would lose it."""
    column = _words_of(request.form.get("column", ""))
    return column not in ("", request.form.get("put_in", "")) and request.form.get("act") != "suggest"


def _pasted(page: WorkPage) -> ResponseReturnValue:
    """What was pasted stands in the fields, to be looked at before it is saved; what was not placed is told."""
    pasted = read_column(request.form.get("column", ""), [(line.pupil_id, line.name) for line in page.lines])
    offered = page.place.offered(g.settings)
    wrong = {pupil_id: f"«{value}» – не отметка: исправьте или сотрите" for pupil_id, value in pasted.values.items()
             if value not in offered}
    told = (f"Вставлено: {counted(len(pasted.values), 'отметка', 'отметки', 'отметок')}. Проверьте и нажмите "
            "«Сохранить»: пока ничего не сохранено.") if pasted.values else ""
    typed = {**request.form, **{f"m{pupil_id}": value for pupil_id, value in pasted.values.items()},
             "put_in": _words_of(request.form.get("column", ""))}
    refused = "Вставлено не всё. " + "; ".join(pasted.faults) if pasted.faults else ""
    return show_work(page, refused=refused, lines=wrong, told=told, typed=typed), 422 if refused or wrong else 200


def _suggested(page: WorkPage) -> ResponseReturnValue:
    """The marks that the scale suggests for the points stand in the empty fields; the teacher decides."""
    scale = g.settings.value("works.scale", on=page.place.lesson.day)
    most = {one.id: one.most for one in page.criteria}
    typed, found = dict(request.form), 0
    for line in page.lines:
        suggested = points.suggestion(points.sum_of(_points(page, line) or {}, most), scale)
        if suggested and not typed.get(f"m{line.pupil_id}", "").strip():
            typed[f"m{line.pupil_id}"] = suggested
            found += 1
    told = (f"Предложено по баллам: {counted(found, 'отметка', 'отметки', 'отметок')}. Решаете вы; "
            "проверьте и нажмите «Сохранить»: пока ничего не сохранено.")
    return show_work(page, told=told, typed=typed)


def _lines(page: WorkPage) -> list[Line]:
    if not request.form.get("key"):
        raise Refused(OLD_PAGE)
    return [_line(page, line) for line in page.lines if f"m{line.pupil_id}" in request.form]


def _line(page: WorkPage, line: WorkLine) -> Line:
    form, pupil_id = request.form, line.pupil_id
    received_on = day_in(form, f"d{pupil_id}")
    if received_on is None and form.get(f"d{pupil_id}", "").strip():
        raise Refused(f"{line.name}: такой даты нет")
    return Line(pupil_id, as_value(form[f"m{pupil_id}"]), f"{form['key']}.{pupil_id}",
                form.get(f"c{pupil_id}", ""), received_on, number_in(form, f"i{pupil_id}"),
                number_in(form, f"v{pupil_id}") or 0, form.get(f"mw{pupil_id}", ""), form.get(f"cw{pupil_id}", ""),
                _points(page, line), line.points)


def _points(page: WorkPage, line: WorkLine) -> dict[int, int] | None:
    """By criterion, as typed; None where the work has none. Raises Refused for what is no number."""
    if not page.criteria:
        return None
    found = {}
    for one in page.criteria:
        name = f"p{line.pupil_id}-{one.id}"
        if request.form.get(name, "").strip():
            number = number_in(request.form, name)
            if number is None:
                raise Refused(f"{line.name}, «{one.title}»: баллы – целое число от 0 до {one.most}")
            found[one.id] = number
    return found
