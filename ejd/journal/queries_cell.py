"""Reading one cell: a pupil at a lesson, for the answer to a save and for the page where everything can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup
from sqlalchemy import and_, exists, select

from ejd.access import Actor
from ejd.db import Session
from ejd.journal import cells, deadlines, expecting, history
from ejd.journal.cells import Fact
from ejd.journal.excused import waiting_letter
from ejd.journal.models import Attendance, Awaiting, Exemption, Expectation, Mark, Work, WorkKind
from ejd.journal.queries import Standing, Standings, columns_between, control_of_marks, marks_of
from ejd.journal.queries_facts import eyes_of, facts_of
from ejd.journal.queries_history import Event, history_of_cell
from ejd.journal.queries_lesson import LessonOfCourse, SheetCell, WorkOfLesson, in_course, sheet_cells, works_of
from ejd.roster.belonging import held
from ejd.roster.members import Member, member_of, members_of
from ejd.schedule.models import Lesson, LessonState
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class Place(LessonOfCourse):
    """A cell: the lesson with its course, and a pupil who is or was in it this year."""

    member: Member
    classmates: Sequence[Member] = ()  # who else was in the journal; read for the cell's page only

    @property
    def pupil_id(self) -> int:
        return self.member.pupil_id


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """A cell of the journal after a save, and what changes in its row."""

    inside: Markup
    standing: Standing
    letter: str  # that stands there, as the reader may see it


@dataclass(frozen=True, slots=True)
class MarkCard:
    """One mark with all that is known of it."""

    mark: Mark
    kind: str
    late: str
    mends: str  # what it re-takes (R11)
    retaken: str  # what it was re-taken with


@dataclass(frozen=True, slots=True)
class AwaitedWork:
    """A declared work and what it expects of the pupil; no expectation: nothing. `said` of a mark the teacher owes."""

    work: WorkOfLesson
    expectation: Expectation | None
    said: str = ""


@dataclass(frozen=True, slots=True)
class CellPage:
    place: Place
    attendance: Attendance | None
    marks: Sequence[MarkCard]
    works: Sequence[AwaitedWork]
    kinds: Sequence[WorkKind]
    exempt: bool
    history: Sequence[Event]
    letter: str  # of attendance, or of an excuse that waits for it to be taken; as its reader may see it (R40)

    @property
    def letter_version(self) -> int | str:
        """What the form of attendance says it has seen."""
        return self.attendance.version if self.attendance else 0 if self.letter else ""


def place_of(session: Session, *, lesson: Lesson, pupil_id: int, with_class: bool = False) -> Place | None:
    """The cell, when the pupil ever was in the lesson's journal. Two statements."""
    course, school_class, subject, term, scheme, door = in_course(session, lesson)
    if not with_class:
        member = member_of(session, course, pupil_id=pupil_id, first=date.min, last=date.max)
        return Place(lesson, course, school_class, subject, term, scheme, door, member) if member else None
    members = members_of(session, course, first=date.min, last=date.max)
    member = next((member for member in members if member.pupil_id == pupil_id), None)
    others = [other for other in members if other is not member and other.on(lesson.day)]
    if member is None:
        return None
    return Place(lesson, course, school_class, subject, term, scheme, door, member, others)


def holds_mark(session: Session, *, place: Place, mark_id: int) -> bool:
    """Whether the mark is this cell's: acts on marks ask nothing about whose they are."""
    return session.scalar(select(Mark.id).filter_by(
        id=mark_id, lesson_id=place.lesson.id, pupil_id=place.pupil_id)) is not None


def is_old_mark(session: Session, *, mark_id: int, today: date) -> bool:
    """Whether the mark, taken back and entered anew, would be late (R1, R3)."""
    received_on = session.scalar(select(Mark.received_on).filter_by(id=mark_id))
    return received_on is not None and deadlines.days_late(received_on, today) > 0


def holds_work(session: Session, *, lesson_id: int, work_id: int) -> bool:
    """Whether the work is this lesson's."""
    return session.scalar(select(Work.id).filter_by(id=work_id, lesson_id=lesson_id)) is not None


def lesson_on(session: Session, *, place: Place, day: date) -> Lesson | None:
    """Another lesson of the same journal on a day, for moving a mark there."""
    return session.scalars(
        select(Lesson).where(Lesson.course_id == place.course.id, Lesson.day == day, Lesson.id != place.lesson.id,
                             Lesson.state == LessonState.PLANNED.value).order_by(Lesson.number)).first()


def journal_cell(session: Session, *, place: Place, settings: Settings, today: date, now: datetime,
                 reader: Actor | None = None) -> CellAnswer:
    """A cell of the journal and how its pupil stands now. Two statements."""
    facts = _facts(session, place, reader)
    begins = control_of_marks(settings, place.school_class)
    here = (fact for fact in facts if fact.lesson_id == place.lesson.id)
    first, last = place.span
    lessons = columns_between(session, course_id=place.course.id, first=first, last=last, now=now)
    with_works = any(column.works for column in lessons if column.lesson_id == place.lesson.id)
    standing = _standings(place, settings, today).of_member(marks_of(facts), place.member, lessons)
    return CellAnswer(cells.inside(here, today=today, begins=begins, kinds={} if with_works else None), standing,
                      _letter_in(facts, place))


def sheet_row(session: Session, *, place: Place, settings: Settings, today: date, now: datetime,
              reader: Actor | None = None) -> tuple[list[SheetCell], Standing, str]:
    """The pupil's fields on the lesson's sheet, average and density beside them, the letter. Three statements."""
    works, kinds = works_of(session, place.lesson.id)
    facts, (first, last) = _facts(session, place, reader), place.span
    lessons = columns_between(session, course_id=place.course.id, first=first, last=last, now=now)
    return (sheet_cells(place, works, kinds, place.pupil_id, facts, settings, today),
            _standings(place, settings, today).of_member(marks_of(facts), place.member, lessons),
            _letter_in(facts, place))


def cell_page(session: Session, *, place: Place, settings: Settings, today: date,
              reader: Actor | None = None) -> CellPage:
    """Everything that stands in the cell, and how it came about. Four statements."""
    exempt = exists().where(Exemption.course_id == Lesson.course_id, Exemption.pupil_id == place.pupil_id,
                            held(Exemption, Lesson.day))
    rows = session.execute(
        select(Attendance, Mark, WorkKind.name, WorkKind.in_timeliness, exempt.label("exempt"),
               waiting_letter(place.pupil_id).label("waiting"))
        .select_from(Lesson)
        .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.pupil_id == place.pupil_id))
        .outerjoin(Mark, and_(Mark.lesson_id == Lesson.id, Mark.pupil_id == place.pupil_id,
                              Mark.withdrawn_at.is_(None)))
        .outerjoin(WorkKind, WorkKind.id == Mark.kind_id)
        .where(Lesson.id == place.lesson.id).order_by(Mark.id)).all()
    begins = control_of_marks(settings, place.school_class)
    values = {row.Mark.id: row.Mark.value for row in rows if row.Mark}
    again = {row.Mark.retakes_id: row.Mark.value for row in rows if row.Mark and row.Mark.retakes_id}
    cards = [MarkCard(mark, kind, cells.words_of_lateness(mark.received_on, mark.days_taken if timely else 0, begins),
                      values.get(mark.retakes_id, ""), again.get(mark.id, ""))
             for _, mark, kind, timely, *_ in rows if mark]
    expected = session.execute(
        select(WorkKind, Work, Expectation)
        .outerjoin(Work, and_(Work.kind_id == WorkKind.id, Work.lesson_id == place.lesson.id,
                              Work.withdrawn_at.is_(None)))
        .outerjoin(Expectation, and_(Expectation.work_id == Work.id, Expectation.pupil_id == place.pupil_id))
        .order_by(WorkKind.position, WorkKind.id, Work.id)).all()
    works = [AwaitedWork(WorkOfLesson.of(work, kind), expectation, _said_of(expectation, begins, today))
             for kind, work, expectation in expected if work]
    kinds = list({row.WorkKind.id: row.WorkKind for row in expected}.values())
    eyes = eyes_of(reader, place.course.class_id)
    told = history_of_cell(session, lesson_id=place.lesson.id, pupil_id=place.pupil_id, kinds=kinds, **eyes)
    noted = rows[0].Attendance
    others = noted is None or noted.excuse_id is not None or noted.entered_by_id != eyes["reader_id"]
    letter = history.letter(noted.code if noted else rows[0].waiting, hidden=others and not eyes["reasons"])
    return CellPage(place, noted, cards, works, kinds, rows[0].exempt, told, letter or "")


def _letter_in(facts: Sequence[Fact], place: Place) -> str:
    return next((fact.text or "" for fact in facts
                 if fact.what == cells.ATTENDANCE and fact.lesson_id == place.lesson.id), "")


def _said_of(expectation: Expectation | None, begins: date | None, today: date) -> str:
    """What is said of a mark that the teacher has not put (R4, R7)."""
    if expectation is None or expectation.awaiting != Awaiting.TEACHER:
        return ""
    term = deadlines.term_of_teacher(expectation.due_on, expectation.received_on, begins)
    return expecting.sentence_for_teacher(expecting.cell_of(Awaiting.TEACHER, term, today), term)


def _standings(place: Place, settings: Settings, today: date) -> Standings:
    return Standings(place.course, place.scheme, place.term, settings, today)


def _facts(session: Session, place: Place, reader: Actor | None) -> list[Fact]:
    first, last = place.span
    return list(map(Fact._make, facts_of(session, course_id=place.course.id, first=first, last=last,
                                         pupil_id=place.pupil_id,
                                         **eyes_of(reader, place.course.class_id))))
