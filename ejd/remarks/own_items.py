"""What the end of a term asks of who teaches or leads a class (R62): results of the own journals, results of the year
of the own class, remarks on its journals without an answer, the closing that comes. One statement, so that it fits on
the teacher's first page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Integer, Select, String, and_, cast, exists, func, literal, null, select, union, union_all

from ejd.db import Session
from ejd.families.to_do import BEFORE_THE_END
from ejd.journal.closing import first_day_to_close
from ejd.journal.models import TermClosing
from ejd.remarks.queries import unanswered_by_class
from ejd.results.lacking import years_missing
from ejd.results.models import Period, TermMark
from ejd.results.overview import taught_at_home
from ejd.roster.belonging import held, unclosed
from ejd.roster.customs import terms_scheme
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseKind,
    CourseMember,
    Enrolment,
    MarkingScheme,
    SchemeOfTerm,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.roster.scopes import course_title
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear, Term

AFTER_THE_YEAR = timedelta(days=60)  # what is still not set then is the administration's
CLOSING_IN_SIGHT = timedelta(days=14)  # after a term's end


class OwnKind(StrEnum):
    """What waits, in the order in which it is told."""

    RESULTS = "results"  # of a journal
    CLASS_YEAR = "class_year"  # results of the year in the own class
    REMARKS = "remarks"  # on journals of the own class
    CLOSING = "closing"
    NAMED = "named"  # not an item: a class whose name was asked along


@dataclass(frozen=True, slots=True)
class OwnItem:
    """So many of a kind, in a journal or a class, and of which period. Of a closing the first day on which it may come,
    and for which classes."""

    kind: OwnKind
    title: str
    count: int
    class_id: int | None = None
    course_id: int | None = None
    term_id: int | None = None  # none: the year
    period: str = ""
    closes_on: date | None = None


def own_items(session: Session, *, teacher_id: int, class_ids: Collection[int], today: date,
              named: Collection[int] = ()) -> tuple[list[OwnItem], Mapping[int, str]]:
    """What waits for a teacher who leads these classes; and the names of the classes that are `named`. One
    statement."""
    found, names = items_of_teachers(session, leads={teacher_id: class_ids}, today=today, named=named)
    return found[teacher_id], names


def items_of_teachers(session: Session, *, leads: Mapping[int, Collection[int]], today: date,
                      named: Collection[int] = ()) -> tuple[Mapping[int, list[OwnItem]], Mapping[int, str]]:
    """The same of many teachers, each with the classes that he leads. One statement."""
    class_ids = set().union(*leads.values())
    parts = [*_results(leads, today), _closings(leads, class_ids, today)]
    if class_ids:
        ended = years_missing(class_ids, since=today - AFTER_THE_YEAR, by=today + BEFORE_THE_END)
        parts += [_of_class(OwnKind.CLASS_YEAR, ended),
                  _of_class(OwnKind.REMARKS, unanswered_by_class(class_ids, today))]
    if named:
        parts.append(_row(OwnKind.NAMED, SchoolClass.id, count=literal(0)).where(SchoolClass.id.in_(named)))
    found = union_all(*parts).subquery("found")
    rows = session.execute(
        select(found, SchoolClass, Course, Subject.name.label("subject"), Term.name.label("period"))
        .outerjoin(SchoolClass, SchoolClass.id == found.c.class_id).outerjoin(Course, Course.id == found.c.course_id)
        .outerjoin(Subject, Subject.id == Course.subject_id).outerjoin(Term, Term.id == found.c.term_id)
        .order_by(SchoolClass.grade, SchoolClass.letter, Subject.name, Course.subgroup, Term.id.is_(None),
                  Term.number)).all()
    return ({teacher_id: _items([row for row in rows if row.kind != OwnKind.NAMED and (
                row.class_id in leads[teacher_id] if row.teacher_id is None else row.teacher_id == teacher_id)])
             for teacher_id in leads},
            {row.class_id: row.SchoolClass.name for row in rows if row.kind == OwnKind.NAMED})


def _items(rows: Sequence[Any]) -> list[OwnItem]:
    """Of one teacher, in the order in which it is told."""
    items, order = [_item(row) for row in rows if row.kind != OwnKind.CLOSING], list(OwnKind)
    return sorted(items, key=lambda item: order.index(item.kind)) + _closing_items(rows)


def _item(row: Any) -> OwnItem:
    of_class = row.SchoolClass.name if row.SchoolClass else ""
    title = course_title(of_class or row.Course.name, row.subject, row.Course.subgroup) if row.Course else of_class
    return OwnItem(OwnKind(row.kind), title, row.count, row.class_id, row.course_id, row.term_id, row.period or "год")


def _closing_items(rows: Sequence[Any]) -> list[OwnItem]:
    """One item for all classes that close on the same day."""
    classes: dict[tuple[date, str], list[str]] = defaultdict(list)
    for row in rows:
        if row.kind == OwnKind.CLOSING:
            classes[first_day_to_close(row.day), row.period].append(row.SchoolClass.name)
    return [OwnItem(OwnKind.CLOSING, ", ".join(of_day), len(of_day), period=period, closes_on=day)
            for (day, period), of_day in sorted(classes.items())]


def _row(kind: OwnKind, class_id: Any, *, teacher_id: Any = None, course_id: Any = None, term_id: Any = None,
         count: Any = None, day: Any = None) -> Select[Any]:
    """Without a teacher it is for who leads the class."""
    no_id = cast(null(), Integer)
    return select(literal(kind.value, String).label("kind"), class_id.label("class_id"),
                  (no_id if teacher_id is None else teacher_id).label("teacher_id"),
                  (no_id if course_id is None else course_id).label("course_id"),
                  (no_id if term_id is None else term_id).label("term_id"),
                  (func.count() if count is None else count).label("count"),
                  (cast(null(), Date) if day is None else day).label("day"))


def _of_class(kind: OwnKind, counted: Select[Any]) -> Select[Any]:
    of = counted.subquery()
    return _row(kind, of.c.class_id, teacher_id=of.c.get("teacher_id"), count=of.c.number)


def _results(teacher_ids: Collection[int], today: date) -> list[Select[Any]]:
    """Pupils of the own journals without a mark of a term that ends within a week, or is over and not closed; and
    without the year's."""
    by = today + BEFORE_THE_END
    term = and_(Term.year_id == Course.year_id, Term.scheme == terms_scheme(), Term.ends_on <= by,
                ~_closed_on(Enrolment.class_id, Term.ends_on))
    found = []
    for whole_class in (True, False):
        of_term = (_journals(teacher_ids, today, whole_class, Term.id).join(Term, term)
                   .outerjoin(SchemeOfTerm, and_(SchemeOfTerm.course_id == Course.id, SchemeOfTerm.term_id == Term.id))
                   .where(func.coalesce(SchemeOfTerm.scheme, Course.scheme) != MarkingScheme.MARKLESS.value,
                          _taught(Term.starts_on, Term.ends_on), ~_stands(Period.TERM, TermMark.term_id == Term.id))
                   .group_by(TeachingAssignment.teacher_id, Course.class_id, Course.id, Term.id))
        of_year = (_journals(teacher_ids, today, whole_class, cast(null(), Integer))
                   .where(SchoolYear.ends_on <= by, Course.scheme != MarkingScheme.MARKLESS.value,
                          _taught(SchoolYear.starts_on, SchoolYear.ends_on),
                          ~_stands(Period.YEAR, and_(TermMark.year_id == Course.year_id,
                                                     TermMark.term_id.is_(None))))
                   .group_by(TeachingAssignment.teacher_id, Course.class_id, Course.id))
        found += [of_term, of_year]
    return found


def _journals(teacher_ids: Collection[int], today: date, whole_class: bool, term_id: Any) -> Select[Any]:
    """The teachers' journals of a year that is not closed, with the pupils in them: of a whole class, or of a group."""
    query = (_row(OwnKind.RESULTS, Course.class_id, teacher_id=TeachingAssignment.teacher_id, course_id=Course.id,
                  term_id=term_id).select_from(TeachingAssignment)
             .join(Course, Course.id == TeachingAssignment.course_id)
             .join(SchoolYear, SchoolYear.id == Course.year_id)
             .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
             .where(TeachingAssignment.teacher_id.in_(teacher_ids), held(TeachingAssignment, today), unclosed(today),
                    Course.kind != CourseKind.ACTIVITY.value, SchoolYear.closed_at.is_(None),
                    SchoolYear.starts_on <= today, SchoolYear.ends_on >= today - AFTER_THE_YEAR))
    if whole_class:
        return query.join(Enrolment, and_(Enrolment.class_id == Course.class_id, Course.subgroup == 0,
                                          held(Enrolment, today))).where(~taught_at_home(today))
    return query.join(CourseMember, and_(CourseMember.course_id == Course.id, held(CourseMember, today))).join(
        Enrolment, and_(Enrolment.pupil_id == CourseMember.pupil_id, held(Enrolment, today)))


def _taught(first: Any, last: Any) -> Any:
    return exists().where(Lesson.course_id == Course.id, Lesson.state == LessonState.PLANNED.value,
                          Lesson.day.between(first, last))


def _stands(period: Period, of_it: Any) -> Any:
    return exists().where(TermMark.pupil_id == Enrolment.pupil_id, TermMark.subject_id == Course.subject_id, of_it,
                          TermMark.period == period.value, TermMark.value.is_not(None))


def _closed_on(class_id: Any, day: Any) -> Any:
    """Whether the class's term that holds the day is closed."""
    closed = Term.__table__.alias("closed_term")
    return exists().where(TermClosing.class_id == class_id, TermClosing.term_id == closed.c.id,
                          closed.c.starts_on <= day, closed.c.ends_on >= day)


def _closings(teacher_ids: Collection[int], class_ids: Collection[int], today: date) -> Select[Any]:
    """Terms of the classes that a teacher teaches or leads which are about to be closed, with their last lesson."""
    taught = (select(TeachingAssignment.teacher_id, Course.class_id)
              .join(Course, TeachingAssignment.course_id == Course.id)
              .where(TeachingAssignment.teacher_id.in_(teacher_ids), held(TeachingAssignment, today)))
    led = select(ClassTeacher.teacher_id, ClassTeacher.class_id).where(
        ClassTeacher.teacher_id.in_(teacher_ids), ClassTeacher.class_id.in_(class_ids), held(ClassTeacher, today))
    known = union(taught, led).subquery("known")
    return (_row(OwnKind.CLOSING, SchoolClass.id, teacher_id=known.c.teacher_id, term_id=Term.id, count=literal(1),
                 day=func.max(Lesson.day))
            .join(known, known.c.class_id == SchoolClass.id)
            .join(Term, and_(Term.year_id == SchoolClass.year_id, Term.scheme == SchoolClass.term_scheme))
            .join(Course, Course.class_id == SchoolClass.id)
            .join(Lesson, and_(Lesson.course_id == Course.id, Lesson.day.between(Term.starts_on, Term.ends_on),
                               Lesson.state == LessonState.PLANNED.value))
            .where(Term.ends_on.between(today - CLOSING_IN_SIGHT, today + BEFORE_THE_END),
                   ~exists().where(TermClosing.class_id == SchoolClass.id, TermClosing.term_id == Term.id))
            .group_by(known.c.teacher_id, SchoolClass.id, Term.id))
