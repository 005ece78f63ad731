"""Reading one lesson: its record, the class with attendance and marks, and what a single cell holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from ejd.access import Actor
from ejd.db import Session
from ejd.journal import cells, marking
from ejd.journal.cells import Fact
from ejd.journal.closed import Door, door_columns
from ejd.journal.lessons_in_a_row import homework_of_row, of_class
from ejd.journal.models import Homework, Work, WorkKind
from ejd.journal.queries import (
    Standing,
    Standings,
    control_of_marks,
    marks_of,
    title_of,
)
from ejd.journal.queries_facts import eyes_of, facts_of
from ejd.roster.customs import scheme_on, terms_scheme
from ejd.roster.members import members_of
from ejd.roster.models import Course, MarkingScheme, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import Term
from ejd.school.settings import Settings
from ejd.words import work_name

LESSONS_AHEAD, LOOK_AHEAD = 12, timedelta(days=120)


@dataclass(frozen=True, slots=True)
class LessonOfCourse:
    """A lesson with the course, class, subject and term it belongs to."""

    lesson: Lesson
    course: Course
    school_class: SchoolClass | None
    subject: Subject
    term: Term | None
    scheme: str  # of that term (R14)
    door: Door

    def why_shut(self, settings: Settings, at: datetime) -> str:
        """Why nothing of the lesson can be changed (R6, R8); empty while it can."""
        if self.lesson.state != LessonState.PLANNED:
            return marking.Refusal.CANCELLED
        return self.door.why_shut(self.lesson.day, settings=settings, at=at)

    @property
    def title(self) -> str:
        return title_of(self.course, self.school_class, self.subject)

    @property
    def markless(self) -> bool:
        """Where no marks are given the sheet takes attendance only (R14)."""
        return self.scheme == MarkingScheme.MARKLESS

    def offered(self, settings: Settings) -> list[str]:
        """The marks that are put here (R10, R14)."""
        return marking.offered(marking.Scheme(pass_fail=self.scheme == MarkingScheme.PASS_FAIL,
                                              ones=settings.value("marks.one", on=self.lesson.day)))

    def substitute_is(self, person_id: int) -> bool:
        """Whether this person only stands in: the lesson is theirs, the journal is not (R33)."""
        return self.lesson.substitutes_id is not None and self.lesson.teacher_id == person_id

    @property
    def span(self) -> tuple[date, date]:
        """The days whose marks make the average beside the lesson: the term, or the day alone in holidays."""
        return (self.term.starts_on, self.term.ends_on) if self.term else (self.lesson.day, self.lesson.day)


@dataclass(frozen=True, slots=True)
class Record(LessonOfCourse):
    """What is written down of a lesson, and the lessons at which new homework may be due.

    Of lessons in a row each inherits the homework that stands in any of them (R5).
    """

    homework: Homework | None
    inherited: Homework | None
    replaced: str  # whom a substitute replaces, «Фамилия И. О.»
    lessons: Sequence[Any]  # of the term and after: rows of id, day, number, begun

    @property
    def ahead(self) -> Sequence[Any]:
        """The next lessons of the group."""
        return [row for row in self.lessons if row.day > self.lesson.day][:LESSONS_AHEAD]

    @property
    def of_term(self) -> Sequence[Any]:
        first, last = self.span
        return [row for row in self.lessons if first <= row.day <= last]

    @property
    def counting(self) -> Homework | None:
        """The homework that counts for the lesson."""
        return self.homework or self.inherited

    @property
    def due(self) -> str:
        """The lesson at which the homework is due, as the form's select has it: the next one unless chosen."""
        if self.homework and self.homework.due_lesson_id and not self.homework.not_set:
            return str(self.homework.due_lesson_id)
        return str(self.ahead[0].id) if self.ahead else ""

    @property
    def due_day(self) -> date | None:
        """The day on which the homework is due, or would be."""
        if self.homework and self.homework.due_on:
            return self.homework.due_on
        return next((row.day for row in self.lessons if str(row.id) == self.due), None)

    @property
    def days_ahead(self) -> list[date]:
        """The days on which homework may be due, as the form offers them."""
        return sorted({*(row.day for row in self.ahead), *filter(None, [self.due_day])})


@dataclass(frozen=True, slots=True)
class WorkOfLesson:
    """A declared work, one column of the lesson's sheet."""

    id: int
    kind_id: int
    kind: str
    short: str
    title: str
    weight: int
    version: int

    @classmethod
    def of(cls, work: Work, kind: WorkKind) -> WorkOfLesson:
        return cls(work.id, kind.id, kind.name, kind.short_name, work.title, work.weight, work.version)

    @property
    def name(self) -> str:
        return work_name(self.kind, self.title)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One field of the sheet: `place` is «a» for attendance, a work's id, or 0 for marks without a work."""

    id: str
    place: str
    inside: Markup


@dataclass(frozen=True, slots=True)
class SheetRow:
    pupil_id: int
    name: str
    cells: Sequence[SheetCell]
    standing: Standing
    facts: Sequence[Fact]  # of this lesson

    @property
    def exempt(self) -> bool:
        """«осв» (R10)"""
        return any(fact.what == cells.EXEMPTION for fact in self.facts)

    @property
    def letter(self) -> Fact | None:
        """The attendance row, whose code may be cleared."""
        return next((fact for fact in self.facts if fact.what == cells.ATTENDANCE), None)

    @property
    def excused(self) -> Fact | None:
        """The letter of an excuse that waits for attendance to be taken."""
        return next((fact for fact in self.facts if fact.what == cells.EXCUSE and fact.text != cells.ANNOUNCED), None)

    def marks_for(self, work_id: int | None) -> list[str]:
        """The marks that stand for a work, or for none."""
        return [fact.text or "" for fact in self.facts if fact.what == cells.MARK and fact.work_id == (work_id or 0)]


@dataclass(frozen=True, slots=True)
class LessonPage:
    record: Record
    works: Sequence[WorkOfLesson]
    kinds: Sequence[WorkKind]
    rows: Sequence[SheetRow]

    @property
    def usual_kind(self) -> int:
        """The kind of a mark that is put without saying for what: an answer at the lesson."""
        return self.kinds[0].id if self.kinds else 0


def _in_course(*more: Any) -> Select[Any]:
    """The course `course_id` with its class, subject, and the term of a `day`, and what is selected besides."""
    return (select(Course, SchoolClass, Subject, Term, scheme_on(bindparam("day")).label("scheme"),
                   *door_columns(bindparam("day", type_=Date)), *more)
            .join(Subject, Subject.id == Course.subject_id)
            .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
            .outerjoin(Term, and_(Term.year_id == Course.year_id, Term.scheme == terms_scheme(),
                                  Term.starts_on <= bindparam("day"), Term.ends_on >= bindparam("day")))
            .where(Course.id == bindparam("course_id")))


IN_COURSE = _in_course()


def in_course(session: Session, lesson: Lesson) -> tuple[Any, ...]:
    """The lesson's course, class, subject, term, how it is marked in it, and its door. One statement."""
    *found, term, year, until = session.execute(IN_COURSE, {"course_id": lesson.course_id, "day": lesson.day}).one()
    return (*found, Door(term, year, until))


def record_of(session: Session, lesson: Lesson, now: datetime) -> Record:
    """The lesson's record. One statement."""
    this, other, regular, of_row = aliased(Lesson), aliased(Lesson), aliased(Person), aliased(Homework)
    rows = session.execute(
        _in_course(Homework, of_row, regular, other.id, other.day, other.number,
                   (other.starts_at <= now).label("begun"))
        .join(this, this.id == lesson.id)
        .outerjoin(Homework, of_class(this))
        .outerjoin(of_row, of_row.id == homework_of_row(this))
        .outerjoin(regular, regular.id == lesson.substitutes_id)
        .outerjoin(other, and_(other.course_id == Course.id, other.state == LessonState.PLANNED.value,
                               other.day >= func.coalesce(Term.starts_on, lesson.day),
                               or_(other.day <= Term.ends_on, other.day <= lesson.day + LOOK_AHEAD)))
        .order_by(other.starts_at),
        {"course_id": lesson.course_id, "day": lesson.day}).all()
    course, school_class, subject, term, scheme, *door, homework, inherited, replaced = rows[0][:11]
    return Record(lesson, course, school_class, subject, term, scheme, Door(*door), homework, inherited,
                  replaced.short_name if replaced else "",
                  list({row.id: row for row in rows if row.id}.values()))


def lesson_page(session: Session, *, lesson: Lesson, settings: Settings, today: date, now: datetime,
                reader: Actor | None = None) -> LessonPage:
    """The lesson with its class on one screen, illness told to a `reader` who may know it (R40). Four statements."""
    record = record_of(session, lesson, now)
    first, last = record.span
    works, kinds = works_of(session, lesson.id)
    of_pupil: dict[int, list[Fact]] = defaultdict(list)
    for fact in map(Fact._make, facts_of(session, course_id=lesson.course_id, first=first, last=last,
                                               **eyes_of(reader, record.course.class_id))):
        of_pupil[fact.pupil_id].append(fact)
    standings = Standings(record.course, record.scheme, record.term, settings, today)
    rows = [SheetRow(member.pupil_id, member.name,
                     sheet_cells(record, works, kinds, member.pupil_id, of_pupil[member.pupil_id], settings, today),
                     standings.of_member(marks_of(of_pupil[member.pupil_id]), member, record.of_term),
                     [fact for fact in of_pupil[member.pupil_id] if fact.lesson_id == lesson.id])
            for member in members_of(session, record.course, first=lesson.day, last=lesson.day)]
    return LessonPage(record, works, kinds, rows)


def works_of(session: Session, lesson_id: int) -> tuple[list[WorkOfLesson], list[WorkKind]]:
    """The lesson's declared works, and every kind of work in order. One statement."""
    rows = session.execute(
        select(WorkKind, Work)
        .outerjoin(Work, and_(Work.kind_id == WorkKind.id, Work.lesson_id == lesson_id,
                              Work.withdrawn_at.is_(None)))
        .order_by(WorkKind.position, WorkKind.id)).all()
    works = [WorkOfLesson.of(work, kind) for kind, work in rows if work is not None]
    return sorted(works, key=lambda work: work.id), list({kind.id: kind for kind, _ in rows}.values())


def sheet_cells(where: LessonOfCourse, works: Sequence[WorkOfLesson], kinds: Sequence[WorkKind], pupil_id: int,
                facts: Iterable[Fact], settings: Settings, today: date) -> list[SheetCell]:
    """The fields of one pupil at the lesson: attendance, each declared work, other marks with their kinds."""
    places: dict[str, list[Fact]] = {"a": []}
    if not where.markless:
        places |= {**{str(work.id): [] for work in works}, "0": []}
    here = [fact for fact in facts if fact.lesson_id == where.lesson.id]
    for fact in here:
        place = "a" if fact.what in (cells.ATTENDANCE, cells.EXCUSE) else str(fact.work_id or 0)
        if fact.what != cells.EXEMPTION and place in places:
            places[place].append(fact)
    if exempt := [fact for fact in here if fact.what == cells.EXEMPTION]:  # of all that marks are put for
        for place in places.keys() - {"a"}:
            places[place] += exempt
    begins = control_of_marks(settings, where.school_class)
    names = {kind.id: kind.short_name for kind in kinds[1:]}  # the first is the usual one
    return [SheetCell(f"p{pupil_id}-{place}", place, cells.inside(found, today=today, begins=begins, kinds=names))
            for place, found in places.items()]
