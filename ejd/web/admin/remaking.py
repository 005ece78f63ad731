"""Lessons follow what they are made from: called in the same transaction after a change of calendar, bells or zone."""

from __future__ import annotations

from flask import g

from ejd import clock
from ejd.db import db
from ejd.schedule.services import Published, remake_lessons
from ejd.school.queries import current_year
from ejd.web.filters import counted


def lessons_follow(year_id: int | None = None) -> str:
    """Remake the year's lessons to come, and say what changed. Raises Refused when the timetable forbids it."""
    if year_id is None:
        year = current_year(db.session, clock.today())
        year_id = year.id if year else None
    published = None if year_id is None else remake_lessons(
        db.session, actor_id=g.actor.person_id, year_id=year_id, now=clock.now())
    return in_words(published)


def in_words(published: Published | None) -> str:
    """«Уроки: добавлено 12, изменено 3, убрано 5.»"""
    if published is None:
        return "Уроки появятся, когда будет расписание."
    counts = (("добавлено", published.added), ("изменено", published.changed), ("убрано", published.removed))
    parts = [f"{word} {count}" for word, count in counts if count]
    kept = (f" Оставлено вне расписания, потому что заполнено: {counted(published.kept, 'урок', 'урока', 'уроков')}."
            if published.kept else "")
    return (f"Уроки: {', '.join(parts)}." if parts else "Уроки не изменились.") + kept
