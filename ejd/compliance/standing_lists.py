"""The lists behind the figures of plans, results and copies, each row with the place where it is mended (R60)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ejd import clock
from ejd.certification.due import IN_WORDS
from ejd.certification.queries import ClassPeriod
from ejd.compliance.lists import CLASS, PUPIL, SUBJECT, TEACHER, Listing
from ejd.compliance.scope import Scope
from ejd.compliance.standing import (
    OF_PLANS,
    OF_RESULTS,
    STATES,
    StandFigure,
    copies_in,
    plans_in,
    whose_of,
)
from ejd.db import Session
from ejd.documents.tables import Column
from ejd.documents.tables import figure as in_figures
from ejd.plans.paper import LIST_COLUMNS, cells_of_list
from ejd.results.in_span import counts_of, lines_of, slots_in
from ejd.results.overview import What
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings

PERIOD = Column("Период", 30)
RESULT_COLUMNS = (PUPIL, CLASS, SUBJECT, PERIOD, TEACHER, Column("Стоит", 14), Column("Выставлено", 22),
                  Column("Срок", 22))
COPY_COLUMNS = (CLASS, PERIOD, Column("Как стоит", 30), Column("Заверить по", 24), Column("Последняя печать", 34),
                Column("Заверена под №", 24, "right"))


class PlanPlace(NamedTuple):
    """A journal's plan."""

    course_id: int


class ResultPlace(NamedTuple):
    """A pupil in a journal's results of a period."""

    course_id: int
    pupil_id: int
    code: str
    term_id: int | None


class CopyPlace(NamedTuple):
    """A class among the copies of a period; without a term the whole year."""

    year_id: int
    class_id: int
    term_id: int | None


def listing(session: Session, *, figure: StandFigure, year_id: int, scope: Scope, settings: Settings, today: date,
            limit: int, offset: int = 0) -> Listing:
    """Rows `offset` to `offset + limit`. Three statements at most."""
    if figure in OF_RESULTS:
        return _results(session, figure, year_id, scope, settings, today, limit, offset)
    if figure in OF_PLANS:
        plans = [row for row in plans_in(session, year_id=year_id, scope=scope, today=today)
                 if (row.planned and row.progress.lag > 0 if figure is StandFigure.LAG else not row.planned)]
        plans.sort(key=lambda row: -row.progress.lag if row.planned else 0)
        part = plans[offset:offset + limit]
        return Listing(len(plans), LIST_COLUMNS, [cells_of_list(row) for row in part],
                       [PlanPlace(row.course_id) for row in part])
    copies = [copy for copy in copies_in(session, year_id=year_id, scope=scope, settings=settings, today=today)
              if copy.state in STATES[figure]]
    shown = copies[offset:offset + limit]
    return Listing(len(copies), COPY_COLUMNS, [_cells(copy) for copy in shown],
                   [CopyPlace(year_id, copy.class_id, copy.term_id) for copy in shown], CLASS.title)


def _results(session: Session, figure: StandFigure, year_id: int, scope: Scope, settings: Settings, today: date,
             limit: int, offset: int) -> Listing:
    what = What.MISSING if figure is StandFigure.MISSING else What.LATE
    calendar, whose = calendar_of(session, year_id), whose_of(scope)
    slots = slots_in(calendar, scope.first, scope.last, today)
    counts = counts_of(session, calendar=calendar, slots=slots, settings=settings, today=today, whose=whose)
    total = sum(one.late if what is What.LATE else one.missing if one.is_over(today) else 0 for one in counts)
    lines = lines_of(session, calendar=calendar, slots=slots, what=what, counts=counts, today=today, whose=whose,
                     limit=limit, offset=offset)
    return Listing(total, RESULT_COLUMNS, [
        (line.pupil, line.class_name, line.subject, slots[line.slot].tab, line.teacher, in_figures(line.value),
         line.entered_on, line.due_on) for line in lines],
        [ResultPlace(line.course_id, line.pupil_id, slots[line.slot].code, slots[line.slot].term_id)
         for line in lines])


def _cells(copy: ClassPeriod) -> Sequence[str | int | date | None]:
    return (copy.class_name, copy.period.name, IN_WORDS[copy.state], copy.last_day,
            clock.local(copy.printed.printed_at) if copy.printed else None,
            copy.certified.number if copy.certified else None)
