"""Plans as tables for files: one plan, readable by its own import, and the plans of a school in figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ejd.documents.tables import Column, Table, Value
from ejd.plans.queries import PlanOfCourse, PlanRow
from ejd.words import counted, day_month, in_subgroup

HOURS = ("час", "часа", "часов")
PLAN_COLUMNS = (Column("№", 10, "right"), Column("Раздел", 40), Column("Тема", 90), Column("Часы", 12, "right"),
                Column("Домашнее задание", 60), Column("Вид контроля", 30), Column("Даты уроков", 30))
LIST_COLUMNS = (Column("Класс", 16), Column("Предмет", 50), Column("Учитель", 40), Column("План", 22),
                Column("Часов в плане", 20, "right"), Column("Уроков в году", 20, "right"),
                Column("Должно быть пройдено", 22, "right"), Column("Дано уроков", 20, "right"),
                Column("Пройдено по плану", 22, "right"), Column("Отставание, ч", 20, "right"),
                Column("Осталось часов", 20, "right"), Column("Осталось уроков", 20, "right"))


def table_of_plan(plan: PlanOfCourse, *, title: str, kinds: Mapping[int, str], made_on: date) -> Table:
    """The plan with the days of the lessons that took each topic."""
    rows = [(topic.position, topic.section, topic.title, topic.hours, topic.homework,
             kinds.get(topic.kind_id or 0, ""), ", ".join(day_month(lesson.day) for lesson in topic.lessons))
            for topic in plan.topics]
    done = plan.progress
    subtitle = (f"{counted(len(rows), 'тема', 'темы', 'тем')}, {counted(done.planned, *HOURS)}; "
                f"пройдено {counted(done.passed, *HOURS)}")
    return Table(f"Календарно-тематический план: {title}", subtitle, PLAN_COLUMNS, rows, made_on=made_on)


def table_of_list(rows: Sequence[PlanRow], *, about: str, made_on: date) -> Table:
    """Plans of the school beside their lessons (R60)."""
    return Table("Выполнение календарно-тематических планов", about, LIST_COLUMNS, [cells_of_list(row) for row in rows],
                 made_on=made_on)


def cells_of_list(row: PlanRow) -> tuple[Value, ...]:
    """A journal in the order of LIST_COLUMNS."""
    return (row.class_name, in_subgroup(row.subject, row.subgroup), row.teacher, "есть" if row.planned else "нет",
            *_figures(row))


def _figures(row: PlanRow) -> tuple[int | None, ...]:
    done = row.progress
    if not row.planned:
        return None, done.lessons, done.due, done.held, None, None, None, done.lessons_left
    return (done.planned, done.lessons, done.due, done.held, done.passed, done.lag, done.left, done.lessons_left)
