"""What stands in the journals of one class on the days of a span, as its printed journal tells it: read once, in a
bounded number of statements, for the checksum and the paper alike, so the two cannot differ.

A group over several classes stands in the book of each, with the pupils of that class. Paper has no reader, so it is
written for who may know least: illness is «у» (R40). What is only expected («•», R4) is no entry and stays out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, case, or_, select

from ejd.db import Session, table_of
from ejd.journal.expecting import Presence
from ejd.journal.models import (
    Attendance,
    Exemption,
    Homework,
    Mark,
    MarkCorrection,
    Work,
    WorkKind,
)
from ejd.results.models import BehaviourMark, Period, TermMark
from ejd.roster.belonging import touching
from ejd.roster.members import members_of_many
from ejd.roster.models import Course, CourseMember, Enrolment, Person, SchoolClass, Subject
from ejd.roster.stays import Stay, holds
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import SchoolYear, Term

Stays = tuple[Stay, ...]  # in the span, so with an end


class CourseFact(NamedTuple):
    """A journal of the class: its subject's, of a subgroup, or of a group that its pupils are in."""

    id: int
    subject_id: int
    subject: str
    subgroup: int
    group: str  # the group's name
    kind: str
    of_class: bool


class PupilFact(NamedTuple):
    """Who was in the class: outer days of the stays are those of the enrolment, whatever the span."""

    id: int
    name: str
    full_name: str
    came_on: date
    left_on: date | None
    stays: Stays


class LessonFact(NamedTuple):
    id: int
    course_id: int
    day: date
    number: int
    teacher_id: int | None
    substitutes_id: int | None
    merged_into_id: int | None
    remote: bool
    topic: str


class MarkFact(NamedTuple):
    id: int
    lesson_id: int
    pupil_id: int
    value: str
    retakes_id: int | None
    after_closing: bool


class LetterFact(NamedTuple):
    lesson_id: int
    pupil_id: int
    code: str


class HomeworkFact(NamedTuple):
    id: int
    lesson_id: int
    named: bool
    not_set: bool
    text: str


class WorkFact(NamedTuple):
    id: int
    lesson_id: int
    kind: str
    short: str
    title: str


class ExemptionFact(NamedTuple):
    course_id: int
    pupil_id: int
    from_on: date
    to_on: date | None


class ResultFact(NamedTuple):
    pupil_id: int
    subject_id: int
    period: str
    term_id: int | None
    value: str


class BehaviourFact(NamedTuple):
    pupil_id: int
    term_id: int | None
    value: str


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """The journals of a class between two days. `members` are the stays of pupils of this class by course and pupil."""

    class_id: int
    class_name: str
    year: SchoolYear
    first: date
    last: date
    courses: Sequence[CourseFact]
    pupils: Sequence[PupilFact]
    members: dict[int, dict[int, Stays]]
    lessons: Sequence[LessonFact]
    marks: Sequence[MarkFact]
    letters: Sequence[LetterFact]
    homework: Sequence[HomeworkFact]
    works: Sequence[WorkFact]
    exemptions: Sequence[ExemptionFact]
    results: Sequence[ResultFact]
    behaviour: Sequence[BehaviourFact]

    @property
    def whole_year(self) -> bool:
        return covers_year(self.year, self.first, self.last)


def covers_year(year: SchoolYear, first: date, last: date) -> bool:
    return first <= year.starts_on and year.ends_on <= last


def year_of(session: Session, class_id: int) -> SchoolYear:
    return session.execute(select(SchoolYear).join(SchoolClass, SchoolClass.year_id == SchoolYear.id)
                           .where(SchoolClass.id == class_id)).scalar_one()


def read(session: Session, *, class_id: int, first: date, last: date) -> JournalFacts:
    """Everything, by fixed order. Fourteen statements, whatever the class's size."""
    school_class, year = session.execute(
        select(SchoolClass, SchoolYear).join(SchoolYear, SchoolYear.id == SchoolClass.year_id)
        .where(SchoolClass.id == class_id)).one()
    pupils = _pupils(session, class_id, first, last)
    ids = {pupil.id for pupil in pupils}
    courses = _courses(session, school_class, ids, first, last)
    in_class = {pupil.id: pupil.stays for pupil in pupils}
    members = {
        course_id: {member.pupil_id: found for member in of_one if member.pupil_id in ids
                    if (found := _common(_clipped(member.stays, first, last), in_class[member.pupil_id]))}
        for course_id, of_one in members_of_many(session, [one.id for one in courses], first=first, last=last).items()}
    courses = [one for one in courses if one.of_class or members[one.id]]
    asked = _Asked(session, [one.id for one in courses], first, last)
    own = {one.id for one in courses if one.of_class}
    lessons = asked.lessons()
    of_class = {lesson.id for lesson in lessons if lesson.course_id in own}
    of_groups = {lesson.id: lesson for lesson in lessons if lesson.course_id not in own}

    def is_ours(row: MarkFact | LetterFact) -> bool:
        """In a group's journal only what is of this class's pupils, while they are in it."""
        if row.lesson_id in of_class:
            return True
        lesson = of_groups[row.lesson_id]
        return any(holds(stay, lesson.day) for stay in members[lesson.course_id].get(row.pupil_id, ()))

    return JournalFacts(
        class_id, school_class.name, year, first, last, courses, pupils, members, lessons,
        [one for one in asked.marks() if is_ours(one)], [one for one in asked.letters() if is_ours(one)],
        asked.homework(), asked.works(), [one for one in asked.exemptions() if one.pupil_id in ids],
        _results(session, ids, year, first, last), _behaviour(session, class_id, year, first, last))


def _pupils(session: Session, class_id: int, first: date, last: date) -> list[PupilFact]:
    """By the alphabet (R51)."""
    rows = session.execute(
        select(Person, Enrolment.from_on, Enrolment.to_on).join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(Enrolment.class_id == class_id, touching(Enrolment, first, last))
        .order_by(Person.sort_key, Person.id, Enrolment.from_on)).all()
    stays: dict[Person, list[Stay]] = defaultdict(list)
    for person, from_on, to_on in rows:
        stays[person].append((from_on, to_on))
    return [PupilFact(person.id, f"{person.last_name} {person.first_name}".strip(), person.full_name, spans[0][0],
                      spans[-1][1], _clipped(spans, first, last)) for person, spans in stays.items()]


def _courses(session: Session, school_class: SchoolClass, pupil_ids: Collection[int], first: date,
             last: date) -> list[CourseFact]:
    """The class's own, by subject, then the groups."""
    groups = select(CourseMember.course_id).where(CourseMember.pupil_id.in_(pupil_ids),
                                                  touching(CourseMember, first, last))
    rows = session.execute(
        select(Course, Subject.name).join(Subject, Subject.id == Course.subject_id)
        .where(Course.year_id == school_class.year_id,
               or_(Course.class_id == school_class.id, and_(Course.class_id.is_(None), Course.id.in_(groups)))))
    return sorted((CourseFact(course.id, course.subject_id, name, course.subgroup, course.name, course.kind,
                              course.class_id is not None) for course, name in rows),
                  key=lambda one: (not one.of_class, one.subject.casefold().replace("ё", "е"), one.subgroup, one.id))


def _clipped(stays: Iterable[Stay], first: date, last: date) -> Stays:
    """What of the stays is in the span; the end of one that goes on later is the span's."""
    return tuple((max(begins, first), last if ends is None else min(ends, last)) for begins, ends in stays
                 if begins <= last and (ends is None or first <= ends))


def _common(stays: Stays, others: Stays) -> Stays:
    """The days of both."""
    return tuple(both for stay in stays for begins, ends in others if ends for both in _clipped((stay,), begins, ends))


class _Asked:
    """The statements about the journals of a span."""

    def __init__(self, session: Session, course_ids: Sequence[int], first: date, last: date) -> None:
        self._session, self._courses, self._first, self._last = session, course_ids, first, last

    def _in_lessons(self, query: Any, lesson_id: Any) -> Any:
        lesson = table_of(Lesson)
        query = query.join(lesson, lesson.c.id == lesson_id) if lesson_id is not None else query
        return self._session.execute(query.where(
            lesson.c.course_id.in_(self._courses), lesson.c.day.between(self._first, self._last),
            lesson.c.state == LessonState.PLANNED.value))

    def lessons(self) -> list[LessonFact]:
        one = table_of(Lesson).c
        rows = self._in_lessons(
            select(one.id, one.course_id, one.day, one.number, one.teacher_id, one.substitutes_id, one.merged_into_id,
                   one.remote, one.topic).order_by(one.course_id, one.day, one.number), None)
        return [LessonFact(*row) for row in rows]

    def marks(self) -> list[MarkFact]:
        one, change = table_of(Mark).c, table_of(MarkCorrection).c
        changed = select(change.id).where(change.mark_id == one.id, change.after_closing).exists()
        rows = self._in_lessons(
            select(one.id, one.lesson_id, one.pupil_id, one.value, one.retakes_id,
                   case((or_(one.after_closing, and_(one.version > 1, changed)), 1), else_=0))
            .where(one.withdrawn_at.is_(None)).order_by(one.id), one.lesson_id)
        return [MarkFact(id_, lesson_id, pupil_id, value, retakes_id, bool(after))
                for id_, lesson_id, pupil_id, value, retakes_id, after in rows]

    def letters(self) -> list[LetterFact]:
        one = table_of(Attendance).c
        rows = self._in_lessons(
            select(one.lesson_id, one.pupil_id,
                   case((one.code == Presence.ILL.value, Presence.EXCUSED.value), else_=one.code))
            .where(one.code.is_not(None)).order_by(one.lesson_id, one.pupil_id), one.lesson_id)
        return [LetterFact(*row) for row in rows]

    def homework(self) -> list[HomeworkFact]:
        one = table_of(Homework).c
        rows = self._in_lessons(
            select(one.id, one.lesson_id, one.named, one.not_set, one.text).where(one.withdrawn_at.is_(None))
            .order_by(one.lesson_id, one.named, one.id), one.lesson_id)
        return [HomeworkFact(*row) for row in rows]

    def works(self) -> list[WorkFact]:
        one, kind = table_of(Work).c, table_of(WorkKind).c
        rows = self._in_lessons(
            select(one.id, one.lesson_id, kind.name, kind.short_name, one.title)
            .join_from(table_of(Work), table_of(WorkKind), kind.id == one.kind_id)
            .where(one.withdrawn_at.is_(None)).order_by(one.id), one.lesson_id)
        return [WorkFact(*row) for row in rows]

    def exemptions(self) -> list[ExemptionFact]:
        one = table_of(Exemption).c
        rows = self._session.execute(
            select(one.course_id, one.pupil_id, one.from_on, one.to_on)
            .where(one.course_id.in_(self._courses), touching(one, self._first, self._last))
            .order_by(one.course_id, one.pupil_id, one.from_on))
        return [ExemptionFact(*row) for row in rows]


def _results(session: Session, pupil_ids: Collection[int], year: SchoolYear, first: date,
             last: date) -> list[ResultFact]:
    """Results of the terms that are over by the span's end; of the year, exam and final in its own copy only, so that
    they put no quarter's copy out of date."""
    whole = covers_year(year, first, last)
    periods = [one.value for one in Period if whole or one is Period.TERM]
    rows = session.execute(
        select(TermMark.pupil_id, TermMark.subject_id, TermMark.period, TermMark.term_id, TermMark.value)
        .outerjoin(Term, Term.id == TermMark.term_id)
        .where(TermMark.pupil_id.in_(pupil_ids), TermMark.year_id == year.id, TermMark.value.is_not(None),
               TermMark.period.in_(periods), or_(Term.id.is_(None), Term.ends_on <= last))
        .order_by(TermMark.pupil_id, TermMark.subject_id, TermMark.period, Term.starts_on, TermMark.id))
    return [ResultFact(pupil_id, subject_id, period, term_id, value or "")
            for pupil_id, subject_id, period, term_id, value in rows]


def _behaviour(session: Session, class_id: int, year: SchoolYear, first: date, last: date) -> list[BehaviourFact]:
    whole = covers_year(year, first, last)
    rows = session.execute(
        select(BehaviourMark.pupil_id, BehaviourMark.term_id, BehaviourMark.value)
        .outerjoin(Term, Term.id == BehaviourMark.term_id)
        .where(BehaviourMark.class_id == class_id, BehaviourMark.value.is_not(None),
               Term.ends_on <= last if not whole else or_(Term.id.is_(None), Term.ends_on <= last))
        .order_by(BehaviourMark.pupil_id, Term.starts_on, BehaviourMark.id))
    return [BehaviourFact(pupil_id, term_id, value or "") for pupil_id, term_id, value in rows]
