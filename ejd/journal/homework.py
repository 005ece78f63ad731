"""Homework of a lesson: for the class, and beside it for named pupils (R5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import in_parts
from ejd.db import Session, table_of
from ejd.journal.closed import Doors
from ejd.journal.entering import refuse
from ejd.journal.marking import Refusal
from ejd.journal.models import Homework
from ejd.journal.occasions import LessonFacts, SchoolRules, lock_lessons
from ejd.journal.wording import OLD_PAGE, key_of, lines
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson, LessonState
from ejd.school.settings import Settings

LONGEST_HOMEWORK = 2000
NOT_SET = "не задано"


@dataclass(frozen=True, slots=True)
class NewHomework:
    """Homework about to be published or changed, or an explicit «не задано». It is due at a lesson, by default the
    next one of the same group on a later day, or on a day."""

    lesson_id: int
    text: str
    actor_id: int
    at: datetime
    key: str
    not_set: bool = False
    due_lesson_id: int | None = None
    due_on: date | None = None
    version: int | None = None


def publish_homework(session: Session, *, homework: Sequence[NewHomework], settings: Settings) -> list[Homework]:
    """Publish homework, or change what stands; the rows in the order given.

    The same key, or the same text, again changes nothing. Raises Stale when another hand changed it meanwhile.
    """
    publishing = _Publishing(session, homework, settings)
    for one in homework:
        publishing.note(one)
    publishing.write()
    ids = [one.lesson_id for one in homework]
    rows = _homework_of(session, ids)
    return [rows[lesson_id] for lesson_id in ids]


def _homework_of(session: Session, lesson_ids: Collection[int]) -> dict[int, Homework]:
    found: dict[int, Homework] = {}
    for part in in_parts(sorted(set(lesson_ids))):
        query = select(Homework).where(Homework.lesson_id.in_(part)).execution_options(populate_existing=True)
        found.update((row.lesson_id, row) for row in session.scalars(query))
    return found


class _Publishing:
    """One batch of homework: read once, checked one by one, written together."""

    def __init__(self, session: Session, homework: Sequence[NewHomework], settings: Settings) -> None:
        self._session = session
        self._rules = SchoolRules(session, settings)
        self._lessons = lock_lessons(session, [one.lesson_id for one in homework])
        self._doors = Doors(session, self._lessons.values())
        self._standing = _homework_of(session, self._lessons)
        self._following = _following(session, self._lessons)
        self._new: dict[int, dict[str, Any]] = {}
        self._acts: list[Done] = []

    def note(self, one: NewHomework) -> None:
        lesson = self._lessons[one.lesson_id]
        key_of(one.key)
        if lesson.cancelled:
            refuse(Refusal.CANCELLED)
        text = lines(one.text, longest=LONGEST_HOMEWORK, field="homework")
        if one.not_set and text:
            raise Refused("Либо впишите задание, либо отметьте «не задано»", field="homework")
        if not text and not one.not_set:
            raise Refused("Впишите задание или отметьте «не задано»", field="homework")
        values = {"text": text, "not_set": one.not_set, **self._due(one, lesson)}
        standing = self._standing.get(lesson.id)
        if standing is None and lesson.id not in self._new:
            self._publish(one, values)
        elif standing is None:
            raise Refused("Домашнее задание одного урока названо дважды")
        else:
            self._change(one, standing, values)

    def write(self) -> None:
        self._session.flush()
        if self._new:
            self._session.execute(insert(table_of(Homework)), list(self._new.values()))
        trail.record_all(self._session, self._acts)
        self._doors.tell()

    def _publish(self, one: NewHomework, values: Mapping[str, Any]) -> None:
        self._check_doors(one)
        self._new[one.lesson_id] = {
            "lesson_id": one.lesson_id, **values, "published_at": one.at, "published_by_id": one.actor_id,
            "last_key": one.key, "version": 1}
        self._acts.append(Done(one.at, one.actor_id, "homework.published", one.lesson_id,
                               {"lesson": one.lesson_id, "not_set": one.not_set}))

    def _change(self, one: NewHomework, standing: Homework, values: Mapping[str, Any]) -> None:
        if all(getattr(standing, name) == value for name, value in values.items()):
            return
        self._check_doors(one)
        if one.key == standing.last_key:  # with another text: this one is not saved
            raise Refused(OLD_PAGE)
        if one.version != standing.version:
            raise Stale("Домашнее задание уже изменили", theirs=standing.text or NOT_SET)
        if standing.not_set and not one.not_set:
            standing.published_at, standing.published_by_id = one.at, one.actor_id
        for name, value in values.items():
            setattr(standing, name, value)
        standing.changed_at, standing.last_key, standing.version = one.at, one.key, standing.version + 1
        self._acts.append(Done(one.at, one.actor_id, "homework.changed", one.lesson_id, {"not_set": one.not_set}))

    def _check_doors(self, one: NewHomework) -> None:
        self._doors.check(self._lessons[one.lesson_id], at=one.at, actor_id=one.actor_id)

    def _due(self, one: NewHomework, lesson: LessonFacts) -> dict[str, Any]:
        """When it is due: at the lesson or on the day chosen, else at the group's next lesson, else in a week."""
        if one.not_set:
            return {"due_lesson_id": None, "due_on": None}
        following = self._following[lesson.course_id]
        if one.due_lesson_id is not None:
            if not any(row[0] == one.due_lesson_id and row[1] > lesson.day for row in following):
                raise Refused("Задание сдают на одном из следующих уроков этой группы", field="due_lesson_id")
            return {"due_lesson_id": one.due_lesson_id, "due_on": None}
        if one.due_on is not None:
            if not lesson.day < one.due_on <= lesson.year_ends:
                raise Refused("День сдачи – после урока и внутри учебного года", field="due_on")
            return {"due_lesson_id": None, "due_on": one.due_on}
        next_id = next((row[0] for row in following if row[1] > lesson.day), None)
        if next_id is not None:
            return {"due_lesson_id": next_id, "due_on": None}
        return {"due_lesson_id": None,
                "due_on": self._rules.calendar(lesson).next_school_day(lesson.day + timedelta(days=6))}


def _following(session: Session, lessons: Mapping[int, LessonFacts]) -> dict[int, list[tuple[int, date]]]:
    """Lessons to come of each course after the earliest of these, in order: id and day."""
    first = min((lesson.day for lesson in lessons.values()), default=date.max)
    found: dict[int, list[tuple[int, date]]] = {lesson.course_id: [] for lesson in lessons.values()}
    for part in in_parts(sorted(found)):
        for course_id, lesson_id, day in session.execute(
                select(Lesson.course_id, Lesson.id, Lesson.day)
                .where(Lesson.course_id.in_(part), Lesson.day > first, Lesson.state == LessonState.PLANNED.value)
                .order_by(Lesson.day, Lesson.number)):
            found[course_id].append((lesson_id, day))
    return found
