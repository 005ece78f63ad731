"""Homework of named pupils, beside the class's, and the files of any homework of a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from secrets import token_urlsafe

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.files.store import Received
from ejd.journal.homework import change_given, give_to_pupils, withdraw_given
from ejd.journal.models import Homework
from ejd.journal.queries_homework import homework_around
from ejd.journal.queries_lesson import record_of
from ejd.refusal import Refused, Stale
from ejd.roster.members import members_of
from ejd.schedule.models import Lesson
from ejd.web.access import lesson_taught_by
from ejd.web.access_homework import file_of_lesson, given_taught_by
from ejd.web.attaching import files_given, hand_out, limits, takes_files
from ejd.web.given import number_in, numbers_of
from ejd.web.saving import saving
from ejd.web.teacher import bp
from ejd.web.teacher.homework_form import homework_in_form, save_files

Errors = Mapping[str, str]


@bp.get("/lessons/<int:lesson_id>/files/<int:file_id>")
def lesson_file(lesson_id: int, file_id: int) -> ResponseReturnValue:
    return hand_out(file_of_lesson(g.actor, lesson_id, file_id))


@bp.get("/lessons/<int:lesson_id>/homework")
def give_homework(lesson_id: int) -> ResponseReturnValue:
    return _form(lesson_taught_by(g.actor, lesson_id), None)


@bp.post("/lessons/<int:lesson_id>/homework")
@takes_files
def save_given_homework(lesson_id: int) -> ResponseReturnValue:
    """Set homework to those who are ticked."""
    taught = lesson_taught_by(g.actor, lesson_id)
    pupils = numbers_of(request.form.getlist("pupil"))

    def give(files: Sequence[Received], now: datetime) -> Homework:
        return give_to_pupils(db.session, homework=homework_in_form(taught, files, now=now), pupil_ids=pupils,
                              settings=g.settings)

    return _save(taught, None, give, "Задание опубликовано: его увидят только эти ученики и их родители")


@bp.get("/lessons/<int:lesson_id>/homework/<int:homework_id>")
def given_homework(lesson_id: int, homework_id: int) -> ResponseReturnValue:
    return _form(*given_taught_by(g.actor, lesson_id, homework_id))


@bp.post("/lessons/<int:lesson_id>/homework/<int:homework_id>")
@takes_files
def change_given_homework(lesson_id: int, homework_id: int) -> ResponseReturnValue:
    taught, standing = given_taught_by(g.actor, lesson_id, homework_id)

    def change(files: Sequence[Received], now: datetime) -> Homework:
        return change_given(db.session, homework_id=homework_id, homework=homework_in_form(taught, files, now=now),
                            settings=g.settings)

    return _save(taught, standing, change, "Задание изменено")


@bp.get("/lessons/<int:lesson_id>/homework/<int:homework_id>/withdraw")
def ask_to_withdraw_homework(lesson_id: int, homework_id: int) -> ResponseReturnValue:
    return _ask(*given_taught_by(g.actor, lesson_id, homework_id))


@bp.post("/lessons/<int:lesson_id>/homework/<int:homework_id>/withdraw")
def withdraw_homework(lesson_id: int, homework_id: int) -> ResponseReturnValue:
    taught, standing = given_taught_by(g.actor, lesson_id, homework_id)
    try:
        with saving():
            withdraw_given(db.session, lesson_id=lesson_id, homework_id=homework_id, actor_id=g.actor.person_id,
                           version=number_in(request.form, "version"), now=clock.now())
    except Stale as stale:
        return _ask(taught, standing, f"{stale}. Сейчас там: «{stale.theirs}»."), 409
    except Refused as refused:
        return _ask(taught, standing, str(refused)), 422
    flash("Задание снято")
    return redirect(url_for(".lesson", lesson_id=lesson_id))


def _save(taught: Lesson, standing: Homework | None, act: Callable[[Sequence[Received], datetime], Homework],
          said: str) -> ResponseReturnValue:
    """Do it with the files of the form, or show the form again with the reason."""
    try:
        with files_given() as files, saving():
            now = clock.now()
            save_files(act(files, now), files, now=now)
    except Stale as stale:
        both = f"{stale}. Сейчас там: «{stale.theirs}». Сохраните ещё раз, чтобы заменить."
        return _form(taught, standing, {"form": both}), 409
    except Refused as refused:
        return _form(taught, standing, {refused.field or "form": str(refused)}), 422
    flash(said)
    return redirect(url_for(".lesson", lesson_id=taught.id))


def _form(taught: Lesson, standing: Homework | None, errors: Errors | None = None) -> str:
    record = record_of(db.session, taught, clock.now())
    around = homework_around(db.session, record=record, settings=g.settings)
    task = next((task for task in around.given if standing and task.id == standing.id), None)
    members = [] if standing else members_of(db.session, record.course, first=taught.day, last=taught.day)
    return render_template(
        "teacher/given_homework.html", record=record, around=around, standing=standing, task=task,
        pupils=[(member.pupil_id, member.name) for member in members], ticked=request.form.getlist("pupil"),
        limits=limits(), errors=errors or {}, typed=request.form if errors else {}, key=token_urlsafe(12))


def _ask(taught: Lesson, standing: Homework, error: str = "") -> str:
    record = record_of(db.session, taught, clock.now())
    around = homework_around(db.session, record=record, settings=g.settings)
    task = next(task for task in around.given if task.id == standing.id)
    return render_template("teacher/withdraw_homework.html", record=record, task=task, error=error)
