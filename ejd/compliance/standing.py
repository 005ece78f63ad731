"""How plans, results and certified copies stand over a span and filter: of the school, and by class, teacher or subject
(R50, R60).

Everything is asked of the capability that keeps it; here it is laid together. Plans as the last day of the span left
them, results and copies of the periods that end in the span.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ejd.certification import queries as certification
from ejd.certification.due import OWED, State
from ejd.certification.queries import ClassPeriod
from ejd.compliance.metrics import By, Meaning
from ejd.compliance.scope import NOBODY, Scope
from ejd.db import Session
from ejd.plans.queries import PlanRow, plan_rows
from ejd.results.in_span import Count, Whose, counts_of, slots_in
from ejd.results.queries import Slot
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings


class StandFigure(StrEnum):
    """A figure of plans, results and copies; the value is the address of the list behind it."""

    LAG = "plans-behind"
    UNPLANNED = "plans-missing"
    MISSING = "results-missing"
    LATE = "results-late"
    OVERDUE = "copies-overdue"
    OUT_OF_DATE = "copies-out-of-date"
    CERTIFIED = "copies-certified"
    DUE = "copies-due"


MEANINGS: dict[StandFigure, Meaning] = {
    StandFigure.OVERDUE: Meaning(
        "Просрочено", "Журналы не заверены, срок вышел",
        "Журналы классов за периоды, которые кончились в эти дни: заверенной печатной копии нет, а срок заверения "
        "вышел."),
    StandFigure.OUT_OF_DATE: Meaning(
        "Копия устарела", "Заверенные копии, которые устарели",
        "После заверения журнал изменился: нужна новая печать и новое заверение."),
    StandFigure.CERTIFIED: Meaning(
        "Заверено", "Заверенные журналы", "Копия заверена, и журнал с тех пор не менялся."),
    StandFigure.DUE: Meaning(
        "Должно быть заверено", "Журналы, которые должны быть заверены",
        "Журналы классов за периоды календаря школы (и за год), которые кончились в эти дни."),
    StandFigure.MISSING: Meaning(
        "Не выставлено, срок вышел", "Итоговые отметки не выставлены, срок вышел",
        "Ученик и предмет без отметки за период, который кончается в эти дни, хотя последний день срока прошёл. Период "
        "у каждого журнала свой: четверть, триместр или полугодие, и год."),
    StandFigure.LATE: Meaning(
        "Выставлено после срока", "Итоговые отметки, выставленные после срока",
        "Отметки за те же периоды, первое значение которых внесено позже срока."),
    StandFigure.LAG: Meaning(
        "Отстающих журналов", "Журналы, которые отстают от плана",
        "На конец последнего из этих дней: уроки, которые по календарю уже должны быть даны, вместе с отменёнными, "
        "минус пройденные часы плана. Опережение одного журнала не покрывает отставания другого."),
    StandFigure.UNPLANNED: Meaning(
        "Журналов без плана", "Журналы без плана", "Журналы, в которые не загружено ни одной темы."),
}
COLUMNS = ((StandFigure.LAG, "Отстающих журналов"), (StandFigure.UNPLANNED, "Журналов без плана"),
           (StandFigure.MISSING, "Итоговых не выставлено, срок вышел"),
           (StandFigure.LATE, "Итоговых выставлено после срока"))
COPIES = ((StandFigure.OVERDUE, "Заверение просрочено"), (StandFigure.OUT_OF_DATE, "Копия устарела"),
          (StandFigure.CERTIFIED, "Заверено"), (StandFigure.DUE, "Должно быть заверено"))
LAG = "Отставание планов, часов"
OF_PLANS = (StandFigure.LAG, StandFigure.UNPLANNED)
OF_RESULTS = (StandFigure.MISSING, StandFigure.LATE)
# Which copies a figure counts.
STATES = {
    StandFigure.OVERDUE: {State.OVERDUE}, StandFigure.OUT_OF_DATE: {State.OUT_OF_DATE},
    StandFigure.CERTIFIED: {State.CERTIFIED},
    StandFigure.DUE: OWED,
}


@dataclass(slots=True)
class Stand:
    """Of the school or a part of it: hours of lag in all and in the worst journal, journals behind and without a plan;
    results whose last day is over, missing ones among them, and set late; copies."""

    journals: int = 0
    lag: int = 0
    worst_lag: int = 0
    behind: int = 0
    unplanned: int = 0
    results: int = 0
    missing: int = 0
    late: int = 0
    due: int = 0
    certified: int = 0
    overdue: int = 0
    out_of_date: int = 0

    def add_plan(self, row: PlanRow) -> None:
        lag = max(row.progress.lag, 0) if row.planned else 0
        self.journals += 1
        self.lag, self.worst_lag = self.lag + lag, max(self.worst_lag, lag)
        self.behind += lag > 0
        self.unplanned += not row.planned

    def add_results(self, count: Count, today: date) -> None:
        self.late += count.late
        if count.is_over(today):
            self.results += count.pupils
            self.missing += count.missing

    def add_copy(self, copy: ClassPeriod) -> None:
        for figure, states in STATES.items():
            if copy.state in states:
                setattr(self, figure.name.lower(), self[figure] + 1)

    def __getitem__(self, figure: StandFigure) -> int:
        return self.behind if figure is StandFigure.LAG else int(getattr(self, figure.name.lower()))

    @property
    def gravity(self) -> tuple[int, int, int, int]:
        return (self.overdue + self.out_of_date, self.missing, self.lag, self.unplanned)


@dataclass(frozen=True, slots=True)
class StandingOfSchool:
    """`parts` by the key of the breakdown, the worst first; the periods whose results are counted."""

    total: Stand = field(default_factory=Stand)
    parts: dict[int, Stand] = field(default_factory=dict)
    slots: Sequence[Slot] = ()


def standing_of(session: Session, *, year_id: int, by: By, scope: Scope, settings: Settings,
                today: date) -> StandingOfSchool:
    """Five statements."""
    total, parts = Stand(), defaultdict[int, Stand](Stand)
    for plan in plans_in(session, year_id=year_id, scope=scope, today=today):
        keys = {By.TEACHER: plan.teacher_id, By.CLASS: plan.class_id, By.SUBJECT: plan.subject_id}
        for one in (total, parts[keys[by] or NOBODY]):
            one.add_plan(plan)
    calendar = calendar_of(session, year_id)
    slots = slots_in(calendar, scope.first, scope.last, today)
    for count in counts_of(session, calendar=calendar, slots=slots, settings=settings, today=today,
                           whose=whose_of(scope)):
        keys = {By.TEACHER: count.teacher_id, By.CLASS: count.class_id, By.SUBJECT: count.subject_id}
        for one in (total, parts[keys[by] or NOBODY]):
            one.add_results(count, today)
    for copy in copies_in(session, year_id=year_id, scope=scope, settings=settings, today=today):
        for one in (total, *([parts[copy.class_id]] if by is By.CLASS else [])):
            one.add_copy(copy)
    return StandingOfSchool(
        total, dict(sorted(parts.items(), key=lambda one: [-count for count in one[1].gravity])), slots)


def plans_in(session: Session, *, year_id: int, scope: Scope, today: date) -> list[PlanRow]:
    """The journals of the filter, as the last day of the span left them. Two statements."""
    return [row for row in plan_rows(session, year_id=year_id, today=today, until=scope.last)
            if scope.teacher_id in (None, row.teacher_id or NOBODY)
            and scope.class_id in (None, row.class_id or NOBODY) and scope.subject_id in (None, row.subject_id)]


def copies_in(session: Session, *, year_id: int, scope: Scope, settings: Settings, today: date) -> list[ClassPeriod]:
    """Classes in the periods that end in the span; a journal is certified as a whole, so to a teacher or a subject
    belongs none. One statement at most."""
    if not certifies(scope):
        return []
    return [copy for copy in certification.class_periods(session, year_id=year_id, today=today, settings=settings)
            if scope.first <= copy.period.last <= scope.last and scope.class_id in (None, copy.class_id)]


def certifies(scope: Scope) -> bool:
    """Whether the filter leaves whole journals of classes."""
    return scope.teacher_id is None and scope.subject_id is None


def columns_of(by: By, scope: Scope) -> Sequence[tuple[StandFigure, str]]:
    """Of the breakdown, with their words; copies belong to classes alone."""
    return (*COPIES[:2], *COLUMNS, *COPIES[2:]) if by is By.CLASS and certifies(scope) else COLUMNS


def whose_of(scope: Scope) -> Whose:
    return Whose(scope.teacher_id, scope.class_id, scope.subject_id)
