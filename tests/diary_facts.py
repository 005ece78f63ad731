"""What teachers write of Витя's lessons, through the journal's own acts, for the tests of the diary."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from ejd import clock
from ejd.journal.attendance import NewPresence, record_attendance
from ejd.journal.entering import NewMark
from ejd.journal.homework import NewHomework, publish_homework
from ejd.journal.marks import put_marks
from ejd.journal.models import Awaiting, Expectation, Mark, Work
from ejd.roster.models import Person
from ejd.schedule.models import Lesson
from ejd.school import settings
from tests.world import NOW, World

MON, TUE, WED, THU, FRI = (date(2026, 9, day) for day in (14, 15, 16, 17, 18))
WEEK = "2026-W38"

_keys = (f"key-{number}" for number in count(1))


def lesson_of(school: World, subject: str, day: date, class_name: str = "7А", subgroup: int = 0) -> Lesson:
    return school.lesson(school.course(class_name, subject, subgroup), day)


def put_mark(school: World, lesson: Lesson, value: str, *, pupil: Person | None = None, **more: Any) -> Mark:
    mark = NewMark(lesson.id, (pupil or school.vitya).id, value, next(_keys), school.anna.id, NOW, **more)
    return put_marks(school.session(), marks=[mark], settings=settings.load(school.session()))[0]


def set_homework(school: World, lesson: Lesson, text: str, *, at: datetime | None = None, **more: Any) -> None:
    homework = NewHomework(lesson.id, text, school.anna.id, at or lesson.ends_at, next(_keys), **more)
    publish_homework(school.session(), homework=[homework], settings=settings.load(school.session()))


def note_presence(school: World, lesson: Lesson, code: str, *, pupil: Person | None = None) -> None:
    row = NewPresence(lesson.id, (pupil or school.vitya).id, code, next(_keys), school.anna.id, NOW)
    record_attendance(school.session(), rows=[row], settings=settings.load(school.session()))


def expect(school: World, lesson: Lesson, awaiting: Awaiting, by: date | None, *, title: str = "Дроби",
           pupil: Person | None = None) -> Work:
    """A declared test of the lesson for which the pupil has no mark."""
    add, flush = school.session.add, school.session.flush
    work = Work(lesson_id=lesson.id, kind_id=school.kind("test").id, title=title, weight=2, author_id=school.anna.id,
                declared_at=lesson.starts_at)
    add(work)
    flush()
    of_teacher = awaiting is Awaiting.TEACHER
    add(Expectation(work_id=work.id, pupil_id=(pupil or school.vitya).id, awaiting=awaiting.value,
                    received_on=lesson.day, due_on=by if of_teacher else None, hand_in_by=None if of_teacher else by,
                    responsible_id=school.anna.id))
    flush()
    return work


def diary_of(pupil: Person, week: str = WEEK) -> str:
    return f"/parent/children/{pupil.id}/diary?week={week}"


def marks_of(pupil: Person) -> str:
    return f"/parent/children/{pupil.id}/marks"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at(day, hour, minute)
