"""Lessons as an iCalendar file (RFC 5545) that a telephone subscribes to. No pupil is named in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from ejd.schedule.queries import LessonOfDay
from ejd.words import weekday_day

ASK_AGAIN = timedelta(hours=1)


def calendar_file(lessons: Iterable[LessonOfDay], *, title: str, for_pupil: bool, made_at: datetime) -> bytes:
    """The same lessons make the same bytes, so that a telephone learns cheaply that nothing has changed."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//EJD//lessons//RU")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for lesson in sorted(lessons, key=lambda lesson: (lesson.starts_at, lesson.id)):
        calendar.add_component(_event(lesson, for_pupil, made_at))
    return calendar.to_ical()


def _event(lesson: LessonOfDay, for_pupil: bool, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"lesson-{lesson.id}@ejd")
    event.add("dtstamp", made_at)
    event.add("dtstart", lesson.starts_at)
    event.add("dtend", lesson.ends_at)
    what = lesson.course_title if for_pupil else f"{lesson.class_name}, {lesson.course_title}"
    fate = f"Перенесён на {weekday_day(lesson.moved_to)}: " if lesson.moved_to else "Отменён: "
    event.add("summary", fate + what if lesson.cancelled else what)
    event.add("status", "CANCELLED" if lesson.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if lesson.cancelled else "OPAQUE")
    if place := "дистанционно" if lesson.remote else f"каб. {lesson.room}" if lesson.room else "":
        event.add("location", place)
    if said := _said(lesson, for_pupil):
        event.add("description", said)
    return event


def _said(lesson: LessonOfDay, for_pupil: bool) -> str:
    """The number, to a pupil the teacher, to a teacher whom they replace, and why the lesson falls out."""
    lines = [f"Урок {lesson.number}"]
    if for_pupil and lesson.teacher:
        lines.append(f"Учитель: {lesson.teacher}" + (" (замена)" if lesson.is_substitution else ""))
    elif not for_pupil and lesson.is_substitution:
        lines.append(f"Вместо: {lesson.substitutes}")
    if lesson.cancelled and lesson.state_reason:
        lines.append(lesson.state_reason)
    return "\n".join(lines)
