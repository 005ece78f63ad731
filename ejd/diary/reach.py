"""Which journals a pupil's diary reaches, from when to when, as SQL for everything that it shows (R33)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, and_, bindparam, cast, exists, false, null, or_, select, true, union_all
from sqlalchemy.orm import aliased

from ejd.db import Instant
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment

PUPIL = bindparam("pupil_id", type_=Integer)
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
NOW = bindparam("now", type_=Instant())
LESSONS = bindparam("lesson_ids", expanding=True, type_=Integer)
NO_DAY, NO_ID = cast(null(), Date), cast(null(), Integer)


def _of_class(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The courses of the pupil's class from–to, by enrolment."""
    return (select(Course.id.label("course_id"), Enrolment.from_on, Enrolment.to_on, *columns)
            .join(Course, Course.class_id == Enrolment.class_id).where(Enrolment.pupil_id == PUPIL))


def _by_membership(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (select(CourseMember.course_id, CourseMember.from_on, CourseMember.to_on, *columns)
            .where(CourseMember.pupil_id == PUPIL))


def attended() -> Any:
    """The pupil's courses from–to: those of the whole class by enrolment, subgroups and groups by membership."""
    return union_all(_of_class().where(Course.subgroup == 0), _by_membership()).subquery("attended")


def timetabled() -> Any:
    """The same, and (`own` is false) every subgroup of the class, for who is in none of a subject's yet."""
    return union_all(_of_class(true().label("own")).where(Course.subgroup == 0), _by_membership(true()),
                     _of_class(false()).where(Course.subgroup > 0)).subquery("timetabled")


def taught_at_home(day: Any) -> Any:
    """The pupil has a journal of the subject at home on the day, in place of the class's."""
    home, member = aliased(Course), aliased(CourseMember)
    return and_(Course.kind != CourseKind.HOME.value, exists().where(
        member.pupil_id == PUPIL, holds(member, day), home.id == member.course_id,
        home.kind == CourseKind.HOME.value, home.subject_id == Course.subject_id).correlate_except(home, member))


def holds(course: Any, day: date | Any) -> Any:
    """The membership `course` holds on the day."""
    return and_(course.from_on <= day, or_(course.to_on.is_(None), course.to_on >= day))
