"""A lesson of a journal to look into, alike for the administration and a class teacher: what was written, nothing to
write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flask import g, render_template

from ejd import clock
from ejd.db import db
from ejd.journal.queries_homework import homework_around
from ejd.journal.queries_lesson import record_of, works_of
from ejd.office.lesson_history import history_of_lesson
from ejd.roster.scopes import CourseCard
from ejd.schedule.models import Lesson
from ejd.web.access_lessons import lesson_of_course
from ejd.words import day


def lesson_history(course_title: str, lesson: Lesson, *, back: str) -> str:
    """Who did what with a lesson, alike for its teacher and the administration; `back` is the lesson's address."""
    return render_template("lessons/history.html", title=f"{course_title}, {day(lesson.day)}", back=back,
                           found=history_of_lesson(db.session, lesson.id))


def lesson_to_read(course: CourseCard, lesson_id: int, *, journal: Callable[[date], str], file: Callable[[int], str],
                   more: Sequence[tuple[str, str]] = ()) -> str:
    """Topic, works and homework with its files; `journal` is the address of its page with a day, `file` of a file,
    `more` where else to go from here: title and address."""
    lesson, teacher = lesson_of_course(course, lesson_id)
    record = record_of(db.session, lesson, clock.now())
    works, _ = works_of(db.session, lesson.id)
    return render_template("lessons/to_read.html", record=record, teacher=teacher, works=works, file=file, more=more,
                           journal=f"{journal(lesson.day)}#l{lesson.id}",
                           around=homework_around(db.session, record=record, settings=g.settings))
