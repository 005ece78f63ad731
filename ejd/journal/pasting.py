"""A column of marks copied from a table or typed line by line: whose each is, and what could not be placed. Pure.

Lines with names are matched by surname, lines without by their order in the class. Nothing is dropped in silence: every
line that is not placed is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ejd.names import fold
from ejd.words import counted

SPELLINGS = {"з": "зач", "зач.": "зач", "зачет": "зач", "зачёт": "зач", "н/з": "незач", "нз": "незач",
             "незач.": "незач", "незачет": "незач", "незачёт": "незач"}
LONGEST = 20_000
_CELLS = re.compile(r"\t|;")
_LETTER = re.compile(r"[^\W\d_]{2}")


@dataclass(slots=True)
class Pasted:
    """Marks by pupil, as typed, and in words what was not placed."""

    values: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def as_value(typed: str) -> str:
    """A mark as the journal spells it; what is none stays as it was typed."""
    value = " ".join(typed.split()).lower()
    return SPELLINGS.get(value, value)


def read_column(text: str, pupils: Sequence[tuple[int, str]]) -> Pasted:
    """`pupils` are those of the list in its order: id and «Фамилия Имя»."""
    if len(text) > LONGEST:
        return Pasted(faults=["Слишком много текста: вставьте один столбец одного класса"])
    lines = text.replace("\r\n", "\n").rstrip().split("\n") if text.strip() else []
    if not lines:
        return Pasted(faults=["Столбец пуст: вставьте отметки, по одной в строке"])
    split = [_parts(number, line) for number, line in enumerate(lines, 1)]
    two = [" ".join(line.split()) for line, (_, value) in zip(lines, split, strict=True) if value is None]
    if two:
        return Pasted(faults=[f"«{two[0]}»: в строке больше одной отметки, "
                              "ничего не подставлено. Вставьте один столбец"])
    return _by_name(lines, split, pupils) if any(name for name, _ in split) else _by_order(split, pupils)


def _parts(number: int, line: str) -> tuple[str, str | None]:
    """The name in a line, if there is one, and the mark, None when there are several: beside a name what comes after
    it, else all but the line's own number."""
    cells = [cell.strip() for cell in _CELLS.split(line)]
    if len(cells) == 1:
        words = cells[0].split()
        if len(words) < 2 or not _LETTER.search(words[0]):
            return "", cells[0]
        cells = [" ".join(words[:-1]), words[-1]]
    at = next((index for index, cell in enumerate(cells[:-1]) if _LETTER.search(cell)), None)
    after = cells[at + 1:] if at is not None else cells[1:] if cells[0] == str(number) else cells
    marks = [cell for cell in after if cell] or [""]
    return (cells[at] if at is not None else ""), marks[0] if len(marks) == 1 else None


def _by_order(split: Sequence[tuple[str, str | None]], pupils: Sequence[tuple[int, str]]) -> Pasted:
    if len(split) != len(pupils):
        return Pasted(faults=[
            f"В столбце {counted(len(split), 'строка', 'строки', 'строк')}, в списке "
            f"{counted(len(pupils), 'ученик', 'ученика', 'учеников')}: ничего не подставлено. Вставьте столько же "
            "строк (для ученика без отметки – пустую) или столбцы с фамилией и отметкой"])
    return Pasted({pupil_id: as_value(value) for (pupil_id, _), (_, value) in zip(pupils, split, strict=True) if value})


def _by_name(lines: Sequence[str], split: Sequence[tuple[str, str | None]],
             pupils: Sequence[tuple[int, str]]) -> Pasted:
    found = Pasted()
    for line, (name, value) in zip(lines, split, strict=True):
        if not line.strip():
            continue
        shown = " ".join(line.split())
        same = [pupil for pupil in pupils if name and _is(name, pupil[1])]
        if not name:
            found.faults.append(f"«{shown}»: нет фамилии")
        elif not same:
            found.faults.append(f"«{shown}»: такого ученика нет в списке")
        elif len(same) > 1:
            found.faults.append(f"«{shown}»: таких учеников в списке {len(same)}, допишите имя")
        elif not value or same[0][0] in found.values:
            if value:
                found.faults.append(f"«{shown}»: этот ученик уже назван строкой выше")
        else:
            found.values[same[0][0]] = as_value(value)
    return found


def _is(written: str, name: str) -> bool:
    """«Волков», «Волков В.», «Волков Виктор Павлович» are all Волков Виктор."""
    last, _, first = fold(name).partition(" ")
    given, _, rest = fold(written.replace(".", ". ")).partition(" ")
    initial = rest.split(" ")[0].rstrip(".")
    return given == last and (not initial or first.startswith(initial))
