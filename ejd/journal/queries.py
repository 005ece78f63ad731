"""Reading the journal of a course: pupils × lessons of a term. Four statements, whatever the class's size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import Select, and_, bindparam, select

from ejd.access import Actor
from ejd.db import Session, table_of
from ejd.journal import cells, grading
from ejd.journal.cells import Fact
from ejd.journal.closed import Door
from ejd.journal.launch import launch_of_marks
from ejd.journal.models import Work, WorkKind
from ejd.journal.queries_closed import closing_columns, said_of
from ejd.journal.queries_facts import eyes_of, facts_of
from ejd.roster.customs import scheme_on, terms_scheme
from ejd.roster.members import Member, members_of
from ejd.roster.models import Course, MarkingScheme, SchoolClass, Subject
from ejd.roster.scopes import course_title
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import Term, TermScheme
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class Column:
    """One lesson of the grid, with the declared works that its marks are for."""

    lesson_id: int
    day: date
    number: int
    begun: bool
    works: tuple[str, ...]  # short names
    work_ids: tuple[int, ...]
    merged: bool = False  # given together with another lesson (R6)
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pupil stands in the term: average (R11), how many marks, how few there may be (R13)."""

    average: Fraction | None
    marks: int
    least: int

    @property
    def density(self) -> Markup:
        return cells.density(self.marks, self.least)


class LateMark(NamedTuple):
    """A mark with a corner, in words for paper."""

    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    terms: Sequence[Term]
    term: Term
    columns: Sequence[Column]
    heads: Sequence[cells.Head]
    rows: Markup
    usual_kind: int  # of a mark put by a key: an answer at the lesson
    late: Sequence[LateMark]
    door: Door  # of the term shown
    said_of_closing: str  # that the term is closed, and whether it is open again
    markless: bool  # in this term only attendance is taken (R14)
    never_marked: bool  # nor in any other

    def line_of_heads(self, address: str | None = None) -> Markup:
        """The second line of the grid's head; `address` is where lessons live, up to the id, for who may write."""
        return Markup("".join(head.html(address) for head in self.heads))

    @property
    def months(self) -> list[tuple[str, int]]:
        """How many columns each month has, for the head of the grid."""
        return [(cells.MONTHS[month - 1], len(list(columns)))
                for month, columns in groupby(self.columns, key=lambda column: column.day.month)]


def journal_page(session: Session, *, course_id: int, term_id: int | None, settings: Settings, today: date,
                 now: datetime, day: date | None = None, reader: Actor | None = None) -> JournalPage | None:
    """The grid of a term: the asked one, else that of the day (today), in holidays the one before. None without
    terms. Illness is told to a `reader` who may know it (R40)."""
    found = session.execute(COURSE, {"course_id": course_id, "now": now}).all()
    if not found:
        return None
    course, school_class = found[0].Course, found[0].SchoolClass
    terms = [row.Term for row in found]
    term = next((term for term in terms if term.id == term_id), None) or term_to_show(terms, day or today)
    shown = next(row for row in found if row.Term is term)
    never = all(row.scheme == MarkingScheme.MARKLESS for row in found)
    columns = columns_between(session, course_id=course_id, first=term.starts_on, last=term.ends_on, now=now)
    grid = _Grid(columns, today, control_of_marks(settings, school_class))
    grid.fill(facts_of(session, course_id=course_id, first=term.starts_on, last=term.ends_on,
                       **eyes_of(reader, course.class_id)))
    members = members_of(session, course, first=term.starts_on, last=term.ends_on)
    rows = grid.rows(members, Standings(course, shown.scheme, term, settings, today))
    return JournalPage(terms, term, columns, grid.heads(), rows, found[0].kind_id, grid.late(members),
                       Door(shown.door_term, shown.door_year, shown.door_until), said_of(shown, now),
                       shown.scheme == MarkingScheme.MARKLESS, never)


def term_to_show(terms: Sequence[Term], day: date) -> Term:
    """The term of the day, in holidays the one before it, before the first the first."""
    return next((term for term in reversed(terms) if term.starts_on <= day), terms[0])


def control_of_marks(settings: Settings, school_class: SchoolClass | None) -> date | None:
    """The day from which marks of the class are controlled (R7)."""
    return launch_of_marks(settings).day_for(school_class.grade if school_class else None)


def title_of(course: Course, school_class: SchoolClass | None, subject: Subject) -> str:
    """«7А, Математика, подгруппа 2»"""
    return course_title(school_class.name if school_class else course.name, subject.name, course.subgroup)


def marks_of(facts: Iterable[Fact]) -> list[Counted]:
    """The marks among the facts, for averages."""
    return [(fact.id, fact.text or "", fact.weight, fact.retakes_id) for fact in facts if fact.what == cells.MARK]


Counted = tuple[int, str, int, int | None]  # a mark as `grading.counting` takes it


class Standings:
    """Averages and density of a course in a term, by the settings in force today."""

    def __init__(self, course: Course, scheme: str, term: Term | None, settings: Settings, today: date) -> None:
        self._how, self._retakes = settings.value("average", on=today), settings.value("retake", on=today)
        self._least = partial(grading.least_marks, course.half_hours, term.scheme if term else TermScheme.QUARTERS,
                              settings.value("density", on=today))
        self._counts = scheme == MarkingScheme.FIVE_POINT  # elsewhere R13 is silent (R14)
        self.markless = scheme == MarkingScheme.MARKLESS

    def of(self, marks: Collection[Counted], *, held: int, planned: int) -> Standing:
        """`held` of the `planned` lessons of the term have been held for this pupil (R13)."""
        least = self._least(Fraction(held, planned)) if planned and self._counts else 0
        counting = grading.counting(marks, self._retakes)
        return Standing(grading.average(counting, self._how), len(counting), least)

    def of_member(self, marks: Collection[Counted], member: Member, lessons: Sequence[Any]) -> Standing:
        """Of a pupil, by those of the term's lessons (`day`, `begun`) at which he was in the journal."""
        there = [lesson.begun for lesson in lessons if member.on(lesson.day)]
        return self.of(marks, held=sum(there), planned=len(there))


def columns_between(session: Session, *, course_id: int, first: date, last: date, now: datetime) -> list[Column]:
    """The lessons of a course between two days. One statement."""
    rows = session.execute(LESSONS, {"course_id": course_id, "first": first, "last": last, "now": now})
    columns = []
    for _, of_lesson in groupby(rows, key=lambda row: row.id):
        found = list(of_lesson)
        works = [row for row in found if row.work_id is not None]
        columns.append(Column(found[0].id, found[0].day, found[0].number, found[0].begun,
                              tuple(work.short_name for work in works), tuple(work.work_id for work in works),
                              found[0].merged_into_id is not None, found[0].remote))
    return columns


# Statements are built once: making them anew would cost the page a tenth of its time.
# The course with its terms, and the kind that a mark is for when nobody says.
COURSE = (
    select(Course, SchoolClass, Term, scheme_on(Term.starts_on).label("scheme"),
           select(WorkKind.id).order_by(WorkKind.position, WorkKind.id).limit(1).scalar_subquery().label("kind_id"),
           *closing_columns())
    .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
    .join(Term, and_(Term.year_id == Course.year_id, Term.scheme == terms_scheme()))
    .where(Course.id == bindparam("course_id")).order_by(Term.number))


def _lessons() -> Select[Any]:
    """Lessons with their declared works."""
    lesson, work, kind = table_of(Lesson), table_of(Work), table_of(WorkKind)
    return (select(lesson.c.id, lesson.c.day, lesson.c.number, (lesson.c.starts_at <= bindparam("now")).label("begun"),
                   kind.c.short_name, work.c.id.label("work_id"), lesson.c.merged_into_id, lesson.c.remote)
            .outerjoin_from(lesson, work, and_(work.c.lesson_id == lesson.c.id, work.c.withdrawn_at.is_(None)))
            .outerjoin(kind, kind.c.id == work.c.kind_id)
            .where(lesson.c.course_id == bindparam("course_id"), lesson.c.day >= bindparam("first"),
                   lesson.c.day <= bindparam("last"), lesson.c.state == LessonState.PLANNED.value)
            .order_by(lesson.c.day, lesson.c.number, work.c.id))


LESSONS = _lessons()


class _Grid:
    """The cells of a term on their way to HTML."""

    def __init__(self, columns: Sequence[Column], today: date, begins: date | None) -> None:
        self._columns, self._today, self._begins = columns, today, begins
        self._begun = sum(column.begun for column in columns)
        self._inside: dict[int, dict[int, str]] = defaultdict(dict)  # by pupil and lesson
        self._marks: dict[int, list[Counted]] = defaultdict(list)
        self._late: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self._first_mark: dict[int, int] = {}  # by lesson; facts come by kind and id
        self._with_works = {column.lesson_id for column in columns if column.works}

    def fill(self, facts: Iterable[Any]) -> None:
        """Put every fact into its cell. Marks, of which there are most, take the short way."""
        for fact in facts:
            (what, lesson_id, pupil_id, fact_id, version, text, weight, days, day, work_id, kind_id, _, retakes_id,
             notes) = fact
            if what == cells.MARK:
                self._marks[pupil_id].append((fact_id, text, weight, retakes_id))
                base = self._first_mark.setdefault(lesson_id, fact_id)
                other = "" if work_id or lesson_id not in self._with_works else cells.of_kind(kind_id)
                late = cells.words_of_lateness(day, days, self._begins) if days else ""
                html = cells.mark(f"+{fact_id - base}.{version}", text, late, day, other, retakes=bool(retakes_id),
                                  notes=notes)
                if late:
                    self._late[pupil_id].append((text, late))
            else:
                html = cells.piece(Fact._make(fact), today=self._today, begins=self._begins)
            here = self._inside[pupil_id]
            if what >= cells.EXCUSE and here.get(lesson_id):
                continue
            if lesson_id not in here:
                here[lesson_id] = html
            else:
                mended = f"+{retakes_id - self._first_mark[lesson_id]}" if retakes_id else ""
                here[lesson_id] = cells.beside(here[lesson_id], html, retaken=mended)

    def rows(self, members: Sequence[Member], standings: Standings) -> Markup:
        return Markup("").join([self._row(member, standings) for member in members if self._columns])

    def heads(self) -> list[cells.Head]:
        return [cells.Head(column.lesson_id, column.day, column.number, " ".join(column.works), column.work_ids,
                           self._first_mark.get(column.lesson_id),
                           cells.how_given(column.merged, column.remote)) for column in self._columns]

    def late(self, members: Sequence[Member]) -> list[LateMark]:
        """The late marks, by pupil."""
        return [LateMark(member.name, value, told) for member in members
                for value, told in self._late[member.pupil_id]]

    def _row(self, member: Member, standings: Standings) -> Markup:
        get = self._inside[member.pupil_id].get
        if self._always(member):
            tds = "<td>" + "<td>".join([get(column.lesson_id, "") for column in self._columns])
            held, planned = self._begun, len(self._columns)
        else:
            there = [column for column in self._columns if member.on(column.day)]
            tds = "".join([("<td>" if column in there else "<td class=x>") + get(column.lesson_id, "")
                           for column in self._columns])
            held, planned = sum(column.begun for column in there), len(there)
        if standings.markless:
            return cells.row_of_letters(member.pupil_id, member.name, tds)
        standing = standings.of(self._marks[member.pupil_id], held=held, planned=planned)
        return cells.row(member.pupil_id, member.name, tds, standing.average, standing.density)

    def _always(self, member: Member) -> bool:
        """Whether the pupil was in the journal at every lesson, as nearly everybody is."""
        first, last = self._columns[0].day, self._columns[-1].day
        return len(member.stays) == 1 and member.on(first) and member.on(last)
