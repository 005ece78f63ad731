"""What the figures of control mean (R1–R7, R60). Pure: counts and dates in, figures out.

The SQL of `queries.py` and `lists.py` says the same of many rows; a test compares it with a recount by the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cache

from ejd.school.catalogue import WEEK


class Figure(StrEnum):
    """A figure of the control page; the value is the address of the list behind it."""

    ENTERED = "entered"
    ON_TIME = "on-time"
    OVER_TERM = "over-term"
    LATE = "late"
    BEFORE_LAUNCH = "before-launch"
    OVERDUE = "overdue"
    AWAITED = "awaited"
    CLOSED_EARLY = "closed-early"
    CORRECTED = "corrected"
    HOMEWORK_OWED = "homework-owed"
    HOMEWORK_ON_TIME = "homework-on-time"
    HOMEWORK_LATE = "homework-late"
    HOMEWORK_MISSING = "homework-missing"
    HOMEWORK_AWAITED = "homework-awaited"
    HOMEWORK_NOT_SET = "homework-not-set"
    LESSONS = "lessons"
    LESSONS_CANCELLED = "lessons-cancelled"
    LESSONS_HELD = "lessons-held"
    LESSONS_FILLED = "lessons-filled"
    LESSONS_UNFILLED = "lessons-unfilled"
    ATTENDED = "attended"
    NOT_ATTENDED = "not-attended"
    JOURNALS = "journals"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure and the list behind it are called, and in one sentence how it is counted and as of when."""

    title: str
    listing: str
    sentence: str


MEANINGS: dict[Figure, Meaning] = {
    Figure.ENTERED: Meaning(
        "Внесено отметок", "Внесённые отметки",
        "Отметки, полученные в эти дни и не удалённые, на сейчас; без отметок из справок."),
    Figure.ON_TIME: Meaning(
        "Вовремя", "Отметки, внесённые вовремя",
        "Первое значение внесено не позднее 7-го дня после получения; исправления этого не меняют."),
    Figure.OVER_TERM: Meaning(
        "Из них позже срока школы", "Отметки позже срока школы",
        "Внесены в течение недели, но после срока, который школа назначила виду работы."),
    Figure.LATE: Meaning(
        "С опозданием", "Отметки с опозданием",
        "Первое значение внесено на 8-й день после получения или позже."),
    Figure.BEFORE_LAUNCH: Meaning(
        "До начала контроля", "Отметки до начала контроля",
        "Получены до дня, с которого школа ведёт контроль; опозданием не считаются."),
    Figure.OVERDUE: Meaning(
        "Не выставлено, срок вышел", "Отметки не выставлены, срок вышел",
        "Отметки за объявленные работы этих дней, которых на сегодня нет, "
        "а 7 дней прошли."),
    Figure.AWAITED: Meaning(
        "Не выставлено, срок не вышел", "Отметки не выставлены, срок не вышел",
        "Отметки за объявленные работы этих дней, которых на сегодня нет, но 7 дней "
        "не прошли; долги учеников не входят."),
    Figure.CLOSED_EARLY: Meaning(
        "Закрыто раньше срока", "Отметки, которых не дождались: период закрыт раньше срока",
        "Отметки, которых ещё ждали, когда директор закрыл период раньше срока; опозданием не считаются."),
    Figure.CORRECTED: Meaning(
        "Исправлено позже недели", "Исправления позже недели",
        "Исправления, сделанные в эти дни больше чем через 7 дней после получения отметки."),
    Figure.HOMEWORK_OWED: Meaning(
        "Уроков с заданием", "Уроки с обязательным заданием",
        "Состоявшиеся на сейчас уроки, где задание обязательно; сдвоенный урок – один, "
        "отменённые не входят."),
    Figure.HOMEWORK_ON_TIME: Meaning(
        "Задано вовремя", "Домашние задания вовремя",
        "Задание или «не задано» впервые опубликовано до срока урока."),
    Figure.HOMEWORK_LATE: Meaning(
        "Задано поздно", "Домашние задания поздно",
        "Впервые опубликовано после срока урока."),
    Figure.HOMEWORK_MISSING: Meaning(
        "Нет задания", "Уроки без домашнего задания",
        "Срок урока вышел, а нет ни задания, ни «не задано»."),
    Figure.HOMEWORK_AWAITED: Meaning(
        "Ещё ждём", "Домашние задания, которых ещё ждём",
        "Урок состоялся, задания нет, но срок его публикации не вышел."),
    Figure.HOMEWORK_NOT_SET: Meaning(
        "Отмечено «не задано»", "Уроки с отметкой «не задано»",
        "Уроки, где учитель прямо указал, что задания нет; "
        "входят в заданные вовремя и поздно."),
    Figure.LESSONS: Meaning(
        "По расписанию", "Уроки по расписанию",
        "Все уроки этих дней, и будущие тоже, вместе с отменёнными; перенесённый стоит на новом месте."),
    Figure.LESSONS_CANCELLED: Meaning(
        "Отменено", "Отменённые уроки",
        "Отменены канцелярией; в других числах их нет."),
    Figure.LESSONS_HELD: Meaning(
        "Состоялось", "Состоявшиеся уроки",
        "Закончились на сейчас и не отменены; объединённые и дистанционные тоже."),
    Figure.LESSONS_FILLED: Meaning(
        "Заполнено", "Заполненные уроки",
        "Состоялись, и есть тема и посещаемость."),
    Figure.LESSONS_UNFILLED: Meaning(
        "Не заполнено", "Незаполненные уроки",
        "День урока прошёл, а темы или посещаемости нет; уроки до начала контроля отметок не входят."),
    Figure.ATTENDED: Meaning(
        "Посещаемость отмечена", "Уроки, где посещаемость отмечена",
        "Состоявшиеся уроки, где учитель сохранил посещаемость."),
    Figure.NOT_ATTENDED: Meaning(
        "Посещаемость не отмечена", "Уроки, где посещаемость не отмечена",
        "День урока прошёл, а посещаемости нет; уроки до начала контроля отметок не входят."),
    Figure.JOURNALS: Meaning(
        "Журналов с отметками", "Накопляемость отметок по журналам",
        "Журналы, где ставят отметки и в эти дни состоялся урок. Накопляемость – отметки, делённые на уроки и "
        "учеников: сколько отметок получает ученик за урок; среднее на ученика – отметки, делённые на учеников. "
        "Ученики – по спискам на последний из этих дней."),
}

OF_MARKS = (Figure.ENTERED, Figure.ON_TIME, Figure.OVER_TERM, Figure.LATE, Figure.BEFORE_LAUNCH)
OF_EXPECTATIONS = (Figure.OVERDUE, Figure.AWAITED, Figure.CLOSED_EARLY)
OF_HOMEWORK = (Figure.HOMEWORK_OWED, Figure.HOMEWORK_ON_TIME, Figure.HOMEWORK_LATE, Figure.HOMEWORK_MISSING,
               Figure.HOMEWORK_AWAITED, Figure.HOMEWORK_NOT_SET)
# Of lessons that owe homework; what is missing is the rest, for asking it would ask most.
COUNTED = (Figure.HOMEWORK_OWED, Figure.HOMEWORK_ON_TIME, Figure.HOMEWORK_LATE, Figure.HOMEWORK_AWAITED,
           Figure.HOMEWORK_NOT_SET)
OF_LESSONS = (Figure.LESSONS, Figure.LESSONS_CANCELLED, Figure.LESSONS_HELD, Figure.LESSONS_FILLED,
              Figure.LESSONS_UNFILLED, Figure.ATTENDED, Figure.NOT_ATTENDED)


class By(StrEnum):
    """What the figures are broken down by."""

    TEACHER = "teacher"
    CLASS = "class"
    SUBJECT = "subject"
    KIND = "kind"


@dataclass(slots=True)
class Tally:
    """The figures of one teacher, class, subject or kind, or of the whole school."""

    counts: Counter[Figure] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)  # days taken → marks, of those under control
    pupils: set[int] = field(default_factory=set)  # of journals in which lessons were held
    journals: set[int] = field(default_factory=set)  # of these the ones that take marks
    marked: set[int] = field(default_factory=set)  # their pupils
    places: int = 0  # these pupils at lessons: how often a mark could have been received

    def __getitem__(self, figure: Figure) -> int:
        return len(self.journals) if figure is Figure.JOURNALS else self.counts[figure]

    def add_held(self, course_id: int, pupils: Collection[int], lessons: int, *, takes_marks: bool = True) -> None:
        """Lessons of one journal that were held, with its pupils; without marks there is no density (R14)."""
        self.pupils.update(pupils)
        if takes_marks:
            self.journals.add(course_id)
            self.marked.update(pupils)
            self.places += lessons * len(pupils)

    def add_homework(self, counts: Sequence[int]) -> None:
        """Of lessons that owe it, in the order of COUNTED: what is neither there nor awaited is missing."""
        owed, on_time, late, awaited, _ = counts
        for figure, many in zip((*COUNTED, Figure.HOMEWORK_MISSING), (*counts, owed - on_time - late - awaited),
                                strict=True):
            self.counts[figure] += many

    def add_marks(self, *, days_taken: int, over_limit: bool, controlled: bool, marks: int) -> None:
        for figure in figures_of_mark(days_taken=days_taken, over_limit=over_limit, controlled=controlled):
            self.counts[figure] += marks
        if controlled:
            self.days[days_taken] += marks

    def add(self, other: Tally) -> None:
        self.counts.update(other.counts)
        self.days.update(other.days)
        self.journals |= other.journals
        self.pupils |= other.pupils
        self.marked |= other.marked
        self.places += other.places

    @property
    def average(self) -> Fraction | None:
        """Marks per pupil."""
        return Fraction(self[Figure.ENTERED], len(self.marked)) if self.marked else None

    @property
    def density(self) -> Fraction | None:
        """Marks per pupil and lesson («накопляемость»)."""
        return Fraction(self[Figure.ENTERED], self.places) if self.places else None

    @property
    def many_pupils(self) -> int:
        return len(self.pupils)

    @property
    def many_marked(self) -> int:
        return len(self.marked)

    @property
    def worst(self) -> int:
        """The longest lateness in days (R1)."""
        return max((days - WEEK for days, marks in self.days.items() if days > WEEK and marks), default=0)

    @property
    def share_late(self) -> Fraction | None:
        """Late marks as an exact share of those under control."""
        controlled = self[Figure.ON_TIME] + self[Figure.LATE]
        return Fraction(self[Figure.LATE], controlled) if controlled else None

    @property
    def gravity(self) -> tuple[int, int, int, int]:
        """Who stands first: the most late marks, then overdue ones, then homework."""
        return (self[Figure.LATE], self[Figure.OVERDUE],
                self[Figure.HOMEWORK_LATE] + self[Figure.HOMEWORK_MISSING], self[Figure.CORRECTED])


@cache
def figures_of_mark(*, days_taken: int, over_limit: bool, controlled: bool) -> Sequence[Figure]:
    """Where an entered mark counts: R1's week decides late, R2's own term is milder, R7 exempts what came before."""
    if not controlled:
        return Figure.ENTERED, Figure.BEFORE_LAUNCH
    if days_taken > WEEK:
        return Figure.ENTERED, Figure.LATE
    return (Figure.ENTERED, Figure.ON_TIME, *([Figure.OVER_TERM] if over_limit else []))
