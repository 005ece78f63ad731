"""The class at a glance: every pupil's standing in the term, and who needs attention."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Date, Integer, String, and_, bindparam, cast, func, literal, null, or_, select, union_all

from ejd.db import Session, table_of
from ejd.homeroom import risk
from ejd.homeroom.risk import Concern, SubjectMarks
from ejd.journal import missed as missing
from ejd.journal.expecting import Awaiting, Presence
from ejd.journal.grading import average, counting
from ejd.journal.missed import Missed
from ejd.journal.models import Exemption, Expectation, Mark, Work
from ejd.names import fold
from ejd.roster.belonging import held
from ejd.roster.models import Course, CourseKind, Enrolment, Person, SchoolClass, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.school.calendar import TermDates
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class PupilAtGlance:
    """A pupil in the term: the mean of subject averages, how many marks count in them, what was missed, works owed,
    and what to worry about."""

    pupil_id: int
    name: str
    mean: Fraction | None
    marks: int
    missed: Missed
    owed: int
    concerns: Sequence[Concern]

    @property
    def without_reason(self) -> int:
        return self.missed.lessons[Presence.ABSENT]


@dataclass(frozen=True, slots=True)
class ClassAtGlance:
    term: TermDates | None
    terms: Sequence[TermDates]
    pupils: Sequence[PupilAtGlance]
    at_risk: Sequence[PupilAtGlance]

    @property
    def has_marks(self) -> bool:
        return any(one.marks for one in self.pupils)

    @property
    def is_blank(self) -> bool:
        """Nothing of the term is there to be shown."""
        return not any(one.marks or one.owed or one.missed.all_lessons or one.missed.late for one in self.pupils)

    def before(self) -> TermDates | None:
        """The term before the one shown."""
        return next((one for one in reversed(self.terms) if self.term and one.number < self.term.number), None)


def glance_at(session: Session, school_class: SchoolClass, *, number: int | None, settings: Settings,
              today: date) -> ClassAtGlance:
    """A term of the class: by its number, else the one of the day. Seven statements at most."""
    calendar = calendar_of(session, school_class.year_id).of(
        grade=school_class.grade, days_per_week=school_class.days_per_week, scheme=school_class.term_scheme)
    terms = calendar.year.terms_by(school_class.term_scheme)
    term = next((one for one in terms if one.number == number), None) or calendar.term_to_show(today)
    if term is None:
        return ClassAtGlance(None, terms, (), ())
    rows = session.execute(_FACTS, {"class_id": school_class.id, "first": term.starts_on, "last": term.ends_on,
                                    "day": min(max(today, term.starts_on), term.ends_on)}).all()
    missed = missing.of_class(session, class_id=school_class.id, first=term.starts_on, last=min(term.ends_on, today))
    by_pupil = _by_pupil(rows)
    measure = _Measure(_marked_by_most(rows, len(by_pupil)), settings.value("thresholds", on=today),
                       settings.value("retake", on=today), settings.value("average", on=today), today)
    pupils = [_pupil(row, about, missed.get(row.pupil_id, Missed()), measure) for row, about in by_pupil]
    by_id = {one.pupil_id: one for one in pupils}
    order = risk.in_order({one.pupil_id: one.concerns for one in pupils})
    return ClassAtGlance(term, terms, pupils, [by_id[pupil_id] for pupil_id in order])


@dataclass(frozen=True, slots=True)
class _Measure:
    """What every pupil of the class is measured by."""

    marked_by_most: Sequence[str]
    thresholds: Mapping[str, int]
    retake: str
    average: str
    today: date


def _marked_by_most(rows: Sequence[Any], pupils: int) -> list[str]:
    """The subjects of the whole class in which most of it has marks, by the alphabet."""
    learned = {row.subject for row in rows if row.what == "learned"}
    marked = Counter(subject for _, subject in {(row.pupil_id, row.subject) for row in rows if row.what == "mark"})
    return risk.marked_by_most({subject: marked[subject] for subject in sorted(learned, key=fold)}, pupils)


def _by_pupil(rows: Sequence[Any]) -> list[tuple[Any, Mapping[str, list[Any]]]]:
    """Pupils by the alphabet, each with the rows about them by what they tell."""
    about: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    pupils = []
    for row in rows:
        if row.what == "pupil":
            pupils.append(row)
        else:
            about[row.pupil_id][row.what].append(row)
    return [(row, about[row.pupil_id]) for row in sorted(pupils, key=lambda row: (row.value, row.pupil_id))]


def _pupil(row: Any, about: Mapping[str, list[Any]], missed: Missed, measure: _Measure) -> PupilAtGlance:
    subjects: dict[str, list[Any]] = defaultdict(list)
    for mark in about["mark"]:
        subjects[mark.subject].append(mark)
    marks = [_subject(subject, found, measure) for subject, found in subjects.items()]
    owed = [one.day for one in about["owed"]]
    means = [one.mean for one in marks if one.mean is not None]
    held_lessons = next((one.number for one in about["held"]), 0)
    concerns = [concern for one in marks for concern in risk.of_marks(one, measure.thresholds)]
    concerns += risk.of_lessons(missed=missed.all_lessons, without_reason=missed.lessons[Presence.ABSENT],
                                held=held_lessons)
    known = subjects.keys() | {one.subject for one in about["exempt"]}
    concerns += risk.of_blanks([subject for subject in measure.marked_by_most if subject not in known])
    concerns += risk.of_works([day for day in owed if day is not None], measure.today)
    return PupilAtGlance(row.pupil_id, row.subject, sum(means, Fraction(0)) / len(means) if means else None,
                         sum(len(one.figures) for one in marks), missed, len(owed), concerns)


def _subject(subject: str, rows: Sequence[Any], measure: _Measure) -> SubjectMarks:
    ordered = sorted(rows, key=lambda row: (row.day, row.number))
    counted = counting(((row.number, row.value, row.weight, row.mended) for row in ordered), measure.retake)
    return SubjectMarks(subject, [value for value, _ in counted], average(counted, measure.average))


def _facts() -> Any:
    """Pupils of the class on a day; their marks in the term in whatever journal, the lessons held of class and
    subgroup, the works they owe; what the class learns, and who is exempt from it. Of tables, for there are thousands
    of marks."""
    mark, lesson, course, enrolment = table_of(Mark), table_of(Lesson), table_of(Course), table_of(Enrolment)
    person, subject, work, expectation = table_of(Person), table_of(Subject), table_of(Work), table_of(Expectation)
    class_id: Any = bindparam("class_id", type_=Integer)
    first, last, day = (bindparam(name, type_=Date) for name in ("first", "last", "day"))
    no_day, nought = cast(null(), Date), literal(0, Integer)
    here = and_(enrolment.c.class_id == class_id, held(enrolment.c, day))
    pupils = (select(literal("pupil").label("what"), person.c.id.label("pupil_id"),
                     (person.c.last_name + " " + person.c.first_name).label("subject"),
                     person.c.sort_key.label("value"), nought.label("weight"), no_day.label("day"),
                     nought.label("number"), nought.label("mended"))
              .join_from(enrolment, person, person.c.id == enrolment.c.pupil_id).where(here))
    marks = (select(literal("mark"), mark.c.pupil_id, subject.c.name, cast(mark.c.value, String), mark.c.weight,
                    mark.c.received_on, mark.c.id, func.coalesce(mark.c.retakes_id, 0))
             .join_from(enrolment, mark, mark.c.pupil_id == enrolment.c.pupil_id)
             .join(lesson, lesson.c.id == mark.c.lesson_id).join(course, course.c.id == lesson.c.course_id)
             .join(subject, subject.c.id == course.c.subject_id)
             .where(here, mark.c.withdrawn_at.is_(None), lesson.c.day.between(first, last)))
    owed = (select(literal("owed"), expectation.c.pupil_id, literal(""), literal(""), nought,
                   expectation.c.hand_in_by, nought, nought)
            .join_from(enrolment, expectation, expectation.c.pupil_id == enrolment.c.pupil_id)
            .join(work, work.c.id == expectation.c.work_id).join(lesson, lesson.c.id == work.c.lesson_id)
            .where(here, expectation.c.awaiting == Awaiting.PUPIL.value, work.c.withdrawn_at.is_(None),
                   lesson.c.day.between(first, last), lesson.c.state == LessonState.PLANNED.value))
    given = (select(literal("held"), enrolment.c.pupil_id, literal(""), literal(""), nought, no_day,
                    func.count(lesson.c.id), nought)
             .join_from(enrolment, course, course.c.class_id == enrolment.c.class_id)
             .join(lesson, lesson.c.course_id == course.c.id)
             .where(here, course.c.subgroup < 2, lesson.c.day.between(first, day),
                    lesson.c.attendance_at.is_not(None), lesson.c.state == LessonState.PLANNED.value)
             .group_by(enrolment.c.pupil_id))
    return union_all(pupils, marks, owed, given, *_learned(class_id, day))


def _learned(class_id: Any, day: Any) -> tuple[Any, Any]:
    """The subjects of the whole class, and the exemptions from them, in rows of the same shape."""
    course, subject, exemption = table_of(Course), table_of(Subject), table_of(Exemption)
    no_day, nought = cast(null(), Date), literal(0, Integer)
    learned = (select(literal("learned"), nought, subject.c.name, literal(""), nought, no_day, nought, nought)
               .join_from(course, subject, subject.c.id == course.c.subject_id)
               .where(course.c.class_id == class_id, course.c.subgroup == 0, course.c.kind == CourseKind.LESSONS.value,
                      or_(course.c.retired_on.is_(None), course.c.retired_on > day)))
    exempt = (select(literal("exempt"), exemption.c.pupil_id, subject.c.name, literal(""), nought, no_day, nought,
                     nought)
              .join_from(exemption, course, course.c.id == exemption.c.course_id)
              .join(subject, subject.c.id == course.c.subject_id)
              .where(course.c.class_id == class_id, held(exemption.c, day)))
    return learned, exempt


_FACTS = _facts()
