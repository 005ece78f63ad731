"""What stands behind a result: a pupil's marks, and lessons held and missed, over all journals of the subject in the
year (R11–R13): who changed class or subgroup takes the marks along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from ejd.bulk import in_parts
from ejd.db import Instant, Session, table_of
from ejd.journal.expecting import AWAY
from ejd.journal.grading import average, counting
from ejd.journal.models import Attendance, Mark
from ejd.results.models import TermMark
from ejd.results.offering import FAILED, PASSED
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseKind, CourseMember, Enrolment
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import Term
from ejd.school.settings import Settings

Key = tuple[int, int, int]  # pupil, subject, term


@dataclass(frozen=True, slots=True)
class Behind:
    """The average of a pupil in a subject and term, and how many marks count in it."""

    average: Fraction | None = None
    marks: int = 0
    passed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Of the lessons planned for a pupil, those held so far, and of these the missed ones."""

    planned: int = 0
    held: int = 0
    missed: int = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.held, self.planned) if self.planned else Fraction(0)


NOTHING, NO_LESSONS = Behind(), Held()


def marks_behind(session: Session, *, pupil_ids: Collection[int], year_id: int, term_ids: Collection[int],
                 settings: Settings, today: date, subject_id: int | None = None,
                 unset: bool = False) -> dict[Key, Behind]:
    """Averages of the pupils in the terms, in one subject or in all; with `unset` only where no result stands yet. One
    statement, if there are pupils and terms."""
    how, retakes = settings.value("average", on=today), settings.value("retake", on=today)
    rows: dict[Key, list[tuple[int, str, int, int | None]]] = defaultdict(list)
    for part in in_parts(sorted(pupil_ids)) if term_ids else ():
        for pupil_id, subject, term_id, mark_id, value, weight, retakes_id in session.execute(
                _MARKS_UNSET if unset else _MARKS,
                {"pupils": part, "terms": sorted(term_ids), "year_id": year_id, "subject_id": subject_id or 0}):
            rows[pupil_id, subject, term_id].append((mark_id, value, weight, retakes_id))
    return {key: _behind(marks, how, retakes) for key, marks in rows.items()}


def _behind(marks: list[tuple[int, str, int, int | None]], how: str, retakes: str) -> Behind:
    counted = counting(marks, retakes)
    values = [value for value, _ in counted]
    return Behind(average(counted, how), len(counted), values.count(PASSED), values.count(FAILED))


def lessons_behind(session: Session, *, pupil_ids: Collection[int], year_id: int, subject_id: int, first: date,
                   last: date, now: datetime) -> dict[int, Held]:
    """Lessons of the subject between two days at which the pupils were in a journal of it. One statement."""
    found: dict[int, Held] = {}
    for part in in_parts(sorted(pupil_ids)):
        found |= {pupil_id: Held(*numbers) for pupil_id, *numbers in session.execute(_LESSONS, {
            "pupils": part, "year_id": year_id, "subject_id": subject_id, "first": first, "last": last, "now": now})}
    return found


PUPILS = bindparam("pupils", expanding=True, type_=Integer)
YEAR, SUBJECT = bindparam("year_id", type_=Integer), bindparam("subject_id", type_=Integer)


def _marks() -> Any:
    """Of tables: thousands of rows through mapped classes would take the summary sheet half of its time."""
    mark, lesson, course, term = table_of(Mark), table_of(Lesson), table_of(Course), table_of(Term)
    return (select(mark.c.pupil_id, course.c.subject_id, term.c.id, mark.c.id, mark.c.value, mark.c.weight,
                   mark.c.retakes_id)
            .join_from(mark, lesson, lesson.c.id == mark.c.lesson_id)
            .join(course, course.c.id == lesson.c.course_id)
            .join(term, and_(term.c.starts_on <= lesson.c.day, term.c.ends_on >= lesson.c.day))
            .where(mark.c.pupil_id.in_(PUPILS), mark.c.withdrawn_at.is_(None), course.c.year_id == YEAR,
                   term.c.id.in_(bindparam("terms", expanding=True, type_=Integer)),
                   or_(SUBJECT == 0, course.c.subject_id == SUBJECT)))


def _lessons() -> Any:
    """Stays in journals of the subject, and the lessons on their days; who is taught at home is not in the class's
    journal meanwhile."""
    of_class = (select(Enrolment.pupil_id, Course.id.label("course_id"), Enrolment.from_on, Enrolment.to_on,
                       literal(1).label("whole"))
                .join(Course, and_(Course.class_id == Enrolment.class_id, Course.subgroup == 0))
                .where(Enrolment.pupil_id.in_(PUPILS), Course.subject_id == SUBJECT, Course.year_id == YEAR))
    of_group = (select(CourseMember.pupil_id, Course.id, CourseMember.from_on, CourseMember.to_on, literal(0))
                .join(Course, Course.id == CourseMember.course_id)
                .where(CourseMember.pupil_id.in_(PUPILS), Course.subject_id == SUBJECT, Course.year_id == YEAR))
    stay = union_all(of_class, of_group).subquery("stay")
    home, at_home = aliased(Course), aliased(CourseMember)
    taught_at_home = exists().where(
        at_home.course_id == home.id, home.kind == CourseKind.HOME.value, home.subject_id == SUBJECT,
        home.year_id == YEAR, at_home.pupil_id == stay.c.pupil_id, held(at_home, Lesson.day))
    begun = Lesson.starts_at <= bindparam("now", type_=Instant())
    away = and_(begun, Attendance.code.in_([code.value for code in AWAY]))
    return (select(stay.c.pupil_id, func.count(Lesson.id), func.sum(case((begun, 1), else_=0)),
                   func.sum(case((away, 1), else_=0)))
            .join(Lesson, and_(Lesson.course_id == stay.c.course_id, stay.c.from_on <= Lesson.day,
                               or_(stay.c.to_on.is_(None), stay.c.to_on >= Lesson.day)))
            .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.pupil_id == stay.c.pupil_id))
            .where(Lesson.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
                   Lesson.state == LessonState.PLANNED.value,
                   or_(stay.c.whole == 0, ~taught_at_home))
            .group_by(stay.c.pupil_id))


def _marks_unset() -> Any:
    """The same where no result stands: most of a sheet, once results are set, needs no marks."""
    result, mark = table_of(TermMark), table_of(Mark)
    return _MARKS.where(~exists().where(
        result.c.pupil_id == mark.c.pupil_id, result.c.subject_id == table_of(Course).c.subject_id,
        result.c.term_id == table_of(Term).c.id, result.c.value.is_not(None)))


_MARKS, _LESSONS = _marks(), _lessons()
_MARKS_UNSET = _marks_unset()
