"""How far a school has come before its electronic journal begins (R7; plan of the parents' meeting, point 6): the steps
of the first filling in, each with its share done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ejd.school.launch_days import LaunchDays
from ejd.words import counted, long_date, number


class Step(StrEnum):
    """A step of the list, in the order in which it is done; each has its page."""

    YEAR = "Учебный год и звонки"
    LISTS = "Ученики и их представители"
    CLASS_TEACHERS = "Классные руководители"
    LOAD = "Нагрузка: учитель у каждого журнала"
    TIMETABLE = "Расписание опубликовано"
    CLASHES = "Расписание без накладок"
    PLANS = "Планы уроков (КТП)"
    FORMS = "Формы услуги: заявления зарегистрированы"
    PAPERS = "Памятка, приказ и приложения"
    ADDRESS = "Адрес журнала в Интернете"
    CARDS = "Карточки выданы"
    DAY = "День начала"


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted on a day."""

    today: date
    year: bool = False
    bells: int = 0
    classes: int = 0
    pupils: int = 0
    without_guardian: int = 0
    without_class_teacher: int = 0
    journals: int = 0
    vacancies: int = 0
    timetables: int = 0
    untimed: int = 0  # journals with hours of their own but no lesson to come
    lessons: int = 0  # of the fortnight to come that have a teacher
    clashing: int = 0  # of these at one time with another of the same teacher
    planned: int = 0  # journals that have a plan
    on_paper: int = 0  # forms of service that are not electronic
    unsigned: int = 0  # of these without a registered paper
    people: int = 0  # of families, who are to have a card
    handed: int = 0
    papers: int = 0
    ready_papers: int = 0  # the school's own and knowing the settings
    address: str = ""
    launch: LaunchDays = field(default_factory=LaunchDays)


@dataclass(frozen=True, slots=True)
class Line:
    """A step with its share: `done` of `whole`, and what it is about in words."""

    step: Step
    done: int
    whole: int
    said: str

    @property
    def percent(self) -> int:
        """Rounded down: a hundred is said only of what is complete."""
        return 100 * self.done // self.whole if self.whole else 0

    @property
    def complete(self) -> bool:
        return self.whole > 0 and self.done >= self.whole


def lines(facts: Facts) -> list[Line]:
    """The whole list, in order."""
    return [_year(facts), _lists(facts), _class_teachers(facts), _load(facts), _timetable(facts), _clashes(facts),
            _plans(facts), _forms(facts), _papers(facts), _address(facts), _cards(facts), _day(facts)]


def is_unfinished(known: Sequence[tuple[int, int]], *, launch: LaunchDays, today: date) -> bool:
    """Whether the list is worth a link on the head page: the journal has not begun everywhere, or something that is
    counted there (pairs of missing and whole) is not complete."""
    return not launch.begun(today) or any(missing or not whole for missing, whole in known)


def when(launch: LaunchDays, today: date) -> str:
    """«9 ноября 2026 года, через 12 дней»; where days differ, each of them."""
    if not launch.named:
        return "не назван"
    said = f"{long_date(launch.only)} года" if launch.only else launch.spoken()
    days = (launch.named[0] - today).days
    if days > 0:
        left = counted(days, "день", "дня", "дней")
        return f"{said}, через {left}" if launch.only else f"{said}. До первого из них {left}"
    if not launch.begun(today):
        return f"{said}. Начато не всё"
    return f"{said}, сегодня" if launch.only == today else f"{said}, журнал ведётся"


def _year(facts: Facts) -> Line:
    said = [] if facts.year else ["год не открыт"]
    said += [] if facts.bells else ["звонков нет"]
    return Line(Step.YEAR, facts.year + bool(facts.bells), 2, ", ".join(said) or "заведены")


def _lists(facts: Facts) -> Line:
    if not facts.pupils:
        return Line(Step.LISTS, 0, 0, "списков ещё нет")
    said = (f"{counted(facts.classes, 'класс', 'класса', 'классов')}, "
            f"{counted(facts.pupils, 'ученик', 'ученика', 'учеников')}")
    return Line(Step.LISTS, facts.pupils - facts.without_guardian, facts.pupils,
                said + _rest(facts.without_guardian, "без представителя"))


def _class_teachers(facts: Facts) -> Line:
    return _share(Step.CLASS_TEACHERS, facts.without_class_teacher, facts.classes, "классов ещё нет",
                  "без руководителя")


def _load(facts: Facts) -> Line:
    return _share(Step.LOAD, facts.vacancies, facts.journals, "журналов ещё нет", "без учителя")


def _timetable(facts: Facts) -> Line:
    if not facts.timetables or not facts.journals:
        return Line(Step.TIMETABLE, 0, facts.journals, "расписания ещё нет")
    return _share(Step.TIMETABLE, facts.untimed, facts.journals, "", "без места в расписании")


def _clashes(facts: Facts) -> Line:
    if not facts.timetables:
        return Line(Step.CLASHES, 0, 0, "расписания ещё нет")
    if not facts.lessons:
        return Line(Step.CLASHES, 1, 1, "уроков на две недели вперёд нет")
    said = f"в одно время у одного учителя: {number(facts.clashing)}" if facts.clashing else "на две недели вперёд"
    return Line(Step.CLASHES, facts.lessons - facts.clashing, facts.lessons, said)


def _plans(facts: Facts) -> Line:
    return _share(Step.PLANS, facts.journals - facts.planned, facts.journals, "журналов ещё нет", "без плана")


def _forms(facts: Facts) -> Line:
    if not facts.on_paper:
        return Line(Step.FORMS, 1, 1, "все получают услугу в электронном виде")
    said = f"на бумаге {number(facts.on_paper)}{_rest(facts.unsigned, 'без заявления')}"
    return Line(Step.FORMS, facts.on_paper - facts.unsigned, facts.on_paper, said)


def _papers(facts: Facts) -> Line:
    left = facts.papers - facts.ready_papers
    return Line(Step.PAPERS, facts.ready_papers, facts.papers,
                f"принять или обновить: {number(left)}" if left else "приняты, настройки учтены")


NO_ADDRESS = "не указан: в памятке его нет, на карточках тот, по которому открыта программа"


def _address(facts: Facts) -> Line:
    return Line(Step.ADDRESS, bool(facts.address), 1, facts.address or NO_ADDRESS)


def _cards(facts: Facts) -> Line:
    return _share(Step.CARDS, facts.people - facts.handed, facts.people, "выдавать ещё некому", "не выдано")


def _day(facts: Facts) -> Line:
    return Line(Step.DAY, bool(facts.launch.marks) + bool(facts.launch.homework), 2, when(facts.launch, facts.today))


def _share(step: Step, missing: int, whole: int, nothing: str, lack: str) -> Line:
    if not whole:
        return Line(step, 0, 0, nothing)
    return Line(step, whole - missing, whole, f"{number(whole - missing)} из {number(whole)}{_rest(missing, lack)}")


def _rest(missing: int, lack: str) -> str:
    return f", {lack} {number(missing)}" if missing else ""
