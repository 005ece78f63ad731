"""What membership from–to means to a statement, and what holds a person in place. Both days are included."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, union_all
from sqlalchemy.schema import Column

from ejd.db import Base, Session, table_of
from ejd.journal.models import Mark
from ejd.refusal import Refused
from ejd.roster.models import Course, Person
from ejd.schedule.models import Lesson

ONE_DAY = timedelta(days=1)
# Rows that say where a person belongs. They go with a person entered by mistake; whatever else names them is a fact.
MEMBERSHIP = frozenset({"enrolment", "course_member", "guardianship", "employment", "account"})
FACTS = {"class_teacher": "Это классный руководитель: сначала назначьте классу другого",
         "teaching_assignment": "За этим человеком записана нагрузка: её история должна остаться"}


def dmy(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def held(span: Any, day: Any) -> ColumnElement[bool]:
    """The rows of a from–to table that hold on a day."""
    return and_(span.from_on <= day, lasting(span, day))


def lasting(span: Any, day: Any) -> ColumnElement[bool]:
    """The rows that are not over by a day: they hold on it or begin later."""
    return or_(span.to_on.is_(None), span.to_on >= day)


def touching(span: Any, first: date, last: date) -> ColumnElement[bool]:
    """The rows that hold on some day of a span."""
    return and_(span.from_on <= last, lasting(span, first))


def insert_many(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows in bulk; nothing when there are none."""
    if rows:
        session.execute(insert(table_of(model)), rows)


def person_with_id(session: Session, person_id: int) -> Person:
    """The person; refused when there is none, or the row was emptied."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise Refused("Такого человека в списках нет: обновите страницу")
    return person


def marks_since(session: Session, *, pupil_ids: Collection[int], course_ids: Collection[int] | Select[Any],
                day: date) -> dict[tuple[int, int], date]:
    """The last lesson, on a day or later, at which a pupil has a mark in a course: by pupil and course."""
    rows = session.execute(
        select(Mark.pupil_id, Lesson.course_id, func.max(Lesson.day))
        .join(Lesson, Lesson.id == Mark.lesson_id)
        .where(Mark.pupil_id.in_(pupil_ids), Mark.withdrawn_at.is_(None), Lesson.day >= day,
               Lesson.course_id.in_(course_ids))
        .group_by(Mark.pupil_id, Lesson.course_id))
    return {(pupil_id, course_id): last for pupil_id, course_id, last in rows}


def refuse_marks_since(session: Session, *, pupil_id: int, class_id: int, day: date, field: str) -> None:
    """A mark must not be left behind on a day when its pupil is not in the class any more."""
    marked = marks_since(session, pupil_ids={pupil_id}, day=day,
                         course_ids=select(Course.id).where(Course.class_id == class_id))
    if marked:
        raise Refused(f"В прежнем классе есть отметка за {dmy(max(marked.values()))}. Укажите день позже неё или "
                      "сначала перенесите отметки", field=field)


def references(skip: Collection[str] = ()) -> list[Column[Any]]:
    """Every column of the database that names a person, but in the tables to skip."""
    person = table_of(Person)
    return [column for table in Base.metadata.sorted_tables if table.name not in skip
            for column in table.columns if any(key.column.table is person for key in column.foreign_keys)]


def facts_about(session: Session, person_id: int) -> str | None:
    """Why the person can't be taken away, or None when nothing has happened around them yet."""
    asked = [select(literal(column.table.name)).where(select(column).where(column == person_id).exists())
             for column in references(skip=MEMBERSHIP)]
    found = session.scalars(union_all(*asked)).all()
    if not found:
        return None
    return next((FACTS[name] for name in found if name in FACTS),
                "С этим человеком уже связаны записи журнала: удалить нельзя, можно отметить выбытие или увольнение")
