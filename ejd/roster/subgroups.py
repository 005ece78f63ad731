"""Acts on subgroups: who is in which, from–to. A pupil is in one subgroup of a class × subject at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ejd.audit import trail
from ejd.bulk import insert_many
from ejd.db import Session
from ejd.journal.leaving import Leaving, leave_journals
from ejd.refusal import Refused
from ejd.roster.belonging import ONE_DAY, lasting, refuse_closed_year
from ejd.roster.models import Course, CourseMember, Enrolment, Person
from ejd.roster.queries_classes import taught_at_home

Kinship = tuple[int | None, int]  # class and subject, or class and pupil


def put_in_subgroups(session: Session, *, actor_id: int | None, members: Sequence[tuple[int, int]], from_on: date,
                     now: datetime) -> int:
    """Put pupils into subgroups from a day on, out of the other subgroups of the same class and subject; how many
    were not there yet. Who entered the class later begins with the class."""
    courses = _subgroups_among(session, {course_id for course_id, _ in members})
    for year_id in {course.year_id for course in courses.values()}:
        refuse_closed_year(session, year_id, field="from_on")
    pupils = {pupil_id for _, pupil_id in members}
    places = {(_kinship(courses[course_id]), pupil_id) for course_id, pupil_id in members}
    if len(places) < len(members):
        raise Refused("Ученик назван в двух подгруппах одного предмета", field="subgroup")
    entered: dict[Kinship, date] = {(class_id, pupil_id): day for class_id, pupil_id, day in session.execute(
        select(Enrolment.class_id, Enrolment.pupil_id, Enrolment.from_on)
        .where(Enrolment.pupil_id.in_(pupils), lasting(Enrolment, from_on)))}
    standing = _standing(session, pupils, courses.values(), from_on)
    rows: list[dict[str, Any]] = []
    left: list[tuple[CourseMember, date]] = []
    for course_id, pupil_id in members:
        course = courses[course_id]
        if (course.class_id, pupil_id) not in entered:
            raise Refused("В подгруппу попадают только ученики своего класса", field="subgroup")
        start = max(from_on, entered[course.class_id, pupil_id])
        former = standing.get((_kinship(course), pupil_id), [])
        if not any(row.course_id == course_id and row.from_on <= start and row.to_on is None for row in former):
            left += [(row, start) for row in former]
            rows.append({"course_id": course_id, "pupil_id": pupil_id, "from_on": start})
    leave_journals(session, actor_id=actor_id, field="from_on", now=now,
                   left=[Leaving(row.pupil_id, row.course_id, start) for row, start in left])
    _end(session, left)
    insert_many(session, CourseMember, rows)
    trail.record_many(session, now=now, actor_id=actor_id, verb="subgroup.joined", acts=(
        (row["course_id"], {"pupil": row["pupil_id"], "from_on": row["from_on"]}) for row in rows))
    return len(rows)


def split_by_alphabet(session: Session, *, actor_id: int | None, class_id: int, subject_id: int, from_on: date,
                      now: datetime) -> int:
    """Put every pupil of the class who is in no subgroup of the subject into one, evenly and by the alphabet."""
    course_ids = session.scalars(
        select(Course.id).where(Course.class_id == class_id, Course.subject_id == subject_id, Course.subgroup > 0,
                                Course.retired_on.is_(None)).order_by(Course.subgroup)).all()
    if not course_ids:
        raise Refused("По этому предмету класс на подгруппы не делится")
    pupils = session.scalars(
        select(Enrolment.pupil_id).join(Person, Person.id == Enrolment.pupil_id)
        .where(Enrolment.class_id == class_id, lasting(Enrolment, from_on), ~taught_at_home(subject_id, from_on))
        .order_by(Person.sort_key, Person.id)).all()
    placed = {row.pupil_id: row.course_id for row in session.scalars(
        select(CourseMember).where(CourseMember.course_id.in_(course_ids), lasting(CourseMember, from_on)))}
    members = _fill(course_ids, pupils, placed)
    return put_in_subgroups(session, actor_id=actor_id, members=members, from_on=from_on, now=now)


def _fill(course_ids: Sequence[int], pupils: Sequence[int], placed: dict[int, int]) -> list[tuple[int, int]]:
    """Course and pupil for each who is not placed: the first subgroup is filled to its even share, then the next."""
    waiting = [pupil_id for pupil_id in pupils if pupil_id not in placed]
    members: list[tuple[int, int]] = []
    for index, course_id in enumerate(course_ids):
        share = (len(pupils) + len(course_ids) - 1 - index) // len(course_ids)
        room = max(0, share - sum(place == course_id for place in placed.values()))
        if index == len(course_ids) - 1:
            room = len(waiting)
        members += [(course_id, pupil_id) for pupil_id in waiting[:room]]
        waiting = waiting[room:]
    return members


def _kinship(course: Course) -> Kinship:
    return course.class_id, course.subject_id


def _subgroups_among(session: Session, course_ids: set[int]) -> dict[int, Course]:
    courses = {course.id: course for course in session.scalars(select(Course).where(Course.id.in_(course_ids)))}
    if len(courses) < len(course_ids):
        raise Refused("Такой подгруппы нет: обновите страницу", field="subgroup")
    if any(course.subgroup == 0 for course in courses.values()):
        raise Refused("Это журнал всего класса: в нём и так все ученики", field="subgroup")
    if any(course.retired_on for course in courses.values()):
        raise Refused("Журнал этой подгруппы закрыт", field="subgroup")
    return courses


def _standing(session: Session, pupils: set[int], courses: Iterable[Course],
              from_on: date) -> dict[tuple[Kinship, int], list[CourseMember]]:
    """Memberships, not over by the day, in any subgroup of the same classes and subjects."""
    kin = {_kinship(course) for course in courses}
    found: dict[tuple[Kinship, int], list[CourseMember]] = defaultdict(list)
    for row, class_id, subject_id in session.execute(
            select(CourseMember, Course.class_id, Course.subject_id).join(Course, Course.id == CourseMember.course_id)
            .where(CourseMember.pupil_id.in_(pupils), lasting(CourseMember, from_on),
                   Course.class_id.in_({class_id for class_id, _ in kin}))):
        found[(class_id, subject_id), row.pupil_id].append(row)
    return found


def _end(session: Session, left: Sequence[tuple[CourseMember, date]]) -> None:
    """End each membership the day before another begins; one that had not begun never was."""
    for row, day in left:
        if row.from_on >= day:
            session.delete(row)
        else:
            row.to_on = day - ONE_DAY
    session.flush()
