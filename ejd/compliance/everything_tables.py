"""The tables of control's one file with everything, each as its page counts it (R60)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ejd.compliance import density
from ejd.compliance.breakdown import BY_TITLES, GROUPS, PARTS, SELDOM, TITLES, WHOSE, Part, Show, gravity
from ejd.compliance.charts import by_week
from ejd.compliance.choices import Options
from ejd.compliance.density import DensityFigure
from ejd.compliance.families import SIGNED, Families, SignIns
from ejd.compliance.histogram import Histogram
from ejd.compliance.lights import Light, Signal, lights_of_families, lights_of_stand, worst
from ejd.compliance.metrics import MEANINGS, By, Figure, Tally
from ejd.compliance.queries import Report
from ejd.compliance.scope import Scope
from ejd.compliance.sheet_lists import MEANINGS as OF_SHEETS
from ejd.compliance.sheet_lists import many
from ejd.compliance.standing import LAG, Stand, StandFigure, StandingOfSchool, columns_of
from ejd.compliance.standing import MEANINGS as OF_STAND
from ejd.documents.tables import Column, Table, Value

FIGURES = (Column("Раздел", 34), Column("Показатель", 44), Column("Значение", 20, "right"),
           Column("Было", 20, "right"), Column("Светофор", 20), Column("Как считается", 110))
WAS = 3  # the column of the span before
STAND = (("Заверение печатных журналов", "copies", (StandFigure.OVERDUE, StandFigure.OUT_OF_DATE,
                                                   StandFigure.CERTIFIED, StandFigure.DUE)),
         ("Итоговые отметки", "results", (StandFigure.MISSING, StandFigure.LATE)),
         ("Планы (КТП)", "plans", (StandFigure.LAG, StandFigure.UNPLANNED)))
ROW = tuple[Value, ...]


def of_lessons(total: Tally, before: Tally | None, signals: Mapping[str, Signal], *, sparse: int | None,
               with_kind: bool) -> list[ROW]:
    """The figures of marks, homework and lessons, with the light of their group and the span before."""
    rows: list[ROW] = [
        (title, MEANINGS[figure].title, total[figure], before[figure] if before else None,
         _words(worst(signals.get(name) for name in names)), MEANINGS[figure].sentence)
        for title, names, figures in GROUPS if title == TITLES[Show.MARKS] or not with_kind
        for figure in figures if total[figure] or figure not in SELDOM]
    title, signal = TITLES[Show.DENSITY], signals.get("density") if sparse is not None else None
    light, how = _words(signal.light if signal else None), MEANINGS[Figure.JOURNALS].sentence
    rows += [(title, part.title, part.value(total), part.value(before) if before else None, light, how)
             for part in PARTS[Show.DENSITY] if part.measure or part.figure is Figure.JOURNALS]
    if sparse is not None:
        meaning = density.MEANINGS[DensityFigure.SPARSE]
        rows.append((title, meaning.title, sparse, None, light, meaning.sentence))
    return rows


def of_stand(total: Stand, bounds: Mapping[str, Sequence[int]], *, copies: bool) -> list[ROW]:
    """Plans, results and copies; a filter by teacher or subject leaves no copies."""
    lights = lights_of_stand(total, bounds)
    rows: list[ROW] = [(title, OF_STAND[figure].title, total[figure], None, _words(lights[name]),
                        OF_STAND[figure].sentence)
                       for title, name, figures in STAND if copies or name != "copies" for figure in figures]
    return [*rows, (STAND[-1][0], "Часов отставания", total.lag, None, _words(lights["plans"]),
                    OF_STAND[StandFigure.LAG].sentence)]


def of_families(found: Families, bounds: Mapping[str, Sequence[int]]) -> list[ROW]:
    """Sign-ins and weekly sheets."""
    lights, people = lights_of_families(found.people, found.sheets, bounds), found.people
    rows: list[ROW] = [("Семьи", words, count, None, _words(lights["families"]), SIGNED.sentence) for words, count in (
        ("Представителей", people.people), (SIGNED.title, people.signed_in), ("Ещё не вошли", people.never))]
    return rows + [("Недельные листы", meaning.title, many(figure, found.sheets), None, _words(lights["sheets"]),
                    meaning.sentence) for figure, meaning in OF_SHEETS.items()]


def table_of_figures(rows: Sequence[ROW], *, compared: bool) -> Table:
    """All of them; what was before is a column when it was asked for."""
    kept = [place for place in range(len(FIGURES)) if compared or place != WAS]
    return Table("Показатели контроля", "", [FIGURES[place] for place in kept],
                 [[row[place] for place in kept] for row in rows])


def table_of_breakdown(report: Report, by: By, options: Options, parts: Sequence[Part], *, whole: str, show: Show
                       ) -> Table:
    """Whole first, then who is worst in the group of figures."""
    lines = ((options.title(by, key), tally) for key, tally in lines_of(report, by, options, show))
    columns = [Column(BY_TITLES[by], 40), *(Column(part.title, 22, "right") for part in parts)]
    return Table(f"Контроль {WHOSE[by]}", "", columns,
                 [(name, *(part.value(tally) for part in parts)) for name, tally in ((whole, report.total), *lines)])


def lines_of(report: Report, by: By, options: Options, show: Show) -> list[tuple[int, Tally]]:
    return report.worst_first(lambda key: options.place(by, key), lambda tally: gravity(show, tally))


def table_of_weeks(by_day: Mapping[date, int], scope: Scope) -> Table:
    columns = (Column("Неделя с", 40), Column("Отметок с опозданием", 40, "right"))
    return Table("Отметки с опозданием по неделям", "", columns,
                 [(week.monday, week.marks) for week in by_week(by_day, scope.first, scope.last)], narrow=True)


def table_of_days(chart: Histogram | None) -> Table:
    return Table("Через сколько дней внесены отметки", "", (Column("Внесены", 60), Column("Отметок", 30, "right")),
                 [(bar.title, bar.marks) for bar in chart.bars] if chart else [], narrow=True)


def table_of_stand(found: StandingOfSchool, by: By, scope: Scope, options: Options) -> Table:
    """Plans, results and copies by class, teacher or subject."""
    columns = columns_of(by, scope)
    filtered = any(one is not None for one in (scope.teacher_id, scope.class_id, scope.subject_id))
    whole = "Все вместе" if filtered else "Вся школа"
    lines = [(whole, found.total), *((options.title(by, key), part) for key, part in found.parts.items())]
    return Table(f"Контроль планов и итогов {WHOSE[by]}", "",
                 [Column(BY_TITLES[by], 50), Column(LAG, 24, "right"),
                  *(Column(words, 24, "right") for _, words in columns)],
                 [(name, part.lag, *(part[figure] for figure, _ in columns)) for name, part in lines])


def table_of_families(found: Families, whole: str) -> Table:
    """Sign-ins and sheets by class."""
    titles = ("Представителей", "Вошли", "Не вошли", *(f"Листы: {one.title.lower()}" for one in OF_SHEETS.values()))
    lines = [(whole, found.people, found.sheets), *((row.name, row.people, row.sheets) for row in found.rows)]
    return Table("Контроль: семьи и недельные листы", "",
                 [Column("Класс", 30), *(Column(title, 24, "right") for title in titles)],
                 [(name, *_people(people), *(many(figure, sheets) for figure in OF_SHEETS))
                  for name, people, sheets in lines])


def _people(people: SignIns) -> ROW:
    return people.people, people.signed_in, people.never


def _words(light: Light | None) -> str:
    return light.words if light else ""
