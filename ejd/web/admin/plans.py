"""Plans of the whole school beside their lessons (R60): who has one, how far behind it is, as a page and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.access import Act
from ejd.db import db
from ejd.documents.tables import Table, as_pdf, as_xlsx
from ejd.journal.kinds import kinds_offered
from ejd.plans.paper import table_of_list
from ejd.plans.queries import PlanRow, plan_of, plan_rows
from ejd.web.access import course_seen, needs, school_year_now
from ejd.web.admin import bp
from ejd.web.downloads import PDF, XLSX, download
from ejd.web.given import number_in
from ejd.web.saving import unlocked
from ejd.words import counted

SHOWN: dict[str, tuple[str, Callable[[PlanRow], bool]]] = {
    "all": ("Все журналы", lambda row: True),
    "missing": ("Плана нет", lambda row: not row.planned),
    "behind": ("Отстают", lambda row: row.planned and row.progress.lag > 0),
    "short": ("Часов больше, чем уроков", lambda row: row.planned and row.progress.to_merge > 0),
    "sparse": ("Уроков больше, чем часов", lambda row: row.planned and row.progress.missing > 0),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the school's plans is asked for, and what could be."""

    everything: Sequence[PlanRow]
    teacher_id: int | None
    class_id: int | None
    subject_id: int | None
    only: str

    @property
    def filtered(self) -> list[PlanRow]:
        """The journals of the filter, whatever their plans are."""
        return [row for row in self.everything
                if self.teacher_id in (None, row.teacher_id or 0) and self.class_id in (None, row.class_id or 0)
                and self.subject_id in (None, row.subject_id)]

    @property
    def rows(self) -> list[PlanRow]:
        return [row for row in self.filtered if SHOWN[self.only][1](row)]

    def many(self, only: str) -> int:
        return sum(map(SHOWN[only][1], self.filtered))

    @property
    def address(self) -> dict[str, int | str]:
        """The question as arguments of an address."""
        asked = {"teacher": self.teacher_id, "class": self.class_id, "subject": self.subject_id}
        return {name: value for name, value in asked.items() if value is not None} | (
            {} if self.only == "all" else {"only": self.only})

    @property
    def teachers(self) -> list[tuple[int, str]]:
        named = {row.teacher_id or 0: row.teacher or "Вакансия" for row in self.everything}
        return sorted(named.items(), key=lambda one: (one[0] == 0, one[1]))

    @property
    def classes(self) -> list[tuple[int, str]]:
        named = {row.class_id or 0: row.class_name if row.class_id else "Группы из разных классов"
                 for row in self.everything}
        return list(named.items())

    @property
    def subjects(self) -> list[tuple[int, str]]:
        return sorted({row.subject_id: row.subject for row in self.everything}.items(), key=lambda one: one[1])

    @property
    def about(self) -> str:
        """The filter in words."""
        chosen = [dict(options).get(key, "") for options, key in (
            (self.teachers, self.teacher_id), (self.classes, self.class_id), (self.subjects, self.subject_id))
            if key is not None]
        return " · ".join(filter(None, [*chosen, SHOWN[self.only][0] if self.only != "all" else ""]))


@bp.get("/plans")
@needs(Act.SEE_CONTROL)
def plans() -> ResponseReturnValue:
    """Each journal's plan: hours against lessons, and the lag."""
    return render_template("admin/plans.html", chosen=_chosen(), shown=SHOWN)


@bp.get("/plans.xlsx")
@needs(Act.SEE_CONTROL)
def plans_workbook() -> ResponseReturnValue:
    table = _table()
    with unlocked():
        return download(as_xlsx(table), XLSX, "Выполнение планов.xlsx")


@bp.get("/plans.pdf")
@needs(Act.SEE_CONTROL)
def plans_paper() -> ResponseReturnValue:
    table = _table()
    with unlocked():
        return download(as_pdf(table, landscape=True), PDF, "Выполнение планов.pdf")


@bp.get("/courses/<int:course_id>/plan")
@needs(Act.SEE_CONTROL)
def plan(course_id: int) -> ResponseReturnValue:
    """A journal's plan to read."""
    course = course_seen(course_id)
    return render_template("admin/plan.html", course=course, kinds={kind: name for kind, name, _ in kinds_offered(
        db.session)}, plan=plan_of(db.session, course_id=course.id, today=clock.today()))


def _chosen() -> Chosen:
    everything = plan_rows(db.session, year_id=school_year_now().id, today=clock.today())
    only = request.args.get("only", "all")
    return Chosen(everything, number_in(request.args, "teacher"), number_in(request.args, "class"),
                  number_in(request.args, "subject"), only if only in SHOWN else abort(404))


def _table() -> Table:
    chosen = _chosen()
    about = " · ".join(filter(None, (g.settings.value("school.name", on=None), chosen.about,
                                     counted(len(chosen.rows), "журнал", "журнала", "журналов"))))
    return table_of_list(chosen.rows, about=about, made_on=clock.today())
