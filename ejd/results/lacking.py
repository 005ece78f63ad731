"""What the journals of a year lack between two days, class by class: lessons without topic, attendance or homework,
marks awaited, works owed, results not set (R8, R50)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, cast, exists, func, literal, null, select, union, union_all
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.journal.expecting import Awaiting
from ejd.journal.lessons_in_a_row import begins_row, has_homework
from ejd.journal.models import Expectation, Work
from ejd.results.models import Period, TermMark
from ejd.roster.belonging import held
from ejd.roster.customs import terms_scheme
from ejd.roster.models import (
    Course,
    CourseKind,
    CourseMember,
    Enrolment,
    MarkingScheme,
    Person,
    SchemeOfTerm,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear, Term

Expected = tuple[int, int, int]  # marks awaited, those overdue among them, works owed


class Span(NamedTuple):
    """Some days of a school year: a term, a quarter of the calendar, or all of it."""

    year_id: int
    first: date
    last: date
    term_id: int | None = None  # by whose marking scheme journals are told (R14)

    @classmethod
    def of(cls, term: Term) -> Span:
        return cls(term.year_id, term.starts_on, term.ends_on, term.id)


class Missing(NamedTuple):
    """So many results of a term (none: of the year) are not set."""

    term_id: int | None
    period: str
    number: int


def belonging() -> Any:
    """Class and journal: its own, and groups over several classes that its pupils are in."""
    return union(
        select(Course.class_id.label("class_id"), Course.id.label("course_id")).where(Course.class_id.is_not(None)),
        select(Enrolment.class_id, CourseMember.course_id)
        .join(CourseMember, CourseMember.pupil_id == Enrolment.pupil_id)
        .join(Course, Course.id == CourseMember.course_id).where(Course.class_id.is_(None))).subquery("belonging")


def journals_in(session: Session, span: Span, *, now: datetime, today: date,
                class_id: int | None = None) -> dict[int, list[Any]]:
    """Lessons of the span by class and journal, with what is not written down of those held. One statement."""
    mine, regular = belonging(), aliased(Person)
    query = (
        select(mine.c.class_id.label("of_class"), Course.id.label("course_id"), Course.class_id, Course.subject_id,
               Subject.name.label("subject"), Course.subgroup, Course.name.label("course_name"), Course.kind,
               Course.term_scheme, func.coalesce(SchemeOfTerm.scheme, Course.scheme).label("scheme"),
               func.coalesce(_first_of_subject() == Course.id, literal(False)).label("first_of_subject"),
               regular.last_name, regular.first_name, regular.patronymic, *_counts(now))
        .join_from(mine, Course, Course.id == mine.c.course_id).join(Subject, Subject.id == Course.subject_id)
        .join(Lesson, Lesson.course_id == Course.id)
        .outerjoin(SchemeOfTerm, and_(SchemeOfTerm.course_id == Course.id, SchemeOfTerm.term_id == span.term_id))
        .outerjoin(TeachingAssignment, and_(TeachingAssignment.course_id == Course.id,
                                            held(TeachingAssignment, today)))
        .outerjoin(regular, regular.id == TeachingAssignment.teacher_id)
        .where(Course.year_id == span.year_id, Lesson.day.between(span.first, span.last),
               Lesson.state == LessonState.PLANNED.value)
        .group_by(mine.c.class_id, Course.id, Subject.name, SchemeOfTerm.scheme, regular.id)
        .order_by(Subject.name, Course.subgroup))
    if class_id is not None:
        query = query.where(mine.c.class_id == class_id)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.of_class].append(row)
    return found


def _first_of_subject() -> Any:
    """The journal in which a subject of a divided class is counted."""
    one_of_subgroups = aliased(Course)
    return (select(func.min(one_of_subgroups.id))
            .where(one_of_subgroups.class_id == Course.class_id, one_of_subgroups.subject_id == Course.subject_id,
                   one_of_subgroups.retired_on.is_(None)).scalar_subquery())


def _counts(now: datetime) -> list[Any]:
    """Of the lessons of a journal: those held, and what these lack."""
    over = Lesson.ends_at <= now
    homework_due = and_(Course.homework_expected, Lesson.homework_due_at.is_not(None), Lesson.homework_due_at < now,
                        begins_row(Lesson))

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return [func.max(Lesson.day).label("last_day"), func.max(Lesson.ends_at).label("last_end"),
            count(over).label("lessons"), count(and_(over, Lesson.topic == "")).label("no_topic"),
            count(and_(over, Lesson.attendance_at.is_(None))).label("no_attendance"),
            count(and_(over, homework_due, ~has_homework(Lesson))).label("no_homework")]


def expected_in(session: Session, first: date, last: date, *, today: date,
                class_id: int | None = None) -> dict[tuple[int, int], Expected]:
    """What is expected of lessons between two days, by class and journal. One statement."""
    teacher, pupil = Awaiting.TEACHER.value, Awaiting.PUPIL.value
    query = (
        select(Enrolment.class_id, Lesson.course_id,
               func.sum(case((Expectation.awaiting == teacher, 1), else_=0)),
               func.sum(case((and_(Expectation.awaiting == teacher, Expectation.due_on < today), 1), else_=0)),
               func.sum(case((Expectation.awaiting == pupil, 1), else_=0)))
        .join_from(Expectation, Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
        .join(Enrolment, and_(Enrolment.pupil_id == Expectation.pupil_id, held(Enrolment, Lesson.day)))
        .where(Expectation.awaiting.in_((teacher, pupil)), Work.withdrawn_at.is_(None),
               Lesson.day.between(first, last), Lesson.state == LessonState.PLANNED.value)
        .group_by(Enrolment.class_id, Lesson.course_id))
    if class_id is not None:
        query = query.where(Enrolment.class_id == class_id)
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in session.execute(query)}


def results_missing(session: Session, *, year_id: int, first: date, last: date,
                    whole_year: bool = False, class_id: int | None = None) -> dict[int, list[Missing]]:
    """Pupils × subjects without a mark of a term that ends between the days, by class and term; with `whole_year` also
    without the year's mark (no term). Each class and subject by its own terms (R15). One statement."""
    own = and_(Term.year_id == SchoolClass.year_id, Term.ends_on.between(first, last), terms_scheme() == Term.scheme)
    of_terms = _missing(Term.id, Term.starts_on, Term.ends_on, Period.TERM, Term, own)
    of_year = _missing(cast(null(), Term.id.type), SchoolYear.starts_on, SchoolYear.ends_on, Period.YEAR, SchoolYear,
                       SchoolYear.id == SchoolClass.year_id)
    parts = (of_terms, of_year) if whole_year else (of_terms,)
    classes = SchoolClass.year_id == year_id if class_id is None else SchoolClass.id == class_id
    wanted = union_all(*(part.where(classes) for part in parts)).subquery("wanted")
    found: dict[int, list[Missing]] = defaultdict(list)
    for row in session.execute(
            select(wanted.c.class_id, wanted.c.term_id, Term.name, func.count().label("number"))
            .outerjoin(Term, Term.id == wanted.c.term_id).group_by(wanted.c.class_id, wanted.c.term_id, Term.id)
            .order_by(wanted.c.class_id, wanted.c.term_id.is_(None), Term.starts_on)):
        found[row.class_id].append(Missing(row.term_id, row.name or "год", row.number))
    return found


def years_missing(class_ids: Collection[int], *, since: date, by: date) -> Select[Any]:
    """The same of the year alone, of these classes, when their year ends between two days; a part of a statement."""
    wanted = _missing(cast(null(), Term.id.type), SchoolYear.starts_on, SchoolYear.ends_on, Period.YEAR, SchoolYear,
                      and_(SchoolYear.id == SchoolClass.year_id, SchoolYear.ends_on.between(since, by),
                           SchoolYear.closed_at.is_(None))).where(SchoolClass.id.in_(class_ids)).subquery()
    return select(wanted.c.class_id, func.count().label("number")).group_by(wanted.c.class_id)


def _missing(term_id: Any, first: Any, last: Any, period: Period, of_period: Any, own: Any) -> Select[Any]:
    """Each pupil with each subject of the class that is marked, was taught in the period, and has no mark of it."""
    taught = exists().where(Lesson.course_id == Course.id, Lesson.state == LessonState.PLANNED.value,
                            Lesson.day.between(first, last))
    same = TermMark.term_id == term_id if of_period is Term else and_(
        TermMark.year_id == SchoolClass.year_id, TermMark.term_id.is_(None))  # as its partial index has it
    there = exists().where(TermMark.pupil_id == Enrolment.pupil_id, TermMark.subject_id == Course.subject_id, same,
                           TermMark.period == period.value, TermMark.value.is_not(None))
    scheme = Course.scheme if of_period is not Term else func.coalesce(SchemeOfTerm.scheme, Course.scheme)
    query = (select(SchoolClass.id.label("class_id"), term_id.label("term_id"), Enrolment.pupil_id, Course.subject_id)
             .join_from(SchoolClass, Course, and_(Course.class_id == SchoolClass.id,
                                                  Course.kind == CourseKind.LESSONS.value))
             .join(of_period, own)
             .join(Enrolment, and_(Enrolment.class_id == SchoolClass.id, held(Enrolment, last))))
    if of_period is Term:
        query = query.outerjoin(SchemeOfTerm, and_(SchemeOfTerm.course_id == Course.id,
                                                   SchemeOfTerm.term_id == term_id))
    return query.where(scheme != MarkingScheme.MARKLESS.value, taught, ~there).distinct()
