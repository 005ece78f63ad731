"""Control of timeliness: the overview, the list behind each figure, and the list as a workbook and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.compliance import choices, lists, queries
from ejd.compliance.breakdown import ORDER, PARTS, TITLES, Part, Show, gravity
from ejd.compliance.charts import ranking_of, weeks
from ejd.compliance.choices import Options, Spans
from ejd.compliance.histogram import histogram, title_of_days
from ejd.compliance.lights import Light, Signal, signals_of, worst
from ejd.compliance.metrics import MEANINGS, OF_MARKS, By, Figure, Tally
from ejd.compliance.queries import Report
from ejd.compliance.scope import Launches, launches
from ejd.db import db
from ejd.documents.tables import Column, Table, Value, as_pdf, as_xlsx, in_words
from ejd.refusal import Refused
from ejd.typed import day_of
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.control_form import Asked, read_days, read_filter, usual_days
from ejd.web.admin.control_rows import body
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.filters import moment
from ejd.web.saving import unlocked
from ejd.words import NBSP, counted, long_date, number, weekday_day

ROWS_A_PAGE = 50
MOST_ROWS = {"xlsx": 1_048_000, "pdf": 20_000}  # all that a sheet of Excel holds; what is drawn in seconds
BY_TITLES = {By.TEACHER: "Учитель", By.CLASS: "Класс", By.SUBJECT: "Предмет", By.KIND: "Вид работы"}
WHOSE = {By.TEACHER: "по учителям", By.CLASS: "по классам", By.SUBJECT: "по предметам", By.KIND: "по видам работ"}
FORMS = {"xlsx": "таблицу Excel", "pdf": "PDF"}


GROUPS = (  # title, signals, figures
    ("Отметки", ("late", "overdue"), (Figure.LATE, Figure.OVERDUE, Figure.AWAITED, Figure.CORRECTED, Figure.ON_TIME,
                                      Figure.OVER_TERM, Figure.ENTERED, Figure.CLOSED_EARLY, Figure.BEFORE_LAUNCH)),
    ("Домашние задания", ("homework",), (
        Figure.HOMEWORK_MISSING, Figure.HOMEWORK_LATE, Figure.HOMEWORK_AWAITED, Figure.HOMEWORK_NOT_SET,
        Figure.HOMEWORK_ON_TIME, Figure.HOMEWORK_OWED)),
    ("Уроки и посещаемость", ("lessons", "attendance"), (
        Figure.LESSONS_UNFILLED, Figure.NOT_ATTENDED, Figure.ATTENDED, Figure.LESSONS_FILLED, Figure.LESSONS_HELD,
        Figure.LESSONS_CANCELLED, Figure.LESSONS)),
)
LOUD = {Figure.LATE, Figure.OVERDUE, Figure.HOMEWORK_MISSING, Figure.LESSONS_UNFILLED, Figure.NOT_ATTENDED}
SELDOM = {Figure.CLOSED_EARLY, Figure.BEFORE_LAUNCH, Figure.LESSONS_CANCELLED}  # shown when there are any


@bp.get("/control")
@needs(Act.SEE_CONTROL)
def control() -> ResponseReturnValue:
    """Who is late, where, by how much (R60)."""
    question = _ask()
    asked, options, spans = question.asked, question.options, question.spans
    report, total = question.report, question.report.total
    chosen, lines = usual_days(spans, asked), question.lines
    by_day = queries.late_by_day(db.session, scope=asked.scope,
                                 launches=question.starts) if asked.show is Show.MARKS else {}
    signals = signals_of(total, g.settings.value("control.lights", on=None))
    page = render_template(
        "admin/control/overview.html", asked=asked, spans=spans, options=options, total=total, before=report.before,
        lines=lines, parts=PARTS[asked.show], body=body, order=ORDER[asked.show], launches=question.starts,
        chart=histogram(total.days), weeks=weeks(by_day, asked.scope.first, asked.scope.last),
        ranking=ranking_of(asked.show, [(name, part) for name, part, _ in lines[1:]]), chosen=chosen,
        comparable=spans.before(chosen),
        groups=_groups(signals, asked), signals=signals, titles=TITLES, Show=Show, loud=LOUD, seldom=SELDOM,
        figures=Figure, meanings=MEANINGS, By=By)
    return page, asked.status


@bp.get("/control.xlsx")
@needs(Act.SEE_CONTROL)
def control_summary_workbook() -> ResponseReturnValue:
    """The breakdown with every figure."""
    question = _understood()
    table = question.table(list(dict.fromkeys(part for show in question.asked.groups for part in PARTS[show])))
    with unlocked():
        return download(as_xlsx(table), XLSX, f"{table.title}.xlsx")


@bp.get("/control.pdf")
@needs(Act.SEE_CONTROL)
def control_summary_paper() -> ResponseReturnValue:
    """The group of figures that the page shows, and under it those of the whole."""
    question = _understood()
    table = question.table(PARTS[question.asked.show])
    with unlocked():
        return download(as_pdf(replace(table, below=_in_lines(question)), landscape=True), PDF, f"{table.title}.pdf")


@bp.get("/control/<figure>")
@needs(Act.SEE_CONTROL)
def control_list(figure: str) -> ResponseReturnValue:
    """The list behind a figure, page by page."""
    opened = _open_list(figure)
    page = opened.asked.page
    found = opened.rows(limit=ROWS_A_PAGE, offset=(page - 1) * ROWS_A_PAGE)
    pages = -(-found.total // ROWS_A_PAGE) or 1
    if page > pages:
        return redirect(url_for(".control_list", figure=figure, page=pages, **opened.asked.of_list()))
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
    spans = choices.spans_of(db.session, clock.today(), day_of(request.args.get("from", "").strip()))
    asked = read_days(request.args, spans)
    options = choices.options_of(db.session, asked.scope.first, asked.scope.last, g.actor.person_id)
    return read_filter(asked, request.args, options), spans, options


@dataclass(frozen=True, slots=True)
class Question:
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
        by, options, show = self.asked.by, self.options, self.asked.show
        parts = self.report.worst_first(lambda key: options.place(by, key), lambda tally: gravity(show, tally))
        return [(self.whole, self.report.total, self.asked.query()),
                *((options.title(by, key), part, self.asked.query(**{by.value: key})) for key, part in parts)]

    def table(self, parts: Sequence[Part]) -> Table:
        """The breakdown as a table for a file."""
        columns = [Column(BY_TITLES[self.asked.by], 40), *(Column(part.title, 22, "right") for part in parts)]
        rows = [(name, *(part.value(tally) for part in parts)) for name, tally, _ in self.lines]
        head = (g.settings.value("school.name", on=None), about(self.asked, self.options))
        return Table(f"Контроль {WHOSE[self.asked.by]}", " · ".join(filter(None, head)), columns, rows,
                     made_on=clock.today())


def _ask() -> Question:
    asked, spans, options = _asked()
    starts = launches(g.settings)
    last = spans.before(usual_days(spans, asked)) if asked.compared else None
    report = queries.report_of(
        db.session, scope=asked.scope, by=asked.by, launches=starts, today=clock.today(), now=clock.now(),
        before=replace(asked.scope, first=last.first, last=last.last) if last else None)
    return Question(asked, spans, options, starts, report)


def _understood() -> Question:
    """For a file: what can't be understood is one sentence (422)."""
    question = _ask()
    for sentence in question.asked.errors.values():
        raise Refused(sentence)
    return question


def _groups(signals: Mapping[str, Signal], asked: Asked) -> list[tuple[str, Light | None, Sequence[Figure]]]:
    """Figures in groups, each with its light."""
    return [(title, worst(signals.get(name) for name in names), row) for title, names, row in GROUPS
            if asked.scope.kind_id is None or title == "Отметки"]


def _in_lines(question: Question) -> list[str]:
    """The whole in words, a line a group: the foot of the paper."""
    total = question.report.total
    return [f"{title}: " + "; ".join(f"{MEANINGS[figure].title.lower()} – {number(total[figure])}"
                                     for figure in row if total[figure] or figure not in SELDOM)
            for title, _, row in _groups({}, question.asked)]


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
        return about(self.asked, self.options, days_taken=self.figure in OF_MARKS)


def about(asked: Asked, options: Options, *, days_taken: bool = False) -> str:
    """Days and filter in words."""
    scope = asked.scope
    words = [f"{long_date(scope.first)} – {long_date(scope.last)}"]
    chosen = {By.TEACHER: scope.teacher_id, By.CLASS: scope.class_id, By.SUBJECT: scope.subject_id,
              By.KIND: scope.kind_id}
    words += [options.title(by, key) for by, key in chosen.items() if key is not None]
    if scope.days_taken and days_taken:
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
