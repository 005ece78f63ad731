"""Reading a pupil's diary week. Five statements, made once: a diary is the page that is opened most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Date,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ejd.db import Session
from ejd.diary.homework import HomeworkOfWeek, homework_of_week
from ejd.diary.reach import FIRST, LAST, LESSONS, NO_DAY, NO_ID, PUPIL, holds, taught_at_home, timetabled
from ejd.diary.week import (
    Expected,
    Given,
    LessonOfDay,
    Owed,
    Week,
    accepted_in_words,
    attendance_in_words,
    days_of,
    in_order,
    said_of,
    said_of_homework,
)
from ejd.journal.closed import door_columns
from ejd.journal.deadlines import is_controlled, term_of_teacher
from ejd.journal.expecting import Presence, cell_of, sentence_of_expectation
from ejd.journal.launch import launch_of_homework, launch_of_marks
from ejd.journal.models import (
    Attendance,
    Awaiting,
    CriterionScore,
    Excuse,
    ExcuseState,
    Exemption,
    Expectation,
    Mark,
    Work,
    WorkCriterion,
    WorkKind,
)
from ejd.journal.points import in_words
from ejd.roster.customs import scheme_on
from ejd.roster.models import Course, CourseMember, Enrolment, MarkingScheme, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings

NEVER_SET = "отметки нет, период закрыт"
YEAR = bindparam("year", type_=Date)


@dataclass(frozen=True, slots=True)
class Place:
    """The class of a pupil at the end of a span of days, as far as the diary needs it."""

    class_id: int
    year_id: int
    grade: int
    letter: str
    term_scheme: str
    days_per_week: int
    since: date  # the pupil's first day in any class

    @property
    def name(self) -> str:
        return f"{self.grade}{self.letter}"


@dataclass(frozen=True, slots=True)
class Reading:
    """When the diary is read, and from which days marks and homework of the class are controlled (R7)."""

    today: date
    now: datetime
    marks_from: date | None
    homework_from: date | None
    points: Mapping[int, str]  # of marks, in words, where the school judges by criteria

    @classmethod
    def of(cls, place: Place, *, today: date, now: datetime, settings: Settings,
           points: Mapping[int, str]) -> Reading:
        return cls(today, now, launch_of_marks(settings).day_for(place.grade),
                   launch_of_homework(settings).day_for(place.grade), points)


_FIRST_DAY = select(func.min(Enrolment.from_on)).where(Enrolment.pupil_id == PUPIL)
_PLACE = (
    select(SchoolClass.id, SchoolClass.year_id, SchoolClass.grade, SchoolClass.letter, SchoolClass.term_scheme,
           SchoolClass.days_per_week, _FIRST_DAY.scalar_subquery())
    .join(Enrolment, Enrolment.class_id == SchoolClass.id)
    .where(Enrolment.pupil_id == PUPIL, Enrolment.from_on <= LAST)
    .order_by(Enrolment.from_on.desc(), Enrolment.id.desc()).limit(1))


def place_of(session: Session, *, pupil_id: int, on: date) -> Place | None:
    """The class that the pupil is in on the day, or was in last before it. One statement."""
    row = session.execute(_PLACE, {"pupil_id": pupil_id, "last": on}).one_or_none()
    return Place(*row) if row else None


def first_day_of(session: Session, *, pupil_id: int) -> date | None:
    """The pupil's first day in a class of the school; None when there is none yet. One statement."""
    return session.scalar(_FIRST_DAY, {"pupil_id": pupil_id})


def _in_a_subgroup() -> Any:
    """The pupil is in one of the subject's subgroups on the lesson's day."""
    other = aliased(Course)
    return exists().where(CourseMember.pupil_id == PUPIL, CourseMember.course_id == other.id,
                          other.class_id == Course.class_id, other.subject_id == Course.subject_id,
                          holds(CourseMember, Lesson.day)).correlate(Course, Lesson)


def _accepted() -> Any:
    """The letter of an accepted excuse that waits until attendance is taken."""
    waiting = aliased(Excuse)
    return (select(waiting.code)
            .where(waiting.pupil_id == PUPIL, waiting.state == ExcuseState.ACCEPTED.value,
                   waiting.from_on <= Lesson.day, waiting.to_on >= Lesson.day,
                   Lesson.number >= func.coalesce(waiting.first_number, 0),
                   Lesson.number <= func.coalesce(waiting.last_number, Lesson.number),
                   Lesson.attendance_at.is_(None), Lesson.state == LessonState.PLANNED.value, Attendance.id.is_(None))
            .order_by(waiting.code == Presence.ABSENT.value, waiting.certificate.desc(), waiting.id.desc()).limit(1)
            .correlate(Lesson, Attendance).scalar_subquery())


def _lessons() -> Select[*tuple[Any, ...]]:
    mine = timetabled()
    exempt = exists().where(Exemption.pupil_id == PUPIL, Exemption.course_id == Lesson.course_id,
                            Exemption.from_on <= Lesson.day,
                            or_(Exemption.to_on.is_(None), Exemption.to_on >= Lesson.day))
    stand_in = aliased(Lesson)
    explained = case((Excuse.certificate, "paper"), (Excuse.decided_by_id != Excuse.made_by_id, "family"),
                     (Excuse.id.is_not(None), "school"))
    return (select(Lesson.id, Lesson.day, Lesson.number, Lesson.state, Lesson.state_reason, Lesson.remote, Subject.name,
                   stand_in.day.label("moved_to"), Attendance.code, explained.label("explained"),
                   exempt.label("exempt"), mine.c.own, _accepted().label("accepted"))
            .join(mine, mine.c.course_id == Lesson.course_id)
            .join(Course, Course.id == Lesson.course_id).join(Subject, Subject.id == Course.subject_id)
            .outerjoin(stand_in, stand_in.id == Lesson.moved_to_id)
            .outerjoin(Attendance, and_(Attendance.lesson_id == Lesson.id, Attendance.pupil_id == PUPIL))
            .outerjoin(Excuse, Excuse.id == Attendance.excuse_id)
            .where(Lesson.day.between(FIRST, LAST), holds(mine.c, Lesson.day), or_(mine.c.own, ~_in_a_subgroup()),
                   ~taught_at_home(Lesson.day))
            .order_by(Lesson.day, Lesson.number, Subject.name, Lesson.state.desc()))  # of two subgroups: the planned


def marks_given(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The pupil's marks that stand, with what they were given for."""
    return (select(literal("mark").label("what"), Mark.lesson_id, Mark.value, WorkKind.name.label("kind"),
                   func.coalesce(Work.title, "").label("title"), Mark.weight, Mark.comment,
                   Mark.received_on.label("day"), NO_DAY.label("due_on"), NO_DAY.label("hand_in_by"),
                   Mark.id.label("place"), Mark.retakes_id.label("retakes_id"), *columns)
            .join(WorkKind, WorkKind.id == Mark.kind_id).outerjoin(Work, Work.id == Mark.work_id)
            .where(Mark.pupil_id == PUPIL, Mark.withdrawn_at.is_(None)))


def works_open(*columns: Any) -> Select[*tuple[Any, ...]]:
    """This year's declared works that the pupil has no mark for: the teacher's turn, his own (R4), or nobody's any
    more, for the term is closed (R8)."""
    turn = case((and_(Expectation.awaiting == Awaiting.TEACHER.value, door_columns(Lesson.day)[0].is_not(None)),
                 Awaiting.CLOSED.value), else_=Expectation.awaiting)
    return (select(literal("work"), Work.lesson_id, turn, WorkKind.name, Work.title, Work.weight,
                   literal(""), Expectation.received_on, Expectation.due_on, Expectation.hand_in_by, Work.id, NO_ID,
                   Subject.name, Lesson.day, *columns)
            .join(Work, Work.id == Expectation.work_id).join(WorkKind, WorkKind.id == Work.kind_id)
            .join(Lesson, Lesson.id == Work.lesson_id).join(Course, Course.id == Lesson.course_id)
            .join(Subject, Subject.id == Course.subject_id)
            .where(Expectation.pupil_id == PUPIL, Work.withdrawn_at.is_(None), Lesson.day >= YEAR,
                   Lesson.state == LessonState.PLANNED.value, scheme_on(Lesson.day) != MarkingScheme.MARKLESS.value,
                   Expectation.awaiting.in_((Awaiting.TEACHER.value, Awaiting.PUPIL.value))))


def points_scored() -> Select[*tuple[Any, ...]]:
    """The points of the pupil's marks by criterion, each as a row of the mark (`place`) and of no lesson."""
    return (select(literal("points"), literal(0), cast(CriterionScore.points, String), WorkCriterion.title, literal(""),
                   WorkCriterion.most, literal(""), NO_DAY, NO_DAY, NO_DAY, Mark.id, WorkCriterion.position,
                   literal(""), NO_DAY)
            .join(WorkCriterion, WorkCriterion.id == CriterionScore.criterion_id)
            .join(Mark, Mark.id == CriterionScore.mark_id)
            .where(Mark.pupil_id == PUPIL, Mark.withdrawn_at.is_(None)))


def _facts(*, points: bool) -> Any:
    """The marks that hang on the lessons of a week for one pupil, and the works that he owes from any week of the
    year; with points where the school judges by criteria."""
    marks = marks_given(literal("").label("subject"), NO_DAY.label("lesson_day")).where(Mark.lesson_id.in_(LESSONS))
    works = works_open().where(or_(Work.lesson_id.in_(LESSONS), Expectation.awaiting == Awaiting.PUPIL.value))
    scored = [points_scored().where(Mark.lesson_id.in_(LESSONS))] if points else []
    return union_all(marks, works, *scored)


_LESSONS, _FACTS = _lessons(), {points: _facts(points=points) for points in (False, True)}


def week_of(session: Session, *, pupil_id: int, monday: date, today: date, now: datetime, settings: Settings,
            noted: Collection[date] = ()) -> Week | None:
    """A pupil's week; None when the pupil was in no class by then. `noted` are days that notes stand in."""
    sunday = monday + timedelta(days=6)
    place = place_of(session, pupil_id=pupil_id, on=sunday)
    if place is None:
        return None
    year = calendar_of(session, place.year_id)
    calendar = year.of(grade=place.grade, days_per_week=place.days_per_week, scheme=place.term_scheme,
                       class_id=place.class_id)
    lessons = session.execute(_LESSONS, {"pupil_id": pupil_id, "first": monday, "last": sunday}).all()
    ids = [row.id for row in lessons if row.own]
    facts = session.execute(_FACTS[settings.value("works.criteria", on=None)], {
        "pupil_id": pupil_id, "lesson_ids": ids, "year": year.starts_on}).all()
    homework = homework_of_week(session, pupil_id=pupil_id, lesson_ids=ids, first=monday, last=sunday, now=now)
    reading = Reading.of(place, today=today, now=now, settings=settings, points=points_of(facts))
    days = days_of(monday, calendar, _by_day(lessons, facts, homework, reading), homework.on_days, noted)
    return Week(monday, place.name, days, said_of(days), place.since, year.ends_on, owed_of(facts, today))


def attended_lessons(session: Session, *, pupil_id: int, first: date, last: date) -> list[int]:
    """The lessons of a span that a pupil attends, cancelled and moved ones too. One statement."""
    span = {"pupil_id": pupil_id, "first": first, "last": last}
    return [row.id for row in session.execute(_LESSONS, span) if row.own]


def _by_day(lessons: Iterable[Row[Any]], facts: Iterable[Row[Any]], homework: HomeworkOfWeek, reading: Reading
            ) -> dict[date, list[LessonOfDay]]:
    """Lessons with all that hangs on them, by day."""
    hanging: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in facts:
        hanging[row.lesson_id].append(row)
    of_day: dict[date, list[LessonOfDay]] = defaultdict(list)
    shown: set[tuple[date, int, str]] = set()
    for row in lessons:
        place = row.day, row.number, row.name
        if row.own or place not in shown:  # an undivided class has one line for all subgroups
            of_day[row.day].append(_lesson(row, hanging.get(row.id, ()), homework, reading))
        shown.add(place)
    return of_day


def _lesson(row: Row[Any], facts: Iterable[Row[Any]], homework: HomeworkOfWeek, reading: Reading) -> LessonOfDay:
    told: dict[str, list[Row[Any]]] = {"mark": [], "work": []}
    for fact in facts:
        told[fact.what].append(fact)
    cancelled = row.state != LessonState.PLANNED.value
    owed = () if cancelled or row.exempt else homework.owed.get(row.id, ())
    return LessonOfDay(
        row.number, row.name, cancelled, row.state_reason, attendance_in_words(
            row.code, row.exempt, row.explained, accepted_in_words(row.accepted, row.day, reading.today)),
        given_at(sorted(told["mark"], key=lambda fact: fact.place), lambda _: row.day, reading),
        tuple(expected(fact, reading) for fact in told["work"]), tuple(homework.at_lessons.get(row.id, ())),
        _unpublished(owed, reading), not row.own,
        moved_to=row.moved_to, remote=row.remote and not cancelled)


def _unpublished(owed: Iterable[tuple[date, datetime]], reading: Reading) -> str:
    """In words what homework of the lesson before is not there; nothing from before the launch date (R7)."""
    deadlines = [due_at for day, due_at in owed if is_controlled(day, reading.homework_from)]
    return said_of_homework(max(deadlines), reading.now) if deadlines else ""


def points_of(facts: Iterable[Row[Any]]) -> dict[int, str]:
    """The points of the marks among the facts, in words."""
    scored: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in facts:
        if row.what == "points":
            scored[row.place].append(row)
    return {mark_id: in_words([(row.kind, int(row.value), row.weight)
                               for row in sorted(rows, key=lambda row: row.retakes_id)])
            for mark_id, rows in scored.items()}


def given_at(marks: Iterable[Row[Any]], lesson_day: Callable[[Row[Any]], date],
             reading: Reading) -> tuple[Given, ...]:
    """Marks as they are told; of a re-take and the mark it mends each knows of the other (R11)."""
    by_id = {row.place: row for row in marks}
    mended = {row.retakes_id for row in by_id.values()}
    return tuple(Given(row.value, row.kind, row.title, row.weight, row.comment,
                       row.day if row.day != lesson_day(row) else None, _mends(row, by_id), row.place in mended,
                       reading.points.get(row.place, ""))
                 for row in by_id.values())


def _mends(row: Row[Any], marks: Mapping[int, Row[Any]]) -> str:
    """«3→4»: what stood before a re-take, from the first."""
    before = marks.get(row.retakes_id)
    if before is None:
        return ""
    return f"{earlier}→{before.value}" if (earlier := _mends(before, marks)) else str(before.value)


def expected(row: Row[Any], reading: Reading) -> Expected:
    """A teacher's term is told only where it is controlled (R7)."""
    if row.value == Awaiting.CLOSED:
        return Expected(row.kind, row.title, NEVER_SET, False)
    due_on = term_of_teacher(row.due_on, row.day, reading.marks_from)
    return Expected(row.kind, row.title, sentence_of_expectation(
        cell_of(row.value, row.due_on, reading.today), due_on=due_on, hand_in_by=row.hand_in_by, today=reading.today),
        row.value == Awaiting.PUPIL)


def owed_of(facts: Iterable[Row[Any]], today: date) -> tuple[Owed, ...]:
    """The works among the facts that are the pupil's turn."""
    return in_order(Owed(row.hand_in_by, row.subject, row.kind, row.title, row.lesson_day,
                         row.hand_in_by is not None and row.hand_in_by < today)
                    for row in facts if row.what == "work" and row.value == Awaiting.PUPIL)
