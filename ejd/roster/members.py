"""Who was in a journal on the days of a span: a class's enrolments, or the members of a subgroup or group. One entry a
pupil. Who is taught a subject at home is not in the class's journal of it meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, bindparam, false, select, true, union_all
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.roster.belonging import touching
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment, Person
from ejd.roster.stays import Stay, holds, without


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
        return any(holds(stay, day) for stay in self.stays or ((self.from_on, self.to_on),))


def members_of(session: Session, course: Course, *, first: date, last: date) -> list[Member]:
    """Who was in the journal on some day of the span, by the alphabet. One statement."""
    query = OF_GROUP if course.is_group else OF_CLASS
    return _members(session.execute(query, _asked(course, first, last)), first, last)


def member_of(session: Session, course: Course, *, pupil_id: int, first: date, last: date) -> Member | None:
    """The same for one pupil; None who was not in the journal on those days. One statement."""
    query = ONE_OF_GROUP if course.is_group else ONE_OF_CLASS
    rows = session.execute(query, {**_asked(course, first, last), "pupil_id": pupil_id})
    return next(iter(_members(rows, first, last)), None)


def members_of_many(session: Session, course_ids: Collection[int], *, first: date,
                    last: date) -> dict[int, list[Member]]:
    """The same for many journals, each with an entry. Three statements."""
    whole = (_people(Enrolment, first, last).add_columns(Course.id)
             .join(Course, Course.class_id == Enrolment.class_id)
             .where(Course.id.in_(course_ids), Course.subgroup == 0))
    grouped = (_people(CourseMember, first, last).add_columns(CourseMember.course_id)
               .where(CourseMember.course_id.in_(course_ids)))
    of_class = aliased(Course)
    at_home = (_at_home(first, last).add_columns(of_class.id)
               .join(of_class, of_class.subject_id == Course.subject_id)
               .where(of_class.id.in_(course_ids), of_class.class_id.is_not(None), of_class.subgroup == 0))
    found: dict[int, list[Any]] = defaultdict(list)
    for query in (whole, grouped, at_home):
        for *row, course_id in session.execute(query):
            found[course_id].append(row)
    return {course_id: _members(found[course_id], first, last) for course_id in course_ids}


def _asked(course: Course, first: date, last: date) -> dict[str, Any]:
    """What the statement for a class or for a group is asked with."""
    if course.is_group:
        return {"owner": course.id, "first": first, "last": last}
    return {"owner": course.class_id, "subject_id": course.subject_id, "first": first, "last": last}


def _people(table: Any, first: Any, last: Any, away: Any = None) -> Select[Any]:
    """People with their days; `away` is true of the days that are cut out of the others."""
    return (select(Person.id, Person.last_name, Person.first_name, Person.patronymic, Person.sort_key,
                   table.from_on, table.to_on, (false() if away is None else away).label("away"))
            .join_from(table, Person, Person.id == table.pupil_id)
            .where(touching(table, first, last)))


def _at_home(first: Any, last: Any) -> Select[Any]:
    """Who is taught at home, whatever the class."""
    return (_people(CourseMember, first, last, true()).join(Course, Course.id == CourseMember.course_id)
            .where(Course.kind == CourseKind.HOME.value))


# Built once, for every page of a journal asks one of them.
_SPAN = bindparam("first", type_=Date), bindparam("last", type_=Date)
_ENROLLED = _people(Enrolment, *_SPAN).where(Enrolment.class_id == bindparam("owner"))
_HOME = _at_home(*_SPAN).where(Course.subject_id == bindparam("subject_id"))
_THE_PUPIL = Person.id == bindparam("pupil_id")
OF_CLASS, ONE_OF_CLASS = union_all(_ENROLLED, _HOME), union_all(_ENROLLED.where(_THE_PUPIL), _HOME.where(_THE_PUPIL))
OF_GROUP = _people(CourseMember, *_SPAN).where(CourseMember.course_id == bindparam("owner"))
ONE_OF_GROUP = OF_GROUP.where(_THE_PUPIL)


def _members(rows: Iterable[Any], first: date, last: date) -> list[Member]:
    stays: dict[int, list[Stay]] = defaultdict(list)
    at_home: dict[int, list[Stay]] = defaultdict(list)
    names: dict[int, tuple[str, str, str, str]] = {}
    for pupil_id, last_name, first_name, patronymic, sort_key, from_on, to_on, away in rows:
        (at_home if away else stays)[pupil_id].append((from_on, to_on))
        names[pupil_id] = (last_name, first_name, patronymic, sort_key)
    members = []
    for pupil_id, name in names.items():
        if ordered := tuple(stay for stay in without(stays[pupil_id], at_home[pupil_id])
                            if stay[0] <= last and (stay[1] is None or first <= stay[1])):
            members.append(Member(pupil_id, *name, ordered[0][0], ordered[-1][1], ordered))
    return sorted(members, key=lambda member: (member.sort_key, member.pupil_id))
