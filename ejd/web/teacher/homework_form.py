"""The fields of homework out of a form: of the class on the lesson's page, of named pupils on a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import g, request

from ejd import clock
from ejd.db import db
from ejd.files.store import Received
from ejd.journal.homework import NewHomework, publish_homework
from ejd.journal.homework_files import attach_files, remove_files
from ejd.journal.models import Homework
from ejd.refusal import Refused
from ejd.schedule.models import Lesson
from ejd.web.attaching import keep_all, most_files
from ejd.web.given import day_in, number_in, numbers_of

IN_FILES = ("Задание в приложенном файле", "Задание в приложенных файлах")


def homework_in_form(taught: Lesson, files: Sequence[Received], *, now: datetime, not_set: bool = False) -> NewHomework:
    """What was typed. A file without a word says that the task is in it."""
    text = request.form.get("homework", "").strip()
    if not text and files and not not_set:
        text = IN_FILES[len(files) > 1]
    due_on = _day_due()
    return NewHomework(
        lesson_id=taught.id, text=text, not_set=not_set, actor_id=g.actor.person_id, at=now,
        key=request.form.get("key", ""), due_lesson_id=None if due_on else number_in(request.form, "due"),
        due_on=due_on, version=number_in(request.form, "version"), minutes=_minutes())


def save_homework_of_class(taught: Lesson, files: Sequence[Received]) -> None:
    """Publish or change the lesson's homework with its files; nothing where nothing was typed."""
    text, not_set = request.form.get("homework", "").strip(), request.form.get("not_set") == "1"
    if not text and not not_set and not files:
        if request.form.get("version"):  # the page showed homework: it is not taken back by saying nothing
            raise Refused("Впишите задание или отметьте «не задано»", field="homework")
        return
    if not_set and (text or files):
        raise Refused("Снимите отметку «не задано» или уберите текст задания и файлы", field="not_set")
    now = clock.now()
    [homework] = publish_homework(db.session, settings=g.settings,
                                  homework=[homework_in_form(taught, files, now=now, not_set=not_set)])
    save_files(homework, files, now=now)


def save_files(homework: Homework, files: Sequence[Received], *, now: datetime) -> None:
    """Take away the files that were ticked, attach those that were chosen; at the same moment as the homework."""
    doing = {"homework": homework, "actor_id": g.actor.person_id, "now": now}
    remove_files(db.session, file_ids=numbers_of(request.form.getlist("drop")), **doing)
    attach_files(db.session, files=keep_all(files), most=most_files(), **doing)


def _minutes() -> int | None:
    minutes = number_in(request.form, "minutes")
    if minutes is None and request.form.get("minutes", "").strip():
        raise Refused("Время на задание – целое число минут, например 30", field="minutes")
    return minutes


def _day_due() -> date | None:
    day = day_in(request.form, "due_on")
    if day is None and request.form.get("due_on", "").strip():
        raise Refused("Такой даты нет", field="due_on")
    return day
