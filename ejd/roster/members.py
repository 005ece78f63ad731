"""Who was in a journal on the days of a span: a class's enrolments, or a subgroup's members. One entry a pupil."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, bindparam, select

from ejd.db import Session
from ejd.roster.belonging import touching
from ejd.roster.models import Course, CourseMember, Enrolment, Person

Stay = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil of a journal. `from_on` and `to_on` are the outer days; who left and came back has several stays."""

    pupil_id: int
    last_name: str
    first_name: str
    patronymic: str
    sort_key: str
    from_on: date
    to_on: date | None
    stays: tuple[Stay, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.last_name} {self.first_name}".strip()

    def on(self, day: date) -> bool:
        """Whether the pupil was in the journal on that day."""
        stays = self.stays or ((self.from_on, self.to_on),)
        return any(first <= day and (last is None or day <= last) for first, last in stays)


def members_of(session: Session, course: Course, *, first: date, last: date) -> list[Member]:
    """Who was in the journal on some day of the span, by the alphabet. One statement."""
    query, asked = _in_journal(course, first, last)
    return _members(session.execute(query, asked))


def member_of(session: Session, course: Course, *, pupil_id: int, first: date, last: date) -> Member | None:
    """The same for one pupil; None who was not in the journal on those days. One statement."""
    query, asked = _in_journal(course, first, last)
    rows = session.execute(query.where(Person.id == pupil_id), asked)
    return next(iter(_members(rows)), None)


def members_of_many(session: Session, course_ids: Collection[int], *, first: date,
                    last: date) -> dict[int, list[Member]]:
    """The same for many journals, each with an entry. Two statements."""
    whole = (_people(Enrolment, first, last).add_columns(Course.id)
             .join(Course, Course.class_id == Enrolment.class_id)
             .where(Course.id.in_(course_ids), Course.subgroup == 0))
    grouped = (_people(CourseMember, first, last).add_columns(CourseMember.course_id)
               .where(CourseMember.course_id.in_(course_ids)))
    found: dict[int, list[Any]] = defaultdict(list)
    for query in (whole, grouped):
        for *row, course_id in session.execute(query):
            found[course_id].append(row)
    return {course_id: _members(found[course_id]) for course_id in course_ids}


def _in_journal(course: Course, first: date, last: date) -> tuple[Select[Any], dict[str, Any]]:
    """The statement for a class or for a group, and what it is asked with."""
    of_group = bool(course.subgroup) or course.class_id is None
    return (OF_GROUP, {"owner": course.id, "first": first, "last": last}) if of_group else (
        OF_CLASS, {"owner": course.class_id, "first": first, "last": last})


def _people(table: Any, first: Any, last: Any) -> Select[Any]:
    return (select(Person.id, Person.last_name, Person.first_name, Person.patronymic, Person.sort_key,
                   table.from_on, table.to_on)
            .join_from(table, Person, Person.id == table.pupil_id)
            .where(touching(table, first, last)))


# Built once, for every page of a journal asks one of them.
_SPAN = bindparam("first", type_=Date), bindparam("last", type_=Date)
OF_CLASS = _people(Enrolment, *_SPAN).where(Enrolment.class_id == bindparam("owner"))
OF_GROUP = _people(CourseMember, *_SPAN).where(CourseMember.course_id == bindparam("owner"))


def _members(rows: Iterable[Any]) -> list[Member]:
    stays: dict[int, list[Stay]] = defaultdict(list)
    names: dict[int, tuple[str, str, str, str]] = {}
    for pupil_id, last_name, first_name, patronymic, sort_key, from_on, to_on in rows:
        stays[pupil_id].append((from_on, to_on))
        names[pupil_id] = (last_name, first_name, patronymic, sort_key)
    members = []
    for pupil_id, name in names.items():
        ordered = tuple(sorted(stays[pupil_id], key=lambda stay: stay[0]))
        members.append(Member(pupil_id, *name, ordered[0][0], ordered[-1][1], ordered))
    return sorted(members, key=lambda member: (member.sort_key, member.pupil_id))
