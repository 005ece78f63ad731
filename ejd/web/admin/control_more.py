"""Control beyond the lessons: plans, results and certified copies; families and what they get on paper (R50, R60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act, may
from ejd.compliance import families
from ejd.compliance.choices import Options, Spans
from ejd.compliance.everything_tables import table_of_families, table_of_stand
from ejd.compliance.families import Families, Guardian
from ejd.compliance.lights import bounds_of, lights_of_families, lights_of_stand
from ejd.compliance.list_files import file_of
from ejd.compliance.metrics import By
from ejd.compliance.sheet_lists import MEANINGS as OF_SHEETS
from ejd.compliance.sheet_lists import SheetFigure, many
from ejd.compliance.standing import (
    LAG,
    MEANINGS,
    Stand,
    StandFigure,
    StandingOfSchool,
    certifies,
    columns_of,
    standing_of,
)
from ejd.db import db
from ejd.documents.tables import Column, Table
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
    def columns(self) -> Sequence[tuple[StandFigure, str]]:
        return columns_of(self.asked.by, self.asked.scope)

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
    total = given.found.total
    return render_template(
        "admin/control/plans.html", given=given, asked=given.asked, spans=given.spans, options=given.options,
        chosen=usual_days(given.spans, given.asked), bys=BYS, total=total,
        lights=lights_of_stand(total, bounds_of(g.settings)), slots=given.found.slots,
        certifies=certifies(given.asked.scope), meanings=MEANINGS, F=F, By=By, loud=LOUD, lag=LAG), given.asked.status


@bp.get("/control/plans.<form>")
@needs(Act.SEE_CONTROL)
def control_plans_file(form: str) -> ResponseReturnValue:
    given = _plans()
    understood(given.asked)
    return _file(replace(table_of_stand(given.found, given.asked.by, given.asked.scope, given.options),
                         subtitle=_about(given.asked, given.options)), form)


@bp.get("/control/families")
@needs(Act.SEE_CONTROL)
def control_families() -> ResponseReturnValue:
    """Who has signed in, and weekly sheets due and handed, by class."""
    asked, spans, options = asked_here(Tab.FAMILIES)
    found = _families(asked, spans)
    return render_template(
        "admin/control/families.html", asked=asked, spans=spans, options=options, chosen=usual_days(spans, asked),
        By=By, found=found, lights=lights_of_families(found.people, found.sheets, bounds_of(g.settings)),
        signed=families.SIGNED, papers=SheetFigure, many=many, paper_meanings=OF_SHEETS), asked.status


@bp.get("/control/families.<form>")
@needs(Act.SEE_CONTROL)
def control_families_file(form: str) -> ResponseReturnValue:
    asked, spans, options = asked_here(Tab.FAMILIES)
    understood(asked)
    return _file(replace(table_of_families(_families(asked, spans), "Все вместе" if asked.scope.class_id is not None
                                           else "Вся школа"), subtitle=_about(asked, options)), form)


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


def _families(asked: Asked, spans: Spans) -> Families:
    year_id = _year(asked, spans)
    return families.families_in(db.session(), year_id=year_id, year=spans.years[year_id], scope=asked.scope,
                                today=clock.today(), now=clock.now())


def _guardians(who: str) -> tuple[str, Asked, Options, list[Guardian]]:
    title = WHO.get(who) or abort(404)
    asked, spans, options = asked_here(Tab.FAMILIES)
    understood(asked)
    year_id = _year(asked, spans)
    _, rows = families.guardians_of(db.session(), year_id=year_id, day=families.day_of_guardians(
        asked.scope, spans.years[year_id], clock.today()))
    return title, asked, options, [row for row in rows if row.signed_in == (who == "signed")
                                   and asked.scope.class_id in (None, row.class_id)]


def _about(asked: Asked, options: Options) -> str:
    return " · ".join(filter(None, (g.settings.value("school.name", on=None), options.about(asked.scope),
                                    f"на {long_date(clock.today())}")))


def _file(table: Table, form: str) -> ResponseReturnValue:
    if form not in {"xlsx", "pdf"}:
        abort(404)
    with unlocked():
        name, body = file_of(table, form)
    return download(body, XLSX if form == "xlsx" else PDF, name)
