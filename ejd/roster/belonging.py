"""What membership from–to means to a statement, and what holds a person in place. Both days are included."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all
from sqlalchemy.schema import Column

from ejd.db import Base, Session, table_of
from ejd.refusal import Refused
from ejd.roster.models import Course, Person
from ejd.school.models import SchoolYear

ONE_DAY = timedelta(days=1)
# Rows that say where a person belongs. They go with a person entered by mistake; whatever else names them is a fact.
MEMBERSHIP = frozenset({"enrolment", "course_member", "guardianship", "employment", "account"})
FACTS = {"class_teacher": "Это классный руководитель: сначала назначьте классу другого",
         "teaching_assignment": "За этим человеком записана нагрузка: её история должна остаться"}


def held(span: Any, day: Any) -> ColumnElement[bool]:
    """The rows of a from–to table that hold on a day."""
    return and_(span.from_on <= day, lasting(span, day))


def lasting(span: Any, day: Any) -> ColumnElement[bool]:
    """The rows that are not over by a day: they hold on it or begin later."""
    return or_(span.to_on.is_(None), span.to_on >= day)


def touching(span: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """The rows that hold on some day of a span."""
    return and_(span.from_on <= last, lasting(span, first))


def unclosed(day: Any) -> ColumnElement[bool]:
    """The journals that are not closed by a day."""
    return or_(Course.retired_on.is_(None), Course.retired_on > day)


def person_with_id(session: Session, person_id: int) -> Person:
    """The person; refused when there is none, or the row was emptied."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        raise Refused("Такого человека в списках нет: обновите страницу")
    return person


def refuse_closed_year(session: Session, year_id: int, day: date | None = None, *, field: str | None = None) -> None:
    """Who learns and who teaches in a closed year does not change any more (R8); a `day` after its end is open."""
    year = session.get_one(SchoolYear, year_id)
    if year.closed_at is not None and (day is None or day <= year.ends_on):
        raise Refused(f"{year.name} учебный год закрыт: его списки и нагрузка только для чтения. Сначала откройте год",
                      field=field)


def references(skip: Collection[str] = ()) -> list[Column[Any]]:
    """Every column of the database that names a person, but in the tables to skip."""
    person = table_of(Person)
    return [column for table in Base.metadata.sorted_tables if table.name not in skip
            for column in table.columns if any(key.column.table is person for key in column.foreign_keys)]


def seems_settled(person_id: int) -> ColumnElement[bool]:
    """Whether something has happened around the person, as a column of a statement: only what an index answers is
    asked (whoever wrote anything stands in the audit), `facts_about` has the last word."""
    indexed = (column for column in references(skip=MEMBERSHIP)
               if any(next(iter(index.columns)) is column for index in column.table.indexes))
    return or_(*(select(column).where(column == person_id).exists() for column in indexed))


def facts_about(session: Session, person_id: int) -> str | None:
    """Why the person can't be taken away, or None when nothing has happened around them yet."""
    asked = [select(literal(column.table.name)).where(select(column).where(column == person_id).exists())
             for column in references(skip=MEMBERSHIP)]
    found = session.scalars(union_all(*asked)).all()
    if not found:
        return None
    return next((FACTS[name] for name in found if name in FACTS),
                "С этим человеком уже связаны записи журнала: удалить нельзя, можно отметить выбытие или увольнение")
