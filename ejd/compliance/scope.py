"""Which facts a figure or a list is about: a span of days and a filter, as values and as conditions of SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, literal, literal_column, select, true

from ejd.compliance.metrics import By
from ejd.journal.deadlines import Launch
from ejd.journal.launch import launch_of_homework, launch_of_marks
from ejd.journal.models import DailySum, Expectation, Mark, MarkCorrection, TermClosing, Work, WorkKind
from ejd.journal.week_models import LessonSum
from ejd.journal.week_sums import Week
from ejd.roster.belonging import held
from ejd.roster.models import Course, Enrolment, SchoolClass
from ejd.schedule.models import Lesson
from ejd.school.calendar import monday_of
from ejd.school.catalogue import WEEK
from ejd.school.models import Term
from ejd.school.settings import Settings

NOBODY = 0  # in filters and keys: a vacancy; a group over several classes
NEVER = date.max
MOST_KEPT = 32  # questions that stay put into SQL
DAY = timedelta(days=1)
Condition: TypeAlias = ColumnElement[bool]
Rows: TypeAlias = Select[*tuple[Any, ...]]
# Written out, not bound: only so may SQLite use the partial indexes that are made for these questions.
WEEK_SQL: ColumnElement[int] = literal_column(str(WEEK))
AWAITING_TEACHER: ColumnElement[str] = literal_column("'teacher'")
CUT_OFF: ColumnElement[str] = literal_column("'closed'")


@dataclass(frozen=True, slots=True)
class Scope:
    """Days, both included, and what of the school; None: all of it. `days_taken` narrows marks by the days they
    took, both included."""

    first: date
    last: date
    teacher_id: int | None = None
    class_id: int | None = None
    subject_id: int | None = None
    kind_id: int | None = None
    days_taken: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Launches:
    """When control of marks and of homework starts (R7)."""

    marks: Launch
    homework: Launch


def launches(settings: Settings) -> Launches:
    return Launches(launch_of_marks(settings), launch_of_homework(settings))


def under_control(launch: Launch, day: Any, course_id: Any, *, since: date | None = None) -> Condition:
    """Whether what was received, or held, on `day` in that course is under control (R7). `since` promises that no
    row is older, which often spares the question."""
    if since is not None and launch.covers_all_from(since):
        return true()
    default = literal(launch.day or NEVER)
    if not launch.of_grades:
        return day >= default
    own = [(course_id.in_(_courses(SchoolClass.grade == grade)), literal(start))
           for grade, start in sorted(launch.of_grades.items())]
    return day >= case(*own, else_=default)


def of_sums(scope: Scope) -> Condition:
    """Daily sums of the span, without kinds that timeliness does not count («из справки»)."""
    return _both([DailySum.received_on.between(scope.first, scope.last), _timely(DailySum.kind_id),
                  *_taught_by(scope, DailySum.responsible_id), *_of_course(scope, DailySum.course_id),
                  *_of_kind(scope, DailySum.kind_id)])


def of_marks(scope: Scope) -> Condition:
    """The same facts as rows: marks that stand (joined with their lesson)."""
    conditions = [Mark.received_on.between(scope.first, scope.last), Mark.withdrawn_at.is_(None),
                  _timely(Mark.kind_id), *_taught_by(scope, Mark.responsible_id),
                  *_of_course(scope, Lesson.course_id), *_of_kind(scope, Mark.kind_id)]
    if scope.days_taken:
        conditions.append(Mark.days_taken.between(*scope.days_taken))
    return _both(conditions)


def of_corrections(scope: Scope) -> Condition:
    """Corrections made in the span after the limit (R3), joined with mark and lesson."""
    return _both([MarkCorrection.corrected_on.between(scope.first, scope.last), MarkCorrection.days_after > WEEK_SQL,
                  _timely(Mark.kind_id), *_taught_by(scope, MarkCorrection.responsible_id),
                  *_of_course(scope, Lesson.course_id), *_of_kind(scope, Mark.kind_id)])


def of_expectations(scope: Scope, work: Any, awaiting: ColumnElement[str] = AWAITING_TEACHER) -> Condition:
    """Marks awaited from the teacher (R4), joined with work and lesson; a cancelled lesson awaits nothing (R6)."""
    return _both([Expectation.awaiting == awaiting, Expectation.received_on.between(scope.first, scope.last),
                  work.withdrawn_at.is_(None), Lesson.state == "planned", _timely(work.kind_id),
                  *_taught_by(scope, Expectation.responsible_id), *_of_course(scope, Lesson.course_id),
                  *_of_kind(scope, work.kind_id)])


def closed_early(scope: Scope, work: Any) -> Condition:
    """Marks that the teacher still had time for when their term was closed early (R8); without a last day it was a
    work that the pupil owed."""
    of_closed_terms = (
        select(Expectation.id).select_from(TermClosing).join(Term, Term.id == TermClosing.term_id)
        .join(Enrolment, Enrolment.class_id == TermClosing.class_id)
        .join(Expectation, and_(Expectation.pupil_id == Enrolment.pupil_id, Expectation.awaiting == CUT_OFF))
        .join(Work, Work.id == Expectation.work_id).join(Lesson, Lesson.id == Work.lesson_id)
        .where(TermClosing.early, Lesson.day.between(Term.starts_on, Term.ends_on), held(Enrolment, Lesson.day)))
    return and_(of_expectations(scope, work, CUT_OFF), Expectation.due_on.is_not(None),
                Expectation.id.in_(of_closed_terms.correlate(None)))


def is_overdue(scope: Scope, launch: Launch, today: date) -> Condition:
    """Whether a mark awaited from the teacher is overdue: from the day after its last day, never before the launch
    (R4, R7). Without a last day it is unknown, so not."""
    return and_(Expectation.due_on < today,
                under_control(launch, Expectation.received_on, Lesson.course_id, since=scope.first))


def of_lessons(scope: Scope) -> Condition:
    """Lessons of the span by who taught them; a kind of work says nothing about them."""
    return _both([Lesson.day.between(scope.first, scope.last), *_taught_by(scope, Lesson.teacher_id),
                  *_of_course(scope, Lesson.course_id)])


def of_lesson_sums(scope: Scope, weeks: Iterable[Week]) -> Condition:
    """The sums of these weeks, filtered as their lessons would be."""
    return _both([LessonSum.day.in_([week.first for week in weeks]), *_taught_by(scope, LessonSum.teacher_id),
                  *_of_course(scope, LessonSum.course_id)])


def weeks_of_sums(scope: Scope, launches: Launches, weeks: Iterable[Week], today: date) -> list[Week]:
    """The weeks whose sums answer for the span: over, all inside it, and no control begins in the middle (R7)."""
    begins = {*launches.marks.days, *launches.homework.days}
    return [week for week in weeks if week.within(scope.first, scope.last) and week.is_over(today)
            and not any(week.first < day <= week.last for day in begins)]


def rest_of(scope: Scope, weeks: Iterable[Week]) -> list[Scope]:
    """What of the span no week answers for; a week with sums has no lessons beside its own days."""
    first, rest = scope.first, []
    for week in sorted(weeks, key=lambda week: week.first):
        if first < monday_of(week.first):
            rest.append(replace(scope, first=first, last=monday_of(week.first) - DAY))
        first = monday_of(week.last) + timedelta(days=7)
    return [*rest, replace(scope, first=first)] if first <= scope.last else rest


def day_of_lists(scope: Scope, today: date) -> date:
    """On which day of the span it counts who learns in a journal."""
    return max(min(scope.last, today), scope.first)


def key_of(by: By, *, teacher: Any, kind: Any) -> Any:
    """The column that figures are broken down by; classes and subjects are the joined course's."""
    return {By.TEACHER: teacher, By.CLASS: Course.class_id, By.SUBJECT: Course.subject_id, By.KIND: kind}[by]


def _both(conditions: Iterable[Condition]) -> Condition:
    return and_(*conditions)


def _courses(condition: Condition) -> Any:
    return select(Course.id).join(SchoolClass, SchoolClass.id == Course.class_id).where(condition)


def _timely(kind_id: Any) -> Condition:
    return kind_id.in_(select(WorkKind.id).where(WorkKind.in_timeliness.is_(True)))


def _taught_by(scope: Scope, teacher_id: Any) -> list[Condition]:
    if scope.teacher_id is None:
        return []
    return [teacher_id == scope.teacher_id if scope.teacher_id != NOBODY else teacher_id.is_(None)]


def _of_course(scope: Scope, course_id: Any) -> list[Condition]:
    conditions: list[Condition] = []
    if scope.class_id is not None:
        in_class = Course.class_id == scope.class_id if scope.class_id != NOBODY else Course.class_id.is_(None)
        conditions.append(course_id.in_(select(Course.id).where(in_class)))
    if scope.subject_id is not None:
        conditions.append(course_id.in_(select(Course.id).where(Course.subject_id == scope.subject_id)))
    return conditions


def _of_kind(scope: Scope, kind_id: Any) -> list[Condition]:
    return [] if scope.kind_id is None else [kind_id == scope.kind_id]
