"""What stands in the breakdown of control: columns of figures in groups, for the page, the workbook and the paper.
Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ejd.compliance.metrics import By, Figure, Tally


class Show(StrEnum):
    """A group of columns; the value stands in the page's address."""

    MARKS = "marks"
    HOMEWORK = "homework"
    LESSONS = "lessons"
    DENSITY = "density"


TITLES = {Show.MARKS: "Отметки", Show.HOMEWORK: "Домашние задания", Show.LESSONS: "Уроки и посещаемость",
          Show.DENSITY: "Накопляемость"}
BY_TITLES = {By.TEACHER: "Учитель", By.CLASS: "Класс", By.SUBJECT: "Предмет", By.KIND: "Вид работы"}
WHOSE = {By.TEACHER: "по учителям", By.CLASS: "по классам", By.SUBJECT: "по предметам", By.KIND: "по видам работ"}
GROUPS = (  # title, signals, figures
    ("Отметки", ("late", "overdue", "corrected"), (
        Figure.LATE, Figure.OVERDUE, Figure.AWAITED, Figure.CORRECTED, Figure.ON_TIME, Figure.OVER_TERM,
        Figure.ENTERED, Figure.CLOSED_EARLY, Figure.BEFORE_LAUNCH)),
    ("Домашние задания", ("homework",), (
        Figure.HOMEWORK_MISSING, Figure.HOMEWORK_LATE, Figure.HOMEWORK_AWAITED, Figure.HOMEWORK_NOT_SET,
        Figure.HOMEWORK_ON_TIME, Figure.HOMEWORK_OWED)),
    ("Уроки и посещаемость", ("lessons", "attendance"), (
        Figure.LESSONS_UNFILLED, Figure.NOT_ATTENDED, Figure.ATTENDED, Figure.LESSONS_FILLED, Figure.LESSONS_HELD,
        Figure.LESSONS_CANCELLED, Figure.LESSONS)),
)
SELDOM = {Figure.CLOSED_EARLY, Figure.BEFORE_LAUNCH, Figure.LESSONS_CANCELLED}  # shown when there are any


@dataclass(frozen=True, slots=True)
class Part:
    """A column: its head in the table, its words on a phone and in files, how loud its numbers are."""

    head: str
    title: str
    figure: Figure | None = None
    look: str = ""
    measure: str = ""  # instead of a count: a property of the tally

    def count(self, tally: Tally) -> int:
        return tally[self.figure] if self.figure else 0

    def value(self, tally: Tally) -> int | Fraction | None:
        if self.measure:
            found: int | Fraction | None = getattr(tally, self.measure)
            return found
        return self.count(tally)


F = Figure
PARTS: dict[Show, Sequence[Part]] = {
    Show.MARKS: (
        Part("С опозда\u00adнием", "С опозданием", F.LATE, "late"),
        Part("Самое долгое, дней", "Самое долгое опоздание, дней", measure="worst"),
        Part("Нет, срок вышел", "Не выставлено, срок вышел", F.OVERDUE, "late"),
        Part("Нет, срок не вышел", "Не выставлено, срок не вышел", F.AWAITED),
        Part("Позже срока школы", "Позже срока школы", F.OVER_TERM, "warn"),
        Part("Исправ\u00adлено позже недели", "Исправлено позже недели", F.CORRECTED, "warn"),
        Part("Вовремя", "Вовремя", F.ON_TIME),
        Part("Внесено", "Внесено", F.ENTERED)),
    Show.HOMEWORK: (
        Part("Нет задания", "Нет задания", F.HOMEWORK_MISSING, "late"),
        Part("Задано поздно", "Задано поздно", F.HOMEWORK_LATE, "warn"),
        Part("Ещё ждём", "Ещё ждём", F.HOMEWORK_AWAITED),
        Part("Задано вовремя", "Задано вовремя", F.HOMEWORK_ON_TIME),
        Part("«Не задано»", "Отмечено «не задано»", F.HOMEWORK_NOT_SET),
        Part("Уроков с заданием", "Уроков с заданием", F.HOMEWORK_OWED)),
    Show.LESSONS: (
        Part("Не заполнено", "Не заполнено", F.LESSONS_UNFILLED, "late"),
        Part("Посеща\u00adемость не отмечена", "Посещаемость не отмечена", F.NOT_ATTENDED, "late"),
        Part("Посеща\u00adемость отмечена", "Посещаемость отмечена", F.ATTENDED),
        Part("Заполнено", "Заполнено", F.LESSONS_FILLED),
        Part("Состоялось", "Состоялось", F.LESSONS_HELD),
        Part("Отменено", "Отменено", F.LESSONS_CANCELLED),
        Part("По расписанию", "По расписанию", F.LESSONS)),
    Show.DENSITY: (
        Part("Отметок на ученика за урок", "Отметок на ученика за урок", measure="density"),
        Part("Отметок на ученика", "Отметок на ученика", measure="average"),
        Part("Внесено отметок", "Внесено отметок", F.ENTERED),
        Part("Учеников с отметками", "Учеников, которым ставят отметки", measure="many_marked"),
        Part("Журналов с отметками", "Журналов с отметками", F.JOURNALS)),
}
UNKNOWN_DENSITY = 10**6  # of what takes no marks: stands last
# What has no kind of work.
WITHOUT_KIND = frozenset({Show.HOMEWORK, Show.LESSONS})


ORDER = {Show.MARKS: "Сверху те, у кого больше опозданий.", Show.HOMEWORK: "Сверху те, у кого больше нет заданий.",
         Show.LESSONS: "Сверху те, у кого больше незаполненных уроков.",
         Show.DENSITY: "Сверху те, у кого отметок на ученика за урок меньше."}


def gravity(show: Show, tally: Tally) -> Sequence[int | Fraction]:
    """Who stands first in a group of figures."""
    if show is Show.HOMEWORK:
        return tally[F.HOMEWORK_MISSING], tally[F.HOMEWORK_LATE]
    if show is Show.LESSONS:
        return tally[F.LESSONS_UNFILLED], tally[F.NOT_ATTENDED]
    if show is Show.DENSITY:
        return (-tally.density if tally.density is not None else -UNKNOWN_DENSITY,)
    return tally.gravity


def groups(*, with_kind: bool) -> list[Show]:
    """The groups that can be shown; homework and lessons have no kind of work."""
    return [show for show in Show if not (with_kind and show in WITHOUT_KIND)]
