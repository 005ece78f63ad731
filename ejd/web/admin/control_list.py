"""The list behind each figure of control: page by page, as a workbook and on paper, each row with the place where it is
mended (R60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch
from secrets import token_urlsafe
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.compliance import choices
from ejd.compliance.choices import Options, Spans
from ejd.compliance.list_files import AT_ONCE, FORMS, KIND, MOST_ROWS, file_of, kept, table_of
from ejd.compliance.lists import Place
from ejd.compliance.metrics import OF_MARKS
from ejd.compliance.named import FIGURES, MEANINGS, Named, Question
from ejd.compliance.sheet_lists import SheetFigure, SheetPlace
from ejd.compliance.standing import StandFigure
from ejd.compliance.standing_lists import CopyPlace, PlanPlace, ResultPlace
from ejd.db import db
from ejd.documents.tables import Value, in_words
from ejd.refusal import Refused
from ejd.web.access import needs
from ejd.web.admin import bp
from ejd.web.admin.control_form import Asked, Tab, read_question
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.filters import moment
from ejd.web.following import begin_job
from ejd.web.saving import unlocked
from ejd.words import NBSP, weekday_day

ROWS_A_PAGE = 50


@bp.get("/control/<figure>")
@needs(Act.SEE_CONTROL)
def control_list(figure: str) -> ResponseReturnValue:
    """The list behind a figure, page by page."""
    opened = _open_list(figure)
    page = opened.asked.page
    found = opened.question.part(db.session(), opened.figure, limit=ROWS_A_PAGE, offset=(page - 1) * ROWS_A_PAGE)
    pages = -(-found.total // ROWS_A_PAGE) or 1
    if page > pages:
        return redirect(url_for(".control_list", figure=figure, page=pages, **opened.asked.of_list()))
    return render_template("admin/control/list.html", opened=opened, asked=opened.asked, found=found, page=page,
                           pages=pages, shown=_shown, most=MOST_ROWS, at_once=AT_ONCE, forms=FORMS,
                           links=[where(place) for place in found.places], key=token_urlsafe(12))


@bp.get("/control/<figure>.xlsx")
@needs(Act.SEE_CONTROL)
def control_workbook(figure: str) -> ResponseReturnValue:
    return _file(figure, "xlsx")


@bp.get("/control/<figure>.pdf")
@needs(Act.SEE_CONTROL)
def control_paper(figure: str) -> ResponseReturnValue:
    return _file(figure, "pdf")


@bp.post("/control/<figure>/file")
@needs(Act.SEE_CONTROL)
def prepare_control_list(figure: str) -> ResponseReturnValue:
    """A long list is made beside the server; the question is the address's."""
    opened, form = _open_list(figure), request.form.get("form", "")
    if form not in FORMS:
        raise Refused("Выберите вид файла: таблица Excel или PDF")
    return begin_job(KIND, {"figure": opened.figure.value, "form": form, **kept(opened.question)},
                     key=request.form.get("key", ""),
                     back=url_for(".control_list", figure=figure, **opened.asked.of_list()))


@dataclass(frozen=True, slots=True)
class OpenedList:
    """One list that somebody asked for."""

    figure: Named
    asked: Asked
    options: Options
    question: Question

    @property
    def title(self) -> str:
        return MEANINGS[self.figure].listing

    @property
    def sentence(self) -> str:
        return MEANINGS[self.figure].sentence

    @property
    def about(self) -> str:
        return self.options.about(self.asked.scope, days_taken=self.figure in OF_MARKS)

    @property
    def tab(self) -> Tab:
        """The page that shows the figure."""
        if isinstance(self.figure, SheetFigure):
            return Tab.FAMILIES
        return Tab.PLANS if isinstance(self.figure, StandFigure) else Tab.LESSONS


def asked_here(tab: Tab = Tab.LESSONS) -> tuple[Asked, Spans, Options]:
    """The question of this request, with what it could have chosen from. One statement."""
    return read_question(request.args, choices.choices_of(db.session(), g.actor.person_id), clock.today(), tab)


def question_of(asked: Asked, spans: Spans) -> Question:
    return Question(asked.scope, spans.year_id_on(asked.scope.last), g.settings, clock.today(), clock.now())


def understood(asked: Asked) -> None:
    """For a list or a file: what can't be understood is one sentence (422)."""
    for sentence in asked.errors.values():
        raise Refused(sentence)


@singledispatch
def where(place: Any) -> str:
    """The address at which a row is mended."""
    raise TypeError(place)


@where.register
def _(place: Place) -> str:
    return url_for(".journal", course_id=place.course_id, day=place.day,
                   _anchor=f"l{place.lesson_id}" if place.lesson_id else None)


@where.register
def _(place: PlanPlace) -> str:
    return url_for(".plan", course_id=place.course_id)


@where.register
def _(place: ResultPlace) -> str:
    """Whoever may not set results sees them in the journal."""
    if may(g.actor, Act.SET_RESULTS):
        return url_for(".results", course_id=place.course_id, period=place.code, _anchor=f"p{place.pupil_id}")
    return url_for(".journal", course_id=place.course_id, term=place.term_id, _anchor=f"r{place.pupil_id}")


@where.register
def _(place: CopyPlace) -> str:
    return url_for(".certified_copies", year=place.year_id, period=place.term_id or "year",
                   _anchor=f"c{place.class_id}")


@where.register
def _(place: SheetPlace) -> str:
    """Nowhere for whoever may not print sheets."""
    if not may(g.actor, Act.PRINT_SHEETS):
        return ""
    if place.handed:
        return url_for(".sheets_log", class_id=place.class_id)
    return url_for(".class_sheets", class_id=place.class_id, _anchor="waiting" if place.printed else "print")


def _open_list(name: str) -> OpenedList:
    """An unknown figure is 404; a question that can't be understood is one sentence (422)."""
    figure = FIGURES.get(name) or abort(404)
    asked, spans, options = asked_here()
    understood(asked)
    return OpenedList(figure, asked, options, question_of(asked, spans))


def _file(name: str, form: str) -> ResponseReturnValue:
    opened = _open_list(name)
    table = table_of(db.session(), opened.figure, opened.question, opened.options, form=form, most=AT_ONCE)
    with unlocked():
        file_name, body = file_of(table, form)
    return download(body, XLSX if form == "xlsx" else PDF, file_name)


def _shown(value: Value) -> str:
    """A cell as the page words it: «чт, 3 сентября», «3 сентября в 14:05»."""
    if isinstance(value, datetime):
        return moment(value)
    return weekday_day(value).replace(" ", NBSP) if isinstance(value, date) else in_words(value)
