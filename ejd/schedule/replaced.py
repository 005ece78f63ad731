"""Who stood in for whom in a month, in lessons held (R6): the list by which the office pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.documents.tables import Column, Table
from ejd.roster.models import Course, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.words import long_date


@dataclass(frozen=True, slots=True)
class Replacement:
    """Lessons of one journal that one person gave in another's place; `merged` of them together with their own."""

    substitute_id: int
    substitute: str
    regular: str
    course: str
    lessons: int
    merged: int


def replacements(session: Session, *, first: date, last: date, now: datetime) -> list[Replacement]:
    """Every substitution of a span that was held, by who stood in, then by whom. One statement."""
    teacher, regular = aliased(Person), aliased(Person)
    rows = session.execute(
        select(teacher, regular, Course, Subject.name, SchoolClass, func.count(), func.count(Lesson.merged_into_id))
        .select_from(Lesson).join(teacher, teacher.id == Lesson.teacher_id)
        .join(regular, regular.id == Lesson.substitutes_id)
        .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Lesson.day.between(first, last), Lesson.state == LessonState.PLANNED.value, Lesson.ends_at <= now)
        .group_by(teacher.id, regular.id, Course.id, Subject.id, SchoolClass.id)).all()
    ordered = sorted(rows, key=lambda row: (row[0].sort_key, row[1].sort_key, row[2].id))
    return [Replacement(teacher.id, teacher.short_name, regular.short_name,
                        f"{school_class.name if school_class else course.name}, {subject}", lessons, merged)
            for teacher, regular, course, subject, school_class, lessons, merged in ordered]


def totals(rows: Sequence[Replacement]) -> dict[int, int]:
    """Hours by who stood in."""
    found: dict[int, int] = {}
    for row in rows:
        found[row.substitute_id] = found.get(row.substitute_id, 0) + row.lessons
    return found


def table_of_replacements(rows: Sequence[Replacement], *, first: date, last: date, today: date,
                          school: str = "") -> Table:
    """The list for paper and workbook, with the sum of each person under their lines."""
    lines: list[list[str | int]] = []
    hours = totals(rows)
    for substitute_id, of_person in groupby(rows, key=lambda row: row.substitute_id):
        named = list(of_person)
        lines += [[row.substitute, row.regular, row.course, row.lessons, row.merged] for row in named]
        lines.append([f"Всего: {named[0].substitute}", "", "", hours[substitute_id], ""])
    columns = (Column("Кто заменял", 45), Column("Кого", 40), Column("Класс, предмет", 55),
               Column("Часов", 15, "right"), Column("Из них вместе со своим уроком", 25, "right"))
    return Table("Замены учителей", " · ".join(filter(None, (
        school, f"с {long_date(first)} по {long_date(last)}"))), columns, lines, today)
