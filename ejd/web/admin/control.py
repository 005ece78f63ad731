"""Control of timeliness: the overview, the list behind each figure, and the list as a workbook and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.compliance import choices, lists, queries
from ejd.compliance.choices import Options, Spans
from ejd.compliance.histogram import histogram, title_of_days
from ejd.compliance.metrics import MEANINGS, OF_MARKS, By, Figure
from ejd.compliance.scope import Launches, launches
from ejd.db import db
from ejd.documents.tables import Table, Value, as_pdf, as_xlsx, in_words
from ejd.refusal import Refused
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.control_form import Asked, read_days, read_filter, usual_days
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.filters import moment
from ejd.web.saving import unlocked
from ejd.words import NBSP, counted, long_date, number, weekday_day

ROWS_A_PAGE = 50
MOST_ROWS = {"xlsx": 1_048_000, "pdf": 20_000}  # all that a sheet of Excel holds; what is drawn in seconds
FORMS = {"xlsx": "таблицу Excel", "pdf": "PDF"}


@bp.get("/control")
@needs(Act.SEE_CONTROL)
def control() -> ResponseReturnValue:
    """Who is late, where, by how much (R60)."""
    asked, spans, options = _asked()
    starts = launches(g.settings)
    report = queries.report_of(db.session, scope=asked.scope, by=asked.by, launches=starts, today=clock.today(),
                               now=clock.now())
    parts = report.worst_first(lambda key: options.place(asked.by, key))
    page = render_template(
        "admin/control/overview.html", asked=asked, spans=spans, options=options, total=report.total, parts=parts,
        launches=starts, chart=histogram(report.total.days), chosen=usual_days(spans, asked),
        figures=Figure, meanings=MEANINGS, By=By)
    return page, asked.status


@bp.get("/control/<figure>")
@needs(Act.SEE_CONTROL)
def control_list(figure: str) -> ResponseReturnValue:
    """The list behind a figure, page by page."""
    opened = _open_list(figure)
    page = opened.asked.page
    found = opened.rows(limit=ROWS_A_PAGE, offset=(page - 1) * ROWS_A_PAGE)
    pages = -(-found.total // ROWS_A_PAGE) or 1
    if page > pages:
        return redirect(url_for(".control_list", figure=figure, page=pages, **opened.asked.address(by=None)))
    return render_template("admin/control/list.html", opened=opened, asked=opened.asked, found=found, page=page,
                           pages=pages, shown=_shown, most=MOST_ROWS)


@bp.get("/control/<figure>.xlsx")
@needs(Act.SEE_CONTROL)
def control_workbook(figure: str) -> ResponseReturnValue:
    table = _whole(figure, "xlsx")
    with unlocked():
        return download(as_xlsx(table), XLSX, f"{table.title}.xlsx")


@bp.get("/control/<figure>.pdf")
@needs(Act.SEE_CONTROL)
def control_paper(figure: str) -> ResponseReturnValue:
    table = _whole(figure, "pdf")
    with unlocked():
        return download(as_pdf(table, landscape=True), PDF, f"{table.title}.pdf")


def _asked() -> tuple[Asked, Spans, Options]:
    """The question of this request, with what it could have chosen from. Two statements."""
    spans = choices.spans_of(db.session, clock.today())
    asked = read_days(request.args, spans.usual)
    options = choices.options_of(db.session, asked.scope.first, asked.scope.last)
    return read_filter(asked, request.args, options), spans, options


@dataclass(frozen=True, slots=True)
class OpenedList:
    """One list that somebody asked for."""

    figure: Figure
    asked: Asked
    options: Options
    starts: Launches

    def rows(self, *, limit: int, offset: int = 0) -> lists.Listing:
        return lists.listing(db.session, figure=self.figure, scope=self.asked.scope, launches=self.starts,
                             today=clock.today(), now=clock.now(), limit=limit, offset=offset)

    def whole(self, *, most: int) -> lists.Listing:
        return lists.whole_list(db.session, figure=self.figure, scope=self.asked.scope, launches=self.starts,
                                today=clock.today(), now=clock.now(), most=most)

    @property
    def title(self) -> str:
        return MEANINGS[self.figure].listing

    @property
    def sentence(self) -> str:
        return MEANINGS[self.figure].sentence

    @property
    def about(self) -> str:
        """Days and filter in words."""
        scope = self.asked.scope
        words = [f"{long_date(scope.first)} – {long_date(scope.last)}"]
        chosen = {By.TEACHER: scope.teacher_id, By.CLASS: scope.class_id, By.SUBJECT: scope.subject_id,
                  By.KIND: scope.kind_id}
        words += [self.options.title(by, key) for by, key in chosen.items() if key is not None]
        if scope.days_taken and self.figure in OF_MARKS:
            words.append(title_of_days(scope.days_taken))
        return " · ".join(words)


def _open_list(name: str) -> OpenedList:
    """An unknown figure is 404; a question that can't be understood is one sentence (422)."""
    figure = Figure(name) if name in set(Figure) else abort(404)
    asked, _, options = _asked()
    for sentence in asked.errors.values():
        raise Refused(sentence)
    return OpenedList(figure, asked, options, launches(g.settings))


def _whole(name: str, form: str) -> Table:
    """The whole list as a table for a file; too long a list is refused with what to do."""
    opened = _open_list(name)
    most = MOST_ROWS[form]
    found = opened.whole(most=most)
    rows = counted(found.total, "строка", "строки", "строк")
    if found.total > most:
        raise Refused(f"В списке {rows}, в {FORMS[form]} поместится {number(most)}: выберите меньше дней, один класс "
                      f"или одного учителя")
    head = " · ".join(filter(None, (g.settings.value("school.name", on=None), rows, opened.about, opened.sentence)))
    return Table(opened.title, head, found.columns, found.rows, made_on=clock.today())


def _shown(value: Value) -> str:
    """A cell as the page words it: «чт, 3 сентября», «3 сентября в 14:05»."""
    if isinstance(value, datetime):
        return moment(value)
    return weekday_day(value).replace(" ", NBSP) if isinstance(value, date) else in_words(value)
