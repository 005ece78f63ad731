"""Reading the turn of a school year: the years, their classes, who would go where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.plans.models import Plan
from ejd.roster.belonging import lasting, touching
from ejd.roster.models import ClassTeacher, Course, CourseKind, Enrolment, Person, SchoolClass
from ejd.school.models import SchoolYear

COPIED_GROUPS = (CourseKind.LESSONS.value, CourseKind.ELECTIVE.value, CourseKind.ACTIVITY.value)


@dataclass(frozen=True, slots=True)
class Years:
    """The year that runs (in summer: that is over), and the next one, once it is open."""

    old: SchoolYear
    new: SchoolYear | None


@dataclass(frozen=True, slots=True)
class ClassBefore:
    """A class of the old year; `waiting` pupils have no place in the new one yet, `to` is the class that follows."""

    id: int
    grade: int
    letter: str
    pupils: int
    waiting: int
    teacher: str
    journals: int
    to: str

    @property
    def name(self) -> str:
        return f"{self.grade}{self.letter}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pupil who has no place in the new year yet."""

    pupil_id: int
    name: str
    class_id: int
    enrolment_id: int


def years_at(session: Session, today: date) -> Years | None:
    """The old and the new year on a day; None before there is any. One statement."""
    years = session.scalars(select(SchoolYear).order_by(SchoolYear.starts_on)).all()
    if not years:
        return None
    begun = [year for year in years if year.starts_on <= today] or [years[0]]
    return Years(begun[-1], next((year for year in years if year.starts_on > begun[-1].ends_on), None))


def classes_before(session: Session, years: Years) -> list[ClassBefore]:
    """The classes of the old year as they would go up. One statement."""
    old, new = years.old, years.new
    there = _placed(new)
    pupils = select(func.count(Enrolment.pupil_id.distinct())).where(
        Enrolment.class_id == SchoolClass.id, touching(Enrolment, old.starts_on, old.ends_on), _stayed(old))
    follows = aliased(SchoolClass)
    rows = session.execute(
        select(SchoolClass, pupils.scalar_subquery(), pupils.where(~there).scalar_subquery(), Person,
               select(func.count()).select_from(Course).where(
                   Course.class_id == SchoolClass.id, Course.retired_on.is_(None)).scalar_subquery(), follows)
        .outerjoin(ClassTeacher, and_(ClassTeacher.class_id == SchoolClass.id, lasting(ClassTeacher, old.ends_on)))
        .outerjoin(Person, Person.id == ClassTeacher.teacher_id)
        .outerjoin(follows, and_(follows.follows_id == SchoolClass.id, follows.year_id == (new.id if new else 0)))
        .where(SchoolClass.year_id == old.id).order_by(SchoolClass.grade, SchoolClass.letter))
    return [ClassBefore(one.id, one.grade, one.letter, count, waiting, teacher.short_name if teacher else "", journals,
                        to.name if to else "") for one, count, waiting, teacher, journals, to in rows]


def waiting_pupils(session: Session, years: Years) -> list[Waiting]:
    """Who was in a class at the old year's end and has no place in the new year yet. One statement."""
    rows = session.execute(
        select(Person, Enrolment.class_id, Enrolment.id).join(Enrolment, Enrolment.pupil_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(SchoolClass.year_id == years.old.id, _stayed(years.old), ~_placed(years.new))
        .order_by(Person.sort_key, Person.id))
    return [Waiting(person.id, person.full_name, class_id, enrolment_id) for person, class_id, enrolment_id in rows]


def groups_before(session: Session, years: Years) -> int:
    """How many groups over several classes would go on. One statement."""
    return session.scalar(select(func.count()).select_from(Course).where(
        Course.year_id == years.old.id, Course.class_id.is_(None), Course.kind.in_(COPIED_GROUPS),
        Course.retired_on.is_(None))) or 0


def has_first_classes(session: Session, year: SchoolYear) -> bool:
    """Whether classes 1, which follow no class, are open in the year. One statement."""
    return session.scalar(select(SchoolClass.id).filter_by(year_id=year.id, grade=1).limit(1)) is not None


def plans_to_copy(session: Session, years: Years) -> Sequence[tuple[int, int]]:
    """Journals of the old year with a plan, each with the one of the new year that has none yet: same subject and
    grade, of the same letter and subgroup if there is one. Two statements."""
    assert years.new is not None
    old, new = (session.execute(
        select(Course.id, SchoolClass.grade, Course.subject_id, SchoolClass.letter, Course.subgroup)
        .join(SchoolClass, SchoolClass.id == Course.class_id)
        .where(Course.year_id == year.id, Course.retired_on.is_(None),
               exists().where(Plan.course_id == Course.id) if has else ~exists().where(Plan.course_id == Course.id))
        .order_by(SchoolClass.letter, Course.subgroup, Course.id)).all()
        for year, has in ((years.old, True), (years.new, False)))
    found = []
    for course_id, *about in new:
        kin = [row for row in old if list(row)[1:3] == about[:2]]
        if kin:
            best = min(kin, key=lambda row: ((row.letter, row.subgroup) != tuple(about[2:]), row.letter != about[2],
                                             row.id))
            found.append((best.id, course_id))
    return found


def _stayed(old: SchoolYear) -> ColumnElement[bool]:
    """The enrolment lasts to the end of the year."""
    return or_(Enrolment.to_on.is_(None), Enrolment.to_on >= old.ends_on)


def _placed(new: SchoolYear | None) -> ColumnElement[bool]:
    """The pupil has a class of the new year, or has left."""
    later, of_new = aliased(Enrolment), aliased(SchoolClass)
    return or_(Enrolment.to_on.is_not(None), exists().where(
        later.pupil_id == Enrolment.pupil_id, of_new.id == later.class_id, of_new.year_id == (new.id if new else 0)))
