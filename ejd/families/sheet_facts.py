"""What weekly sheets are written from: everything about some pupils of a class in a week, and what was entered since of
earlier weeks. A bounded number of statements, however many pupils."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.homeroom.models import Note, NoteRecipient
from ejd.journal.models import (
    Attendance,
    Awaiting,
    CriterionScore,
    Exemption,
    Expectation,
    Homework,
    HomeworkFile,
    HomeworkPupil,
    Mark,
    MarkCorrection,
    Work,
    WorkCriterion,
    WorkKind,
)
from ejd.journal.occasions import Lists
from ejd.journal.points import in_words
from ejd.roster.belonging import touching
from ejd.roster.customs import scheme_on
from ejd.roster.models import Course, CourseMember, MarkingScheme, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import Calendar
from ejd.school.queries import calendar_of

SIX_DAYS, SEVEN_DAYS = timedelta(days=6), timedelta(days=7)
Rows = dict[int, list[Row[Any]]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows by pupil; lessons and homework of the class, with the lists that say whose they are."""

    school_class: SchoolClass
    year: Calendar
    monday: date
    lessons: list[Row[Any]]
    homework: list[Row[Any]]
    lists: Lists
    marks: Rows  # that stand: of the terms of the week, and those entered since
    attendance: Rows
    exempt: set[tuple[int, int, date]]  # pupil, course, day
    works: Rows
    corrections: Rows
    notes: Rows
    points: Mapping[int, str]  # of marks, in words, where works are judged by criteria

    @property
    def sunday(self) -> date:
        return self.monday + SIX_DAYS


def facts_of(session: Session, *, class_id: int, pupil_ids: Collection[int], monday: date, since: datetime) -> Facts:
    """The week of these pupils, and what was entered after `since` of the weeks before. Thirteen statements."""
    school_class = session.get_one(SchoolClass, class_id)
    year = calendar_of(session, school_class.year_id)
    sunday, ids = monday + SIX_DAYS, sorted(pupil_ids)
    near = _near(class_id, ids, monday, sunday)
    lessons = list(session.execute(_lessons(near, monday, sunday)))
    homework = list(session.execute(_homework(near, ids, monday, sunday)))
    starts = min((term.starts_on for term in year.terms if term.holds(sunday)), default=monday)
    return Facts(
        school_class, year, monday, lessons, homework,
        Lists(session, [*map(Listed, lessons), *map(Listed, homework)], ids),
        _by_pupil(session.execute(marks_of(ids, min(starts, monday), sunday, since))),
        _by_pupil(session.execute(_attendance(ids, monday, sunday, since))),
        _exempt(session, ids, lessons), _by_pupil(session.execute(_works(ids, year.starts_on, sunday))),
        _corrections(session, ids, sunday, since), _by_pupil(session.execute(_notes(ids, monday, sunday, since))),
        _points(session, ids, monday, since))


class Listed:
    """A lesson as its list is asked about."""

    def __init__(self, row: Row[Any]) -> None:
        self.course_id: int = row.course_id
        self.class_id: int | None = row.class_id
        self.subject_id: int = row.subject_id
        self.day: date = row.day
        self.is_group = bool(row.subgroup) or row.class_id is None


def _by_pupil(rows: Iterable[Row[Any]]) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[row.pupil_id].append(row)
    return found


def _near(class_id: int, ids: list[int], first: date, last: date) -> ColumnElement[bool]:
    """The journals that may be these pupils': of their class, and groups that they are in."""
    groups = select(CourseMember.course_id).where(CourseMember.pupil_id.in_(ids), touching(CourseMember, first, last))
    return or_(Course.class_id == class_id, Course.id.in_(groups))


def _lessons(near: ColumnElement[bool], monday: date, sunday: date) -> Any:
    stand_in = aliased(Lesson)
    return (select(Lesson.id, Lesson.day, Lesson.number, Lesson.state, Lesson.state_reason, Lesson.remote,
                   Lesson.course_id, Course.class_id, Course.subject_id, Course.subgroup, Subject.name,
                   stand_in.day.label("moved_to"), scheme_on(Lesson.day).label("scheme"))
            .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(stand_in, stand_in.id == Lesson.moved_to_id)
            .where(Lesson.day.between(monday, sunday), near).order_by(Lesson.day, Lesson.number, Subject.name))


def _homework(near: ColumnElement[bool], ids: list[int], monday: date, sunday: date) -> Any:
    """What is due in the week or the one after it; the day is that of the lesson it was set at."""
    set_at, due = aliased(Lesson), aliased(Lesson)
    due_day = func.coalesce(due.day, Homework.due_on)
    files = (select(func.count()).select_from(HomeworkFile)
             .where(HomeworkFile.homework_id == Homework.id, HomeworkFile.removed_at.is_(None)).scalar_subquery())
    return (select(Homework.id, Homework.text, Homework.not_set, Homework.named, Homework.due_lesson_id,
                   due_day.label("due_day"), set_at.day, set_at.course_id, Course.class_id, Course.subject_id,
                   Course.subgroup, Subject.name, HomeworkPupil.pupil_id, files.label("files"))
            .join(set_at, set_at.id == Homework.lesson_id).join(Course, Course.id == set_at.course_id)
            .join(Subject, Subject.id == Course.subject_id)
            .outerjoin(due, due.id == Homework.due_lesson_id)
            .outerjoin(HomeworkPupil, and_(HomeworkPupil.homework_id == Homework.id, HomeworkPupil.pupil_id.in_(ids)))
            .where(Homework.withdrawn_at.is_(None), near, due_day.between(monday, sunday + SEVEN_DAYS),
                   or_(Homework.named.is_(False), HomeworkPupil.pupil_id.is_not(None)))
            .order_by(due_day, Subject.name, Homework.id))


def _points(session: Session, ids: list[int], monday: date, since: datetime) -> dict[int, str]:
    """The points of the marks of the week, and of those entered since, in words."""
    scored: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for row in session.execute(
            select(CriterionScore.mark_id, WorkCriterion.title, CriterionScore.points, WorkCriterion.most)
            .join(WorkCriterion, WorkCriterion.id == CriterionScore.criterion_id)
            .join(Mark, Mark.id == CriterionScore.mark_id).join(Lesson, Lesson.id == Mark.lesson_id)
            .where(Mark.pupil_id.in_(ids), Mark.withdrawn_at.is_(None),
                   or_(Lesson.day >= monday, Mark.entered_at > since))
            .order_by(CriterionScore.mark_id, WorkCriterion.position)):
        scored[row.mark_id].append((row.title, row.points, row.most))
    return {mark_id: in_words(scores) for mark_id, scores in scored.items()}


def marks_of(ids: Sequence[int], first: date, last: date, since: datetime | None = None) -> Any:
    """Marks that stand, of the lessons of a span; with `since` also those of earlier lessons entered after it."""
    there = Lesson.day >= first
    return (select(Mark.pupil_id, Mark.id.label("place"), Mark.lesson_id, Mark.value, WorkKind.name.label("kind"),
                   func.coalesce(Work.title, "").label("title"), Mark.weight, Mark.comment,
                   Mark.received_on.label("day"), Mark.retakes_id, Mark.entered_at, Lesson.day.label("lesson_day"),
                   Subject.name.label("subject"), Course.term_scheme)
            .join(WorkKind, WorkKind.id == Mark.kind_id).outerjoin(Work, Work.id == Mark.work_id)
            .join(Lesson, Lesson.id == Mark.lesson_id).join(Course, Course.id == Lesson.course_id)
            .join(Subject, Subject.id == Course.subject_id)
            .where(Mark.pupil_id.in_(ids), Mark.withdrawn_at.is_(None), Lesson.day <= last,
                   there if since is None else or_(there, Mark.entered_at > since))
            .order_by(Lesson.day, Lesson.number, Mark.id))


def _attendance(ids: list[int], monday: date, sunday: date, since: datetime) -> Any:
    return (select(Attendance.pupil_id, Attendance.id, Attendance.lesson_id, Attendance.code, Attendance.version,
                   Attendance.entered_at, Lesson.day.label("lesson_day"), Subject.name.label("subject"))
            .join(Lesson, Lesson.id == Attendance.lesson_id).join(Course, Course.id == Lesson.course_id)
            .join(Subject, Subject.id == Course.subject_id)
            .where(Attendance.pupil_id.in_(ids), Lesson.day <= sunday,
                   or_(Lesson.day >= monday, Attendance.entered_at > since))
            .order_by(Lesson.day, Lesson.number))


def _exempt(session: Session, ids: list[int], lessons: Iterable[Row[Any]]) -> set[tuple[int, int, date]]:
    spans = session.execute(select(Exemption.pupil_id, Exemption.course_id, Exemption.from_on, Exemption.to_on)
                            .where(Exemption.pupil_id.in_(ids))).all()
    return {(span.pupil_id, lesson.course_id, lesson.day) for span in spans for lesson in lessons
            if span.course_id == lesson.course_id and span.from_on <= lesson.day
            and (span.to_on is None or lesson.day <= span.to_on)}


def _works(ids: list[int], first: date, last: date) -> Any:
    """Declared works of the year so far without a mark: the teacher's turn, or the pupil's own (R4)."""
    return (select(literal("work").label("what"), Expectation.pupil_id, Work.lesson_id,
                   Expectation.awaiting.label("value"), WorkKind.name.label("kind"), Work.title,
                   Expectation.received_on.label("day"), Expectation.due_on, Expectation.hand_in_by,
                   Subject.name.label("subject"), Lesson.day.label("lesson_day"))
            .join(Work, Work.id == Expectation.work_id).join(WorkKind, WorkKind.id == Work.kind_id)
            .join(Lesson, Lesson.id == Work.lesson_id).join(Course, Course.id == Lesson.course_id)
            .join(Subject, Subject.id == Course.subject_id)
            .where(Expectation.pupil_id.in_(ids), Work.withdrawn_at.is_(None), Lesson.day.between(first, last),
                   Lesson.state == LessonState.PLANNED.value, scheme_on(Lesson.day) != MarkingScheme.MARKLESS.value,
                   Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value)))
            .order_by(Lesson.day, Lesson.number))


def _corrections(session: Session, ids: list[int], sunday: date, since: datetime) -> Rows:
    """Changes of marks up to the week, of whoever the mark was taken from too (R3)."""
    rows: Iterable[Row[Any]] = session.execute(
        select(Mark.pupil_id.label("holder_id"), MarkCorrection.id, MarkCorrection.what, MarkCorrection.before,
               MarkCorrection.after, MarkCorrection.reason, MarkCorrection.corrected_at, Mark.id.label("mark_id"),
               Mark.value, Mark.entered_at, Lesson.day.label("lesson_day"), Subject.name.label("subject"))
        .join(Mark, Mark.id == MarkCorrection.mark_id).join(Lesson, Lesson.id == Mark.lesson_id)
        .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
        .where(MarkCorrection.corrected_at > since,
               or_(and_(Mark.pupil_id.in_(ids), Lesson.day <= sunday), MarkCorrection.what == "moved"))
        .order_by(MarkCorrection.id))
    found: Rows = defaultdict(list)
    for row in rows:
        for pupil_id in {row.holder_id, taken_from(row)} & set(ids):
            found[pupil_id].append(row)
    return found


def taken_from(correction: Any) -> int:
    """Whose the mark was before it was moved (`lesson/pupil/work`), else whose it is."""
    return int(correction.before.split("/")[1]) if correction.what == "moved" else correction.holder_id


def _notes(ids: list[int], monday: date, sunday: date, since: datetime) -> Any:
    return (select(NoteRecipient.pupil_id, Note.id, Note.kind, Note.day, Note.text, Note.written_at, Note.changed_at,
                   func.coalesce(Subject.name, "").label("subject"), Person.last_name, Person.first_name,
                   Person.patronymic)
            .join(Note, Note.id == NoteRecipient.note_id).join(Person, Person.id == Note.author_id)
            .outerjoin(Lesson, Lesson.id == Note.lesson_id).outerjoin(Course, Course.id == Lesson.course_id)
            .outerjoin(Subject, Subject.id == Course.subject_id)
            .where(NoteRecipient.pupil_id.in_(ids), Note.withdrawn_at.is_(None), Note.day <= sunday,
                   or_(Note.day >= monday, func.coalesce(Note.changed_at, Note.written_at) > since))
            .order_by(Note.day, Note.id))
