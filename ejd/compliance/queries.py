"""The figures of the control page: the school's and those of each teacher, class, subject or kind of work.

Marks stand on daily sums, lessons and homework of weeks that are over on weekly ones; the rest is counted where it
lies. Four statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from itertools import compress
from typing import Any

from sqlalchemy import CompoundSelect, case, func, literal, select, union_all

from ejd.compliance import scope as scopes
from ejd.compliance.journals import Journal, journals_of
from ejd.compliance.lessons import STANDINGS
from ejd.compliance.metrics import By, Figure, Tally
from ejd.compliance.scope import (
    MOST_KEPT,
    NOBODY,
    WEEK_SQL,
    Launches,
    Rows,
    Scope,
    day_of_lists,
    under_control,
)
from ejd.compliance.taught import NOW, taught
from ejd.db import Session, read_by_index
from ejd.journal import week_sums
from ejd.journal.deadlines import Launch
from ejd.journal.models import DailySum, Expectation, Mark, MarkCorrection, Work
from ejd.roster.models import Course
from ejd.schedule.models import Lesson
from ejd.school.catalogue import WEEK

PREVIOUS = -1  # the key of the span that this one is compared with
HOLDING = -2  # a row that names a week whose sums hold
HELD = [Figure.LESSONS_HELD in figures for figures in STANDINGS]


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
    spans = (scope, before) if before else (scope,)
    read_by_index(session)
    for key, days_taken, over_limit, amount, controlled in session.execute(_all_marks(spans, by, launches.marks)).all():
        part = parts[key or NOBODY]
        for under, marks in ((True, controlled), (False, amount - controlled)):
            if marks:
                part.add_marks(days_taken=days_taken, over_limit=bool(over_limit), controlled=under, marks=marks)
    weeks = []
    for row in session.execute(_other_facts(spans, by, launches.marks, today)).all():
        if row.of_key == HOLDING:
            weeks.append(week_sums.read(row.figure))
        else:
            parts[row.of_key or NOBODY].counts[Figure(row.figure)] += row.amount
    total, held = Tally(), Counter[int]()
    journals = journals_of(session, days=[day_of_lists(one, today) for one in spans],
                           first=min(one.first for one in spans), last=max(one.last for one in spans))
    for row in session.execute(taught(spans, launches, tuple(weeks), today), {NOW: now}).all():
        of_whole = by is By.KIND and not row.place
        lessons = _add_taught(total if of_whole else parts[_key_of(by, row, journals)], row, journals)
        if lessons and not row.place:
            held[row.course_id] += lessons
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
    return {By.TEACHER: row.teacher_id, By.CLASS: journal.class_id, By.SUBJECT: journal.subject_id}.get(by) or NOBODY


def _add_taught(part: Tally, row: Any, journals: Mapping[int, Journal]) -> int:
    """Lessons and homework of a journal; how many of the lessons were held."""
    place, course_id, _, *counts = row
    journal, standings, homework = journals[course_id], counts[:len(STANDINGS)], counts[len(STANDINGS):]
    for figures, lessons in zip(STANDINGS, standings, strict=True):
        if lessons:
            for figure in figures:
                part.counts[figure] += lessons
    if held := sum(compress(standings, HELD)):
        part.add_held(course_id, journal.pupils[place], held, takes_marks=journal.takes_marks)
    if journal.owes_homework:
        part.add_homework(homework)
    return int(held)


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


# What is asked again and again in the same words is put into SQL once: building it takes as long as the answer.
@lru_cache(maxsize=MOST_KEPT)
def _all_marks(spans: tuple[Scope, ...], by: By, launch: Launch) -> CompoundSelect[Any]:
    return union_all(*(_marks(scope, key, launch) for scope, key in zip(spans, (by, None), strict=False)))


@lru_cache(maxsize=MOST_KEPT)
def _other_facts(spans: tuple[Scope, ...], by: By, launch: Launch, today: date) -> CompoundSelect[Any]:
    """Expected marks and corrections; and, asked along with them, the weeks whose sums hold."""
    return union_all(*(query for scope, key in zip(spans, (by, None), strict=False) for query in (
        _expectations(scope, key, launch, today), _closed_early(scope, key), _corrections(scope, key, launch))),
        _holding(min(scope.first for scope in spans), max(scope.last for scope in spans)))


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


def _holding(first: date, last: date) -> Rows:
    weeks = week_sums.holding(first, last)
    return weeks.with_only_columns(literal(HOLDING), *weeks.selected_columns, literal(0))
