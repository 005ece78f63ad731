"""Final marks over several subjects, as of mathematics over algebra and geometry: the setting as lines of text. Pure.

Kept as {"Математика": [["Алгебра", 1], ["Геометрия", 1], ["экзамен", 1]]}: what it is made of, each with its weight.
Subjects that a class does not learn fall out.
"""

from __future__ import annotations

import re
from typing import Any

EXAM = "экзамен"
MOST_WEIGHT = 20
USUAL = {"Математика": [["Алгебра", 1], ["Алгебра и начала математического анализа", 1], ["Геометрия", 1],
                        ["Вероятность и статистика", 1], [EXAM, 1]]}
HINT = "Строка на предмет: «Математика: Алгебра 1; Геометрия 1; экзамен 1». Число – вес"


def as_text(value: Any) -> str:
    """A line for each final mark."""
    return "\n".join(f"{name}: " + "; ".join(f"{part} {weight}" for part, weight in parts)
                     for name, parts in value.items())


def from_text(text: str) -> tuple[dict[str, list[list[Any]]], str]:
    """What the lines say, and what is wrong with the first that says nothing; empty when all is well."""
    value: dict[str, list[list[Any]]] = {}
    for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
        name, colon, rest = line.partition(":")
        parts = [re.fullmatch(r"(.+?) ([0-9]{1,2})", part.strip()) for part in rest.split(";") if part.strip()]
        if not colon or not name.strip() or not parts or None in parts:
            return value, f"«{line[:40]}» не понято. {HINT}"
        value[name.strip()] = [[found[1], int(found[2])] for found in parts if found]
    return value, ""


def check(value: Any) -> str | None:
    """Why the value is not lawful, or None."""
    for name, parts in value.items():
        subjects = [part for part, _ in parts if part != EXAM]
        if len(name) > 120 or any(len(part) > 120 for part in subjects):
            return "Название предмета не длиннее 120 знаков"
        if not subjects or len(set(subjects)) < len(subjects) or name in subjects:
            return f"«{name}»: назовите предметы, из которых складывается итоговая отметка, каждый один раз"
        if any(not 1 <= weight <= MOST_WEIGHT for _, weight in parts):
            return f"«{name}»: вес – от 1 до {MOST_WEIGHT}"
    return None
