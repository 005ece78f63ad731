"""Reading a pupil's diary week. Four statements, made once: a diary is the page that is opened most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ejd.db import Instant, Session
from ejd.diary.week import Expected, Given, LessonOfDay, Task, Week, attendance_in_words, days_of, said_of
from ejd.journal.expecting import cell_of, sentence_of_expectation
from ejd.journal.models import Attendance, Awaiting, Exemption, Expectation, Homework, Mark, Work, WorkKind
from ejd.roster.models import Course, CourseMember, Enrolment, MarkingScheme, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.queries import calendar_of

PUPIL = bindparam("pupil_id", type_=Integer)
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)
SET_SINCE = bindparam("set_since", type_=Date)
LESSONS = bindparam("lesson_ids", expanding=True, type_=Integer)
# Homework without a lesson to be due at is looked for this long after it was set: over any holidays but summer's.
LONGEST_TASK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Place:
    """The class of a pupil at the end of a span of days, as far as the diary needs it."""

    class_id: int
    year_id: int
    grade: int
    letter: str
    term_scheme: str
    days_per_week: int

    @property
    def name(self) -> str:
        return f"{self.grade}{self.letter}"


_PLACE = (
    select(SchoolClass.id, SchoolClass.year_id, SchoolClass.grade, SchoolClass.letter, SchoolClass.term_scheme,
           SchoolClass.days_per_week)
    .join(Enrolment, Enrolment.class_id == SchoolClass.id)
    .where(Enrolment.pupil_id == PUPIL, Enrolment.from_on <= LAST)
    .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1))


def place_of(session: Session, *, pupil_id: int, on: date) -> Place | None:
    """The class that the pupil is in on the day, or was in last before it. One statement."""
    row = session.execute(_PLACE, {"pupil_id": pupil_id, "last": on}).one_or_none()
    return Place(*row) if row else None


def attended() -> Any:
    """The pupil's courses from–to: those of the whole class by enrolment, subgroups and groups by membership."""
    whole = (select(Course.id.label("course_id"), Enrolment.from_on, Enrolment.to_on)
             .join(Course, Course.class_id == Enrolment.class_id)
             .where(Enrolment.pupil_id == PUPIL, Course.subgroup == 0))
    divided = select(CourseMember.course_id, CourseMember.from_on, CourseMember.to_on).where(
        CourseMember.pupil_id == PUPIL)
    return union_all(whole, divided).subquery("attended")


def holds(course: Any, day: Any) -> Any:
    """The membership `course` (a row of `attended`) holds on the day."""
    return and_(course.c.from_on <= day, or_(course.c.to_on.is_(None), course.c.to_on >= day))


def _lessons() -> Select[*tuple[Any, ...]]:
    mine = attended()
    exempt = exists().where(Exemption.pupil_id == PUPIL, Exemption.course_id == Lesson.course_id,
                            Exemption.from_on <= Lesson.day,
                            or_(Exemption.to_on.is_(None), Exemption.to_on >= Lesson.day))
    return (select(Lesson.id, Lesson.day, Lesson.number, Lesson.state, Lesson.state_reason, Subject.name,
                   Course.scheme, Attendance.code, exempt.label("exempt"))
            .join(mine, mine.c.course_id == Lesson.course_id)
            .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.pupil_id == PUPIL))
            .where(Lesson.day.between(FIRST, LAST), holds(mine, Lesson.day))
            .order_by(Lesson.day, Lesson.number, Subject.name))


def marks_given(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The pupil's marks that stand, with what they were given for."""
    return (select(literal("mark").label("what"), Mark.lesson_id, Mark.value, WorkKind.name.label("kind"),
                   func.coalesce(Work.title, "").label("title"), Mark.weight, Mark.comment,
                   Mark.received_on.label("day"), NO_DAY.label("due_on"), NO_DAY.label("hand_in_by"),
                   Mark.id.label("place"), *columns)
            .join(WorkKind, WorkKind.id == Mark.kind_id).outerjoin(Work, Work.id == Mark.work_id)
            .where(Mark.pupil_id == PUPIL, Mark.withdrawn_at.is_(None)))


def works_open(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Declared works that the pupil has no mark for: the teacher's turn, or his own (R4)."""
    return (select(literal("work"), Work.lesson_id, Expectation.awaiting, WorkKind.name, Work.title, Work.weight,
                   literal(""), Expectation.received_on, Expectation.due_on, Expectation.hand_in_by, Work.id, *columns)
            .join(Work, Work.id == Expectation.work_id).join(WorkKind, WorkKind.id == Work.kind_id)
            .where(Expectation.pupil_id == PUPIL, Work.withdrawn_at.is_(None),
                   Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value))))


def _homework(due_lesson_id: Any) -> Select[*tuple[Any, ...]]:
    """Homework of any course, in the columns of marks; the day is the one it was set on."""
    return (select(literal("task"), due_lesson_id, Homework.text, Subject.name, literal(""), literal(0),
                   literal(""), SetAt.day, Homework.due_on, NO_DAY, Homework.id,
                   Homework.not_set, Homework.published_at, Homework.changed_at)
            .join(SetAt, SetAt.id == Homework.lesson_id)
            .join(Course, Course.id == SetAt.course_id).join(Subject, Subject.id == Course.subject_id))


def _homework_without_lesson() -> Select[*tuple[Any, ...]]:
    """Homework due on a day of the week, and every «не задано», which is told at the group's next lesson."""
    following = aliased(Lesson)
    next_id = (select(following.id)
               .where(following.course_id == SetAt.course_id, following.day > SetAt.day,
                      following.state == LessonState.PLANNED.value)
               .order_by(following.day, following.number).limit(1).scalar_subquery())
    mine = attended()
    return (_homework(case((Homework.not_set, next_id)))
            .join(mine, mine.c.course_id == SetAt.course_id)
            # coalesce keeps SQLite from starting with every homework of the school that has no lesson
            .where(func.coalesce(Homework.due_lesson_id, 0) == 0,
                   or_(Homework.not_set, Homework.due_on.between(FIRST, LAST)),
                   SetAt.day.between(SET_SINCE, LAST), holds(mine, SetAt.day)))


def _facts() -> Any:
    """All that hangs on the lessons of a week for one pupil, and homework due on its days without a lesson."""
    none = (cast(null(), Boolean).label("not_set"), cast(null(), Instant()).label("published_at"),
            cast(null(), Instant()).label("changed_at"))
    return union_all(marks_given(*none).where(Mark.lesson_id.in_(LESSONS)),
                     works_open(*none).where(Work.lesson_id.in_(LESSONS)),
                     _homework(Homework.due_lesson_id).where(Homework.due_lesson_id.in_(LESSONS)),
                     _homework_without_lesson())


SetAt = aliased(Lesson)
NO_DAY = cast(null(), Date)
_LESSONS, _FACTS = _lessons(), _facts()


def week_of(session: Session, *, pupil_id: int, monday: date, today: date) -> Week | None:
    """A pupil's week; None when the pupil was in no class by then."""
    sunday = monday + timedelta(days=6)
    place = place_of(session, pupil_id=pupil_id, on=sunday)
    if place is None:
        return None
    calendar = calendar_of(session, place.year_id).of(
        grade=place.grade, days_per_week=place.days_per_week, scheme=place.term_scheme)
    span = {"pupil_id": pupil_id, "first": monday, "last": sunday}
    lessons = session.execute(_LESSONS, span).all()
    facts = session.execute(_FACTS, {**span, "lesson_ids": [row.id for row in lessons],
                                     "set_since": monday - LONGEST_TASK}).all()
    days = days_of(monday, calendar, *_by_day(lessons, facts, today))
    return Week(monday, place.name, days, said_of(days))


def _by_day(lessons: Iterable[Row[Any]], facts: Iterable[Row[Any]], today: date
            ) -> tuple[dict[date, list[LessonOfDay]], dict[date, list[Task]]]:
    """Lessons with all that hangs on them, and homework due without one, by day."""
    hanging: dict[int, list[Row[Any]]] = defaultdict(list)
    tasks: dict[date, list[Task]] = defaultdict(list)
    for row in facts:
        if row.lesson_id is not None:
            hanging[row.lesson_id].append(row)
        elif row.due_on is not None:
            tasks[row.due_on].append(_task(row))
    of_day: dict[date, list[LessonOfDay]] = defaultdict(list)
    for row in lessons:
        of_day[row.day].append(_lesson(row, hanging.get(row.id, ()), today))
    return of_day, tasks


def _lesson(row: Row[Any], facts: Iterable[Row[Any]], today: date) -> LessonOfDay:
    told: dict[str, list[Row[Any]]] = {"mark": [], "work": [], "task": []}
    for fact in facts:
        told[fact.what].append(fact)
    marked = row.scheme != MarkingScheme.MARKLESS.value
    return LessonOfDay(
        row.number, row.name, row.state == LessonState.CANCELLED.value, row.state_reason,
        attendance_in_words(row.code, row.exempt),
        tuple(given(fact, row.day) for fact in sorted(told["mark"], key=lambda fact: fact.place)),
        tuple(expected(fact, today) for fact in told["work"]) if marked else (),
        tuple(map(_task, told["task"])))


def given(row: Row[Any], lesson_day: date) -> Given:
    return Given(row.value, row.kind, row.title, row.weight, row.comment,
                 row.day if row.day != lesson_day else None)


def expected(row: Row[Any], today: date) -> Expected:
    return Expected(row.kind, row.title, sentence_of_expectation(
        cell_of(row.value, row.due_on, today), due_on=row.due_on, hand_in_by=row.hand_in_by))


def _task(row: Row[Any]) -> Task:
    return Task(row.value, row.not_set, row.day, row.published_at, row.changed_at, row.kind)
