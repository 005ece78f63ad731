"""Homework of a pupil's week: due at its lessons or on its days, with files and the pupil's own tick, and where the
lesson before set none (R5). Which homework a pupil reaches at all (R33). Each one statement, made once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ejd import clock
from ejd.db import Instant, Session
from ejd.diary.reach import FIRST, LAST, LESSONS, NO_DAY, NO_ID, NOW, PUPIL, attended, holds, taught_at_home
from ejd.diary.week import File, Task
from ejd.files.models import StoredFile
from ejd.journal.lessons_in_a_row import begins_row, has_homework
from ejd.journal.models import Homework, HomeworkDone, HomeworkFile, HomeworkPupil
from ejd.journal.queries_homework import FileToHand
from ejd.roster.models import Course, Subject
from ejd.schedule.models import Lesson, LessonState

PLANNED = LessonState.PLANNED.value


@dataclass(frozen=True, slots=True)
class HomeworkOfWeek:
    """Tasks by the lesson or the day that they are due at; and of lessons before which one was held whose homework is
    owed, the day of that one and its deadline."""

    at_lessons: dict[int, list[Task]]
    on_days: dict[date, list[Task]]
    owed: dict[int, list[tuple[date, datetime]]]


_set_at, _due = aliased(Lesson), aliased(Lesson)
_for_me = exists().where(HomeworkPupil.homework_id == Homework.id, HomeworkPupil.pupil_id == PUPIL)


def _tasks(due_lesson_id: Any, subject: Any) -> Select[*tuple[Any, ...]]:
    """Homework that stands, a row for each of its files; the day is the one it was set on."""
    return (select(literal("task").label("what"), due_lesson_id.label("lesson_id"), Homework.id.label("homework_id"),
                   Homework.text.label("text"), _set_at.day.label("day"), Homework.due_on.label("due_on"),
                   subject.label("subject"), Homework.not_set.label("not_set"),
                   Homework.published_at.label("published_at"), Homework.changed_at.label("changed_at"),
                   Homework.minutes.label("minutes"), Homework.named.label("named"),
                   HomeworkDone.pupil_id.is_not(None).label("done"), HomeworkFile.id.label("file_id"),
                   HomeworkFile.name.label("file_name"), StoredFile.size.label("file_size"))
            .join(_set_at, _set_at.id == Homework.lesson_id)
            .outerjoin(HomeworkDone, and_(HomeworkDone.homework_id == Homework.id, HomeworkDone.pupil_id == PUPIL))
            .outerjoin(HomeworkFile, and_(HomeworkFile.homework_id == Homework.id, HomeworkFile.removed_at.is_(None)))
            .outerjoin(StoredFile, StoredFile.id == HomeworkFile.file_id)
            .where(Homework.withdrawn_at.is_(None)))


def _mine_on(*days: Any) -> Any:
    """The pupil was in the homework's journal on one of the days; it must not be taught to him at home instead."""
    mine = attended()
    return exists().where(mine.c.course_id == _set_at.course_id, or_(*(holds(mine.c, day) for day in days)),
                          ~taught_at_home(_set_at.day))


def _unpublished() -> Select[*tuple[Any, ...]]:
    """The lessons to which nothing is set, before which one was held whose homework is owed and not there (R5)."""
    due, before, earlier, there = aliased(Lesson), aliased(Lesson), aliased(Lesson), aliased(Homework)
    last_day = (select(func.max(earlier.day)).where(earlier.course_id == due.course_id, earlier.day < due.day,
                                                    earlier.state == PLANNED).scalar_subquery())
    return (select(literal("unpublished"), due.id, NO_ID, literal(""), before.day, NO_DAY, literal(""),
                   cast(null(), Boolean), before.homework_due_at, cast(null(), Instant()), NO_ID,
                   *[cast(null(), Boolean)] * 2, NO_ID, literal(""), NO_ID)
            .join(before, and_(before.course_id == due.course_id, before.day == last_day, before.state == PLANNED))
            .join(Course, Course.id == due.course_id)
            .where(due.id.in_(LESSONS), ~exists().where(there.due_lesson_id == due.id, there.named.is_(False)),
                   Course.homework_expected, before.homework_due_at.is_not(None), before.ends_at <= NOW,
                   begins_row(before), ~has_homework(before)))


def _of_week() -> Any:
    named_for_others = and_(Homework.named, ~_for_me)
    on_days = (_tasks(NO_ID, Subject.name).join(Course, Course.id == _set_at.course_id)
               .join(Subject, Subject.id == Course.subject_id)
               .where(Homework.due_on.between(FIRST, LAST), ~named_for_others,
                      or_(Homework.named, _mine_on(_set_at.day))))
    return union_all(_tasks(Homework.due_lesson_id, literal(""))
                     .where(Homework.due_lesson_id.in_(LESSONS), ~named_for_others), on_days, _unpublished())


_OF_WEEK = _of_week()


def homework_of_week(session: Session, *, pupil_id: int, lesson_ids: Sequence[int], first: date, last: date,
                     now: datetime) -> HomeworkOfWeek:
    """What is due at these lessons and on these days. One statement."""
    rows = session.execute(_OF_WEEK, {"pupil_id": pupil_id, "lesson_ids": lesson_ids, "first": first, "last": last,
                                      "now": now}).all()
    at_lessons: dict[int, list[Task]] = defaultdict(list)
    on_days: dict[date, list[Task]] = defaultdict(list)
    owed: dict[int, list[tuple[date, datetime]]] = defaultdict(list)
    of_homework: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.what == "unpublished":
            owed[row.lesson_id].append((row.day, row.published_at))
        else:
            of_homework[row.homework_id].append(row)
    for files in of_homework.values():
        row = files[0]
        (on_days[row.due_on] if row.lesson_id is None else at_lessons[row.lesson_id]).append(_task(row, files))
    return HomeworkOfWeek(at_lessons, on_days, owed)


def _task(row: Row[Any], files: Iterable[Row[Any]]) -> Task:
    return Task(row.homework_id, row.text, row.not_set, row.day, clock.local(row.published_at),
                clock.local(row.changed_at) if row.changed_at else None, row.subject, row.minutes, row.named, row.done,
                tuple(File(one.file_id, one.file_name, one.file_size) for one in files if one.file_id is not None))


def _reached() -> Any:
    """Homework that the pupil's diary shows: set to the class on the day or due when he is in it, or set to him."""
    return (select(Homework.id).join(_set_at, _set_at.id == Homework.lesson_id)
            .join(Course, Course.id == _set_at.course_id).outerjoin(_due, _due.id == Homework.due_lesson_id)
            .where(Homework.withdrawn_at.is_(None),
                   or_(and_(Homework.named, _for_me),
                       and_(Homework.named.is_(False), _mine_on(_set_at.day, _due.day)))))


_REACHED = _reached().where(Homework.id == bindparam("homework_id", type_=Integer))
_FILE = (select(HomeworkFile.name, StoredFile.sha256, StoredFile.media_type)
         .join(StoredFile, StoredFile.id == HomeworkFile.file_id)
         .where(HomeworkFile.id == bindparam("file_id", type_=Integer), HomeworkFile.removed_at.is_(None),
                HomeworkFile.homework_id.in_(_reached())))


def reached(session: Session, *, pupil_id: int, homework_id: int) -> int | None:
    """The homework, when the pupil's diary shows it. One statement."""
    found: int | None = session.scalar(_REACHED, {"pupil_id": pupil_id, "homework_id": homework_id})
    return found


def file_for(session: Session, *, pupil_id: int, file_id: int) -> FileToHand | None:
    """A file of such homework. One statement."""
    row = session.execute(_FILE, {"pupil_id": pupil_id, "file_id": file_id}).one_or_none()
    return FileToHand(*row) if row else None
