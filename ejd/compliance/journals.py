"""The journals that control is about, each with who learns in it on a day. One statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, literal, select, union_all

from ejd.compliance.scope import MOST_KEPT
from ejd.db import Session
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment, MarkingScheme, SchoolClass
from ejd.school.models import SchoolYear

MARKLESS = MarkingScheme.MARKLESS.value


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal: class, subject, whether it owes homework and takes marks, and its pupils on each of the days asked."""

    class_id: int | None
    subject_id: int
    owes_homework: bool
    takes_marks: bool
    pupils: Sequence[frozenset[int]] = field(default_factory=tuple)


def journals_of(session: Session, *, days: Sequence[date], first: date, last: date) -> Mapping[int, Journal]:
    """Every journal of the years that the span touches. Who is taught a subject at home is not in the class's
    journal of it."""
    courses = {}
    of_class: dict[tuple[int, int], set[int]] = defaultdict(set)
    of_group: dict[tuple[int, int], set[int]] = defaultdict(set)
    for place, id_, other, subject_id, subgroup, owes, kind, scheme in session.execute(
            _journals(tuple(days), first, last)).all():
        if place < 0:
            courses[id_] = (other, subject_id, subgroup, bool(owes), kind, scheme != MARKLESS)
        else:
            (of_class if kind == "class" else of_group)[place, id_].add(other or 0)
    places = range(len(days))
    home = {(place, courses[course_id][1], pupil_id) for (place, course_id), pupils in of_group.items()
            if courses[course_id][4] == CourseKind.HOME.value for pupil_id in pupils}

    def pupils(place: int, course_id: int) -> frozenset[int]:
        class_id, subject_id, subgroup, *_ = courses[course_id]
        if class_id is None or subgroup:
            return frozenset(of_group[place, course_id])
        of_it = of_class[place, class_id]
        return frozenset(of_it - {one for one in of_it if (place, subject_id, one) in home} if home else of_it)

    return {course_id: Journal(class_id, subject_id, owes, marks, [pupils(place, course_id) for place in places])
            for course_id, (class_id, subject_id, _, owes, _, marks) in courses.items()}


@lru_cache(maxsize=MOST_KEPT)
def _journals(days: tuple[date, ...], first: date, last: date) -> CompoundSelect[Any]:
    """Courses, then who is in the classes and groups on each of the days."""
    years = select(SchoolYear.id).where(SchoolYear.starts_on <= last, SchoolYear.ends_on >= first)
    asked = [select(literal(-1).label("place"), Course.id.label("id"), Course.class_id.label("other"),
                    Course.subject_id.label("subject_id"), Course.subgroup.label("subgroup"),
                    Course.homework_expected.label("owes"), Course.kind.label("kind"),
                    Course.scheme.label("scheme")).where(Course.year_id.in_(years))]
    for place, day in enumerate(days):
        asked += [
            select(literal(place), Enrolment.class_id, Enrolment.pupil_id, literal(0), literal(0), literal(True),
                   literal("class"),
                   literal("")).join(SchoolClass, SchoolClass.id == Enrolment.class_id).where(
                SchoolClass.year_id.in_(years), held(Enrolment, day)),
            select(literal(place), CourseMember.course_id, CourseMember.pupil_id, literal(0), literal(0), literal(True),
                   literal("group"),
                   literal("")).join(Course, Course.id == CourseMember.course_id).where(
                Course.year_id.in_(years), held(CourseMember, day))]
    return union_all(*asked)
