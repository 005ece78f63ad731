"""Which settings a school has: key, default, what it means, and what is a lawful value. Pure.

Values are plain JSON. `legal` ones hold from a date, because yesterday's deadlines must not move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from ejd.school import combined

YEARS = range(2000, 2101)  # any other year is a slip
MOST_MARKS = 60  # a quarter has no more lessons
MOST_MINUTES = 480
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
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return "Дата записывается как 01.09.2026"
    return None if day.year in YEARS else "Проверьте год в дате"


def _days_of_grades(value: Any) -> str | None:
    if any(grade not in map(str, range(1, 12)) for grade in value):
        return "Параллели бывают от 1 до 11"
    return next((fault for day in value.values() if (fault := _iso_day(day))), None)


def _text(longest: int) -> Callable[[Any], str | None]:
    return lambda value: (None if isinstance(value, str) and len(value) <= longest
                          else f"Не длиннее {longest} знаков")


def _site(value: Any) -> str | None:
    if _text(200)(value):
        return "Адрес не длиннее 200 знаков"
    host = value.removeprefix("https://").removeprefix("http://")
    ok = not value or (host not in {"", value} and not set(value) & set(" <>\"'"))
    return None if ok else "Адрес сайта начинается с https://, например: https://journal.school12.ru"


def _one_of(*allowed: Any) -> Callable[[Any], str | None]:
    return lambda value: None if value in allowed else "Выберите значение из списка"


def _between(low: int, high: int) -> Callable[[Any], str | None]:
    return lambda value: (None if isinstance(value, int) and low <= value <= high
                          else f"Укажите целое число от {low} до {high}")


def _thresholds(value: Any) -> str | None:
    """Hundredths of a mark: {"5": 450, "4": 350, "3": 250}."""
    five, four, three = value["5"], value["4"], value["3"]
    return None if 500 >= five > four > three > 100 else "Пороги должны убывать: для «5» больше, чем для «4» и «3»"


def _scale(value: Any) -> str | None:
    """Percent of the most points: {"5": 85, "4": 65, "3": 45}."""
    five, four, three = value["5"], value["4"], value["3"]
    return None if 100 >= five > four > three > 0 else "Проценты должны убывать: для «5» больше, чем для «4» и «3»"


def _minutes(value: Any) -> str | None:
    """Steps [last grade, minutes of homework a day]; the grades stay as they are."""
    return (None if all(0 <= minutes <= MOST_MINUTES for _, minutes in value)
            else f"Домашнее задание на день – не больше {MOST_MINUTES} минут")


def _lights(value: Any) -> str | None:
    """Yellow from, red from: {"late": [1, 5], …}."""
    fine = all(0 <= yellow <= red <= 100 for yellow, red in value.values())
    return None if fine else "Пороги – от 0 до 100, красный не меньше жёлтого"


def _density(value: Any) -> str | None:
    """Steps [weekly half-hours, fewest marks]: both grow."""
    bounds, marks = [bound for bound, _ in value], [count for _, count in value]
    if any(not 0 <= count <= MOST_MARKS for count in marks):
        return f"Отметок за четверть – от 0 до {MOST_MARKS}"
    if bounds != sorted(set(bounds)) or marks != sorted(marks):
        return "Чем больше часов в неделю, тем больше отметок"
    return None


DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        Definition("school.name", "", "Название школы", check=_text(200)),
        Definition("school.address", "", "Адрес сайта журнала", check=_site),
        Definition("zone", "Europe/Moscow", "Часовой пояс", check=_zone),
        Definition("demo", False, "Показательная база"),
        Definition("demo.now", None, "Когда начинаются часы показательной базы"),
        # R7: control starts at the launch date; homework and each parallel may have their own
        Definition("launch.marks", None, "Начало контроля отметок", check=_iso_day),
        Definition("launch.homework", None, "Начало контроля домашних заданий", check=_iso_day),
        Definition("launch.grades", {}, "Начало контроля по параллелям", check=_days_of_grades),  # {"5": "2026-09-14"}
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
        # R17: minutes a day over all subjects, up to and including the grade; 0: none is set, as in class 1
        Definition("homework.minutes", [[1, 0], [3, 90], [5, 120], [8, 150], [11, 210]],
                   "Норма домашних заданий на день", legal=True, check=_minutes),
        Definition("files.megabytes", 10, "Наибольший размер файла, МБ", check=_between(1, 20)),
        Definition("files.most", 5, "Сколько файлов можно приложить к заданию", check=_between(1, 10)),
        # R40: scans of signed statements; of passports and medical papers there are none
        Definition("forms.scans", False, "Сканы подписанных заявлений", check=_one_of(True, False)),
        # R42: receiving the service is consent, or the school keeps signed consents
        Definition("privacy.basis", "service", "Основание обработки данных ученика", legal=True,
                   check=_one_of("service", "consent")),
        Definition("marks.one", False, "Ставить отметку «1»", legal=True, check=_one_of(True, False)),
        Definition("average", "weighted", "Средний балл", legal=True, check=_one_of("weighted", "arithmetic")),
        # R11: of a mark and its re-take the last counts, or both
        Definition("retake", "last", "Пересдача", legal=True, check=_one_of("last", "both")),
        # Criteria of works, and from how many percent of the points which mark is suggested
        Definition("works.criteria", False, "Критерии работ", legal=True, check=_one_of(True, False)),
        Definition("works.scale", {"5": 85, "4": 65, "3": 45}, "Шкала по баллам", legal=True, check=_scale),
        # R12, in hundredths
        Definition("thresholds", {"5": 450, "4": 350, "3": 250}, "Пороги итоговой отметки", legal=True,
                   check=_thresholds),
        # R13: fewest marks a quarter by weekly half-hours, up to and including the key
        Definition("density", [[2, 2], [5, 5], [99, 7]], "Накопляемость отметок", legal=True, check=_density),
        # R1: results have a deadline of their own, so many school days before the term's last
        Definition("results.due", 2, "Итоговые отметки: за сколько учебных дней до конца периода", legal=True,
                   check=_between(0, 10)),
        # R12: year and final marks
        Definition("results.year", "half_up", "Годовая отметка", legal=True, check=_one_of("half_up", "thresholds")),
        Definition("results.final9", "year_exam", "Итоговая отметка 9 класса", legal=True,
                   check=_one_of("year_exam", "year")),
        Definition("results.final11", "half_years", "Итоговая отметка 11 класса", legal=True,
                   check=_one_of("half_years", "year")),
        Definition("results.combined", combined.USUAL, "Итоговые отметки по нескольким предметам", legal=True,
                   check=combined.check),
        # R13: н/а
        Definition("results.few", 3, "Отметок меньше чем", legal=True, check=_between(1, 20)),
        Definition("results.missed", "2/3", "И пропущено не меньше", legal=True, check=_one_of("1/2", "2/3", "3/4")),
        Definition("behaviour", "off", "Отметка за поведение", legal=True,
                   check=_one_of("off", "pass", "three", "five")),
        # R50: from the day after, a quarter that is not certified is late
        Definition("certification.days", 10, "Заверение журнала: сколько дней после конца четверти и года", legal=True,
                   check=_between(0, 60)),
        # R8: so many days after its lesson a journal still takes changes; None: until the term is closed
        Definition("edit.days", None, "Сколько дней после урока журнал открыт для правки", legal=True,
                   check=lambda value: None if value is None else _between(7, 366)(value)),
        # R60: traffic lights of control, yellow from and red from; per cent, the lag of plans in hours
        Definition("control.lights", {
            "late": [1, 5], "overdue": [1, 3], "corrected": [1, 5], "homework": [5, 10], "lessons": [2, 5],
            "attendance": [2, 5], "density": [10, 30], "lag": [3, 6], "copies": [1, 1], "results": [1, 5],
            "families": [10, 30], "sheets": [1, 10],
        }, "Светофор контроля", check=_lights),
        Definition("session.hours", 12, "Через сколько часов вход кончается сам", check=_between(1, 72)),
        Definition("session.idle_minutes", 120, "Через сколько минут без действий вход кончается",
                   check=_between(5, 1440)),
        Definition("password.length", 10, "Наименьшая длина пароля", check=_between(8, 64)),
        Definition("second_factor", True, "Второй фактор администрации", check=_one_of(True, False)),
        Definition("card.days", 90, "Сколько дней действует неиспользованная карточка", check=_between(1, 365)),
        # R32: the first class whose pupils have logins, and the first that signs for its own cards
        Definition("cards.first_login", 1, "С какого класса у учеников есть свой логин", check=_between(1, 11)),
        Definition("cards.first_own", 7, "С какого класса ученик получает карточку сам, под роспись",
                   check=_between(1, 11)),
    )
}
