"""Lessons of a day, as a teacher's page and the office's show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal.lessons_in_a_row import has_homework
from ejd.roster.models import Course, Employment, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState, Slot
from ejd.school.models import BellSchedule

NOBODY = 0  # as a choice of teacher: a vacancy
# A class without bells of its own keeps to the first schedule made.
bells_of_class = func.coalesce(SchoolClass.bell_schedule_id, select(func.min(BellSchedule.id)).scalar_subquery())


@dataclass(frozen=True, slots=True)
class LessonOfDay:
    """One lesson as a list shows it, and what of it is filled in.

    `homework_filled` is true for text, for «не задано», for lessons in a row with it in any of them, and where no
    homework is expected (R5).
    """

    id: int
    course_id: int
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    class_name: str
    subject: str
    subgroup: int
    room: str
    cancelled: bool  # or moved: it counts nowhere
    state_reason: str
    topic: str
    attendance_filled: bool
    homework_filled: bool
    homework_due_at: datetime | None
    teacher_id: int | None
    teacher: str  # «Фамилия И. О.», empty for a vacancy
    substitutes_id: int | None
    substitutes: str
    moved_to: date | None = None  # then it counts as cancelled; the day may be the same
    moved_number: int | None = None
    merged_into_id: int | None = None  # given together with that lesson, by its teacher
    remote: bool = False
    subject_id: int = 0
    class_id: int | None = None

    @property
    def is_substitution(self) -> bool:
        """Somebody else teaches it than who has the course (R6)."""
        return self.substitutes_id is not None

    @property
    def course_title(self) -> str:
        """«Математика», «Английский язык, подгруппа 2»."""
        return f"{self.subject}, подгруппа\u00a0{self.subgroup}" if self.subgroup else self.subject

    @property
    def topic_filled(self) -> bool:
        return bool(self.topic)

    @property
    def filled(self) -> bool:
        """Whether nothing that R5 and R6 ask for is open."""
        return self.topic_filled and self.attendance_filled and self.homework_filled


@dataclass(frozen=True, slots=True)
class ClassOfDay:
    """A class, its shift and how many lessons stand in its day, the cancelled ones too."""

    class_id: int
    class_name: str
    grade: int
    bells_id: int | None
    bells: str
    lessons: int


def lessons_of_teacher(session: Session, *, teacher_id: int, day: date, last: date | None = None) -> list[LessonOfDay]:
    """The lessons that this person teaches on the day, or from it to the last, substitutions among them, in order. One
    statement."""
    found = _shown(session, _lessons().where(Lesson.teacher_id == teacher_id, Lesson.day.between(day, last or day)))
    return sorted(found, key=lambda lesson: (lesson.starts_at, lesson.number))


def lessons_of_day(session: Session, *, day: date, class_id: int | None = None, grade: int | None = None,
                   bells_id: int | None = None, teacher_id: int | None = None) -> list[LessonOfDay]:
    """The school's lessons of a day, all or those of one class, parallel, shift (its bells) or teacher (also where he
    is replaced; NOBODY: those that nobody teaches). One statement."""
    query = _lessons().where(Lesson.day == day)
    if class_id is not None:
        query = query.where(Course.class_id == class_id)
    if grade is not None:
        query = query.where(SchoolClass.grade == grade)
    if bells_id is not None:
        query = query.where(bells_of_class == bells_id)
    if teacher_id == NOBODY:
        query = query.where(Lesson.teacher_id.is_(None))
    elif teacher_id is not None:
        query = query.where((Lesson.teacher_id == teacher_id) | (Lesson.substitutes_id == teacher_id))
    return _shown(session, query)


def first_untaught(session: Session, *, from_on: date) -> date | None:
    """The first day from this one on with a lesson that nobody teaches. One statement."""
    return session.scalar(select(func.min(Lesson.day)).where(
        Lesson.day >= from_on, Lesson.teacher_id.is_(None), Lesson.state == LessonState.PLANNED.value))


def classes_of_day(session: Session, *, year_id: int, day: date) -> list[ClassOfDay]:
    """The classes of a year in order, to choose whose lessons to show. One statement."""
    lessons = (select(func.count()).select_from(Lesson).join(Course, Course.id == Lesson.course_id)
               .where(Course.class_id == SchoolClass.id, Lesson.day == day).scalar_subquery())
    rows = session.execute(
        select(SchoolClass.id, SchoolClass.grade, SchoolClass.letter, BellSchedule.id, BellSchedule.name, lessons)
        .outerjoin(BellSchedule, BellSchedule.id == bells_of_class).where(SchoolClass.year_id == year_id)
        .order_by(SchoolClass.grade, SchoolClass.letter))
    return [ClassOfDay(class_id, f"{grade}{letter}", grade, bells_id, bells or "", count)
            for class_id, grade, letter, bells_id, bells, count in rows]


def taught_at_once(session: Session, *, teacher_id: int, day: date) -> list[tuple[LessonOfDay, LessonOfDay]]:
    """Lessons that one person has at the same time that day and that are not merged (R6): a slip."""
    held = [row for row in lessons_of_teacher(session, teacher_id=teacher_id, day=day)
            if not row.cancelled and row.merged_into_id is None]
    return [(one, other) for one, other in pairwise(held) if other.starts_at < one.ends_at]


def lessons_by_ids(session: Session, ids: Sequence[int], *, day: date) -> Sequence[Lesson]:
    """Those of the lessons that are on the day, for acting on them."""
    return session.scalars(select(Lesson).where(Lesson.day == day, Lesson.id.in_(ids)).order_by(Lesson.id)).all()


def lessons_shown(session: Session, ids: Sequence[int], *, day: date | None = None) -> list[LessonOfDay]:
    """Those lessons as a list shows them, or those of them on a day. A statement for a thousand."""
    found: list[LessonOfDay] = []
    for part in in_parts(ids):
        query = _lessons().where(Lesson.id.in_(part))
        found += _shown(session, query if day is None else query.where(Lesson.day == day))
    return found


def staff_on(session: Session, day: date) -> list[tuple[int, str]]:
    """Who works at the school that day, by name: the choice of substitutes. One statement."""
    people = session.scalars(
        select(Person).where(Person.id.in_(select(Employment.person_id).where(
            Employment.from_on <= day, (Employment.to_on.is_(None)) | (Employment.to_on >= day)))))
    return [(person.id, person.short_name) for person in sorted(people, key=lambda person: person.sort_key)]


def _lessons() -> Select[*tuple[Any, ...]]:
    teacher, regular, stand_in = aliased(Person), aliased(Person), aliased(Lesson)
    return (
        select(Lesson, Course, Subject.name.label("subject"), SchoolClass, Slot.room, teacher, regular,
               stand_in.day.label("moved_to"), stand_in.number.label("moved_number"),
               or_(~Course.homework_expected, has_homework(Lesson)).label("homework_filled"))
        .join(Course, Course.id == Lesson.course_id)
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .outerjoin(Slot, Slot.id == Lesson.slot_id)
        .outerjoin(teacher, teacher.id == Lesson.teacher_id)
        .outerjoin(regular, regular.id == Lesson.substitutes_id)
        .outerjoin(stand_in, stand_in.id == Lesson.moved_to_id)
    )


def _by_class_and_number(row: Any) -> tuple[Any, ...]:
    grade, letter = (row.SchoolClass.grade, row.SchoolClass.letter) if row.SchoolClass else (99, row.Course.name)
    return grade, letter, row.Lesson.number, row.Course.subgroup, row.subject


def _shown(session: Session, query: Select[*tuple[Any, ...]]) -> list[LessonOfDay]:
    rows = sorted(session.execute(query), key=_by_class_and_number)
    found = []
    for lesson, course, subject, school_class, room, teacher, regular, moved_to, number, homework_filled in rows:
        found.append(LessonOfDay(
            id=lesson.id, course_id=course.id, day=lesson.day, number=lesson.number, starts_at=lesson.starts_at,
            ends_at=lesson.ends_at, class_name=school_class.name if school_class else course.name, subject=subject,
            subgroup=course.subgroup, room=room or "", cancelled=lesson.state != LessonState.PLANNED.value,
            state_reason=lesson.state_reason, topic=lesson.topic, attendance_filled=lesson.attendance_at is not None,
            homework_filled=homework_filled, homework_due_at=lesson.homework_due_at, teacher_id=lesson.teacher_id,
            teacher=teacher.short_name if teacher else "", substitutes_id=lesson.substitutes_id,
            substitutes=regular.short_name if regular else "", moved_to=moved_to, moved_number=number,
            merged_into_id=lesson.merged_into_id, remote=lesson.remote, subject_id=course.subject_id,
            class_id=course.class_id))
    return found
