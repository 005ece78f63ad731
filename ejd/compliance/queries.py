"""The figures of the control page: the school's and those of each teacher, class, subject or kind of work.

Marks stand on daily sums; the rest is counted where it lies. Three statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, literal, select, union_all

from ejd.compliance import scope as scopes
from ejd.compliance.metrics import OF_HOMEWORK, By, Figure, Tally
from ejd.compliance.owed_homework import is_figure, owed
from ejd.compliance.scope import NOBODY, Launches, Rows, Scope, under_control
from ejd.db import Session
from ejd.journal.deadlines import Launch
from ejd.journal.models import DailySum, Expectation, Mark, MarkCorrection, Work
from ejd.roster.models import Course
from ejd.schedule.models import Lesson
from ejd.school.catalogue import WEEK


@dataclass(frozen=True, slots=True)
class Report:
    """The whole school's figures, and those of each key of the breakdown."""

    total: Tally
    parts: dict[int, Tally]

    def worst_first(self, place: Callable[[int], int]) -> list[tuple[int, Tally]]:
        """The parts by gravity; equal ones in their usual order."""
        return sorted(self.parts.items(), key=lambda part: ([-count for count in part[1].gravity], place(part[0])))


def report_of(session: Session, *, scope: Scope, by: By, launches: Launches, today: date,
              now: datetime) -> Report:
    """Every figure of the span and filter as of now."""
    parts: dict[int, Tally] = defaultdict(Tally)
    for row in session.execute(_marks(scope, by, launches.marks)):
        for controlled, marks in ((True, row.controlled), (False, row.amount - row.controlled)):
            parts[row.of_key or NOBODY].add_marks(days_taken=row.days_taken, over_limit=bool(row.over_limit),
                                                  controlled=controlled, marks=marks)
    for row in session.execute(union_all(_expectations(scope, by, launches.marks, today), _closed_early(scope, by),
                                         _corrections(scope, by, launches.marks))):
        parts[row.of_key or NOBODY].counts[Figure(row.figure)] += row.amount
    total = Tally()
    if scope.kind_id is None:
        for row in session.execute(_homework(scope, by, launches.homework, now)):
            part = total if by is By.KIND else parts[row.of_key or NOBODY]
            for figure in OF_HOMEWORK:
                part.counts[figure] += getattr(row, figure.name)
    for part in parts.values():
        total.add(part)
    return Report(total, {key: part for key, part in parts.items() if part.counts.total()})


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


def _marks(scope: Scope, by: By, launch: Launch) -> Rows:
    key = scopes.key_of(by, teacher=DailySum.responsible_id, kind=DailySum.kind_id)
    controlled = under_control(launch, DailySum.received_on, DailySum.course_id, since=scope.first)
    query = select(key.label("of_key"), DailySum.days_taken, DailySum.over_limit,
                   func.sum(DailySum.marks).label("amount"),
                   func.sum(case((controlled, DailySum.marks), else_=0)).label("controlled"))
    if by in {By.CLASS, By.SUBJECT}:
        query = query.join(Course, Course.id == DailySum.course_id)
    return query.where(scopes.of_sums(scope)).group_by("of_key", DailySum.days_taken, DailySum.over_limit)


def _expectations(scope: Scope, by: By, launch: Launch, today: date) -> Rows:
    key = scopes.key_of(by, teacher=Expectation.responsible_id, kind=Work.kind_id)
    figure = case((scopes.is_overdue(scope, launch, today), literal(Figure.OVERDUE.value)),
                  else_=literal(Figure.AWAITED.value))
    return (select(key.label("of_key"), figure.label("figure"), func.count().label("amount"))
            .select_from(Expectation).join(Work, Work.id == Expectation.work_id)
            .join(Lesson, Lesson.id == Work.lesson_id).join(Course, Course.id == Lesson.course_id)
            .where(scopes.of_expectations(scope, Work)).group_by("of_key", "figure"))


def _closed_early(scope: Scope, by: By) -> Rows:
    key = scopes.key_of(by, teacher=Expectation.responsible_id, kind=Work.kind_id)
    return (select(key.label("of_key"), literal(Figure.CLOSED_EARLY.value).label("figure"),
                   func.count().label("amount"))
            .select_from(Expectation).join(Work, Work.id == Expectation.work_id)
            .join(Lesson, Lesson.id == Work.lesson_id).join(Course, Course.id == Lesson.course_id)
            .where(scopes.closed_early(scope, Work)).group_by("of_key"))


def _corrections(scope: Scope, by: By, launch: Launch) -> Rows:
    key = scopes.key_of(by, teacher=MarkCorrection.responsible_id, kind=Mark.kind_id)
    return (select(key.label("of_key"), literal(Figure.CORRECTED.value).label("figure"), func.count().label("amount"))
            .select_from(MarkCorrection).join(Mark, Mark.id == MarkCorrection.mark_id)
            .join(Lesson, Lesson.id == Mark.lesson_id).join(Course, Course.id == Lesson.course_id)
            .where(scopes.of_corrections(scope),
                   under_control(launch, Mark.received_on, Lesson.course_id))
            .group_by("of_key"))


def _homework(scope: Scope, by: By, launch: Launch, now: datetime) -> Rows:
    key = scopes.key_of(by, teacher=Lesson.teacher_id, kind=literal(NOBODY))
    columns = [func.coalesce(func.sum(case((is_figure(figure, now), 1), else_=0)), 0).label(figure.name)
               for figure in OF_HOMEWORK]
    return owed(select(key.label("of_key"), *columns).select_from(Lesson), scope, launch, now).group_by("of_key")
