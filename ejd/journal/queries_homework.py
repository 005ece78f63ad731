"""Homework around one lesson: what was set at it besides the class's, what is due at it, the files of both, and how
much the class has to do on the days it may be due (R17). One statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ejd.db import Instant, Session
from ejd.files.models import StoredFile
from ejd.journal.homework_time import Load, TaskTime, limit_of, load_of
from ejd.journal.models import Homework, HomeworkFile, HomeworkPupil
from ejd.journal.queries_lesson import Record
from ejd.roster.models import Course, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file as a list names it; `size` in bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class FileToHand:
    """A file about to be handed out."""

    name: str
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Task:
    """Homework beside the lesson's own: of named pupils, or set earlier and due at the lesson."""

    id: int
    text: str
    minutes: int | None
    due: date | None
    published_at: datetime
    changed_at: datetime | None
    named: bool
    here: bool  # set at this lesson
    version: int
    pupils: tuple[tuple[int, str], ...]
    files: tuple[FileShown, ...]


@dataclass(frozen=True, slots=True)
class HomeworkAround:
    """What the lesson's page shows of homework beside the lesson's own record."""

    files: tuple[FileShown, ...]  # of the lesson's own homework
    tasks: tuple[Task, ...]
    loads: Mapping[date, Load]

    @property
    def given(self) -> list[Task]:
        """Set at this lesson to named pupils."""
        return [task for task in self.tasks if task.named and task.here]

    @property
    def due_here(self) -> list[Task]:
        """Set earlier for this lesson."""
        return [task for task in self.tasks if not task.here]


_LESSON, _COURSE, _CLASS = (bindparam(name, type_=Integer) for name in ("lesson_id", "course_id", "class_id"))
_DAY, _FIRST, _LAST = (bindparam(name, type_=Date) for name in ("day", "first", "last"))
_NONE, _NO_DAY, _NO_MOMENT = cast(null(), Integer), cast(null(), Date), cast(null(), Instant())
_set_at, _due = aliased(Lesson), aliased(Lesson)


def _around() -> Any:
    ids = union_all(
        select(Homework.id).where(Homework.lesson_id == _LESSON),
        select(Homework.id).where(Homework.due_lesson_id == _LESSON),
        select(Homework.id).join(_set_at, _set_at.id == Homework.lesson_id)
        .where(Homework.due_on == _DAY, _set_at.course_id == _COURSE)).cte("ids")
    nothing = (_NO_DAY, _NO_MOMENT, _NO_MOMENT, false(), false(), _NONE)
    tasks = (select(literal("task").label("what"), Homework.id.label("homework_id"), literal(0).label("id"),
                    Homework.text.label("text"), literal("").label("more"), Homework.minutes.label("number"),
                    func.coalesce(_due.day, Homework.due_on).label("day"), Homework.published_at.label("published_at"),
                    Homework.changed_at.label("changed_at"), Homework.named.label("named"),
                    (Homework.lesson_id == _LESSON).label("here"), Homework.version.label("version"))
             .join(ids, ids.c.id == Homework.id).outerjoin(_due, _due.id == Homework.due_lesson_id)
             .where(Homework.withdrawn_at.is_(None), Homework.not_set.is_(False),
                    or_(Homework.named, Homework.lesson_id != _LESSON)))
    pupils = (select(literal("pupil"), HomeworkPupil.homework_id, Person.id,
                     Person.last_name + " " + Person.first_name, Person.sort_key, _NONE, *nothing)
              .join(ids, ids.c.id == HomeworkPupil.homework_id).join(Person, Person.id == HomeworkPupil.pupil_id))
    files = (select(literal("file"), HomeworkFile.homework_id, HomeworkFile.id, HomeworkFile.name, literal(""),
                    StoredFile.size, *nothing)
             .join(ids, ids.c.id == HomeworkFile.homework_id).join(StoredFile, StoredFile.id == HomeworkFile.file_id)
             .where(HomeworkFile.removed_at.is_(None)))
    return union_all(tasks, pupils, files, _load(_due.day).join(_due, _due.id == Homework.due_lesson_id)
                     .join(Course, Course.id == _due.course_id).join(Subject, Subject.id == Course.subject_id)
                     .where(Course.class_id == _CLASS, _due.day.between(_FIRST, _LAST)),
                     _load(Homework.due_on).join(_set_at, _set_at.id == Homework.lesson_id)
                     .join(Course, Course.id == _set_at.course_id).join(Subject, Subject.id == Course.subject_id)
                     # coalesce keeps SQLite from starting with every lesson of the class: few tasks have a day of
                     # their own
                     .where(func.coalesce(Course.class_id, 0) == _CLASS, Homework.due_on.between(_FIRST, _LAST)))


def _load(day: Any) -> Select[Any]:
    """Homework of the class that takes time on a day."""
    return (select(literal("load"), Homework.id, Course.subgroup, Subject.name, literal(""), Homework.minutes, day,
                   _NO_MOMENT, _NO_MOMENT, cast(false(), Boolean), cast(false(), Boolean), _NONE)
            .select_from(Homework).where(Homework.named.is_(False), Homework.not_set.is_(False)))


_AROUND = _around()


def homework_around(session: Session, *, record: Record, settings: Settings) -> HomeworkAround:
    """Homework around a lesson, and the class's load on the days on which new homework may be due. One statement."""
    lesson, school_class, days = record.lesson, record.school_class, record.days_ahead
    rows = session.execute(_AROUND, {
        "lesson_id": lesson.id, "course_id": lesson.course_id, "day": lesson.day,
        "class_id": school_class.id if school_class else 0,
        "first": min(days, default=date.max), "last": max(days, default=date.min)}).all()
    files, pupils = _by_homework(rows, "file"), _by_homework(rows, "pupil")
    tasks = tuple(
        Task(row.homework_id, row.text, row.number, row.day, row.published_at, row.changed_at, bool(row.named),
             bool(row.here), row.version,
             tuple((one.id, one.text) for one in sorted(pupils[row.homework_id], key=lambda one: one.more)),
             _files(files.pop(row.homework_id, ())))
        for row in sorted(rows, key=lambda row: row.homework_id) if row.what == "task")
    return HomeworkAround(_files(file for of_one in files.values() for file in of_one), tasks,
                          _loads(rows, days, school_class, settings))


def file_at_lesson(session: Session, *, lesson: Lesson, file_id: int) -> FileToHand | None:
    """A file of homework that was set at the lesson or is due at it. One statement."""
    row = session.execute(
        of_file(file_id).join(_set_at, _set_at.id == Homework.lesson_id)
        .where(or_(Homework.lesson_id == lesson.id, Homework.due_lesson_id == lesson.id,
                   and_(Homework.due_on == lesson.day, _set_at.course_id == lesson.course_id)))).one_or_none()
    return FileToHand(*row) if row else None


def of_file(file_id: int) -> Select[str, str, str]:
    """A file that is attached to homework that stands."""
    return (select(HomeworkFile.name, StoredFile.sha256, StoredFile.media_type)
            .join(StoredFile, StoredFile.id == HomeworkFile.file_id)
            .join(Homework, Homework.id == HomeworkFile.homework_id)
            .where(HomeworkFile.id == file_id, HomeworkFile.removed_at.is_(None), Homework.withdrawn_at.is_(None)))


def given_at(session: Session, *, lesson_id: int, homework_id: int) -> Homework | None:
    """What was set at the lesson to named pupils, and stands. One statement."""
    return session.scalar(select(Homework).filter_by(id=homework_id, lesson_id=lesson_id, named=True,
                                                     withdrawn_at=None))


def _by_homework(rows: Iterable[Row[Any]], what: str) -> defaultdict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.what == what:
            found[row.homework_id].append(row)
    return found


def _files(rows: Iterable[Row[Any]]) -> tuple[FileShown, ...]:
    return tuple(FileShown(row.id, row.text, row.number) for row in sorted(rows, key=lambda row: row.id))


def _loads(rows: Iterable[Row[Any]], days: Sequence[date], school_class: SchoolClass | None, settings: Settings
           ) -> dict[date, Load]:
    """The class's load on each of the days; a group over several classes has none to speak of."""
    if school_class is None:
        return {}
    by_day: dict[date, list[TaskTime]] = {day: [] for day in days}
    for row in rows:
        if row.what == "load" and row.day in by_day:
            by_day[row.day].append(TaskTime(row.text, row.id, row.number))
    return {day: load_of(tasks, limit_of(settings.value("homework.minutes", on=day), school_class.grade))
            for day, tasks in by_day.items()}
