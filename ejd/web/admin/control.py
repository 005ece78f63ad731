"""Control of timeliness: the overview, and its breakdown as a workbook and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_urlsafe

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.compliance import density, everything, queries
from ejd.compliance.breakdown import GROUPS, ORDER, PARTS, SELDOM, TITLES, Part, Show
from ejd.compliance.charts import ranking_of, weeks
from ejd.compliance.choices import Options, Spans
from ejd.compliance.density import DensityFigure
from ejd.compliance.everything_tables import lines_of, table_of_breakdown
from ejd.compliance.histogram import histogram
from ejd.compliance.lights import Light, Signal, bounds_of, signals_of, worst
from ejd.compliance.list_files import FORMS
from ejd.compliance.metrics import MEANINGS, By, Figure, Tally
from ejd.compliance.queries import Report
from ejd.compliance.scope import Launches, Scope, day_of_lists, launches
from ejd.db import db
from ejd.documents.tables import Table, as_pdf, as_xlsx
from ejd.refusal import Refused
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.control_form import Asked, usual_days
from ejd.web.admin.control_list import asked_here, question_of, understood
from ejd.web.admin.control_rows import body
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.following import begin_job
from ejd.web.saving import unlocked
from ejd.words import number

LOUD = {Figure.LATE, Figure.OVERDUE, Figure.HOMEWORK_MISSING, Figure.LESSONS_UNFILLED, Figure.NOT_ATTENDED}


@bp.get("/control")
@needs(Act.SEE_CONTROL)
def control() -> ResponseReturnValue:
    """Who is late, where, by how much (R60)."""
    answer = _ask()
    asked, options, spans = answer.asked, answer.options, answer.spans
    report, total = answer.report, answer.report.total
    chosen, lines = usual_days(spans, asked), answer.lines
    by_day = queries.late_by_day(db.session, scope=asked.scope,
                                 launches=answer.starts) if asked.show is Show.MARKS else {}
    sparse = density.sparse_in(db.session(), scope=asked.scope, held=report.held, journals=report.journals,
                               settings=g.settings, day=day_of_lists(asked.scope, clock.today()))
    signals = signals_of(total, bounds_of(g.settings), sparse=sparse or 0)
    page = render_template(
        "admin/control/overview.html", asked=asked, spans=spans, options=options, total=total, before=report.before,
        lines=lines, parts=PARTS[asked.show], body=body, order=ORDER[asked.show], launches=answer.starts,
        chart=histogram(total.days), weeks=weeks(by_day, asked.scope.first, asked.scope.last),
        ranking=ranking_of(asked.show, [(name, part) for name, part, _ in lines[1:]]), chosen=chosen,
        comparable=spans.before(chosen, clock.today()),
        sparse=sparse, is_sparse=DensityFigure.SPARSE, sparse_meaning=density.MEANINGS[DensityFigure.SPARSE],
        groups=_groups(signals, asked), signals=signals, titles=TITLES, Show=Show, loud=LOUD, seldom=SELDOM,
        figures=Figure, meanings=MEANINGS, By=By, key=token_urlsafe(12))
    return page, asked.status


@bp.get("/control.xlsx")
@needs(Act.SEE_CONTROL)
def control_summary_workbook() -> ResponseReturnValue:
    """The breakdown with every figure."""
    answer = _understood()
    table = answer.table(list(dict.fromkeys(part for show in answer.asked.groups for part in PARTS[show])))
    with unlocked():
        return download(as_xlsx(table), XLSX, f"{table.title}.xlsx")


@bp.get("/control.pdf")
@needs(Act.SEE_CONTROL)
def control_summary_paper() -> ResponseReturnValue:
    """The group of figures that the page shows, and under it those of the whole."""
    answer = _understood()
    table = answer.table(PARTS[answer.asked.show])
    with unlocked():
        return download(as_pdf(replace(table, below=_in_lines(answer)), landscape=True), PDF, f"{table.title}.pdf")


@bp.post("/control/everything")
@needs(Act.SEE_CONTROL)
def prepare_control_everything() -> ResponseReturnValue:
    """All pages of control in one file, made beside the server; the question is the address's."""
    asked, spans, _ = asked_here()
    understood(asked)
    form = request.form.get("form", "")
    if form not in FORMS:
        raise Refused("Выберите вид файла: таблица Excel или PDF")
    return begin_job(everything.KIND, everything.keep(question_of(asked, spans), form=form,
                                                      before=_before(asked, spans)),
                     key=request.form.get("key", ""), back=url_for(".control", **asked.address()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, and the figures that answer it."""

    asked: Asked
    spans: Spans
    options: Options
    starts: Launches
    report: Report

    @property
    def whole(self) -> str:
        return "Все вместе" if self.asked.is_filtered else "Вся школа"

    @property
    def lines(self) -> list[tuple[str, Tally, str]]:
        """Rows of the breakdown, with the questions of their own lists; first the whole."""
        by, options = self.asked.by, self.options
        parts = lines_of(self.report, by, options, self.asked.show)
        rest = self.asked.query(**{by.value: None})
        return [(self.whole, self.report.total, self.asked.query()),
                *((options.title(by, key), part, f"{rest}&{by.value}={key}") for key, part in parts)]

    def table(self, parts: Sequence[Part]) -> Table:
        """The breakdown as a table for a file."""
        head = (g.settings.value("school.name", on=None), self.options.about(self.asked.scope))
        found = table_of_breakdown(self.report, self.asked.by, self.options, parts, whole=self.whole,
                                   show=self.asked.show)
        return replace(found, subtitle=" · ".join(filter(None, head)), made_on=clock.today())


def _before(asked: Asked, spans: Spans) -> Scope | None:
    """The span beside the one that is asked about, when it is wanted."""
    last = spans.before(usual_days(spans, asked), clock.today()) if asked.compared else None
    return replace(asked.scope, first=last.first, last=last.last) if last else None


def _ask() -> Answer:
    asked, spans, options = asked_here()
    starts = launches(g.settings)
    report = queries.report_of(
        db.session, scope=asked.scope, by=asked.by, launches=starts, today=clock.today(), now=clock.now(),
        before=_before(asked, spans))
    return Answer(asked, spans, options, starts, report)


def _understood() -> Answer:
    """For a file: what can't be understood is one sentence (422)."""
    answer = _ask()
    understood(answer.asked)
    return answer


def _groups(signals: Mapping[str, Signal], asked: Asked) -> list[tuple[str, Light | None, Sequence[Figure]]]:
    """Figures in groups, each with its light."""
    return [(title, worst(signals.get(name) for name in names), row) for title, names, row in GROUPS
            if asked.scope.kind_id is None or title == "Отметки"]


def _in_lines(answer: Answer) -> list[str]:
    """The whole in words, a line a group: the foot of the paper."""
    total = answer.report.total
    return [f"{title}: " + "; ".join(f"{MEANINGS[figure].title.lower()} – {number(total[figure])}"
                                     for figure in row if total[figure] or figure not in SELDOM)
            for title, _, row in _groups({}, answer.asked)]
