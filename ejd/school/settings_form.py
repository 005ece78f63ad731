"""Settings as a person fills them in: each as text fields, what the text means, and how a value reads. Pure.

What is a lawful value is the catalogue's business; here a field that can't be read at all is at fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ejd.school import combined
from ejd.school.catalogue import DEFINITIONS, WEEK
from ejd.school.lights_form import light_fields, lights_in_words, read_lights
from ejd.school.settings_field import Errors, Field, Form, Kinds
from ejd.typed import day_of, number_of
from ejd.words import counted, duration, in_hours, long_date

GRADES = range(1, 12)
NOT_A_NUMBER = "Укажите целое число"
NOT_A_DAY = "Укажите дату, например 01.09.2026"


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that are shown and saved together; `legal` ones hold from a day that the form asks for."""

    name: str
    title: str
    keys: tuple[str, ...]
    intro: str = ""

    @property
    def legal(self) -> bool:
        return DEFINITIONS[self.keys[0]].legal


SECTIONS = {section.name: section for section in (
    Section("school", "Школа", ("school.name", "school.address", "zone")),
    Section("launch", "Начало контроля", ("launch.marks", "launch.homework", "launch.grades"),
            "То, что было раньше этого дня, никогда не считается опозданием. Пока дата не названа, контроля нет."),
    Section("limits", "Сроки отметок", ("limits",),
            "Неделя, семь календарных дней со дня получения, действует всегда. Школа может просить быстрее, "
            "но не медленнее. Пустое поле – только неделя."),
    Section("marking", "Правила",
            ("homework.deadline", "homework.minutes", "edit.days", "marks.one", "average", "retake", "thresholds",
             "density", "works.criteria", "works.scale")),
    Section("results", "Итоги",
            ("results.due", "results.few", "results.missed", "results.year", "results.final9", "results.final11",
             "results.combined", "behaviour", "certification.days")),
    Section("control", "Светофор контроля", ("control.lights",),
            "С какого значения группа на странице контроля жёлтая, с какого красная. Без нарушений – всегда зелёная."),
    Section("files", "Файлы", ("files.megabytes", "files.most", "forms.scans"),
            "Файлы учителя прикладывают к домашним заданиям. Принимаются PDF, документы, рисунки, звук и текст."),
    Section("privacy", "Персональные данные", ("privacy.basis",),
            "Что предлагается записать ученику, у которого основания ещё нет. Записанное раньше не меняется."),
    Section("access", "Вход и пароли",
            ("session.hours", "session.idle_minutes", "password.length", "second_factor", "card.days",
             "cards.first_login", "cards.first_own")),
)}
assert all(len({DEFINITIONS[key].legal for key in section.keys}) == 1 for section in SECTIONS.values())

CHOICES: dict[str, tuple[tuple[Any, str, str], ...]] = {  # value, text in the form, words
    "homework.deadline": (
        ("hour_after", "hour_after", "через час после последнего урока класса"),
        ("day_end", "day_end", "к концу последнего урока класса"),
        ("lesson_end", "lesson_end", "к концу самого урока"),
    ),
    "forms.scans": ((False, "no", "не прикладываются"), (True, "yes", "можно приложить к форме услуги")),
    "second_factor": ((True, "yes", "обязателен: пароль и код из телефона"), (False, "no", "по желанию")),
    "privacy.basis": (("service", "service", "получение услуги и есть согласие"),
                      ("consent", "consent", "школа хранит подписанные согласия")),
    "marks.one": ((False, "no", "не ставится"), (True, "yes", "ставится")),
    "average": (("weighted", "weighted", "взвешенный"), ("arithmetic", "arithmetic", "арифметический")),
    "retake": (("last", "last", "считается последняя"), ("both", "both", "считаются обе")),
    "works.criteria": ((False, "no", "не применяются"), (True, "yes", "учитель может назвать критерии и баллы")),
    "results.year": (("half_up", "half_up", "среднее отметок за периоды, половина вверх"),
                     ("thresholds", "thresholds", "среднее отметок за периоды по порогам")),
    "results.final9": (("year_exam", "year_exam", "среднее годовой и экзаменационной, половина вверх"),
                       ("year", "year", "годовая")),
    "results.final11": (("half_years", "half_years", "среднее полугодовых и годовых 10–11 классов, половина вверх"),
                        ("year", "year", "годовая")),
    "results.missed": (("1/2", "1/2", "половины уроков"), ("2/3", "2/3", "двух третей уроков"),
                       ("3/4", "3/4", "трёх четвертей уроков")),
    "behaviour": (("off", "off", "не ставится"), ("pass", "pass", "зачёт или незачёт"),
                  ("three", "three", "примерное, удовлетворительное, неудовлетворительное"),
                  ("five", "five", "5 4 3 2")),
}
NOT_CERTIFIED = "н/а учитель ставит сам, когда"
YEAR_AND_FINAL = "Годовые и итоговые отметки"
GROUPS = {"results.due": "Срок", "results.few": NOT_CERTIFIED, "results.missed": NOT_CERTIFIED,
          "results.year": YEAR_AND_FINAL, "results.final9": YEAR_AND_FINAL, "results.final11": YEAR_AND_FINAL,
          "behaviour": "Поведение", "certification.days": "Печатный журнал",
          "homework.deadline": "Домашнее задание", "marks.one": "Отметки", "average": "Отметки",
          "retake": "Отметки", "works.criteria": "Работы по критериям"}
ZONES = (("Europe/Kaliningrad", "Калининград, МСК−1"), ("Europe/Moscow", "Москва, МСК"),
         ("Europe/Samara", "Самара, МСК+1"), ("Asia/Yekaterinburg", "Екатеринбург, МСК+2"),
         ("Asia/Omsk", "Омск, МСК+3"), ("Asia/Krasnoyarsk", "Красноярск, МСК+4"),
         ("Asia/Irkutsk", "Иркутск, МСК+5"), ("Asia/Yakutsk", "Якутск, МСК+6"),
         ("Asia/Vladivostok", "Владивосток, МСК+7"), ("Asia/Magadan", "Магадан, МСК+8"),
         ("Asia/Kamchatka", "Камчатка, МСК+9"))
UNITS = (("calendar", "календарных"), ("school", "учебных"))


def fields(section: Section, values: Mapping[str, Any], kinds: Kinds) -> list[Field]:
    """The form's fields, filled with the values that hold."""
    return [field for key in section.keys for field in _fields(key, values[key], kinds)]


def read(section: Section, form: Form, kinds: Kinds, values: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """What was filled in, by key, and what is wrong, by field. `values` are those that hold."""
    found: dict[str, Any] = {}
    errors: Errors = {}
    for key in section.keys:
        value, faults = _read(key, form, kinds, values[key])
        if not faults and (reason := DEFINITIONS[key].check(value)):
            faults = {_fields(key, values[key], kinds)[0].name: reason}
        found[key] = value
        errors |= faults
    return found, errors


def limit_in_words(limit: Mapping[str, Any] | None) -> str:
    """The school's own term for a kind of work (R2)."""
    if limit is None:
        return "только неделя"
    which = ("учебный день", "учебных дня", "учебных дней") if limit["unit"] == "school" else ("день", "дня", "дней")
    return counted(limit["days"], *which) if limit["days"] else "в тот же день"


def in_words(key: str, value: Any, kinds: Kinds) -> str:
    """A value as the history shows it."""
    if key in CHOICES:
        return next((words for one, _, words in CHOICES[key] if one == value), str(value))
    if key in WORDS:
        return WORDS[key](value, kinds)
    return str(value) if value not in (None, "") else "не указано"


def _fields(key: str, value: Any, kinds: Kinds) -> list[Field]:
    title = DEFINITIONS[key].title
    if key in COMPOSITE:
        return COMPOSITE[key](value, kinds)
    if key in CHOICES:
        chosen = next((text for one, text, _ in CHOICES[key] if one == value), "")
        return [Field(key, title, chosen, options=tuple((text, words) for _, text, words in CHOICES[key]),
                      group=GROUPS.get(key, ""))]
    if key == "zone":
        here = () if value in dict(ZONES) else ((value, value),)
        return [Field(key, title, value, options=(*ZONES, *here))]
    if key.startswith("launch."):
        return [Field(key, title, value or "", type="date", group="Вся школа")]
    return [Field(key, title, str(value), type="number" if isinstance(value, int) else "text",
                  group=GROUPS.get(key, ""))]


def _read(key: str, form: Form, kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    if key in READERS:
        return READERS[key](form, kinds, standing)
    text = form.get(key, standing or "" if key.startswith("launch.") else "").strip()
    if key in CHOICES:
        return next((one for one, given, _ in CHOICES[key] if given == text), None), {}
    if key.startswith("launch."):
        return (None, {}) if not text else (_as_kept(text), {} if day_of(text) else {key: NOT_A_DAY})
    if isinstance(DEFINITIONS[key].default, int):
        number = number_of(text)
        return number, {} if number is not None else {key: NOT_A_NUMBER}
    return " ".join(text.split()), {}


def _limit_fields(value: Any, kinds: Kinds) -> list[Field]:
    found = []
    for code, name in kinds:
        limit = value.get(code)
        found += [Field(f"limit-{code}", name, _days_text(limit), type="number", group=code),
                  Field(f"unit-{code}", f"{name}: какие дни", limit["unit"] if limit else "calendar", options=UNITS,
                        group=code)]
    return found


def _days_text(limit: Any) -> str:
    return str(limit["days"]) if limit else ""


def _read_limits(form: Form, kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    value, errors = {code: limit for code, limit in standing.items() if code not in dict(kinds)}, {}
    for code, name in kinds:
        text = form.get(f"limit-{code}", _days_text(standing.get(code))).strip()
        if not text:
            continue
        days, unit = number_of(text), form.get(f"unit-{code}", "calendar")
        if days is None:
            errors[f"limit-{code}"] = f"{name}: {NOT_A_NUMBER.lower()} дней"
        elif days > WEEK:
            errors[f"limit-{code}"] = f"{name}: срок школы не может превышать {WEEK} дней"
        elif unit not in dict(UNITS):
            errors[f"unit-{code}"] = f"{name}: дни бывают календарные или учебные"
        value[code] = {"days": days, "unit": unit}
    return value, errors


def _grade_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field(f"launch-{grade}", f"{grade}-е классы", value.get(str(grade), ""), type="date",
                  group="Параллели, у которых своя дата (пусто – как у всей школы)") for grade in GRADES]


def _read_grades(form: Form, _kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    given = {grade: text for grade in GRADES
             if (text := form.get(f"launch-{grade}", standing.get(str(grade), "")).strip())}
    errors = {f"launch-{grade}": f"{grade}-е классы: {NOT_A_DAY[0].lower()}{NOT_A_DAY[1:]}"
              for grade, text in given.items() if not day_of(text)}
    return {str(grade): _as_kept(text) for grade, text in given.items()}, errors


def _threshold_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field(f"threshold-{mark}", f"«{mark}»", _hundredths(value[mark]),
                  group="Какую отметку предлагать за период: средний балл не ниже") for mark in ("5", "4", "3")]


def _read_thresholds(form: Form, _kinds: Kinds, _standing: Any) -> tuple[Any, Errors]:
    value, errors = {}, {}
    for mark in ("5", "4", "3"):
        text = form.get(f"threshold-{mark}", "").strip()
        match = re.fullmatch(r"([1-5])(?:[.,]([0-9]{1,2}))?", text)
        value[mark] = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else 0
        if not match:
            errors[f"threshold-{mark}"] = f"Порог для «{mark}»: укажите средний балл, например 4,5"
    return value, errors


def _scale_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field(f"scale-{mark}", f"«{mark}», процент", str(value[mark]), type="number",
                  group="Работы по критериям: какую отметку предлагать, процент баллов не меньше")
            for mark in ("5", "4", "3")]


def _read_scale(form: Form, _kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    value, errors = {}, {}
    for mark in ("5", "4", "3"):
        number = number_of(form.get(f"scale-{mark}", str(standing[mark])).strip())
        value[mark] = number if number is not None else 0
        if number is None:
            errors[f"scale-{mark}"] = f"Шкала для «{mark}»: укажите целое число процентов"
    return value, errors


def _minutes_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field(f"minutes-{index}", f"{_grades_of(value, index)}, минут", str(minutes), type="number",
                  group="Норма домашних заданий на день по всем предметам (0 – не задают)")
            for index, (_, minutes) in enumerate(value)]


def _read_minutes(form: Form, _kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    value, errors = [], {}
    for index, (grade, minutes) in enumerate(standing):
        given = number_of(form.get(f"minutes-{index}", str(minutes)))
        if given is None:
            errors[f"minutes-{index}"] = f"{_grades_of(standing, index)}: укажите целое число минут"
        value.append([grade, given])
    return value, errors


def _grades_of(steps: Any, index: int) -> str:
    """«1 класс», «2–3 классы»"""
    first, last = steps[index - 1][0] + 1 if index else 1, steps[index][0]
    return f"{last} класс" if first == last else f"{first}–{last} классы"


def _density_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field(f"density-{index}", _hours(value, index), str(marks), type="number",
                  group="Накопляемость: предупреждать, когда отметок за четверть меньше")
            for index, (_, marks) in enumerate(value)]


def _read_density(form: Form, _kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    value, errors = [], {}
    for index, (bound, _) in enumerate(standing):
        marks = number_of(form.get(f"density-{index}", "").strip())
        if marks is None:
            errors[f"density-{index}"] = f"Накопляемость, {_hours(standing, index)}: укажите целое число отметок"
        value.append([bound, marks])
    return value, errors


def _hours(steps: Any, index: int) -> str:
    """«до 1 часа в неделю», «3 часа в неделю и больше»; bounds are half-hours."""
    bound = steps[index][0]
    if bound < 99:
        return f"до {in_hours(bound)} ч в неделю"
    before = steps[index - 1][0] + 1 if index else 0
    return f"{in_hours(before)} ч в неделю и больше"


def _as_kept(text: str) -> str:
    """A day as settings keep it; what is none stays as it was typed."""
    day = day_of(text)
    return day.isoformat() if day else text


def _hundredths(value: int) -> str:
    """450 → 4,5"""
    return f"{value // 100},{value % 100:02}".rstrip("0").rstrip(",")


def _limits_in_words(value: Any, kinds: Kinds) -> str:
    names = dict(kinds)
    return "; ".join(f"{names.get(code, code)} – {limit_in_words(limit)}" for code, limit in value.items()) or (
        limit_in_words(None))


def _grades_in_words(value: Any, _kinds: Kinds) -> str:
    return "; ".join(f"{grade}-е классы – {_day_in_words(day, ())}" for grade, day in value.items()) or "как у всех"


def _day_in_words(value: Any, _kinds: Kinds) -> str:
    day = day_of(value or "")
    return long_date(day) if day else "не назначено"


def _edit_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field("edit.days", "Дней после урока (пусто – до закрытия четверти)", "" if value is None else str(value),
                  type="number", group="Правка журнала")]


def _read_edit(form: Form, _kinds: Kinds, _standing: Any) -> tuple[Any, Errors]:
    text = form.get("edit.days", "").strip()
    number = number_of(text)
    return number, {} if number is not None or not text else {"edit.days": NOT_A_NUMBER}


def _combined_fields(value: Any, _kinds: Kinds) -> list[Field]:
    return [Field("results.combined", combined.HINT, combined.as_text(value), type="textarea",
                  group="Итоговая отметка по нескольким предметам сразу")]


def _read_combined(form: Form, _kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    value, fault = combined.from_text(form.get("results.combined", combined.as_text(standing)))
    return value, {"results.combined": fault} if fault else {}


COMPOSITE: dict[str, Callable[[Any, Kinds], list[Field]]] = {
    "limits": _limit_fields, "launch.grades": _grade_fields, "thresholds": _threshold_fields,
    "homework.minutes": _minutes_fields,
    "density": _density_fields, "edit.days": _edit_fields, "works.scale": _scale_fields,
    "results.combined": _combined_fields, "control.lights": light_fields,
}
READERS: dict[str, Callable[[Form, Kinds, Any], tuple[Any, Errors]]] = {
    "homework.minutes": _read_minutes,
    "limits": _read_limits, "launch.grades": _read_grades, "thresholds": _read_thresholds, "density": _read_density,
    "edit.days": _read_edit, "works.scale": _read_scale,
    "results.combined": _read_combined, "control.lights": read_lights,
}
WORDS: dict[str, Callable[[Any, Kinds], str]] = {
    "limits": _limits_in_words, "launch.grades": _grades_in_words, "launch.marks": _day_in_words,
    "launch.homework": _day_in_words,
    "results.combined": lambda value, _: combined.as_text(value).replace("\n", " · ") or "нет таких",
    "control.lights": lights_in_words,
    "edit.days": lambda value, _: f"{counted(value, 'день', 'дня', 'дней')} после урока" if value else "до закрытия",
    "thresholds": lambda value, _: "; ".join(f"«{mark}» от {_hundredths(value[mark])}" for mark in ("5", "4", "3")),
    "works.scale": lambda value, _: "; ".join(f"«{mark}» от {value[mark]} %" for mark in ("5", "4", "3")),
    "homework.minutes": lambda value, _: "; ".join(
        f"{_grades_of(value, index)} – {duration(minutes) if minutes else 'не задают'}"
        for index, (_, minutes) in enumerate(value)),
    "density": lambda value, _: "; ".join(f"{_hours(value, index)} – {counted(marks, 'отметка', 'отметки', 'отметок')}"
                                          for index, (_, marks) in enumerate(value)),
}
