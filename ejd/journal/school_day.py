"""A day of the whole school: who is away in each class, and in which lessons attendance has not been taken yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from ejd.db import Session
from ejd.journal.excusing import part_of_day
from ejd.journal.expecting import AWAY, Presence
from ejd.journal.models import Attendance, Excuse, ExcuseState
from ejd.roster.belonging import held
from ejd.roster.models import Course, Enrolment, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState


class Absent(NamedTuple):
    """Somebody who is away: all day as far as is known, or in some lessons."""

    name: str
    letter: str
    part: str  # in words; empty when all day


class Untaken(NamedTuple):
    """A lesson that has begun and whose attendance nobody has taken."""

    number: int
    subject: str
    teacher: str


@dataclass(slots=True)
class ClassOfDay:
    """A line of the overview."""

    id: int
    name: str
    pupils: int = 0
    lessons: int = 0
    all_day: list[Absent] = field(default_factory=list)
    partly: list[Absent] = field(default_factory=list)
    late: list[Absent] = field(default_factory=list)
    untaken: list[Untaken] = field(default_factory=list)

    @property
    def present(self) -> int:
        return self.pupils - len(self.all_day)


def day_of_school(session: Session, *, year_id: int, day: date, now: datetime) -> list[ClassOfDay]:
    """Every class of the year that has pupils or lessons that day, in order. Four statements."""
    classes, of_class, names = _pupils(session, year_id, day)
    taken = _lessons(session, classes, day, now)
    excuses = {row.pupil_id: row for row in session.execute(
        select(Excuse.pupil_id, Excuse.code, Excuse.first_number, Excuse.last_number)
        .where(Excuse.state == ExcuseState.ACCEPTED.value, Excuse.from_on <= day, Excuse.to_on >= day)
        .order_by(Excuse.id))}
    letters: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pupil_id, number, code in session.execute(
            select(Attendance.pupil_id, Lesson.number, Attendance.code).join(Lesson, Lesson.id == Attendance.lesson_id)
            .where(Lesson.day == day, Lesson.state == LessonState.PLANNED.value, Attendance.code.is_not(None))
            .order_by(Lesson.number)):
        letters[pupil_id].append((number, str(code)))
    for pupil_id, name in names.items():
        line = classes[of_class[pupil_id]]
        _put(line, name, excuses.get(pupil_id), letters.get(pupil_id, []), taken[line.id])
    return [line for line in classes.values() if line.pupils or line.lessons]


def _put(line: ClassOfDay, name: str, excuse: Any, letters: Sequence[tuple[int, str]], taken: int) -> None:
    """One pupil among the absent of the class, if away. Who was in one lesson at least is not away all day; `taken` is
    in how many lessons of the whole class attendance is known."""
    away = [(number, letter) for number, letter in letters if letter in AWAY]
    late = [number for number, letter in letters if letter == Presence.LATE]
    if late:
        line.late.append(Absent(name, Presence.LATE.value, _numbers(late)))
    part = excuse is not None and (excuse.first_number or excuse.last_number)
    seen = len(late) + max(0, taken - len(letters))  # in how many lessons the pupil was there
    if excuse is not None and not part and not (away and seen):
        line.all_day.append(Absent(name, excuse.code, ""))
    elif away and not seen and not part:
        line.all_day.append(Absent(name, away[-1][1], ""))
    elif away or part:
        letter = excuse.code if part else away[-1][1]
        line.partly.append(Absent(name, letter, _part(excuse) if part and not away else _numbers(
            [number for number, _ in away])))


def _part(excuse: Any) -> str:
    """«с 4-го урока»"""
    return part_of_day(excuse.first_number, excuse.last_number)


def _numbers(numbers: Sequence[int]) -> str:
    """«2-й урок», «уроки 2, 3»"""
    if len(numbers) == 1:
        return part_of_day(numbers[0], numbers[0])
    return f"уроки {', '.join(map(str, numbers))}"


def _pupils(session: Session, year_id: int, day: date) -> tuple[dict[int, ClassOfDay], dict[int, int], dict[int, str]]:
    """The classes in order, of which each pupil is, and their names by the alphabet."""
    rows = session.execute(
        select(SchoolClass, Person.id, Person.last_name, Person.first_name)
        .outerjoin(Enrolment, (Enrolment.class_id == SchoolClass.id) & held(Enrolment, day))
        .outerjoin(Person, Person.id == Enrolment.pupil_id)
        .where(SchoolClass.year_id == year_id)
        .order_by(SchoolClass.grade, SchoolClass.letter, Person.sort_key, Person.id))
    classes: dict[int, ClassOfDay] = {}
    of_class: dict[int, int] = {}
    names: dict[int, str] = {}
    for school_class, pupil_id, last_name, first_name in rows:
        line = classes.setdefault(school_class.id, ClassOfDay(school_class.id, school_class.name))
        if pupil_id is not None:
            line.pupils += 1
            of_class[pupil_id], names[pupil_id] = school_class.id, f"{last_name} {first_name}".strip()
    return classes, of_class, names


def _lessons(session: Session, classes: dict[int, ClassOfDay], day: date, now: datetime) -> Counter[int]:
    """Fill in the lessons of each class; in how many of the whole class attendance was taken."""
    taken: Counter[int] = Counter()
    for class_id, subgroup, number, starts_at, attendance_at, subject, teacher in session.execute(
            select(Course.class_id, Course.subgroup, Lesson.number, Lesson.starts_at, Lesson.attendance_at,
                   Subject.name, Person)
            .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(Person, Person.id == Lesson.teacher_id)
            .where(Lesson.day == day, Lesson.state == LessonState.PLANNED.value, Course.class_id.in_(classes))
            .order_by(Lesson.number, Subject.name, Course.subgroup)):
        line = classes[int(class_id or 0)]
        line.lessons += 1
        if attendance_at is not None:
            taken[line.id] += not subgroup
        elif starts_at <= now:
            line.untaken.append(Untaken(number, subject, teacher.short_name if teacher else ""))
    return taken
