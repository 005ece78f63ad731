"""Results of the school for the deputy: by class and journal what is set, missing, late and other than suggested, and
the list behind each figure. One statement each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select, union_all
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.documents.tables import Column, Value, figure
from ejd.results.behind import NOTHING, Behind, Key, marks_behind
from ejd.results.models import TermMark
from ejd.results.offering import EXEMPT, MARKLESS, NOT_CERTIFIED, Rules, offer_term
from ejd.results.queries import Slot, due_on, rules_on
from ejd.roster.belonging import held, unclosed
from ejd.roster.customs import terms_scheme
from ejd.roster.models import (
    Course,
    CourseKind,
    CourseMember,
    Enrolment,
    Person,
    SchemeOfTerm,
    SchoolClass,
    Subject,
    TeachingAssignment,
)
from ejd.school.calendar import Calendar, TermDates
from ejd.school.settings import Settings
from ejd.words import in_subgroup

GROUPS = "Группы из разных классов"


class What(StrEnum):
    """What is counted; the value stands in addresses."""

    MISSING = "missing"
    LATE = "late"
    DIFFERENT = "different"
    NOT_CERTIFIED = "not-certified"


TITLES = {What.MISSING: "Не выставлено", What.LATE: "Выставлено после срока", What.DIFFERENT: "Не по предложению",
          What.NOT_CERTIFIED: "Не аттестовано (н/а)"}
_LATE = and_(TermMark.value.is_not(None), TermMark.due_on.is_not(None), TermMark.entered_on > TermMark.due_on)
_DIFFERENT = and_(TermMark.value != TermMark.suggested, TermMark.value.not_in((EXEMPT, NOT_CERTIFIED)))
CONDITIONS = {What.MISSING: TermMark.value.is_(None), What.LATE: _LATE, What.DIFFERENT: _DIFFERENT,
              What.NOT_CERTIFIED: TermMark.value == NOT_CERTIFIED}
COLUMNS = (Column("Класс", 14), Column("Ученик", 50), Column("Предмет", 46), Column("Учитель", 38),
           Column("Средний", 16, "right"), Column("Отметок", 16, "right"), Column("Предложено", 18),
           Column("Стоит", 14), Column("Выставлено", 22), Column("Срок", 20), Column("Причина", 40))


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One journal in a period, or the sum of many."""

    course_id: int
    class_id: int | None
    class_name: str
    title: str
    teacher: str
    pupils: int
    missing: int
    late: int
    different: int
    not_certified: int

    def count(self, what: What) -> int:
        return int(getattr(self, what.name.lower()))

    @property
    def set(self) -> int:
        return self.pupils - self.missing


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class, or the groups over several, with its journals and the last day on time."""

    class_id: int | None
    name: str
    due_on: date | None
    total: JournalRow
    journals: Sequence[JournalRow]


@dataclass(frozen=True, slots=True)
class ListedResult:
    """A line of the list behind a figure; its cells are in the order of COLUMNS."""

    course_id: int
    pupil_id: int
    cells: tuple[Value, ...]


def overview_of(session: Session, *, calendar: Calendar, slot: Slot, settings: Settings,
                today: date) -> list[ClassRow]:
    """By class and journal, in a term or the year. One statement."""
    counts = [func.sum(case((CONDITIONS[what], 1), else_=0)).label(what.name.lower()) for what in What]
    pairs = pairs_on(day_of(calendar, slot, today))
    query = (_expected(calendar, slot, today, pairs, func.count().label("pupils"), *counts)
             .group_by(Course.id, SchoolClass.id, Subject.id, Person.id)
             .order_by(SchoolClass.grade, SchoolClass.letter, Subject.name, Course.subgroup))
    found: dict[int | None, tuple[SchoolClass | None, list[JournalRow]]] = {}
    for row in session.execute(query):
        of_class, teacher = row.SchoolClass, row.Person
        journal = JournalRow(row.Course.id, of_class and of_class.id, of_class.name if of_class else row.Course.name,
                             in_subgroup(row.subject, row.Course.subgroup), teacher.short_name if teacher else "",
                             row.pupils, row.missing, row.late, row.different, row.not_certified)
        found.setdefault(journal.class_id, (of_class, []))[1].append(journal)
    last = last_term(calendar, slot)
    return [ClassRow(class_id, one.name if one else GROUPS, due_on(calendar, last, one, settings) if last else None,
                     _sum(journals), journals) for class_id, (one, journals) in found.items()]


def list_of(session: Session, *, calendar: Calendar, slot: Slot, what: What, settings: Settings, today: date,
            class_id: int | None = None, course_id: int | None = None, most: int | None = None) -> list[ListedResult]:
    """Pupils and subjects behind a figure, of the school, a class or a journal. One statement, and for results of a
    term that are missing one more: what the first `most` of them would be."""
    pupil, pairs = aliased(Person), pairs_on(day_of(calendar, slot, today))
    scheme = func.coalesce(SchemeOfTerm.scheme, Course.scheme) if slot.term else Course.scheme
    query = (_expected(calendar, slot, today, pairs, pupil, TermMark, scheme).join(pupil, pupil.id == pairs.c.pupil_id)
             .where(CONDITIONS[what])
             .order_by(SchoolClass.grade, SchoolClass.letter, Subject.name, Course.subgroup, pupil.sort_key, pupil.id))
    if class_id is not None:
        query = query.where(Course.class_id == class_id)
    if course_id is not None:
        query = query.where(Course.id == course_id)
    rows = session.execute(query).all()
    if what is not What.MISSING:
        return [_listed(*row[:-1]) for row in rows]
    last = last_term(calendar, slot)
    due = {one and one.id: due_on(calendar, last, one, settings) if last else None
           for one in dict.fromkeys(row.SchoolClass for row in rows)}
    behind: dict[Key, Behind] = marks_behind(
        session, pupil_ids={row[4].id for row in rows[:most]}, year_id=calendar.year_id, settings=settings,
        term_ids=[slot.term.id], today=day_of(calendar, slot, today), unset=True) if slot.term else {}
    rules = rules_on(settings, day_of(calendar, slot, today))
    return [_missing(row, behind.get((row[4].id, row[0].subject_id, slot.term_id or 0), NOTHING), rules,
                     due[row.SchoolClass and row.SchoolClass.id]) for row in rows]


def _missing(row: Any, stands: Behind, rules: Rules, due: date | None) -> ListedResult:
    """Where nothing stands yet: what would be offered, and until when it is to be set."""
    course, school_class, subject, teacher, pupil, _, scheme = row
    offered = offer_term(stands.average, scheme, rules, passed=stands.passed, failed=stands.failed)
    return ListedResult(course.id, pupil.id, (
        *_who(course, school_class, subject, teacher, pupil), stands.average, stands.marks or None, figure(offered),
        None, None, due, ""))


def _listed(course: Course, school_class: SchoolClass | None, subject: str, teacher: Person | None, pupil: Person,
            mark: TermMark) -> ListedResult:
    return ListedResult(course.id, pupil.id, (
        *_who(course, school_class, subject, teacher, pupil), Fraction(mark.average) if mark.average else None,
        mark.marks, figure(mark.suggested), figure(mark.value), mark.entered_on, mark.due_on, mark.reason))


def _who(course: Course, school_class: SchoolClass | None, subject: str, teacher: Person | None,
         pupil: Person) -> tuple[Value, ...]:
    return (school_class.name if school_class else course.name, pupil.full_name, in_subgroup(subject, course.subgroup),
            teacher.short_name if teacher else "вакансия")


def last_term(calendar: Calendar, slot: Slot) -> TermDates | None:
    """Whose end the last day on time goes by: of the year it is the last term's."""
    return slot.term or max(calendar.terms, key=lambda term: term.ends_on, default=None)


def day_of(calendar: Calendar, slot: Slot, today: date) -> date:
    """On which day it counts who is in a journal."""
    return min(today, slot.term.ends_on if slot.term else calendar.ends_on)


def taught_at_home(day: date) -> Any:
    """Whether the pupil of `Enrolment` is taught the subject of `Course` at home on a day."""
    home, at_home = aliased(Course), aliased(CourseMember)
    return exists().where(
        at_home.course_id == home.id, home.kind == CourseKind.HOME.value, home.subject_id == Course.subject_id,
        home.year_id == Course.year_id, at_home.pupil_id == Enrolment.pupil_id, held(at_home, day))


def pairs_on(day: date) -> Any:
    """Pupils and the journals they are in on a day; who is taught a subject at home is not in the class's of it."""
    of_class = (select(Enrolment.pupil_id, Course.id.label("course_id"))
                .join(Course, and_(Course.class_id == Enrolment.class_id, Course.subgroup == 0))
                .where(held(Enrolment, day), ~taught_at_home(day)))
    of_group = select(CourseMember.pupil_id, CourseMember.course_id).where(held(CourseMember, day))
    return union_all(of_class, of_group).subquery("pairs")


def _expected(calendar: Calendar, slot: Slot, today: date, pairs: Any, *more: Any) -> Select[Any]:
    """What should be set, as it is shown."""
    return journals_due(calendar, slot, today, pairs, Course, SchoolClass, Subject.name.label("subject"), Person, *more)


def journals_due(calendar: Calendar, slot: Slot, today: date, pairs: Any, *columns: Any) -> Select[Any]:
    """What should be set: each pupil in each marked journal, with what stands; `Person` is the journal's teacher."""
    day, term = day_of(calendar, slot, today), slot.term
    in_slot = TermMark.term_id.is_(None) if term is None else TermMark.term_id == term.id
    query = (
        select(*columns).select_from(pairs)
        .join(Course, Course.id == pairs.c.course_id).join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .outerjoin(TeachingAssignment, and_(TeachingAssignment.course_id == Course.id, held(TeachingAssignment, day)))
        .outerjoin(Person, Person.id == TeachingAssignment.teacher_id)
        .outerjoin(TermMark, and_(TermMark.pupil_id == pairs.c.pupil_id, TermMark.subject_id == Course.subject_id,
                                  TermMark.year_id == Course.year_id, TermMark.period == slot.period.value, in_slot))
        .where(Course.year_id == calendar.year_id, unclosed(day), Course.kind != CourseKind.ACTIVITY.value))
    if term is None:
        return query.where(Course.scheme != MARKLESS)
    return (query.outerjoin(SchemeOfTerm, and_(SchemeOfTerm.course_id == Course.id, SchemeOfTerm.term_id == term.id))
            .where(terms_scheme() == term.scheme, func.coalesce(SchemeOfTerm.scheme, Course.scheme) != MARKLESS))


def total_of(rows: Iterable[ClassRow]) -> JournalRow:
    return _sum([row.total for row in rows])


def _sum(rows: Sequence[JournalRow]) -> JournalRow:
    def of(name: str) -> int:
        return sum(getattr(row, name) for row in rows)

    return JournalRow(0, None, "", "", "", of("pupils"), of("missing"), of("late"), of("different"),
                      of("not_certified"))
