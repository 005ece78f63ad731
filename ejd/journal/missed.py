"""Days and lessons missed, by reason, and late ones: of a pupil, a class, the school (R10).

A day is missed when all of the pupil's lessons of that day are: while attendance of one of them has not been taken, it
is not. Activities («внеурочная деятельность») are no lessons here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from ejd.db import Session
from ejd.journal.excusing import missed_day
from ejd.journal.expecting import AWAY, Presence
from ejd.journal.models import Attendance
from ejd.journal.occasions import Lists
from ejd.roster.belonging import touching
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState


@dataclass(frozen=True, slots=True)
class Missed:
    """How much of a span somebody missed; `days` and `lessons` by letter (н б у)."""

    days: Counter[str] = field(default_factory=Counter)
    lessons: Counter[str] = field(default_factory=Counter)
    late: int = 0

    @property
    def all_days(self) -> int:
        return self.days.total()

    @property
    def all_lessons(self) -> int:
        return self.lessons.total()

    def __add__(self, other: Missed) -> Missed:
        return Missed(self.days + other.days, self.lessons + other.lessons, self.late + other.late)


class DayMissed(NamedTuple):
    """A day with letters: `whole` is its letter when all of it was missed."""

    day: date
    whole: str | None
    lessons: Sequence[tuple[int, str, str]]  # number, subject, letter


class LessonGiven(NamedTuple):
    """A lesson that is not cancelled."""

    id: int
    day: date
    number: int
    course_id: int
    class_id: int | None
    subject_id: int
    subgroup: int
    subject: str

    @property
    def is_group(self) -> bool:
        return bool(self.subgroup) or self.class_id is None


class PupilOfClass(NamedTuple):
    """A pupil of a class and the days in it; who left and came back stands twice."""

    class_id: int
    pupil_id: int
    name: str
    from_on: date
    to_on: date | None

    def on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class PupilMissed(NamedTuple):
    """A line of a class's register."""

    pupil_id: int
    name: str
    missed: Missed


def of_class(session: Session, *, class_id: int, first: date, last: date) -> dict[int, Missed]:
    """By pupil, in the order of names: everybody who was in the class on some day of the span, with what they missed
    while in it. Four statements."""
    return {one.pupil_id: one.missed
            for one in registers(session, class_ids=[class_id], first=first, last=last).get(class_id, ())}


def registers(session: Session, *, class_ids: Collection[int], first: date,
              last: date) -> dict[int, list[PupilMissed]]:
    """The same for several classes, with names. Four statements."""
    pupils = pupils_of(session, class_ids=class_ids, first=first, last=last)
    days = _days(session, {one.pupil_id for one in pupils}, first, last)
    found: dict[int, dict[int, PupilMissed]] = defaultdict(dict)
    for one in pupils:
        here = count(day for day in days.get(one.pupil_id, ()) if one.on(day.day))
        before = found[one.class_id].get(one.pupil_id)
        found[one.class_id][one.pupil_id] = PupilMissed(one.pupil_id, one.name,
                                                        before.missed + here if before else here)
    return {class_id: list(lines.values()) for class_id, lines in found.items()}


Registers = list[tuple[SchoolClass, list[PupilMissed]]]


def of_school(session: Session, *, year_id: int, first: date, last: date) -> Registers:
    """Every class of a year, in order. Five statements."""
    classes = sorted(session.scalars(select(SchoolClass).filter_by(year_id=year_id)),
                     key=lambda one: (one.grade, one.letter))
    found = registers(session, class_ids=[one.id for one in classes], first=first, last=last)
    return [(one, found.get(one.id, [])) for one in classes]


def total(lines: Iterable[PupilMissed]) -> Missed:
    """Of everybody together."""
    return sum((line.missed for line in lines), Missed())


def of_pupil(session: Session, *, pupil_id: int, first: date, last: date) -> tuple[Missed, list[DayMissed]]:
    """What a pupil missed in all, and day by day, the latest first. Three statements."""
    days = _days(session, {pupil_id}, first, last).get(pupil_id, [])
    return count(days), days[::-1]


def count(days: Iterable[DayMissed]) -> Missed:
    """What some days make together."""
    whole: Counter[str] = Counter()
    lessons: Counter[str] = Counter()
    for day in days:
        whole.update([day.whole] if day.whole else ())
        lessons.update(letter for _, _, letter in day.lessons)
    return Missed(whole, Counter({letter: lessons[letter] for letter in AWAY if lessons[letter]}),
                  lessons[Presence.LATE])


def pupils_of(session: Session, *, class_ids: Collection[int], first: date, last: date) -> list[PupilOfClass]:
    """Who was in the classes on some day of the span, by the alphabet. One statement."""
    rows = session.execute(
        select(Enrolment.class_id, Person.id, Person.last_name, Person.first_name, Enrolment.from_on, Enrolment.to_on)
        .join(Person, Person.id == Enrolment.pupil_id)
        .where(Enrolment.class_id.in_(class_ids), touching(Enrolment, first, last))
        .order_by(Person.sort_key, Person.id, Enrolment.from_on))
    return [PupilOfClass(class_id, pupil_id, f"{surname} {name}".strip(), from_on, to_on)
            for class_id, pupil_id, surname, name, from_on, to_on in rows]


def _days(session: Session, pupil_ids: Collection[int], first: date, last: date) -> dict[int, list[DayMissed]]:
    """The days with letters of each pupil, in order. Three statements."""
    lessons, letters = _lessons(session, pupil_ids, first, last)
    if not letters:
        return {}
    lists = Lists(session, list(lessons.values()), pupil_ids)
    of_day: dict[date, dict[int | None, list[LessonGiven]]] = defaultdict(lambda: defaultdict(list))
    for lesson in lessons.values():
        of_day[lesson.day][lesson.class_id].append(lesson)
    found: dict[int, list[DayMissed]] = defaultdict(list)
    for (pupil_id, day), here in letters.items():
        near = _near(of_day[day], {lesson.class_id for lesson, _ in here})
        mine = {lesson.id for lesson in near if lists.has(lesson, pupil_id)} | {lesson.id for lesson, _ in here}
        found[pupil_id].append(DayMissed(day, missed_day((letter for _, letter in here), len(mine)),
                                         [(lesson.number, lesson.subject, letter) for lesson, letter in here]))
    return found


def _near(of_class: Mapping[int | None, Sequence[LessonGiven]], classes: set[int | None]) -> Iterator[LessonGiven]:
    """The lessons of a day that may be a pupil's who has letters in these classes, so that not all of a school are
    asked about: of the classes and of groups over several; after letters in such a group only, of all."""
    for class_id, lessons in of_class.items():
        if class_id is None or class_id in classes or classes == {None}:
            yield from lessons


def _lessons(session: Session, pupil_ids: Collection[int], first: date, last: date) -> tuple[
        dict[int, LessonGiven], dict[tuple[int, date], list[tuple[LessonGiven, str]]]]:
    """The lessons of the pupils' classes and groups, by id; and the letters in them by pupil and day. In the order of
    the timetable."""
    classes = select(Enrolment.class_id).where(_among(Enrolment.pupil_id, pupil_ids), touching(Enrolment, first, last))
    groups = select(CourseMember.course_id).where(_among(CourseMember.pupil_id, pupil_ids),
                                                  touching(CourseMember, first, last))
    letter = and_(Attendance.lesson_id == Lesson.id, Attendance.code.is_not(None),
                  _among(Attendance.pupil_id, pupil_ids))
    rows = session.execute(
        select(Lesson.id, Lesson.day, Lesson.number, Lesson.course_id, Course.class_id, Course.subject_id,
               Course.subgroup, Subject.name, Attendance.pupil_id, Attendance.code)
        .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
        .outerjoin(Attendance, letter)
        .where(Lesson.day.between(first, last), Lesson.state == LessonState.PLANNED.value,
               Course.kind != CourseKind.ACTIVITY.value,
               or_(and_(Course.class_id.in_(classes), Course.subgroup == 0), Course.id.in_(groups)))
        .order_by(Lesson.day, Lesson.number, Lesson.id))
    lessons: dict[int, LessonGiven] = {}
    letters: dict[tuple[int, date], list[tuple[LessonGiven, str]]] = defaultdict(list)
    for *columns, pupil_id, code in rows:
        lesson = lessons[columns[0]] = LessonGiven(*columns)
        if code is not None and pupil_id in pupil_ids:
            letters[pupil_id, lesson.day].append((lesson, code))
    return lessons, letters


FEW = 200  # a class, or one pupil; of more everybody is asked


def _among(column: Any, pupil_ids: Collection[int]) -> Any:
    return column.in_(sorted(pupil_ids)) if len(pupil_ids) <= FEW else column.is_not(None)
