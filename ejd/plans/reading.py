"""A teacher's table as a plan: which column is what, which line is a topic, a section, or neither and why. Pure.

Tables come from Excel, Word and old journals: titles above the header, sections as merged rows, totals, headers
repeated on each printed page. No line is lost silently: each is a topic, a section, or stands in `skipped`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from ejd.names import fold, tidy

HEADER_WITHIN = 30  # rows; above it stand titles and «УТВЕРЖДАЮ»
LONGEST_TITLE, LONGEST_SECTION, LONGEST_HOMEWORK, MOST_HOURS = 500, 200, 2000, 99

Rows = Sequence[Sequence[str]]


class Meaning(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    SECTION = "section"
    TITLE = "title"
    HOURS = "hours"
    HOMEWORK = "homework"
    KIND = "kind"
    DATE = "date"
    IGNORED = "ignored"


MEANING_NAMES = {
    Meaning.NUMBER: "№ урока", Meaning.SECTION: "Раздел", Meaning.TITLE: "Тема", Meaning.HOURS: "Часы",
    Meaning.HOMEWORK: "Домашнее задание", Meaning.KIND: "Вид контроля", Meaning.DATE: "Дата (не загружается)",
    Meaning.IGNORED: "Не загружать",
}
_WORDS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple((re.compile(pattern), meaning) for pattern, meaning in (
    (r"дата|число|неделя|по плану|по факту|^план$|^факт$|сроки|корректир", Meaning.DATE),
    (r"дом\w*\.? ?зад|^д ?/ ?з|^дз$|домашн|задание на дом", Meaning.HOMEWORK),
    (r"час|кол-во|количество|^ч\.?$", Meaning.HOURS),
    (r"контрол|форма (оценив|аттестац)|вид работы|^кр$", Meaning.KIND),
    (r"тема|темы|содержание урока|содержание|наименование", Meaning.TITLE),
    (r"раздел|глава|модуль|блок", Meaning.SECTION),
    (r"^№|^n\b|п/п|номер|^урок$|№ урока", Meaning.NUMBER),
))
_TOTAL = re.compile(r"^(итого|всего|общее количество|общее число|итог)\b")
_TERM = re.compile(r"^(?:[1-4]|i{1,3}|iv|перв\w+|втор\w+|трет\w+|четверт\w+)(?:-?я|-?е)?\s*"
                   r"(?:четверть|полугодие|триместр)")
_SECTION = re.compile(r"^(раздел|глава|модуль|блок|часть|тема \d+|§ ?\d+\.? )")
_RANGE = re.compile(r"^(\d{1,3})\s*[-–—,]\s*(\d{1,3})\.?$")
_HOURS = re.compile(r"^(\d{1,3})(?:[.,]0+)?\s*(?:ч\.?|час\w*)?$")
UNUSUAL_HOURS = 10  # for one topic: most likely a total
NONE_SAID = {"0", "0 ч", "0 часов", "ноль", "нет", "-", "–", "—"}
_COUNTING = re.compile(r"^\d{1,2}\.?$")


@dataclass(frozen=True, slots=True)
class Topic:
    """A line that is a topic; `line` is its number in the table, `kind` as written."""

    line: int
    title: str
    hours: int = 1
    section: str = ""
    homework: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is no topic, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """What a table says. `columns` is what each column was taken for, `header` its line from 0 (-1: none)."""

    header: int
    titles: tuple[str, ...]
    columns: tuple[Meaning, ...]
    topics: list[Topic] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def hours(self) -> int:
        return sum(topic.hours for topic in self.topics)

    def sample(self, column: int) -> str:
        """What stands in a column, for who tells columns apart by it."""
        return self.titles[column] or f"Столбец {column + 1}"


def read_plan(rows: Rows, told: Mapping[int, Meaning] | None = None) -> ReadPlan:
    """The plan in a table; `told` are the columns as a person corrected them."""
    width = max((len(row) for row in rows), default=0)
    table = [[tidy_lines(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    header = _header_row(table)
    titles = tuple(tidy(cell) for cell in table[header]) if header >= 0 else ("",) * width
    columns = _columns(titles, table[header + 1:], width)
    if told:
        columns = [told.get(index, meaning) for index, meaning in enumerate(columns)]
    found = ReadPlan(header, titles, tuple(columns))
    for index, row in enumerate(table[:max(header, 0)]):
        if any(row):
            found.skipped.append(Skipped(index + 1, _shown(row), "Над заголовком таблицы"))
    if Meaning.TITLE in columns:
        _Reader(found, table[header + 1:], header + 2).read()
    return found


def tidy_lines(cell: str) -> str:
    """A cell's lines without outer and double spaces."""
    return "\n".join(line for part in cell.splitlines() if (line := tidy(part)))


def _header_row(table: Rows) -> int:
    """The first line in which cells are called as columns of a plan are; a title column must be among them."""
    best, most = -1, 0
    for index, row in enumerate(table[:HEADER_WITHIN]):
        named = {meaning for cell in row if cell and len(cell) <= 80 and (meaning := _by_words(cell))}
        filled = sum(bool(cell) for cell in row)
        if Meaning.TITLE in named and (len(named) >= 2 or filled == 1 and fold(row[_first(row)]) in _BARE):
            return index
        if len(named) > max(most, 1):
            best, most = index, len(named)
    return best


_BARE = {"тема", "темы", "тема урока", "темы уроков", "тема занятия"}


def _first(row: Sequence[str]) -> int:
    return next(index for index, cell in enumerate(row) if cell)


def _by_words(title: str) -> Meaning | None:
    said = fold(title).strip(" .:*")
    return next((meaning for pattern, meaning in _WORDS if pattern.search(said)), None)


def _columns(titles: Sequence[str], below: Rows, width: int) -> list[Meaning]:
    """By words first, each meaning once; a missing title column is the one with the longest texts."""
    columns: list[Meaning] = []
    for title in titles:
        meaning = _by_words(title) if title else None
        taken = meaning in columns and meaning is not Meaning.DATE
        columns.append(Meaning.IGNORED if meaning is None or taken else meaning)
    if Meaning.TITLE not in columns and width:
        lengths = [sum(len(row[index]) for row in below) if columns[index] in (Meaning.IGNORED, Meaning.SECTION) else -1
                   for index in range(width)]
        if max(lengths) > 0:
            columns[lengths.index(max(lengths))] = Meaning.TITLE
    if not any(titles):
        _by_content(columns, below)
    return columns


def _by_content(columns: list[Meaning], below: Rows) -> None:
    """A table without a header: growing numbers before the titles are their numbers, small ones after them hours."""
    title = columns.index(Meaning.TITLE) if Meaning.TITLE in columns else -1
    for index in range(len(columns)):
        cells = [row[index] for row in below if row[index]]
        counting = sum(bool(_COUNTING.match(cell) or _RANGE.match(cell)) for cell in cells)
        if index != title and cells and counting * 5 >= len(cells) * 4:
            columns[index] = Meaning.NUMBER if index < title else Meaning.HOURS
    if Meaning.HOMEWORK not in columns and title + 1 < len(columns):
        rest = [index for index in range(title + 1, len(columns)) if columns[index] is Meaning.IGNORED
                and any(row[index] for row in below)]
        if len(rest) == 1:
            columns[rest[0]] = Meaning.HOMEWORK


class _Reader:
    """The lines under a header, one by one."""

    def __init__(self, found: ReadPlan, rows: Rows, first_line: int) -> None:
        self._found, self._rows, self._first_line = found, rows, first_line
        self._at = {meaning: index for index, meaning in reversed(list(enumerate(found.columns)))}
        self._section = ""
        self._header = [fold(title) for title in found.titles]
        titled = [row for row in rows if self._cell(row, Meaning.TITLE)]
        self._numbered = self._mostly(titled, Meaning.NUMBER)
        self._timed = self._mostly(titled, Meaning.HOURS)
        parts = [self._section_cell(row) for row in titled]
        # A name that is repeated stands in each of its lines, so an empty cell is of no section.
        self._repeated = any(one and one == other for one, other in pairwise(parts))

    def read(self) -> None:
        for index, row in enumerate(self._rows):
            if any(row):
                self._line(self._first_line + index, row)

    def _line(self, line: int, row: Sequence[str]) -> None:
        if why := self._why_none(row):
            self._found.skipped.append(Skipped(line, _shown(row), why))
        elif self._is_section(row):
            self._begin_section(line, _one_line(next(cell for cell in self._texts(row))))
        else:
            self._topic(line, row)

    def _why_none(self, row: Sequence[str]) -> str | None:
        words = [fold(cell) for cell in row if cell]
        if len(words) > 1 and all(word in self._header for word in words):
            return "Повтор заголовка"
        if len(words) > 1 and words == [str(number) for number in range(1, len(words) + 1)]:
            return "Номера столбцов"
        if len(words) > 1 and not self._cell(row, Meaning.TITLE) and all(_by_words(word) for word in words):
            return "Вторая строка заголовка"
        if self._found.header < 0 and not self._found.topics and self._is_worded(row):
            return "Заголовок таблицы"
        if not _COUNTING.match(self._cell(row, Meaning.NUMBER)):
            if any(_TOTAL.match(word) for word in words):
                return "Строка с итогом"
            if len(self._texts(row)) == 1 and any(_TERM.match(word) for word in words):
                return "Название учебного периода: план делят на периоды сами уроки"
        if not self._texts(row):
            return "В строке нет темы"
        return None

    def _is_worded(self, row: Sequence[str]) -> bool:
        """Words where hours stand: a header that nobody could tell."""
        hours = self._cell(row, Meaning.HOURS)
        return bool(re.search(r"[^\W\d_]", hours)) and not _HOURS.match(fold(hours))

    def _is_section(self, row: Sequence[str]) -> bool:
        """A text alone in its line, as a merged row comes; a line without the number that topics have."""
        title = self._cell(row, Meaning.TITLE)
        texts = self._texts(row)
        if self._cell(row, Meaning.HOMEWORK) or self._cell(row, Meaning.KIND):
            return False
        if number := self._cell(row, Meaning.NUMBER):
            return not title and texts == [number]
        if _SECTION.match(fold(texts[0])) and len(texts) == 1:
            return True
        if not title:
            return len(texts) == 1 and self._section_cell(row) != texts[0]
        if len(texts) > 1:
            return False
        if self._numbered:
            hours = _HOURS.match(self._cell(row, Meaning.HOURS))
            return hours is None or int(hours[1]) > 2
        return self._timed and not self._cell(row, Meaning.HOURS)

    def _topic(self, line: int, row: Sequence[str]) -> None:
        section = self._section_cell(row)
        if section or self._repeated:
            self._begin_section(line, _one_line(section))
        title = _one_line(self._cell(row, Meaning.TITLE))
        if not title:
            if not section or len(self._texts(row)) > 1:
                self._found.skipped.append(Skipped(line, _shown(row), "В столбце темы пусто"))
            return
        if len(title) > LONGEST_TITLE:
            self._found.skipped.append(Skipped(line, _shown(row), f"Тема длиннее {LONGEST_TITLE} знаков"))
            return
        homework = self._cell(row, Meaning.HOMEWORK)
        if homework in {"-", "–", "—"}:
            homework = ""
        if len(homework) > LONGEST_HOMEWORK:
            self._found.notes.append(f"Строка {line}: от домашнего задания взяты первые {LONGEST_HOMEWORK} знаков")
        kind = _one_line(self._cell(row, Meaning.KIND))
        self._found.topics.append(Topic(line, title, self._hours(line, row), self._section,
                                        homework[:LONGEST_HOMEWORK], kind if kind not in {"-", "–", "—"} else ""))

    def _hours(self, line: int, row: Sequence[str]) -> int:
        """The hours as written; without them those of a number like «5–6»; else one."""
        said = _one_line(self._cell(row, Meaning.HOURS))
        if found := _HOURS.match(fold(said)):
            hours = int(found[1])
            if hours > UNUSUAL_HOURS:
                self._found.notes.append(f"Строка {line}: {hours} ч на одну тему – проверьте")
            if 1 <= hours <= MOST_HOURS:
                return hours
        if hours := _span(said.replace(",", ".")):
            return hours
        if fold(said) in NONE_SAID:
            self._found.notes.append(
                f"Строка {line}: часов «{said[:20]}» – поставлен 1 час: исправьте или уберите тему")
            return 1
        if said:
            self._found.notes.append(f"Строка {line}: часы «{said[:20]}» не поняты, поставлен 1 час")
            return 1
        return _span(_one_line(self._cell(row, Meaning.NUMBER))) or 1

    def _begin_section(self, line: int, name: str) -> None:
        if len(name) > LONGEST_SECTION:
            self._found.notes.append(f"Строка {line}: от названия раздела взяты первые {LONGEST_SECTION} знаков")
        name = name[:LONGEST_SECTION].strip()
        if name and name != self._section:
            self._found.sections.append(name)
        self._section = name

    def _cell(self, row: Sequence[str], meaning: Meaning) -> str:
        index = self._at.get(meaning)
        return row[index] if index is not None else ""

    def _section_cell(self, row: Sequence[str]) -> str:
        return self._cell(row, Meaning.SECTION)

    def _texts(self, row: Sequence[str]) -> list[str]:
        """The cells with words, but for hours, numbers and dates."""
        beside = {self._at.get(meaning) for meaning in (Meaning.NUMBER, Meaning.HOURS)}
        return [cell for index, cell in enumerate(row)
                if cell and re.search(r"[^\W\d_]", cell) and not (
                    index in beside and (_HOURS.match(fold(cell)) or _RANGE.match(cell)))
                and self._found.columns[index] is not Meaning.DATE]

    def _mostly(self, rows: Rows, meaning: Meaning) -> bool:
        return meaning in self._at and 5 * sum(bool(self._cell(row, meaning)) for row in rows) >= 3 * len(rows) > 0


def _span(said: str) -> int:
    """So many lessons a «5–6» is; 0 when it is no such span."""
    found = _RANGE.match(said)
    length = int(found[2]) - int(found[1]) if found else 0
    return length + 1 if 0 < length < 20 else 0


def _one_line(cell: str) -> str:
    return tidy(cell)


def _shown(row: Sequence[str]) -> str:
    said = " · ".join(_one_line(cell) for cell in row if cell)
    return said if len(said) <= 120 else f"{said[:119]}…"


def kind_of(written: str, kinds: Sequence[tuple[int, str, str]]) -> int | None:
    """The kind of work (id, name, short name) that a plan calls so: «к/р», «Контрольная», «контр. работа»."""
    said = re.sub(r"[\W_]+", " ", fold(written)).strip()
    if not said:
        return None
    for kind_id, name, short in kinds:
        names = [re.sub(r"[\W_]+", " ", fold(text)).strip() for text in (name, short)]
        if said in names or said.replace(" ", "") == names[1].replace(" ", ""):
            return kind_id
    for kind_id, name, _ in kinds:
        first, begun = fold(name).split()[0], said.split()[0]
        if len(begun) >= 4 and (first.startswith(begun) or begun.startswith(first[:8])):
            return kind_id
    return None
