"""What a teacher writes of a lesson besides marks and homework: its topic (R6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ejd import clock
from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import update_many
from ejd.db import Session
from ejd.journal.closed import Doors
from ejd.journal.entering import refuse
from ejd.journal.marking import Refusal
from ejd.journal.occasions import LessonFacts, lock_lessons
from ejd.journal.wording import one_line
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson

LONGEST_TOPIC = 500


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic about to be recorded; `version` is the lesson's as the page showed it."""

    lesson_id: int
    text: str
    actor_id: int
    at: datetime
    version: int | None = None


def record_topics(session: Session, *, topics: Sequence[NewTopic]) -> None:
    """Record what lessons were about, from the day of the lesson on (R6). The same topic again changes nothing."""
    lessons = lock_lessons(session, [topic.lesson_id for topic in topics])
    doors = Doors(session, lessons.values())
    changes: list[tuple[int, dict[str, Any]]] = []
    acts = []
    for topic in topics:
        lesson = lessons[topic.lesson_id]
        text = one_line(topic.text, longest=LONGEST_TOPIC, field="topic")
        _refuse_record(lesson, topic.at)
        if not text:
            raise Refused("Впишите тему урока", field="topic")
        if text == lesson.topic:
            continue
        doors.check(lesson, at=topic.at, actor_id=topic.actor_id)
        if topic.version is not None and topic.version != lesson.version:
            raise Stale("Тему уже изменили", theirs=lesson.topic or "пусто")
        values: dict[str, Any] = {"topic": text, "version": lesson.version + 1}
        changes.append((lesson.id, values if lesson.topic else values | {"topic_at": topic.at}))
        lessons[lesson.id] = lesson._replace(topic=text, version=lesson.version + 1)
        acts.append(Done(topic.at, topic.actor_id, "topic.recorded", lesson.id, {}))
    update_many(session, Lesson, changes)
    trail.record_all(session, acts)
    doors.tell()


def _refuse_record(lesson: LessonFacts, at: datetime) -> None:
    if lesson.cancelled:
        refuse(Refusal.CANCELLED)
    if clock.local(at).date() < lesson.day:
        refuse(Refusal.DAY_NOT_COME)
