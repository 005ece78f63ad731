"""The figures of the control page: the school's and those of each teacher, class, subject or kind of work.

Marks stand on daily sums; the rest is counted where it lies. Four statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import case, false, func, literal, select, union_all

from ejd.compliance import scope as scopes
from ejd.compliance.journals import Journal, journals_of
from ejd.compliance.lessons import STANDINGS, standing_of_lesson
from ejd.compliance.metrics import By, Figure, Tally
from ejd.compliance.owed_homework import is_figure, owed
from ejd.compliance.scope import NOBODY, WEEK_SQL, Launches, Rows, Scope, day_of_lists, under_control
from ejd.db import Session
from ejd.journal.deadlines import Launch
from ejd.journal.models import DailySum, Expectation, Mark, MarkCorrection, Work
from ejd.roster.models import Course
from ejd.schedule.models import Lesson, LessonState
from ejd.school.catalogue import WEEK

# Of lessons that owe homework; what is missing is the rest, for asking it would ask most.
COUNTED = (Figure.HOMEWORK_OWED, Figure.HOMEWORK_ON_TIME, Figure.HOMEWORK_LATE, Figure.HOMEWORK_AWAITED,
           Figure.HOMEWORK_NOT_SET)
PREVIOUS = -1  # the key of the span that this one is compared with


@dataclass(frozen=True, slots=True)
class Report:
    """The whole school's figures, and those of each key of the breakdown; the same of the span before, when asked."""

    total: Tally
    parts: dict[int, Tally]
    before: Tally | None = None
    journals: Mapping[int, Journal] = field(default_factory=dict)
    held: Mapping[int, int] = field(default_factory=dict)  # lessons by journal

    def worst_first(self, place: Callable[[int], int],
                    gravity: Callable[[Tally], Sequence[int | Fraction]] = lambda tally: tally.gravity
                    ) -> list[tuple[int, Tally]]:
        """The parts by gravity; equal ones in their usual order."""
        return sorted(self.parts.items(), key=lambda part: ([-count for count in gravity(part[1])], place(part[0])))


def report_of(session: Session, *, scope: Scope, by: By, launches: Launches, today: date, now: datetime,
              before: Scope | None = None) -> Report:
    """Every figure of the span and filter as of now; of `before`, the span to compare with, the whole."""
    parts: dict[int, Tally] = defaultdict(Tally)
    spans = [scope, before] if before else [scope]
    asked = list(zip(spans, [by, None][:len(spans)], strict=True))
    for row in session.execute(union_all(*(_marks(*one, launches.marks) for one in asked))).all():
        for controlled, marks in ((True, row.controlled), (False, row.amount - row.controlled)):
            if not marks:
                continue
            parts[row.of_key or NOBODY].add_marks(days_taken=row.days_taken, over_limit=bool(row.over_limit),
                                                  controlled=controlled, marks=marks)
    for row in session.execute(union_all(*(query for one in asked for query in (
            _expectations(*one, launches.marks, today), _closed_early(*one), _corrections(*one, launches.marks))))):
        parts[row.of_key or NOBODY].counts[Figure(row.figure)] += row.amount
    total, held = Tally(), Counter[int]()
    journals = journals_of(session, days=[day_of_lists(one, today) for one in spans],
                           first=min(one.first for one in spans), last=max(one.last for one in spans))
    for row in session.execute(union_all(*(query for place, one in enumerate(spans) for query in (
            _lessons(one, place, launches.marks, now, today), _homework(one, place, launches.homework, now))))).all():
        _add_lessons(total if by is By.KIND and not row.place else parts[_key_of(by, row, journals)], row, journals)
        if not row.place and not row.of_homework and Figure.LESSONS_HELD in STANDINGS[row.standing]:
            held[row.course_id] += row.lessons
    compared = parts.pop(PREVIOUS, Tally()) if before else None
    for part in parts.values():
        total.add(part)
    if by is By.KIND:  # any pupil at any lesson could have received a mark of the kind
        for part in parts.values():
            part.pupils, part.marked, part.places = total.pupils, total.marked, total.places
    return Report(total, {key: part for key, part in parts.items() if part.counts.total()}, compared, journals, held)


def late_by_day(session: Session, *, scope: Scope, launches: Launches) -> dict[date, int]:
    """Late marks by the day on which they were received. One statement."""
    rows = session.execute(
        select(DailySum.received_on, func.sum(DailySum.marks)).where(
            scopes.of_sums(scope), DailySum.days_taken > WEEK_SQL,
            under_control(launches.marks, DailySum.received_on, DailySum.course_id, since=scope.first))
        .group_by(DailySum.received_on))
    return {day: int(marks) for day, marks in rows}


def _key_of(by: By, row: Any, journals: Mapping[int, Journal]) -> int:
    if row.place:
        return PREVIOUS
    journal = journals[row.course_id]
    return {By.TEACHER: row.teacher_id, By.CLASS: journal.class_id, By.SUBJECT: journal.subject_id,
            By.KIND: NOBODY}[by] or NOBODY


def _add_lessons(part: Tally, row: Any, journals: Mapping[int, Journal]) -> None:
    journal = journals[row.course_id]
    if row.of_homework:
        if journal.owes_homework:
            counts = dict(zip(COUNTED, row[4:], strict=True))
            counts[Figure.HOMEWORK_MISSING] = (
                counts[Figure.HOMEWORK_OWED] - counts[Figure.HOMEWORK_ON_TIME] - counts[Figure.HOMEWORK_LATE]
                - counts[Figure.HOMEWORK_AWAITED])
            part.counts.update(counts)
    else:
        part.add_lessons(row.course_id, journal.pupils[row.place], STANDINGS[row.standing], row.lessons,
                         takes_marks=journal.takes_marks)


def lateness(session: Session, *, scope: Scope, launches: Launches, today: date) -> tuple[int, int]:
    """Two of the same figures for a line elsewhere: marks entered late, marks overdue. One statement."""
    launch = launches.marks
    late = select(func.coalesce(func.sum(DailySum.marks), 0)).where(
        scopes.of_sums(scope), DailySum.days_taken > WEEK,
        under_control(launch, DailySum.received_on, DailySum.course_id, since=scope.first))
    overdue = (select(func.count()).select_from(Expectation).join(Work, Work.id == Expectation.work_id)
               .join(Lesson, Lesson.id == Work.lesson_id)
               .where(scopes.of_expectations(scope, Work), scopes.is_overdue(scope, launch, today)))
    row = session.execute(select(late.scalar_subquery(), overdue.scalar_subquery())).one()
    return int(row[0]), int(row[1])


def _key(by: By | None, *, teacher: Any, kind: Any) -> Any:
    return literal(PREVIOUS) if by is None else scopes.key_of(by, teacher=teacher, kind=kind)


def _marks(scope: Scope, by: By | None, launch: Launch) -> Rows:
    key = _key(by, teacher=DailySum.responsible_id, kind=DailySum.kind_id)
    controlled = under_control(launch, DailySum.received_on, DailySum.course_id, since=scope.first)
    query = select(key.label("of_key"), DailySum.days_taken, DailySum.over_limit,
                   func.sum(DailySum.marks).label("amount"),
                   func.sum(case((controlled, DailySum.marks), else_=0)).label("controlled"))
    if by in {By.CLASS, By.SUBJECT}:
        query = query.join(Course, Course.id == DailySum.course_id)
    return query.where(scopes.of_sums(scope)).group_by("of_key", DailySum.days_taken, DailySum.over_limit)


def _expectations(scope: Scope, by: By | None, launch: Launch, today: date) -> Rows:
    key = _key(by, teacher=Expectation.responsible_id, kind=Work.kind_id)
    figure = case((scopes.is_overdue(scope, launch, today), literal(Figure.OVERDUE.value)),
                  else_=literal(Figure.AWAITED.value))
    return (select(key.label("of_key"), figure.label("figure"), func.count().label("amount"))
            .select_from(Expectation).join(Work, Work.id == Expectation.work_id)
            .join(Lesson, Lesson.id == Work.lesson_id).join(Course, Course.id == Lesson.course_id)
            .where(scopes.of_expectations(scope, Work)).group_by("of_key", "figure"))


def _closed_early(scope: Scope, by: By | None) -> Rows:
    key = _key(by, teacher=Expectation.responsible_id, kind=Work.kind_id)
    return (select(key.label("of_key"), literal(Figure.CLOSED_EARLY.value).label("figure"),
                   func.count().label("amount"))
            .select_from(Expectation).join(Work, Work.id == Expectation.work_id)
            .join(Lesson, Lesson.id == Work.lesson_id).join(Course, Course.id == Lesson.course_id)
            .where(scopes.closed_early(scope, Work)).group_by("of_key"))


def _corrections(scope: Scope, by: By | None, launch: Launch) -> Rows:
    key = _key(by, teacher=MarkCorrection.responsible_id, kind=Mark.kind_id)
    return (select(key.label("of_key"), literal(Figure.CORRECTED.value).label("figure"), func.count().label("amount"))
            .select_from(MarkCorrection).join(Mark, Mark.id == MarkCorrection.mark_id)
            .join(Lesson, Lesson.id == Mark.lesson_id).join(Course, Course.id == Lesson.course_id)
            .where(scopes.of_corrections(scope),
                   under_control(launch, Mark.received_on, Lesson.course_id))
            .group_by("of_key"))


def _lessons(scope: Scope, place: int, launch: Launch, now: datetime, today: date) -> Rows:
    """By journal, teacher and how the lessons stand: the standing, and how many."""
    standing = standing_of_lesson(scope, launch, now, today).label("standing")
    return (select(literal(place).label("place"), literal(False).label("of_homework"), Lesson.course_id,
                   Lesson.teacher_id, standing, func.count().label("lessons"), *[literal(0)] * 3)
            .where(scopes.of_lessons(scope), Lesson.state != LessonState.MOVED.value)
            .group_by(Lesson.course_id, Lesson.teacher_id, "standing"))


def _homework(scope: Scope, place: int, launch: Launch, now: datetime) -> Rows:
    """By journal and teacher, in the order of COUNTED; a kind of work says nothing about homework."""
    columns = [_many(is_figure(figure, now)).label(figure.name) for figure in COUNTED[1:]]
    query = owed(select(literal(place), literal(True), Lesson.course_id, Lesson.teacher_id, func.count(), *columns)
                 .select_from(Lesson), scope, launch, now, of_any_course=True).group_by(
        Lesson.course_id, Lesson.teacher_id)
    return query if scope.kind_id is None else query.where(false())


def _many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
