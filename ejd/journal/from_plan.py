"""A lesson takes topics of its journal's plan: its own topic and the link to the plan are written together (R6, R8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ejd.db import Session
from ejd.journal.closed import check_door
from ejd.journal.lesson_record import NewTopic, record_topics
from ejd.journal.occasions import lock_lessons
from ejd.plans.services import take_topics


def take_from_plan(session: Session, *, actor_id: int, lesson_id: int, topic_ids: Sequence[int], text: str,
                   now: datetime, version: int | None = None) -> None:
    """The lesson took these topics of the plan, several when they were merged, and its record says `text`. Without
    topics the lesson leaves the plan, and its text stays."""
    lesson = lock_lessons(session, [lesson_id])[lesson_id]
    check_door(session, lesson, at=now, actor_id=actor_id)
    if topic_ids:
        record_topics(session, topics=[NewTopic(lesson_id=lesson_id, text=text, actor_id=actor_id, at=now,
                                                version=version)])
    take_topics(session, actor_id=actor_id, lesson_id=lesson_id, topic_ids=topic_ids, now=now)
