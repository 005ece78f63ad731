"""Notes to the families of a class, remarks at a lesson, and who has acknowledged a week."""

from __future__ import annotations

from datetime import date, timedelta
from secrets import token_urlsafe
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.homeroom import notes, queries
from ejd.homeroom.models import NoteKind
from ejd.homeroom.notes import NewNote
from ejd.refusal import Refused, Stale
from ejd.school.calendar import monday_from, monday_of, week_code
from ejd.web.access import lesson_taught_by, own_class
from ejd.web.access_family import note_in_hand
from ejd.web.given import day_in, number_in
from ejd.web.saving import saving
from ejd.web.teacher import bp

SEVEN_DAYS = timedelta(days=7)


@bp.route("/classes/<int:class_id>/notes", methods=["GET", "POST"])
def class_notes(class_id: int) -> ResponseReturnValue:
    """The class's notes, and the form of a new one: to one family, to some, or to all."""
    school_class, _ = own_class(g.actor, class_id)
    today = clock.today()
    pupils = queries.pupils_on(db.session, class_id=class_id, day=today)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with saving():
                note = _write(class_id, day_in(request.form, "day") or today)
        except Refused as refused:
            errors[refused.field or "text"] = str(refused)
        else:
            flash(f"Отправлено: {queries.KIND_NAMES[note.kind]}.")
            return redirect(url_for(".class_notes", class_id=class_id))
    page = render_template(
        "teacher/notes.html", school_class=school_class, pupils=pupils, errors=errors, typed=request.form, today=today,
        ticked=request.form.getlist("pupil"), key=request.form.get("key") or token_urlsafe(12),
        notes=queries.notes_of_class(db.session, class_id=class_id, before=number_in(request.args, "before")))
    return page, 422 if errors else 200


@bp.get("/notes/<int:note_id>")
def note(note_id: int) -> ResponseReturnValue:
    return _note_page(note_id, {})


@bp.post("/notes/<int:note_id>")
def change_note(note_id: int) -> ResponseReturnValue:
    note_in_hand(g.actor, note_id)
    try:
        with saving():
            notes.change_note(db.session, actor_id=g.actor.person_id, note_id=note_id, now=clock.now(),
                              version=number_in(request.form, "version") or 0, text=request.form.get("text", ""))
    except Stale as stale:
        return _note_page(note_id, {"text": f"{stale}: сейчас там «{stale.theirs}». Чтобы заменить, сохраните ещё раз"}
                          ), 409
    except Refused as refused:
        return _note_page(note_id, {"text": str(refused)}), 422
    flash("Изменено. Семьи увидят, что текст изменён.")
    return redirect(url_for(".note", note_id=note_id))


@bp.post("/notes/<int:note_id>/withdraw")
def withdraw_note(note_id: int) -> ResponseReturnValue:
    standing, _, _ = note_in_hand(g.actor, note_id)
    try:
        with saving():
            notes.withdraw_note(db.session, actor_id=g.actor.person_id, note_id=note_id, now=clock.now(),
                                version=number_in(request.form, "version") or 0)
    except Stale as stale:
        return _note_page(note_id, {"text": f"{stale}: сейчас там «{stale.theirs}»"}), 409
    flash("Убрано: семьи его больше не видят.")
    if standing.class_id in g.actor.own_classes:
        return redirect(url_for(".class_notes", class_id=standing.class_id))
    return redirect(url_for(".today"))


@bp.route("/lessons/<int:lesson_id>/remark", methods=["GET", "POST"])
def remark(lesson_id: int) -> ResponseReturnValue:
    """A remark of who teaches the lesson, in the diary of its day."""
    lesson = lesson_taught_by(g.actor, lesson_id)
    found = queries.class_of_lesson(db.session, lesson_id=lesson.id) or abort(
        422, "В сводной группе замечание пишет классный руководитель.")
    school_class, subject, pupils = found
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with saving():
                _write(school_class.id, lesson.day, lesson_id=lesson.id)
        except Refused as refused:
            errors[refused.field or "text"] = str(refused)
        else:
            flash("Замечание записано в дневник.")
            return redirect(url_for(".lesson", lesson_id=lesson.id))
    ticked = request.form.getlist("pupil") or [request.args.get("pupil", "")]
    page = render_template(
        "teacher/remark.html", lesson=lesson, school_class=school_class, subject=subject, errors=errors,
        typed=request.form, ticked=ticked, key=request.form.get("key") or token_urlsafe(12), pupils=pupils)
    return page, 422 if errors else 200


@bp.get("/classes/<int:class_id>/weeks")
def class_weeks(class_id: int) -> ResponseReturnValue:
    """Who of the guardians has acknowledged the week, and who has not."""
    school_class, year = own_class(g.actor, class_id)
    monday = _monday(class_id)
    today = clock.today()
    rows = queries.read_by_week(db.session, class_id=class_id, monday=monday)
    return render_template(
        "teacher/weeks.html", school_class=school_class, monday=monday, rows=rows, today=today,
        taught=queries.last_lesson_before(db.session, class_id=class_id, day=monday + SEVEN_DAYS, since=monday),
        read=sum(row.is_read for row in rows), last_day=monday + timedelta(days=4),
        before=week_code(monday - SEVEN_DAYS) if monday > year.starts_on else None,
        after=week_code(monday + SEVEN_DAYS) if monday + SEVEN_DAYS <= today else None)


def _monday(class_id: int) -> date:
    """The week that the address names, else the last whole one with lessons."""
    code = request.args.get("week", "")
    if not code:
        this = monday_of(clock.today())
        last = queries.last_lesson_before(db.session, class_id=class_id, day=this)
        return monday_of(last) if last else this - SEVEN_DAYS
    return monday_from(code) or abort(404, "Такой недели нет.")


def _write(class_id: int, day: date, lesson_id: int | None = None) -> Any:
    form = request.form
    everybody = bool(form.get("everybody")) and lesson_id is None
    chosen = None if everybody else [number for text in form.getlist("pupil")
                                     if (number := number_in({"": text}, "")) is not None]
    return notes.write_note(db.session, note=NewNote(
        class_id=class_id, kind=NoteKind.REMARK if lesson_id is not None else form.get("kind", ""), day=day,
        text=form.get("text", ""), author_id=g.actor.person_id, at=clock.now(), key=form.get("key", ""),
        pupil_ids=chosen, lesson_id=lesson_id))


def _note_page(note_id: int, errors: dict[str, str]) -> str:
    standing, shown, answers = note_in_hand(g.actor, note_id)
    return render_template("teacher/note.html", note=shown, answers=answers, errors=errors, typed=request.form,
                           class_id=standing.class_id if standing.class_id in g.actor.own_classes else None)
