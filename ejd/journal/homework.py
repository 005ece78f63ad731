"""Homework of a lesson: for the class or group, and beside it for named pupils (R5).

Whose text is typed where: files of homework live in `journal.homework_files`, the time it takes in
`journal.homework_time`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import false, insert, select

from ejd.audit import trail
from ejd.audit.trail import Done
from ejd.bulk import in_parts
from ejd.db import Session, table_of
from ejd.journal import homework_time
from ejd.journal.closed import Doors, check_door
from ejd.journal.entering import refuse
from ejd.journal.homework_files import drop_all
from ejd.journal.marking import Refusal
from ejd.journal.models import Homework, HomeworkChange, HomeworkPupil
from ejd.journal.occasions import LessonFacts, Lists, SchoolRules, lock_lessons
from ejd.journal.wording import OLD_PAGE, key_of, lines
from ejd.refusal import Refused, Stale
from ejd.schedule.models import Lesson, LessonState
from ejd.school.settings import Settings

LONGEST_HOMEWORK = 2000
NOT_SET = "не задано"
CHANGED_BY_ANOTHER = "Домашнее задание уже изменили"


@dataclass(frozen=True, slots=True)
class NewHomework:
    """Homework about to be published or changed, or an explicit «не задано». It is due at a lesson, by default the
    next one of the same group on a later day, or on a day; `minutes` are how long it is expected to take (R17)."""

    lesson_id: int
    text: str
    actor_id: int
    at: datetime
    key: str
    not_set: bool = False
    due_lesson_id: int | None = None
    due_on: date | None = None
    version: int | None = None
    minutes: int | None = None


def publish_homework(session: Session, *, homework: Sequence[NewHomework], settings: Settings) -> list[Homework]:
    """Publish homework of the class or group, or change what stands; the rows in the order given.

    The same key, or the same text, again changes nothing. Raises Stale when another hand changed it meanwhile.
    """
    publishing = _Publishing(session, homework, settings)
    for one in homework:
        publishing.note(one)
    publishing.write()
    ids = [one.lesson_id for one in homework]
    rows = _homework_of(session, ids)
    return [rows[lesson_id] for lesson_id in ids]


def give_to_pupils(session: Session, *, homework: NewHomework, pupil_ids: Collection[int],
                   settings: Settings) -> Homework:
    """Set homework of their own to pupils of the lesson; R5 does not count it. The same key again changes nothing."""
    checks = _Checks(session, [homework], settings)
    lesson, values = checks.values_of(homework)
    standing = session.scalar(select(Homework).filter_by(lesson_id=lesson.id, named=True, last_key=homework.key))
    if standing is not None:
        return standing
    checks.open(homework)
    pupils = sorted(set(pupil_ids))
    if not pupils:
        raise Refused("Отметьте, кому задано", field="pupils")
    listed = Lists(session, [lesson], pupils)
    if not all(listed.has(lesson, pupil_id) for pupil_id in pupils):
        raise Refused("Ученика в этот день нет в журнале: обновите страницу", field="pupils")
    given = Homework(lesson_id=lesson.id, named=True, published_at=homework.at, published_by_id=homework.actor_id,
                     last_key=homework.key, **values)
    session.add(given)
    session.flush()
    session.execute(insert(table_of(HomeworkPupil)), [{"homework_id": given.id, "pupil_id": one} for one in pupils])
    trail.record(session, now=homework.at, actor_id=homework.actor_id, verb="homework.given", subject_id=given.id,
                 lesson=lesson.id, pupils=pupils)
    checks.doors.tell()
    return given


def change_given(session: Session, *, homework_id: int, homework: NewHomework, settings: Settings) -> Homework:
    """Change what was set to named pupils. Raises Stale when another hand changed it meanwhile."""
    checks = _Checks(session, [homework], settings)
    _, values = checks.values_of(homework)
    standing = _given(session, homework.lesson_id, homework_id)
    if _says(standing, values):
        return standing
    checks.open(homework)
    _change(session, standing, homework, values)
    trail.record(session, now=homework.at, actor_id=homework.actor_id, verb="homework.changed",
                 subject_id=homework.lesson_id, not_set=False)
    checks.doors.tell()
    return standing


def withdraw_given(session: Session, *, lesson_id: int, homework_id: int, actor_id: int, version: int | None,
                   now: datetime) -> None:
    """Take back what was set to named pupils. Taken back already: nothing."""
    [lesson] = lock_lessons(session, [lesson_id]).values()
    standing = _given(session, lesson_id, homework_id, withdrawn=True)
    if standing.withdrawn_at is not None:
        return
    if version != standing.version:
        raise Stale(CHANGED_BY_ANOTHER, theirs=standing.text)
    check_door(session, lesson, at=now, actor_id=actor_id)
    standing.withdrawn_at, standing.version = now, standing.version + 1
    session.flush()
    trail.record(session, now=now, actor_id=actor_id, verb="homework.withdrawn", subject_id=homework_id,
                 lesson=lesson_id)


def _homework_of(session: Session, lesson_ids: Collection[int]) -> dict[int, Homework]:
    found: dict[int, Homework] = {}
    for part in in_parts(sorted(set(lesson_ids))):
        query = (select(Homework).where(Homework.lesson_id.in_(part), Homework.named == false())
                 .execution_options(populate_existing=True))
        found.update((row.lesson_id, row) for row in session.scalars(query))
    return found


def _given(session: Session, lesson_id: int, homework_id: int, *, withdrawn: bool = False) -> Homework:
    found = session.scalar(select(Homework).filter_by(id=homework_id, lesson_id=lesson_id, named=True)
                           .execution_options(populate_existing=True))
    if found is None or (found.withdrawn_at is not None and not withdrawn):
        raise Refused("Этого задания уже нет: его сняли")
    return found


def _says(standing: Homework, values: Mapping[str, Any]) -> bool:
    return all(getattr(standing, name) == value for name, value in values.items())


def _change(session: Session, standing: Homework, one: NewHomework, values: Mapping[str, Any]) -> None:
    if one.key == standing.last_key:  # with another text: this one is not saved
        raise Refused(OLD_PAGE)
    if one.version != standing.version:
        raise Stale(CHANGED_BY_ANOTHER, theirs=standing.text or NOT_SET)
    if (standing.text, standing.not_set) != (values["text"], values["not_set"]):
        session.add(HomeworkChange(homework_id=standing.id, before=standing.text, changed_at=one.at,
                                   changed_by_id=one.actor_id))
    if standing.not_set and not one.not_set:
        standing.published_at, standing.published_by_id = one.at, one.actor_id
    for name, value in values.items():
        setattr(standing, name, value)
    standing.changed_at, standing.last_key, standing.version = one.at, one.key, standing.version + 1


class _Checks:
    """What is asked of every homework before it is written: its lesson, held and open, its text, time and day."""

    def __init__(self, session: Session, homework: Sequence[NewHomework], settings: Settings) -> None:
        self._rules = SchoolRules(session, settings)
        self.lessons = lock_lessons(session, [one.lesson_id for one in homework])
        self.doors = Doors(session, self.lessons.values())
        self._following = _following(session, self.lessons)

    def values_of(self, one: NewHomework) -> tuple[LessonFacts, dict[str, Any]]:
        """The lesson, and the columns that were typed. Raises Refused."""
        lesson = self.lessons[one.lesson_id]
        key_of(one.key)
        if lesson.cancelled:
            refuse(Refusal.CANCELLED)
        text = lines(one.text, longest=LONGEST_HOMEWORK, field="homework")
        if one.not_set and text:
            raise Refused("Либо впишите задание, либо отметьте «не задано»", field="homework")
        if not text and not one.not_set:
            raise Refused("Впишите задание или отметьте «не задано»", field="homework")
        if one.minutes is not None and not 1 <= one.minutes <= homework_time.LONGEST:
            raise Refused(f"Время на задание – от 1 до {homework_time.LONGEST} минут", field="minutes")
        return lesson, {"text": text, "not_set": one.not_set, "minutes": None if one.not_set else one.minutes,
                        **self._due(one, lesson)}

    def open(self, one: NewHomework) -> None:
        """Refuse a change of what is shut (R8)."""
        self.doors.check(self.lessons[one.lesson_id], at=one.at, actor_id=one.actor_id)

    def _due(self, one: NewHomework, lesson: LessonFacts) -> dict[str, Any]:
        """When it is due: at the lesson or on the day chosen, else at the group's next lesson, else in a week.
        «Не задано» is told at the next lesson."""
        following = self._following[lesson.course_id]
        if one.due_lesson_id is not None and not one.not_set:
            if not any(row[0] == one.due_lesson_id and row[1] > lesson.day for row in following):
                raise Refused("Задание сдают на одном из следующих уроков этой группы", field="due_lesson_id")
            return {"due_lesson_id": one.due_lesson_id, "due_on": None}
        if one.due_on is not None and not one.not_set:
            if not lesson.day < one.due_on <= lesson.year_ends:
                raise Refused("День сдачи – после урока и внутри учебного года", field="due_on")
            return {"due_lesson_id": None, "due_on": one.due_on}
        next_id = next((row[0] for row in following if row[1] > lesson.day), None)
        if next_id is not None:
            return {"due_lesson_id": next_id, "due_on": None}
        return {"due_lesson_id": None,
                "due_on": self._rules.calendar(lesson).next_school_day(lesson.day + timedelta(days=6))}


class _Publishing:
    """One batch of homework of classes: read once, checked one by one, written together."""

    def __init__(self, session: Session, homework: Sequence[NewHomework], settings: Settings) -> None:
        self._session = session
        self._checks = _Checks(session, homework, settings)
        self._standing = _homework_of(session, self._checks.lessons)
        self._new: dict[int, dict[str, Any]] = {}
        self._acts: list[Done] = []

    def note(self, one: NewHomework) -> None:
        lesson, values = self._checks.values_of(one)
        standing = self._standing.get(lesson.id)
        if standing is None and lesson.id not in self._new:
            self._publish(one, values)
        elif standing is None:
            raise Refused("Домашнее задание одного урока названо дважды")
        elif not _says(standing, values):
            self._checks.open(one)
            _change(self._session, standing, one, values)
            if one.not_set:
                drop_all(self._session, homework_id=standing.id, now=one.at)
            self._acts.append(Done(one.at, one.actor_id, "homework.changed", one.lesson_id, {"not_set": one.not_set}))

    def write(self) -> None:
        self._session.flush()
        if self._new:
            self._session.execute(insert(table_of(Homework)), list(self._new.values()))
        trail.record_all(self._session, self._acts)
        self._checks.doors.tell()

    def _publish(self, one: NewHomework, values: Mapping[str, Any]) -> None:
        self._checks.open(one)
        self._new[one.lesson_id] = {
            "lesson_id": one.lesson_id, "named": False, **values, "published_at": one.at,
            "published_by_id": one.actor_id, "last_key": one.key, "version": 1}
        self._acts.append(Done(one.at, one.actor_id, "homework.published", one.lesson_id,
                               {"lesson": one.lesson_id, "not_set": one.not_set}))


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
