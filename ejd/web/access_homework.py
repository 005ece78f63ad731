"""Loaders of homework and its files: what is not there, taken back or not yours is 404."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.diary import homework as diary
from ejd.journal import queries_homework as journal
from ejd.journal.models import Homework
from ejd.journal.queries_homework import FileToHand
from ejd.schedule.models import Lesson
from ejd.web.access import lesson_taught_by, own_child
from ejd.web.access_family import pupil_of_own_class


def file_of_lesson(actor: Actor, lesson_id: int, file_id: int) -> FileToHand:
    """A file of homework set at, or due at, a lesson that the signed-in teacher or substitute gives."""
    return journal.file_at_lesson(db.session, lesson=lesson_taught_by(actor, lesson_id), file_id=file_id) or abort(404)


def given_taught_by(actor: Actor, lesson_id: int, homework_id: int) -> tuple[Lesson, Homework]:
    """Homework of named pupils that was set at such a lesson."""
    lesson = lesson_taught_by(actor, lesson_id)
    return lesson, journal.given_at(db.session, lesson_id=lesson_id, homework_id=homework_id) or abort(404)


def file_of_child(actor: Actor, pupil_id: int, file_id: int) -> FileToHand:
    """A file of homework of the own child (R33)."""
    own_child(actor, pupil_id)
    return _file_of_pupil(pupil_id, file_id)


def file_of_own_pupil(actor: Actor, class_id: int, pupil_id: int, file_id: int) -> FileToHand:
    """The same of a pupil of the own class."""
    pupil_of_own_class(actor, class_id, pupil_id)
    return _file_of_pupil(pupil_id, file_id)


def own_file(actor: Actor, file_id: int) -> FileToHand:
    """A file of the signed-in pupil's own homework."""
    return _file_of_pupil(actor.person_id, file_id)


def own_homework(actor: Actor, homework_id: int) -> int:
    """Homework of the signed-in pupil: the class's, or set to him by name."""
    return diary.reached(db.session, pupil_id=actor.person_id, homework_id=homework_id) or abort(404)


def _file_of_pupil(pupil_id: int, file_id: int) -> FileToHand:
    return diary.file_for(db.session, pupil_id=pupil_id, file_id=file_id) or abort(404)
