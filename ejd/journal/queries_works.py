"""Reading works: those of a journal with what each expects (R4), and one with everybody's mark, to be entered in one
go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, func, select

from ejd.db import Session
from ejd.journal import cells, criteria, deadlines, expecting
from ejd.journal.cells import Fact
from ejd.journal.expecting import Awaiting, is_away
from ejd.journal.models import Expectation, Mark, Work, WorkCriterion, WorkKind
from ejd.journal.points import Sum, sum_of
from ejd.journal.queries import control_of_marks
from ejd.journal.queries_facts import facts_of
from ejd.journal.queries_lesson import LessonOfCourse, WorkOfLesson, in_course
from ejd.roster.customs import scheme_on
from ejd.roster.members import Member, members_of
from ejd.roster.models import Course, MarkingScheme, SchoolClass
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import Term
from ejd.school.settings import Settings

BACK, AHEAD = timedelta(days=14), timedelta(days=60)  # the lessons for which a work is declared


class Standing(StrEnum):
    """How far a declared work is."""

    PLANNED = "planned"
    UNCALLED = "uncalled"  # the lesson came, attendance is not there: nothing is expected yet (R4)
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class WorkInJournal:
    """A declared work with its figures: of how many a mark is expected, how many have one, of how many it is overdue
    by the teacher, how many owe the work."""

    id: int
    name: str
    weight: int
    lesson_id: int
    day: date
    standing: Standing
    expected: int
    marked: int
    overdue: int
    owed: int
    due_on: date | None  # the first day that passes


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One pupil of a work: the latest mark, what it re-took, what is expected instead."""

    pupil_id: int
    name: str
    letter: str
    exempt: bool
    mark: Mark | None
    before: str  # «3→», the marks that were re-taken, or others that stand for the work
    said: str
    later: bool  # «когда написал?» is asked (R3)
    points: Mapping[int, int]
    total: Sum | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    work: Work
    kind: WorkOfLesson
    place: LessonOfCourse
    lines: Sequence[WorkLine]
    criteria: Sequence[WorkCriterion]

    @property
    def missing(self) -> int:
        return sum(1 for line in self.lines if not line.mark)


def standing_work(session: Session, work_id: int) -> Work | None:
    """The work, unless it was taken back. One statement."""
    return session.scalars(select(Work).where(Work.id == work_id, Work.withdrawn_at.is_(None))).one_or_none()


def kinds_in_order(session: Session) -> Sequence[WorkKind]:
    """Every kind of work. One statement."""
    return session.scalars(select(WorkKind).order_by(WorkKind.position, WorkKind.id)).all()


def is_marked(session: Session, *, course_id: int) -> bool:
    """Whether marks are given in some term of the journal (R14). One statement."""
    found = session.scalars(
        select(scheme_on(Term.starts_on)).select_from(Course).join(Term, Term.year_id == Course.year_id)
        .where(Course.id == course_id)).all()
    return not found or any(scheme != MarkingScheme.MARKLESS for scheme in found)


def works_of_course(session: Session, *, course_id: int, settings: Settings, today: date) -> list[WorkInJournal]:
    """The year's declared works, the latest first. One statement."""
    awaited = and_(Expectation.awaiting == Awaiting.TEACHER.value)
    marked = (select(Mark.work_id, func.count(Mark.pupil_id.distinct()).label("marked"))
              .where(Mark.work_id.is_not(None), Mark.withdrawn_at.is_(None))
              .join(Lesson, Lesson.id == Mark.lesson_id).where(Lesson.course_id == course_id)
              .group_by(Mark.work_id).subquery())
    figures = (select(Expectation.work_id, func.count().label("expected"),
                      func.sum(case((awaited, 1), else_=0)).label("awaited"),
                      func.sum(case((and_(awaited, Expectation.due_on < today), 1), else_=0)).label("overdue"),
                      func.sum(case((Expectation.awaiting == Awaiting.PUPIL.value, 1), else_=0)).label("owed"),
                      func.min(case((awaited, Expectation.due_on))).label("due_on"))
               .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
               .where(Lesson.course_id == course_id, Expectation.awaiting != Awaiting.RELEASED.value)
               .group_by(Expectation.work_id).subquery())
    rows = session.execute(
        select(Work, WorkKind, Lesson.day, Lesson.attendance_at, SchoolClass, func.coalesce(marked.c.marked, 0)
               .label("marked"), figures.c.expected, figures.c.awaited, figures.c.overdue, figures.c.owed,
               figures.c.due_on)
        .join(WorkKind, WorkKind.id == Work.kind_id).join(Lesson, Lesson.id == Work.lesson_id)
        .join(Course, Course.id == Lesson.course_id).outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .outerjoin(marked, marked.c.work_id == Work.id).outerjoin(figures, figures.c.work_id == Work.id)
        .where(Lesson.course_id == course_id, Work.withdrawn_at.is_(None))
        .order_by(Lesson.day.desc(), Lesson.number.desc(), Work.id.desc()))
    return [_in_journal(row, settings, today) for row in rows]


def _in_journal(row: Any, settings: Settings, today: date) -> WorkInJournal:
    controlled = deadlines.is_controlled(row.day, control_of_marks(settings, row.SchoolClass))  # R7
    if row.day > today:
        standing = Standing.PLANNED
    elif row.attendance_at is None:
        standing = Standing.UNCALLED
    else:
        standing = Standing.OPEN if row.awaited or row.owed else Standing.DONE
    return WorkInJournal(
        row.Work.id, WorkOfLesson.of(row.Work, row.WorkKind).name, row.Work.weight, row.Work.lesson_id, row.day,
        standing, row.expected or 0, row.marked, (row.overdue or 0) if controlled else 0, row.owed or 0,
        row.due_on if controlled else None)


def lessons_for_works(session: Session, *, course_id: int, today: date) -> Sequence[Any]:
    """The lessons for which a work may be declared, as rows of id, day and number. One statement."""
    return session.execute(
        select(Lesson.id, Lesson.day, Lesson.number)
        .where(Lesson.course_id == course_id, Lesson.state == LessonState.PLANNED.value,
               Lesson.day.between(today - BACK, today + AHEAD)).order_by(Lesson.day, Lesson.number)).all()


def holds_lesson(session: Session, *, course_id: int, lesson_id: int) -> bool:
    """Whether the lesson is this journal's."""
    return session.scalar(select(Lesson.id).filter_by(id=lesson_id, course_id=course_id)) is not None


def work_page(session: Session, *, work: Work, lesson: Lesson, settings: Settings, today: date) -> WorkPage:
    """Everybody of the lesson's list with what stands for the work. Five statements; with criteria two more."""
    place = LessonOfCourse(lesson, *in_course(session, lesson))
    rows = session.execute(select(WorkKind, Mark).outerjoin(
        Mark, and_(Mark.work_id == work.id, Mark.withdrawn_at.is_(None)))
        .where(WorkKind.id == work.kind_id).order_by(Mark.id)).all()
    marks: dict[int, list[Mark]] = defaultdict(list)
    for _, mark in rows:
        if mark is not None:
            marks[mark.pupil_id].append(mark)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for fact in map(Fact._make, facts_of(session, course_id=lesson.course_id, first=lesson.day, last=lesson.day)):
        if fact.lesson_id == lesson.id:
            facts[fact.pupil_id].append(fact)
    judged = criteria.criteria_of(session, work.id) if settings.value("works.criteria", on=lesson.day) else ()
    scores = criteria.scores_of(session, [mark.id for found in marks.values() for mark in found]) if judged else {}
    begins, most = control_of_marks(settings, place.school_class), {one.id: one.most for one in judged}
    lines = [_line(member, marks[member.pupil_id], facts[member.pupil_id], work.id, scores, most, begins, today)
             for member in members_of(session, place.course, first=lesson.day, last=lesson.day)]
    return WorkPage(work, WorkOfLesson.of(work, rows[0].WorkKind), place, lines, judged)


def _line(member: Member, marks: Sequence[Mark], facts: Sequence[Fact], work_id: int,
          scores: Mapping[int, Mapping[int, int]], most: Mapping[int, int], begins: date | None,
          today: date) -> WorkLine:
    letter = next((fact.text for fact in facts if fact.what == cells.ATTENDANCE and fact.text), "")
    awaited = next((fact for fact in facts if fact.what == cells.EXPECTATION and fact.work_id == work_id), None)
    mark = marks[-1] if marks else None
    before = "".join(f"{one.value}→" if any(other.retakes_id == one.id for other in marks) else f"{one.value} "
                     for one in marks[:-1])
    points = scores.get(mark.id, {}) if mark else {}
    later = mark is None and (is_away(letter) or awaited is not None and awaited.text == Awaiting.PUPIL)
    return WorkLine(member.pupil_id, member.name, letter, any(fact.what == cells.EXEMPTION for fact in facts), mark,
                    before, _said(awaited, begins, today), later, points, sum_of(points, most))


def _said(awaited: Fact | None, begins: date | None, today: date) -> str:
    """What is expected instead of a mark, in words (R4)."""
    if awaited is None or awaited.received_on is None:
        return ""
    if awaited.text == Awaiting.PUPIL:
        return expecting.sentence_of_expectation(expecting.Cell.OWED, due_on=None, hand_in_by=awaited.day, today=today)
    term = deadlines.term_of_teacher(awaited.day, awaited.received_on, begins)
    return expecting.sentence_for_teacher(expecting.cell_of(awaited.text, term, today), term)
