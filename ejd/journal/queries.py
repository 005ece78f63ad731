"""Reading the journal of a course: pupils × lessons of a term. Four statements, whatever the class's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import Any

from markupsafe import Markup
from sqlalchemy import Date, String, and_, case, cast, func, literal, literal_column, null, select, union_all

from ejd import words
from ejd.db import Session
from ejd.journal import cells, deadlines, grading
from ejd.journal.cells import Fact
from ejd.journal.models import Attendance, Awaiting, Expectation, Mark, Work, WorkKind
from ejd.roster.members import Member, members_of
from ejd.roster.models import Course, MarkingScheme, SchoolClass, Subject
from ejd.roster.scopes import course_title
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import Term, TermScheme
from ejd.school.settings import Settings

MONTHS = ("январь", "февраль", "март", "апрель", "май", "июнь",
          "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")


@dataclass(frozen=True, slots=True)
class Column:
    """One lesson of the grid."""

    lesson_id: int
    day: date
    number: int
    begun: bool
    attended: bool  # attendance was saved
    works: str  # short names of declared works: «к/р»
    work_id: int | None  # the one that a mark put by a key is for

    @property
    def weekday(self) -> str:
        return words.WEEKDAYS[self.day.weekday()]

    @property
    def title(self) -> str:
        """What the column's head says in full: «вт, 15 сентября, 2-й урок»."""
        return f"{words.weekday_day(self.day)}, {self.number}-й урок"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pupil stands in the term: average (R11), how many marks, how few there may be (R13)."""

    average: Fraction | None
    marks: int
    least: int

    @property
    def density(self) -> Markup:
        return cells.density(self.marks, self.least)


@dataclass(frozen=True, slots=True)
class JournalPage:
    course_id: int
    title: str
    terms: Sequence[Term]
    term: Term
    columns: Sequence[Column]
    rows: Markup
    usual_kind: int  # of a mark put by a key: an answer at the lesson

    @property
    def months(self) -> list[tuple[str, int]]:
        """How many columns each month has, for the head of the grid."""
        return [(MONTHS[month - 1], len(list(columns)))
                for month, columns in groupby(self.columns, key=lambda column: column.day.month)]


def journal_page(session: Session, *, course_id: int, term_id: int | None, settings: Settings, today: date,
                 now: datetime) -> JournalPage | None:
    """The grid of a term: the asked one, else the one of today, in holidays the one before. None without terms."""
    found = session.execute(
        select(Course, SchoolClass, Subject, Term, usual_kind().label("kind_id"))
        .join(Subject, Subject.id == Course.subject_id)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .join(Term, and_(Term.year_id == Course.year_id, Term.scheme == scheme_of_course()))
        .where(Course.id == course_id).order_by(Term.number)).all()
    if not found:
        return None
    course, school_class, subject, *_ = found[0]
    terms = [row.Term for row in found]
    term = next((term for term in terms if term.id == term_id), None) or term_to_show(terms, today)
    members = members_of(session, course, first=term.starts_on, last=term.ends_on)
    columns = _columns(session, course_id, term, now)
    facts = session.execute(facts_of_course(course_id, term.starts_on, term.ends_on)).all()
    begins = control_of_marks(settings, school_class)
    rows = _rows(members, columns, facts, Standings(course, term, settings, today), today, begins)
    return JournalPage(course_id, title_of(course, school_class, subject), terms, term, columns, rows,
                       found[0].kind_id)


def usual_kind() -> Any:
    """The kind that stands first: what a mark is for when nobody says."""
    return select(WorkKind.id).order_by(WorkKind.position, WorkKind.id).limit(1).scalar_subquery()


def scheme_of_course() -> Any:
    """The marking terms of a class (R15); a cross-class group keeps to quarters."""
    return func.coalesce(SchoolClass.term_scheme, TermScheme.QUARTERS.value)


def term_to_show(terms: Sequence[Term], day: date) -> Term:
    """The term of the day, in holidays the one before it, before the first the first."""
    return next((term for term in reversed(terms) if term.starts_on <= day), terms[0])


def control_of_marks(settings: Settings, school_class: SchoolClass | None) -> date | None:
    """The day from which marks of the class are controlled (R7)."""
    return deadlines.control_begins(settings.day("launch.marks"), settings.value("launch.grades", on=None),
                                    school_class.grade if school_class else None)


def title_of(course: Course, school_class: SchoolClass | None, subject: Subject) -> str:
    """«7А, Математика, подгруппа 2»"""
    return course_title(school_class.name if school_class else course.name, subject.name, course.subgroup)


def facts_of_course(course_id: int, first: date, last: date, pupil_id: int | None = None) -> Any:
    """What stands in the cells of a course between two days, in the order of `Fact`; all pupils' or one's."""
    def in_course(query: Any, pupil: Any) -> Any:
        query = query.where(Lesson.course_id == course_id, Lesson.day >= first, Lesson.day <= last)
        return query if pupil_id is None else query.where(pupil == pupil_id)

    attendance = in_course(
        select(literal(cells.ATTENDANCE).label("what"), Attendance.lesson_id, Attendance.pupil_id, Attendance.id,
               Attendance.version, cast(Attendance.code, String(10)).label("text"), literal(0).label("weight"),
               literal(0).label("days"), cast(null(), Date).label("day"), literal(0).label("work_id"))
        .join(Lesson, Lesson.id == Attendance.lesson_id), Attendance.pupil_id)
    marks = in_course(
        select(literal(cells.MARK), Mark.lesson_id, Mark.pupil_id, Mark.id, Mark.version,
               cast(Mark.value, String(10)), Mark.weight,
               case((WorkKind.in_timeliness.is_(True), Mark.days_taken), else_=0), Mark.received_on,
               func.coalesce(Mark.work_id, 0))
        .join(Lesson, Lesson.id == Mark.lesson_id).join(WorkKind, WorkKind.id == Mark.kind_id)
        .where(Mark.withdrawn_at.is_(None)), Mark.pupil_id)
    awaited = in_course(
        select(literal(cells.EXPECTATION), Work.lesson_id, Expectation.pupil_id, Expectation.id,
               Expectation.version, cast(Expectation.awaiting, String(10)), literal(0), literal(0),
               case((Expectation.awaiting == Awaiting.PUPIL.value, Expectation.hand_in_by),
                    else_=Expectation.due_on), Work.id)
        .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
        .where(Work.withdrawn_at.is_(None),
               Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value))), Expectation.pupil_id)
    return union_all(attendance, marks, awaited).order_by(literal_column("1"), literal_column("4"))


def marks_of(facts: Iterable[Fact]) -> list[tuple[str, int]]:
    """The marks among the facts as (value, weight), for averages."""
    return [(fact.text or "", fact.weight) for fact in facts if fact.what == cells.MARK]


class Standings:
    """Averages and density of a course in a term, by the settings in force today."""

    def __init__(self, course: Course, term: Term | None, settings: Settings, today: date) -> None:
        self._how = settings.value("average", on=today)
        self._least = partial(grading.least_marks, course.half_hours, term.scheme if term else TermScheme.QUARTERS,
                              settings.value("density", on=today))
        self._counts = course.scheme == MarkingScheme.FIVE_POINT  # elsewhere R13 is silent (R14)

    def of(self, marks: Collection[tuple[str, int]], *, held: int, planned: int) -> Standing:
        """`held` of the `planned` lessons of the term have been held for this pupil (R13)."""
        least = self._least(Fraction(held, planned)) if planned and self._counts else 0
        return Standing(grading.average(marks, self._how), len(marks), least)


def _columns(session: Session, course_id: int, term: Term, now: datetime) -> list[Column]:
    rows = session.execute(
        select(Lesson.id, Lesson.day, Lesson.number, Lesson.starts_at, Lesson.attendance_at, WorkKind.short_name,
               Work.id.label("work_id"))
        .outerjoin(Work, and_(Work.lesson_id == Lesson.id, Work.withdrawn_at.is_(None)))
        .outerjoin(WorkKind, WorkKind.id == Work.kind_id)
        .where(Lesson.course_id == course_id, Lesson.day >= term.starts_on, Lesson.day <= term.ends_on,
               Lesson.state != LessonState.CANCELLED.value)
        .order_by(Lesson.day, Lesson.number, Work.id)).all()
    works: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.short_name:
            works[row.id].append(row.short_name)
    return [Column(row.id, row.day, row.number, row.starts_at <= now, row.attendance_at is not None,
                   " ".join(works[row.id]), row.work_id)
            for row in {row.id: row for row in reversed(rows)}.values()][::-1]


def _rows(members: Sequence[Member], columns: Sequence[Column], facts: Iterable[Any], standings: Standings,
          today: date, begins: date | None) -> Markup:
    inside: dict[int, dict[int, str]] = defaultdict(dict)
    marks: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in facts:
        fact = Fact._make(row)
        if html := cells.piece(fact, today=today, begins=begins):
            here, lesson_id = inside[fact.pupil_id], fact.lesson_id
            here[lesson_id] = f"{here[lesson_id]} {html}" if lesson_id in here else html
        if fact.what == cells.MARK:
            marks[fact.pupil_id].append((fact.text or "", fact.weight))
    rows = []
    for member in members:
        there, here = _there(member, columns), inside[member.pupil_id]
        tds = [("<td>" if present else "<td class=x>") + here.get(column.lesson_id, "")
               for column, present in zip(columns, there, strict=True)]
        held = sum(column.begun and present for column, present in zip(columns, there, strict=True))
        standing = standings.of(marks[member.pupil_id], held=held, planned=sum(there))
        rows.append(cells.row(member.pupil_id, member.name, tds, standing.average, standing.density))
    return Markup("").join(rows)


def _there(member: Member, columns: Sequence[Column]) -> list[bool]:
    """Whether the pupil was in the journal, lesson by lesson. Nearly everybody is all the time: asked first."""
    if columns and len(member.stays) == 1 and member.on(columns[0].day) and member.on(columns[-1].day):
        return [True] * len(columns)
    return [member.on(column.day) for column in columns]
