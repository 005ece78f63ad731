"""Everything that control shows of a span and filter in one file: a workbook with a sheet a part, or a PDF of the same
tables with the charts (R60)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ejd.compliance import density, queries
from ejd.compliance import everything_tables as tables
from ejd.compliance.breakdown import PARTS, TITLES, WHOSE, Part, Show, groups
from ejd.compliance.chart_paper import picture_of
from ejd.compliance.charts import ranking_of, weeks
from ejd.compliance.choices import Options, Spans, choices_of
from ejd.compliance.families import Families, families_in
from ejd.compliance.histogram import histogram
from ejd.compliance.lights import bounds_of, signals_of
from ejd.compliance.list_files import asked_again, kept
from ejd.compliance.metrics import By
from ejd.compliance.named import Question
from ejd.compliance.queries import Report
from ejd.compliance.scope import Scope, day_of_lists, launches
from ejd.compliance.standing import StandingOfSchool, certifies, standing_of
from ejd.db import Session
from ejd.documents.tables import Picture, Table, as_book, as_report
from ejd.jobs.kinds import Made, Tell, job
from ejd.jobs.models import Job
from ejd.jobs.services import params_of
from ejd.words import long_date

KIND = "control-everything"
TITLE = "Контроль – всё за выбранные дни"
STEPS = 9  # reports by four, standings by three, families, the file
BYS = (By.CLASS, By.TEACHER, By.SUBJECT)  # plans and results have no kind of work
Parts = list[tuple[str, Table]]


@dataclass(frozen=True, slots=True)
class Found:
    """All that was read."""

    question: Question
    options: Options
    reports: Mapping[By, Report]
    by_day: Mapping[date, int]
    sparse: int | None  # journals below R13; a kind of work has no norm
    stands: Mapping[By, StandingOfSchool]
    families: Families | None

    @property
    def whole(self) -> str:
        scope = self.question.scope
        chosen = (scope.teacher_id, scope.class_id, scope.subject_id, scope.kind_id)
        return "Вся школа" if all(one is None for one in chosen) else "Все вместе"

    @property
    def shows(self) -> list[Show]:
        return groups(with_kind=self.question.scope.kind_id is not None)


def keep(question: Question, *, form: str, before: Scope | None) -> dict[str, Any]:
    """The question for the work that answers it; `before` is the span beside it."""
    days = [before.first.isoformat(), before.last.isoformat()] if before else None
    return {"form": form, "before": days, **kept(question)}


@job(KIND, "Контроль в одном файле")
def make_everything(session: Session, done: Job, tell: Tell) -> Made:
    params = params_of(done)
    question = asked_again(session, params)
    days = [date.fromisoformat(day) for day in params["before"] or ()]
    before = replace(question.scope, first=days[0], last=days[1]) if days else None
    found = read(session, question, before, tell)
    body = as_book(book_of(found)) if params["form"] == "xlsx" else as_report(TITLE, list(paper_of(found)))
    tell(STEPS, STEPS)
    return Made(f"{TITLE}.{params['form']}", body)


def read(session: Session, question: Question, before: Scope | None, tell: Tell) -> Found:
    """Each part as its page reads it."""
    scope, settings, today, now = question.scope, question.settings, question.today, question.now
    options, starts = (choices := choices_of(session)).options(scope.first, scope.last), launches(settings)
    reports, stands, year_id = {}, {}, question.year_id
    for step, by in enumerate(By):
        tell(step, STEPS)
        reports[by] = queries.report_of(session, scope=scope, by=by, launches=starts, today=today, now=now,
                                        before=before if by is By.TEACHER else None)
    whole = reports[By.TEACHER]
    by_day = queries.late_by_day(session, scope=scope, launches=starts)
    sparse = density.sparse_in(session, scope=scope, held=whole.held, journals=whole.journals, settings=settings,
                               day=day_of_lists(scope, today))
    for step, by in enumerate(BYS if year_id is not None else (), len(By)):
        tell(step, STEPS)
        stands[by] = standing_of(session, year_id=year_id or 0, by=by, scope=scope, settings=settings, today=today)
    families = _families(session, question, choices.spans(today, scope.first), year_id)
    return Found(question, options, reports, by_day, sparse, stands, families)


def book_of(found: Found) -> Parts:
    """A sheet a part, each with every figure."""
    parts = list(dict.fromkeys(part for show in found.shows for part in PARTS[show]))
    sheets = [("Показатели", _figures(found))]
    for by in (By.TEACHER, By.CLASS, By.SUBJECT, By.KIND):
        own = parts if by is not By.KIND else [part for show in groups(with_kind=True) for part in PARTS[show]]
        sheets.append((WHOSE[by].capitalize(), _breakdown(found, by, list(dict.fromkeys(own)), Show.MARKS)))
    sheets += [("Опоздания по неделям", tables.table_of_weeks(found.by_day, found.question.scope)),
               ("Дней до внесения", tables.table_of_days(histogram(found.reports[By.TEACHER].total.days)))]
    sheets += [(f"Планы и итоги {WHOSE[by]}", _stand(found, by)) for by in found.stands]
    if found.families:
        sheets.append(("Семьи и листы", _of_families(found.families, found)))
    return [(name, _headed(found, table)) for name, table in sheets]


def paper_of(found: Found) -> Iterator[Table | Picture]:
    """The same tables, a group of figures at a time, each breakdown with its charts."""
    scope, days = found.question.scope, histogram(found.reports[By.TEACHER].total.days)
    yield _headed(found, _figures(found))
    charts = [(weeks(found.by_day, scope.first, scope.last), "Отметки с опозданием по неделям"),
              (days, "Через сколько дней внесены отметки")]
    yield from (picture_of(chart, f"{title} (рисунок)") for chart, title in charts if chart)
    yield _headed(found, tables.table_of_weeks(found.by_day, scope))
    yield _headed(found, tables.table_of_days(days))
    for by in (By.TEACHER, By.CLASS, By.SUBJECT, By.KIND):
        shows = [show for show in found.shows if by is not By.KIND or show in groups(with_kind=True)]
        for show in shows:
            table = _breakdown(found, by, PARTS[show], show)
            yield _headed(found, replace(table, title=f"{TITLES[show]} {WHOSE[by]}"))
        for show in shows:
            named = [(found.options.title(by, key), tally)
                     for key, tally in tables.lines_of(found.reports[by], by, found.options, show)]
            if chart := ranking_of(show, named):
                yield picture_of(chart, f"{chart.title} – {WHOSE[by]}")
    yield from (_headed(found, _stand(found, by)) for by in found.stands)
    if found.families:
        yield _headed(found, _of_families(found.families, found))


def _families(session: Session, question: Question, spans: Spans, year_id: int | None) -> Families | None:
    """Of the year of the last day; None where there is none."""
    if year_id is None:
        return None
    return families_in(session, year_id=year_id, year=spans.years[year_id], scope=question.scope,
                       today=question.today, now=question.now)


def _headed(found: Found, table: Table) -> Table:
    """With the school, the days, the filter and the day it was made."""
    question = found.question
    head = filter(None, (question.settings.value("school.name", on=None), found.options.about(question.scope),
                         f"на {long_date(question.today)}"))
    return replace(table, subtitle=" · ".join(head), made_on=question.today)


def _figures(found: Found) -> Table:
    """Every figure of the whole, with the sentence how it is counted."""
    question, report, bounds = found.question, found.reports[By.TEACHER], bounds_of(found.question.settings)
    rows = tables.of_lessons(
        report.total, report.before, signals_of(report.total, bounds, sparse=found.sparse or 0),
        sparse=found.sparse, with_kind=question.scope.kind_id is not None)
    if found.stands:
        rows += tables.of_stand(found.stands[By.CLASS].total, bounds, copies=certifies(question.scope))
    if found.families:
        rows += tables.of_families(found.families, bounds)
    return tables.table_of_figures(rows, compared=report.before is not None)


def _breakdown(found: Found, by: By, parts: Sequence[Part], show: Show) -> Table:
    return tables.table_of_breakdown(found.reports[by], by, found.options, parts, whole=found.whole, show=show)


def _stand(found: Found, by: By) -> Table:
    return tables.table_of_stand(found.stands[by], by, found.question.scope, found.options)


def _of_families(families: Families, found: Found) -> Table:
    whole = "Все вместе" if found.question.scope.class_id is not None else "Вся школа"
    return tables.table_of_families(families, whole)
