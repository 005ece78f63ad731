"""The class as one long form: letters and marks of a lesson saved by one button, with no keys and no script."""

from __future__ import annotations

from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.journal.attendance import NewPresence, record_attendance
from ejd.journal.marks import NewMark, put_marks
from ejd.journal.queries_lesson import LessonPage, SheetRow, lesson_page
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson
from ejd.web.access import lesson_taught_by
from ejd.web.given import number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.acts import when_received
from ejd.web.teacher.cell import reason_of

WAS_THERE = "был"


@bp.get("/lessons/<int:lesson_id>/list")
def class_list(lesson_id: int) -> ResponseReturnValue:
    return _show(lesson_taught_by(g.actor, lesson_id))


@bp.post("/lessons/<int:lesson_id>/list")
def save_list(lesson_id: int) -> ResponseReturnValue:
    """All of the list is saved, or nothing with the reason."""
    taught = lesson_taught_by(g.actor, lesson_id)
    page = _page(taught)
    try:
        with saving():
            letters = [letter for row in page.rows if (letter := _letter(taught, row))]
            marks = [mark for row in page.rows if (mark := _mark(taught, row, _work(page)))]
            record_attendance(db.session, rows=letters, settings=g.settings)
            put = put_marks(db.session, marks=marks, settings=g.settings)
    except Refused as refused:
        return _show(taught, _whose(page, refused)), 409 if isinstance(refused, Stale) else 422
    flash("Список сохранён")
    names = {row.pupil_id: row.name for row in page.rows}
    for saved in put:
        if saved.received_on != taught.day or saved.received_reason:
            flash(f"{names[saved.pupil_id]}: {when_received(saved)}")
    return redirect(url_for(".lesson", lesson_id=lesson_id))


def _whose(page: LessonPage, refused: Refused) -> str:
    """The sentence with the pupil's name, and both values when another hand was there."""
    name = next((f"{row.name}: " for row in page.rows if row.pupil_id == refused.pupil_id), "")
    letter, mark = (request.form.get(f"{field}{refused.pupil_id}", "") for field in "am")
    typed = (letter or WAS_THERE) if refused.field == "letter" else mark
    then = "" if refused.field == "letter" else "Исправить её можно по ссылке в строке"
    return name + reason_of(refused, typed, then=then)


def _page(taught: Lesson) -> LessonPage:
    return lesson_page(db.session, lesson=taught, settings=g.settings, today=clock.today(), now=clock.now(),
                       reader=g.actor)


def _work(page: LessonPage) -> int | None:
    """The work that the marks are for: the chosen one, else the first declared; 0 chooses none."""
    chosen = number_in(request.values, "work")
    known = [work.id for work in page.works]
    if chosen is None or chosen not in [0, *known]:
        return known[0] if known else None
    return chosen or None


def _letter(taught: Lesson, row: SheetRow) -> NewPresence | None:
    code, version = request.form.get(f"a{row.pupil_id}"), number_in(request.form, f"v{row.pupil_id}")
    if code is None or (not code and version is None):
        return None
    return NewPresence(lesson_id=taught.id, pupil_id=row.pupil_id, code=code or None, key=_key(row),
                       actor_id=g.actor.person_id, at=clock.now(), version=version)


def _mark(taught: Lesson, row: SheetRow, work_id: int | None) -> NewMark | None:
    value = request.form.get(f"m{row.pupil_id}")
    if not value:
        return None
    return NewMark(lesson_id=taught.id, pupil_id=row.pupil_id, value=value, key=_key(row),
                   actor_id=g.actor.person_id, at=clock.now(), work_id=work_id, seen=())


def _key(row: SheetRow) -> str:
    key = request.form.get("key", "")
    return f"{key}.{row.pupil_id}" if key else ""


def _show(taught: Lesson, refused: str = "") -> str:
    page = _page(taught)
    return render_template("teacher/class_list.html", page=page, record=page.record, work_id=_work(page),
                           offered=page.record.offered(g.settings), refused=refused, typed=request.form,
                           closed=page.record.why_shut(g.settings, clock.now()),
                           key=token_urlsafe(12))
