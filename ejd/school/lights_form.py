"""The bounds of control's traffic lights as a person fills them in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ejd.school.catalogue import DEFINITIONS
from ejd.school.settings_field import Errors, Field, Form, Kinds
from ejd.typed import number_of

LIGHTS = {"late": "Отметки с опозданием, % внесённых", "overdue": "Отметки не выставлены, срок вышел, % всех",
          "corrected": "Исправлены позже недели, % внесённых",
          "homework": "Задание поздно или не задано, % уроков", "lessons": "Уроки не заполнены, % состоявшихся",
          "attendance": "Посещаемость не отмечена, % уроков",
          "density": "Отметок меньше нормы, % журналов", "lag": "Отставание плана, часов в журнале",
          "copies": "Заверение просрочено или устарело, % положенного",
          "results": "Итоговые не выставлены в срок, %", "families": "Представители не вошли, %",
          "sheets": "Недельные листы не выданы, %"}


def complete(value: Mapping[str, Any]) -> dict[str, Any]:
    """The bounds that a school keeps, with the usual ones of lights that came later."""
    return {**DEFINITIONS["control.lights"].default, **value}


def light_fields(value: Any, _kinds: Kinds) -> list[Field]:
    value = complete(value)
    return [Field(f"light-{name}-{place}", words, str(value[name][place]), type="number", group=title)
            for name, title in LIGHTS.items() for place, words in enumerate(("Жёлтый от", "Красный от"))]


def read_lights(form: Form, _kinds: Kinds, standing: Any) -> tuple[Any, Errors]:
    value: dict[str, list[int]] = {}
    errors: Errors = {}
    standing = complete(standing)
    for name, title in LIGHTS.items():
        given = [number_of(form.get(f"light-{name}-{place}", str(standing[name][place])).strip()) for place in (0, 1)]
        value[name] = [number or 0 for number in given]
        for place, number in enumerate(given):
            if number is None:
                errors[f"light-{name}-{place}"] = f"{title}: укажите целое число"
        if not errors and not value[name][0] <= value[name][1] <= 100:
            errors[f"light-{name}-1"] = f"{title}: красный не меньше жёлтого и не больше 100"
    return value, errors


def lights_in_words(value: Any, _kinds: Kinds) -> str:
    value = complete(value)
    return "; ".join(f"{title} – {value[name][0]} и {value[name][1]}" for name, title in LIGHTS.items())
