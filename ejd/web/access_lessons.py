"""Loaders of what becomes of lessons, and of the addresses of their feeds."""

from __future__ import annotations

from flask import abort

from ejd.access import Actor
from ejd.db import db
from ejd.journal.queries_homework import FileToHand, file_at_lesson
from ejd.roster.scopes import CourseCard
from ejd.schedule import absences, feeds, scopes
from ejd.schedule.models import Lesson, LessonFeed, TeacherAbsence


def lesson_of_course(course: CourseCard, lesson_id: int) -> tuple[Lesson, str]:
    """A lesson of a journal that may be looked into, and who gives it."""
    return scopes.lesson_of_course(db.session, course_id=course.id, lesson_id=lesson_id) or abort(404)


def file_of_course(course: CourseCard, lesson_id: int, file_id: int) -> FileToHand:
    """A file of homework that was set at such a lesson or is due at it."""
    lesson, _ = lesson_of_course(course, lesson_id)
    return file_at_lesson(db.session, lesson=lesson, file_id=file_id) or abort(404)


def absence_of_teacher(absence_id: int) -> TeacherAbsence:
    """An absence of a teacher, for whoever keeps the timetable."""
    return absences.absence_with_id(db.session, absence_id) or abort(404)


def own_feed(actor: Actor, feed_id: int) -> LessonFeed:
    """An address of lessons that the signed-in person has made."""
    return feeds.own_feed(db.session, owner_id=actor.person_id, feed_id=feed_id) or abort(404)
