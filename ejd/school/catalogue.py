"""Which settings a school has: key, default, what it means, and what is a lawful value. Pure.

Values are plain JSON. `legal` ones hold from a date, because yesterday's deadlines must not move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

WEEK = 7  # R1: a setting can never exceed it (R2)


@dataclass(frozen=True, slots=True)
class Definition:
    """One setting. `check` returns a Russian sentence when the value is not lawful, else None."""

    key: str
    default: Any
    title: str
    legal: bool = False
    check: Callable[[Any], str | None] = lambda _value: None


def _zone(value: Any) -> str | None:
    return None if value in available_timezones() else "Такого часового пояса нет, например: Europe/Moscow"


def _limits(value: Any) -> str | None:
    for limit in value.values():
        if not 0 <= limit["days"] <= WEEK:
            return "Срок школы не может превышать 7 дней со дня получения отметки"
        if limit["unit"] not in {"calendar", "school"}:
            return "Дни срока бывают календарные или учебные"
    return None


def _iso_day(value: Any) -> str | None:
    if value is None:
        return None
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "Дата записывается как 01.09.2026"
    return None


def _one_of(*allowed: Any) -> Callable[[Any], str | None]:
    return lambda value: None if value in allowed else "Выберите значение из списка"


def _between(low: int, high: int) -> Callable[[Any], str | None]:
    return lambda value: (None if isinstance(value, int) and low <= value <= high
                          else f"Укажите целое число от {low} до {high}")


def _thresholds(value: Any) -> str | None:
    """Hundredths of a mark: {"5": 450, "4": 350, "3": 250}."""
    five, four, three = value["5"], value["4"], value["3"]
    return None if 500 >= five > four > three > 100 else "Пороги должны убывать: для «5» больше, чем для «4» и «3»"


DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        Definition("school.name", "", "Название школы"),
        Definition("school.address", "", "Адрес сайта журнала"),
        Definition("zone", "Europe/Moscow", "Часовой пояс", check=_zone),
        Definition("demo", False, "Показательная база"),
        Definition("demo.now", None, "Когда начинаются часы показательной базы"),
        # R7: control starts at the launch date; homework and each parallel may have their own
        Definition("launch.marks", None, "Начало контроля отметок", check=_iso_day),
        Definition("launch.homework", None, "Начало контроля домашних заданий", check=_iso_day),
        Definition("launch.grades", {}, "Начало контроля по параллелям"),  # {"5": "2026-09-14"}
        # R2: work kind code → {"days": n, "unit": "calendar" | "school"}
        Definition("limits", {
            "oral": {"days": 0, "unit": "calendar"},
            "written": {"days": 3, "unit": "school"},
            "test": {"days": 3, "unit": "school"},
            "essay": {"days": 7, "unit": "calendar"},
        }, "Сроки школы по видам работ", legal=True, check=_limits),
        # R5: one hour after the last lesson of those pupils · end of the school day · end of the lesson
        Definition("homework.deadline", "hour_after", "Когда должно быть опубликовано домашнее задание",
                   legal=True, check=_one_of("hour_after", "day_end", "lesson_end")),
        Definition("marks.one", False, "Ставить отметку «1»", legal=True, check=_one_of(True, False)),
        Definition("average", "weighted", "Средний балл", legal=True, check=_one_of("weighted", "arithmetic")),
        # R12, in hundredths
        Definition("thresholds", {"5": 450, "4": 350, "3": 250}, "Пороги итоговой отметки", legal=True,
                   check=_thresholds),
        # R13: fewest marks a quarter by weekly half-hours, up to and including the key
        Definition("density", [[2, 2], [5, 5], [99, 7]], "Накопляемость отметок", legal=True),
        Definition("session.hours", 12, "Через сколько часов вход кончается сам", check=_between(1, 72)),
        Definition("session.idle_minutes", 120, "Через сколько минут без действий вход кончается",
                   check=_between(5, 1440)),
        Definition("password.length", 10, "Наименьшая длина пароля", check=_between(8, 64)),
        Definition("card.days", 90, "Сколько дней действует неиспользованная карточка", check=_between(1, 365)),
    )
}
