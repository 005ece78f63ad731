"""Control beyond the lessons: plans, results and certified copies; families and what they get on paper (R50, R60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.compliance import families
from ejd.compliance.choices import Options, Spans
from ejd.compliance.families import Guardian, SignIns, sign_ins
from ejd.compliance.lights import Light, bounds_of, light_of
from ejd.compliance.metrics import By
from ejd.compliance.standing import MEANINGS, Stand, StandFigure, StandingOfSchool, certifies, standing_of
from ejd.db import db
from ejd.documents.tables import Column, Table, Value, as_pdf, as_xlsx
from ejd.families.queries_sheets import Figures, in_all, sheets_figures
from ejd.web.access import NO_YEAR, needs
from ejd.web.admin import bp
from ejd.web.admin.control_form import Asked, Tab, usual_days
from ejd.web.admin.control_list import asked_here, understood
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.saving import unlocked
from ejd.words import long_date

F = StandFigure
BYS = {By.CLASS: ("По классам", "Класс"), By.TEACHER: ("По учителям", "Учитель"),
       By.SUBJECT: ("По предметам", "Предмет")}
COLUMNS = ((F.LAG, "Отстающих журналов"), (F.UNPLANNED, "Журналов без плана"),
           (F.MISSING, "Итоговых не выставлено, срок вышел"), (F.LATE, "Итоговых выставлено после срока"))
COPIES = ((F.OVERDUE, "Заверение просрочено"), (F.OUT_OF_DATE, "Копия устарела"), (F.CERTIFIED, "Заверено"),
          (F.DUE, "Должно быть заверено"))
LAG = "Отставание планов, часов"
LOUD = {F.OVERDUE, F.OUT_OF_DATE, F.MISSING}
WHO = {"never": "Представители, которые ещё не вошли", "signed": "Представители, которые вошли"}


@dataclass(frozen=True, slots=True)
class Plans:
    """What was asked of plans, results and copies, and the answer."""

    asked: Asked
    spans: Spans
    options: Options
    found: StandingOfSchool

    @property
    def copies(self) -> bool:
        return self.asked.by is By.CLASS and certifies(self.asked.scope)

    @property
    def columns(self) -> Sequence[tuple[StandFigure, str]]:
        """Copies belong to classes alone."""
        return (*COPIES[:2], *COLUMNS, *COPIES[2:]) if self.copies else COLUMNS

    @property
    def lines(self) -> list[tuple[str, Stand, str]]:
        """Rows of the breakdown, with the questions of their own lists; first the whole."""
        by, asked = self.asked.by, self.asked
        return [("Все вместе" if asked.is_filtered else "Вся школа", self.found.total, asked.query()),
                *((self.options.title(by, key), part, asked.query(**{by.value: key}))
                  for key, part in self.found.parts.items())]


@bp.get("/control/plans")
@needs(Act.SEE_CONTROL)
def control_plans() -> ResponseReturnValue:
    """Plans, results and copies by class, teacher or subject."""
    given = _plans()
    total, bounds = given.found.total, bounds_of(g.settings)
    lights = {"plans": light_of(Fraction(total.worst_lag), bounds["lag"]),
              "results": light_of(Fraction(100 * total.missing, total.results), bounds["results"])
              if total.results else None,
              "copies": Light.RED if total.overdue + total.out_of_date else Light.GREEN}
    return render_template(
        "admin/control/plans.html", given=given, asked=given.asked, spans=given.spans, options=given.options,
        chosen=usual_days(given.spans, given.asked), bys=BYS, total=total, lights=lights, slots=given.found.slots,
        certifies=certifies(given.asked.scope), meanings=MEANINGS, F=F, By=By, loud=LOUD, lag=LAG), given.asked.status


@bp.get("/control/plans.<form>")
@needs(Act.SEE_CONTROL)
def control_plans_file(form: str) -> ResponseReturnValue:
    given = _plans()
    understood(given.asked)
    rows: list[Sequence[Value]] = [(name, part.lag, *(part[figure] for figure, _ in given.columns))
                                   for name, part, _ in given.lines]
    title, head = BYS[given.asked.by]
    return _file(Table(f"Контроль планов и итогов {title.lower()}", _about(given.asked, given.options), [
        Column(head, 50), Column(LAG, 24, "right"), *(Column(words, 24, "right") for _, words in given.columns)], rows),
        form)


@bp.get("/control/families")
@needs(Act.SEE_CONTROL)
def control_families() -> ResponseReturnValue:
    """Who has signed in, and weekly sheets due and handed, by class."""
    asked, spans, options = asked_here(Tab.FAMILIES)
    rows, total, sheets = _families(asked, spans)
    bounds = bounds_of(g.settings)
    lights = {"families": light_of(Fraction(100 * total.never, total.people), bounds["families"])
              if total.people else None,
              "sheets": light_of(Fraction(100 * (sheets.due - sheets.handed), sheets.due), bounds["sheets"])
              if sheets.due else None}
    return render_template(
        "admin/control/families.html", asked=asked, spans=spans, options=options, chosen=usual_days(spans, asked),
        By=By, rows=rows, total=total, sheets=sheets, lights=lights,
        prints=may(g.actor, Act.PRINT_SHEETS)), asked.status


@bp.get("/control/families.<form>")
@needs(Act.SEE_CONTROL)
def control_families_file(form: str) -> ResponseReturnValue:
    asked, spans, options = asked_here(Tab.FAMILIES)
    understood(asked)
    rows, total, sheets = _families(asked, spans)
    lines: list[Sequence[Value]] = [(name, *_numbers(people, paper)) for name, _, people, paper in (
        ("Все вместе" if asked.scope.class_id is not None else "Вся школа", 0, total, sheets), *rows)]
    titles = ("Представителей", "Вошли", "Не вошли", "Листов положено", "Напечатано", "Выдано", "Выдано в срок")
    columns = [Column("Класс", 30), *(Column(title, 24, "right") for title in titles)]
    return _file(Table("Контроль: семьи и недельные листы", _about(asked, options), columns, lines), form)


@bp.get("/control/families/<who>")
@needs(Act.SEE_CONTROL)
def control_guardians(who: str) -> ResponseReturnValue:
    """Guardians who have signed in, or never, by class and pupil; each leads to the cards of the class."""
    title, asked, _, rows = _guardians(who)
    return render_template("admin/control/guardians.html", title=title, who=who, asked=asked, rows=rows,
                           issues=may(g.actor, Act.ISSUE_PASSWORD), sees=may(g.actor, Act.SEE_ROSTER))


@bp.get("/control/families/<who>.<form>")
@needs(Act.SEE_CONTROL)
def control_guardians_file(who: str, form: str) -> ResponseReturnValue:
    title, asked, options, rows = _guardians(who)
    return _file(Table(title, _about(asked, options), (Column("Класс", 16), Column("Ученик", 60),
                                                       Column("Представитель", 60), Column("Кем приходится", 30)),
                       [(row.class_name, row.pupil, row.guardian, row.relation) for row in rows]), form)


def _plans() -> Plans:
    asked, spans, options = asked_here(Tab.PLANS)
    return Plans(asked, spans, options, standing_of(
        db.session(), year_id=_year(asked, spans), by=asked.by, scope=asked.scope, settings=g.settings,
        today=clock.today()))


def _year(asked: Asked, spans: Spans) -> int:
    """The year of the last day asked about."""
    return spans.year_id_on(asked.scope.last) or abort(422, NO_YEAR)


def _families(asked: Asked, spans: Spans) -> tuple[list[tuple[str, int, SignIns, Figures]], SignIns, Figures]:
    """By class: name, id, sign-ins, sheets; and the same of the whole."""
    year_id, only = _year(asked, spans), asked.scope.class_id
    classes, guardians = families.guardians_of(db.session(), year_id=year_id, day=_day(asked, spans))
    sheets = [one for one in sheets_figures(db.session(), year_id=year_id, first=asked.scope.first,
                                            last=asked.scope.last, now=clock.now(), classes=classes)
              if only in (None, one.class_id)]
    people = [row for row in guardians if only in (None, row.class_id)]
    of_class = {one.class_id: one for one in sheets}
    rows = [(one.name, class_id, sign_ins([row for row in people if row.class_id == class_id]),
             of_class.get(class_id, Figures(class_id, one.name)))
            for class_id, one in classes.items() if only in (None, class_id)]
    return rows, sign_ins(people), in_all(sheets)


def _guardians(who: str) -> tuple[str, Asked, Options, list[Guardian]]:
    title = WHO.get(who) or abort(404)
    asked, spans, options = asked_here(Tab.FAMILIES)
    understood(asked)
    _, rows = families.guardians_of(db.session(), year_id=_year(asked, spans), day=_day(asked, spans))
    return title, asked, options, [row for row in rows if row.signed_in == (who == "signed")
                                   and asked.scope.class_id in (None, row.class_id)]


def _day(asked: Asked, spans: Spans) -> date:
    """Who is a pupil's guardian is asked for the last day, today at the latest, within the year."""
    year = spans.years[_year(asked, spans)]
    return min(max(min(asked.scope.last, clock.today()), year.first), year.last)


def _numbers(people: SignIns, sheets: Figures) -> tuple[int, ...]:
    return (people.people, people.signed_in, people.never, sheets.due, sheets.printed, sheets.handed, sheets.in_time)


def _about(asked: Asked, options: Options) -> str:
    return " · ".join(filter(None, (g.settings.value("school.name", on=None), options.about(asked.scope),
                                    f"на {long_date(clock.today())}")))


def _file(table: Table, form: str) -> ResponseReturnValue:
    if form not in {"xlsx", "pdf"}:
        abort(404)
    name = f"{table.title.replace(':', ',')}.{form}"
    with unlocked():
        return download(as_xlsx(table), XLSX, name) if form == "xlsx" else download(
            as_pdf(table, landscape=True), PDF, name)
