"""The history of a lesson: who did what with it, and what its homework said before and after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ejd.db import Session
from ejd.journal.models import Homework, HomeworkChange
from ejd.office.history import Entry, acts_on_lesson

NOT_SET = "не задано"
CHANGED = "homework.changed"


@dataclass(frozen=True, slots=True)
class Told:
    """An act, and of a change of homework both texts."""

    act: Entry
    before: str = ""
    after: str = ""


def history_of_lesson(session: Session, lesson_id: int) -> list[Told]:
    """Everything that happened, the latest first. Four statements."""
    texts = _texts(session, lesson_id)
    return [Told(act, *(texts[act.at].pop(0) if act.verb == CHANGED and texts[act.at] else ("", "")))
            for act in acts_on_lesson(session, lesson_id)]


def _texts(session: Session, lesson_id: int) -> dict[datetime, list[tuple[str, str]]]:
    """What homework of the lesson said before and after each change, by its moment, the latest first. One
    statement."""
    rows = session.execute(
        select(HomeworkChange.homework_id, HomeworkChange.changed_at, HomeworkChange.before, Homework.text)
        .join(Homework, Homework.id == HomeworkChange.homework_id).where(Homework.lesson_id == lesson_id)
        .order_by(HomeworkChange.id.desc())).all()
    after: dict[int, str] = {}
    texts = defaultdict(list)
    for row in rows:
        texts[row.changed_at].append((row.before or NOT_SET, after.get(row.homework_id, row.text) or NOT_SET))
        after[row.homework_id] = row.before
    return texts
