"""How plans, results and certified copies stand today: of the school, and by class, teacher or subject (R50, R60).

Everything is asked of the capability that keeps it; here it is laid together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ejd.certification import queries as certification
from ejd.certification.queries import Standing as Copy
from ejd.compliance.metrics import By
from ejd.db import Session
from ejd.plans.queries import PlanRow, plan_rows
from ejd.results.overview import ClassRow, overview_of
from ejd.results.queries import Slot, due_on, slots_of
from ejd.school.calendar import SCHEMES, Calendar
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings

NOBODY = "Вакансия"
GROUPS = "Группы из разных классов"


@dataclass(slots=True)
class Stand:
    """One row: hours of lag in all and in the worst journal, journals behind and without a plan; results that are
    missing after their last day, of so many, and set late; copies due, certified, overdue, out of date."""

    key: int
    name: str
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

    @property
    def gravity(self) -> tuple[int, int, int, int]:
        return (self.overdue + self.out_of_date, self.missing, self.lag, self.unplanned)


@dataclass(frozen=True, slots=True)
class StandingOfSchool:
    total: Stand
    rows: Sequence[Stand]
    slot: Slot | None  # whose results


def standing_of(session: Session, *, year_id: int, by: By, settings: Settings, today: date) -> StandingOfSchool:
    """The worst first. Six statements."""
    plans = plan_rows(session, year_id=year_id, today=today)
    calendar = calendar_of(session, year_id)
    slot = latest_due(calendar, settings, today)
    results = overview_of(session, calendar=calendar, slot=slot, settings=settings, today=today) if slot else []
    copies = certification.standing(session, year_id=year_id, today=today, settings=settings)
    total, parts = Stand(0, "Вся школа"), dict[int, Stand]()
    keys = {row.course_id: _key(by, row) for row in plans}

    def part(key: int, name: str) -> Stand:
        return parts.setdefault(key, Stand(key, name))

    for plan in plans:
        total.add_plan(plan)
        part(*keys[plan.course_id]).add_plan(plan)
    _add_results(results, total, lambda course_id: part(*keys[course_id]) if course_id in keys else None, today)
    _add_copies(copies, total, (lambda one: part(one.class_id, one.class_name)) if by is By.CLASS else None)
    return StandingOfSchool(total, sorted(parts.values(), key=lambda one: [-count for count in one.gravity]), slot)


def latest_due(calendar: Calendar, settings: Settings, today: date) -> Slot | None:
    """The newest period whose results should be there by now, of the school's usual scheme; before the first such, the
    one that has begun."""
    scheme = next((scheme for scheme in SCHEMES if calendar.terms_by(scheme)), None)
    begun = [term for term in calendar.terms_by(scheme) if term.starts_on <= today] if scheme else []
    due = [term for term in begun if (day := due_on(calendar, term, None, settings)) and day < today]
    terms = due or begun
    return slots_of(terms, None)[len(terms) - 1] if terms else None


def _key(by: By, row: PlanRow) -> tuple[int, str]:
    if by is By.TEACHER:
        return row.teacher_id or 0, row.teacher or NOBODY
    if by is By.SUBJECT:
        return row.subject_id, row.subject
    return row.class_id or 0, row.class_name if row.class_id else GROUPS


def _add_results(results: Sequence[ClassRow], total: Stand, part_of: Callable[[int], Stand | None],
                 today: date) -> None:
    for of_class in results:
        over = of_class.due_on is not None and of_class.due_on < today
        for journal in of_class.journals:
            for one in filter(None, (total, part_of(journal.course_id))):
                one.results += journal.pupils
                one.missing += journal.missing if over else 0
                one.late += journal.late


def _add_copies(copies: Sequence[Copy], total: Stand, part_of: Callable[[Copy], Stand] | None) -> None:
    groups: dict[int, list[Copy]] = defaultdict(list)
    for copy in copies:
        groups[copy.class_id].append(copy)
    for of_class in groups.values():
        figures = certification.figures_of(of_class)
        for one in (total, part_of(of_class[0]) if part_of else None):
            if one is not None:
                one.due += figures.due
                one.certified += figures.certified
                one.overdue += figures.overdue
                one.out_of_date += figures.out_of_date
