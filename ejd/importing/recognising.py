"""Which list a sheet is and what each column means, by header words and by what the cells hold. Pure.

A person can correct both; `Recognised` is the answer either way. What R40 forbids to keep is named FORBIDDEN here
and never read further.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from ejd import names
from ejd.importing.sheets import Sheet, Value

HEADER_WITHIN = 25  # rows; above it stand titles and «УТВЕРЖДАЮ»
SAMPLE = 60


class Kind(StrEnum):
    """The lists that are understood."""

    PUPILS = "pupils"
    STAFF = "staff"
    LOAD = "load"
    SUBGROUPS = "subgroups"
    TIMETABLE = "timetable"
    CALENDAR = "calendar"
    BELLS = "bells"
    UNKNOWN = "unknown"


KIND_NAMES = {
    Kind.PUPILS: "Ученики и представители", Kind.STAFF: "Сотрудники", Kind.LOAD: "Нагрузка",
    Kind.SUBGROUPS: "Состав подгрупп", Kind.TIMETABLE: "Расписание уроков", Kind.CALENDAR: "Календарь",
    Kind.BELLS: "Звонки", Kind.UNKNOWN: "Не загружать",
}


class Meaning(StrEnum):
    """What a column holds."""

    CLASS = "class"
    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    PATRONYMIC = "patronymic"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    GUARDIAN = "guardian"
    RELATION = "relation"
    POSITION = "position"
    CLASS_TEACHER_OF = "class_teacher_of"
    SUBJECT = "subject"
    SUBGROUP = "subgroup"
    HOURS = "hours"
    TEACHER = "teacher"
    WEEKDAY = "weekday"
    NUMBER = "number"
    LESSONS = "lessons"  # a class's column of the timetable
    TITLE = "title"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    BEGINS = "begins"
    ENDS = "ends"
    SPAN = "span"
    FORBIDDEN = "forbidden"
    IGNORED = "ignored"


MEANING_NAMES = {
    Meaning.CLASS: "Класс", Meaning.LAST_NAME: "Фамилия", Meaning.FIRST_NAME: "Имя",
    Meaning.PATRONYMIC: "Отчество", Meaning.FULL_NAME: "ФИО", Meaning.BIRTH_DATE: "Дата рождения",
    Meaning.GUARDIAN: "Представитель", Meaning.RELATION: "Кем приходится", Meaning.POSITION: "Должность",
    Meaning.CLASS_TEACHER_OF: "Классное руководство", Meaning.SUBJECT: "Предмет", Meaning.SUBGROUP: "Подгруппа",
    Meaning.HOURS: "Часов в неделю", Meaning.TEACHER: "Учитель", Meaning.WEEKDAY: "День недели",
    Meaning.NUMBER: "Номер урока", Meaning.LESSONS: "Уроки класса", Meaning.TITLE: "Название",
    Meaning.FIRST_DAY: "Первый день", Meaning.LAST_DAY: "Последний день", Meaning.BEGINS: "Начало урока",
    Meaning.ENDS: "Конец урока", Meaning.SPAN: "Начало и конец урока", Meaning.FORBIDDEN: "Хранить нельзя",
    Meaning.IGNORED: "Не загружать",
}

_NAME = (Meaning.LAST_NAME, Meaning.FIRST_NAME, Meaning.PATRONYMIC, Meaning.FULL_NAME)
MEANINGS_OF: dict[Kind, tuple[Meaning, ...]] = {
    Kind.PUPILS: (Meaning.CLASS, *_NAME, Meaning.BIRTH_DATE, Meaning.GUARDIAN, Meaning.RELATION),
    Kind.STAFF: (*_NAME, Meaning.POSITION, Meaning.CLASS_TEACHER_OF),
    Kind.LOAD: (Meaning.CLASS, Meaning.SUBJECT, Meaning.SUBGROUP, Meaning.HOURS, Meaning.TEACHER),
    Kind.SUBGROUPS: (Meaning.CLASS, Meaning.SUBJECT, *_NAME, Meaning.SUBGROUP),
    Kind.TIMETABLE: (Meaning.WEEKDAY, Meaning.NUMBER, Meaning.LESSONS),
    Kind.CALENDAR: (Meaning.TITLE, Meaning.FIRST_DAY, Meaning.LAST_DAY),
    Kind.BELLS: (Meaning.NUMBER, Meaning.BEGINS, Meaning.ENDS, Meaning.SPAN),
    Kind.UNKNOWN: (),
}
_NEEDED: dict[Kind, tuple[Meaning, ...]] = {
    Kind.PUPILS: (Meaning.CLASS, Meaning.BIRTH_DATE), Kind.STAFF: (),
    Kind.LOAD: (Meaning.CLASS, Meaning.SUBJECT, Meaning.HOURS),
    Kind.SUBGROUPS: (Meaning.CLASS, Meaning.SUBJECT, Meaning.SUBGROUP),
    Kind.TIMETABLE: (Meaning.NUMBER, Meaning.LESSONS),
    Kind.CALENDAR: (Meaning.TITLE, Meaning.FIRST_DAY, Meaning.LAST_DAY), Kind.BELLS: (Meaning.NUMBER,),
    Kind.UNKNOWN: (),
}
_NAMED = {Kind.PUPILS, Kind.STAFF, Kind.SUBGROUPS}
_DATA = (Meaning.CLASS, Meaning.FULL_NAME, Meaning.BIRTH_DATE)
_REPEATABLE = {Meaning.GUARDIAN, Meaning.RELATION, Meaning.LESSONS}

_FORBIDDEN = re.compile(
    r"телефон|\bтел\b|моб\w*\.?|\bпол\b|снилс|адрес|прописк|регистрац|mail|почт|паспорт|\bинн\b|полис|гражданств|"
    r"национальн|диагноз|здоров|инвалид|место рожд|свидетельств|место работы|многодет|малообеспеч|опек[аи] |льгот|"
    r"соц\w* статус|документ|удостоверен")
_WORDS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple((re.compile(pattern), meaning) for pattern, meaning in (
    (r"дата рожд|год рожд|д\.? ?р\.?$|^рожд|родил", Meaning.BIRTH_DATE),
    (r"кем приходит|степень родства|^родство|кто приходит", Meaning.RELATION),
    (r"представител|родител|мать$|матери|отец$|отца|^мама|^папа|опекун", Meaning.GUARDIAN),
    (r"класс\w* рук|классное рук|кл\. ?рук", Meaning.CLASS_TEACHER_OF),
    (r"подгрупп|^группа|^гр\.?$", Meaning.SUBGROUP),
    (r"учител|преподавател|педагог|кто ведет", Meaning.TEACHER),
    (r"часов|^часы|нагрузк|^ч/нед|кол-во ч|^ч\.?$", Meaning.HOURS),
    (r"предмет|дисциплин", Meaning.SUBJECT),
    (r"^класс|^кл\.?$|параллель и", Meaning.CLASS),
    (r"^фамили[яи]$|фамилия (уч|реб|сотр)\w*", Meaning.LAST_NAME),
    (r"^имя$|имя (уч|реб|сотр)\w*", Meaning.FIRST_NAME),
    (r"^отчество|отчество ", Meaning.PATRONYMIC),
    (r"ф\. ?и\. ?о|^фио|фамилия|учащ|учени|обучающ|воспитанн|сотрудник|работник|^ребен", Meaning.FULL_NAME),
    (r"должност", Meaning.POSITION),
    (r"^день|дни нед", Meaning.WEEKDAY),
    (r"урок|^номер|^№ ?ур", Meaning.NUMBER),
    (r"^что$|назван|период|событи|каникул|четверт", Meaning.TITLE),
    (r"время|звонок|звонки", Meaning.SPAN),
    (r"^с$|начал|^от$|первый день", Meaning.FIRST_DAY),
    (r"^по$|^до$|конец|оконч|последний день", Meaning.LAST_DAY),
))
_PRIVATE = re.compile(r"\d{3}-\d{3}-\d{3}[ -]\d{2}|(?:\+7|8)[ (-]*\d{3}[ )-]*\d{3}[ -]?\d{2}[ -]?\d{2}|\S+@\S+\.\w+")
_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}(?: ?г\.?)?|\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A sheet's kind, the row its header stands in (-1: none), and the meaning of each column."""

    kind: Kind
    header: int
    titles: tuple[str, ...]
    columns: tuple[Meaning, ...]
    guesses: tuple[Meaning, ...]  # before what this kind has no use for was left out
    remembered: bool = False

    @property
    def signature(self) -> str:
        """By which a correction is remembered for the next file with the same header."""
        words = "\x1f".join(names.fold(title) for title in self.titles)
        return hashlib.sha256(words.encode()).hexdigest()

    def where(self, meaning: Meaning) -> list[int]:
        return [index for index, found in enumerate(self.columns) if found is meaning]


def recognise(sheet: Sheet) -> Recognised:
    """The kind and the columns by words first, by content where words say nothing."""
    header = _header_row(sheet)
    titles = tuple(_text(sheet.value(header, index)) for index in range(sheet.width)) if header >= 0 else (
        "",) * sheet.width
    by_words = [_by_words(title) for title in titles]
    columns = [found or _by_content(_sample(sheet, header, index)) for index, found in enumerate(by_words)]
    classes = sum(names.class_name(title) is not None for title in titles)
    if classes >= 2 or (classes and {Meaning.WEEKDAY, Meaning.NUMBER} & set(columns)):
        columns = [Meaning.LESSONS if names.class_name(title) else meaning
                   for title, meaning in zip(titles, columns, strict=True)]
        if Meaning.WEEKDAY not in columns:  # the corner of a timetable is often empty
            columns = [_weekday_by_content(sheet, header, index, meaning) for index, meaning in enumerate(columns)]
        return _fitted(Kind.TIMETABLE, header, titles, columns)
    columns = [_moment(meaning, sheet, header, index) for index, meaning in enumerate(columns)]
    return _fitted(_kind(set(columns)), header, titles, columns)


def lacks(found: Recognised, sheet_name: str) -> str | None:
    """What is missing for the sheet to be read, in words. A sheet named «7А» needs no column of classes."""
    have = set(found.columns)
    if found.kind is Kind.PUPILS and names.class_name(sheet_name):
        have.add(Meaning.CLASS)
    missing = [f"«{MEANING_NAMES[meaning]}»" for meaning in _NEEDED[found.kind] if meaning not in have]
    if found.kind in _NAMED and not (Meaning.FULL_NAME in have or {Meaning.LAST_NAME, Meaning.FIRST_NAME} <= have):
        missing.append("«ФИО»")
    if found.kind is Kind.BELLS and not (Meaning.SPAN in have or {Meaning.BEGINS, Meaning.ENDS} <= have):
        missing.append("«Начало и конец урока»")
    return ", ".join(missing) or None


def corrected(found: Recognised, kind: Kind, columns: Mapping[int, Meaning], *, remembered: bool) -> Recognised:
    """The same sheet as a person says it is. A forbidden column stays forbidden (R40); where a person changed the kind
    alone, the columns are guessed for that kind."""
    told = []
    for index, before in enumerate(found.columns):
        meaning = columns.get(index, before)
        if kind is not found.kind and meaning is before:
            meaning = found.guesses[index]
        told.append(Meaning.FORBIDDEN if before is Meaning.FORBIDDEN else meaning)
    return replace(_fitted(kind, found.header, found.titles, told), guesses=found.guesses, remembered=remembered)


def _header_row(sheet: Sheet) -> int:
    """The row among the first ones with the most known titles, else one of words over rows of data; -1 when there
    is none."""
    best, most = -1, 1
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        words = [cell for cell in row if isinstance(cell, str) and 0 < len(cell) <= 60]
        known = {_by_words(word) or (Meaning.LESSONS, names.class_name(word)) for word in words
                 if _by_words(word) or names.class_name(word)}
        if len(known) > most and len(words) >= 2 and not any(isinstance(cell, date | float) for cell in row):
            best, most = index, len(known)
    return best if best >= 0 else _words_over_data(sheet)


def _words_over_data(sheet: Sheet) -> int:
    """Titles that nobody knows are titles all the same when what stands below looks like data."""
    for index in range(min(HEADER_WITHIN, len(sheet.rows) - 1)):
        row, below = ([cell for cell in sheet.rows[at] if cell != ""] for at in (index, index + 1))
        words = len(row) >= 2 and all(isinstance(cell, str) and _looks_like(cell) is Meaning.IGNORED for cell in row)
        if words and any(_looks_like(cell) in _DATA for cell in below):
            return index
    return -1


def _by_words(title: str) -> Meaning | None:
    words = names.fold(title).strip(" .:*")
    if not words:
        return None
    if _FORBIDDEN.search(words) and not re.search("представител|родител", words.split(" ")[0]):
        return Meaning.FORBIDDEN
    return next((meaning for pattern, meaning in _WORDS if pattern.search(words)), None)


def _by_content(values: Sequence[Value]) -> Meaning:
    """What most of the cells look like."""
    kinds = Counter(_looks_like(value) for value in values)
    if not kinds:
        return Meaning.IGNORED
    if kinds[Meaning.FORBIDDEN]:
        return Meaning.FORBIDDEN
    meaning, times = kinds.most_common(1)[0]
    return meaning if times * 5 >= len(values) * 4 else Meaning.IGNORED


def _looks_like(value: Value) -> Meaning:
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return Meaning.BIRTH_DATE
    if not isinstance(value, str):
        return Meaning.IGNORED
    if _PRIVATE.search(value):
        return Meaning.FORBIDDEN
    if names.class_name(value):
        return Meaning.CLASS
    words = value.split()
    named = 2 <= len(words) <= 4 and all(word[0].isupper() for word in words[:3])
    return Meaning.FULL_NAME if named and names.fault_of_name(*words[:2]) is None else Meaning.IGNORED


def _moment(meaning: Meaning, sheet: Sheet, header: int, index: int) -> Meaning:
    """«Начало» and «Конец» are days in a calendar and times among bells: the cells tell."""
    if meaning not in (Meaning.FIRST_DAY, Meaning.LAST_DAY):
        return meaning
    values = _sample(sheet, header, index)
    timely = sum(isinstance(v, time) or (isinstance(v, str) and _TIME.fullmatch(v) is not None) for v in values)
    if timely * 2 <= len(values):
        return meaning
    return Meaning.BEGINS if meaning is Meaning.FIRST_DAY else Meaning.ENDS


def _weekday_by_content(sheet: Sheet, header: int, index: int, meaning: Meaning) -> Meaning:
    words = [names.fold(value)[:2] for value in _sample(sheet, header, index) if isinstance(value, str)]
    days = sum(word in {"по", "пн", "вт", "ср", "че", "чт", "пя", "пт", "су", "сб"} for word in words)
    return Meaning.WEEKDAY if meaning is Meaning.IGNORED and days and days == len(words) else meaning


def _kind(have: set[Meaning]) -> Kind:
    named = bool(have & {Meaning.FULL_NAME, Meaning.LAST_NAME})
    rules = (
        (Kind.BELLS, bool(have & {Meaning.BEGINS, Meaning.SPAN}) and Meaning.NUMBER in have),
        (Kind.CALENDAR, {Meaning.FIRST_DAY, Meaning.LAST_DAY} <= have),
        (Kind.LOAD, {Meaning.SUBJECT, Meaning.HOURS} <= have),
        (Kind.SUBGROUPS, named and {Meaning.SUBJECT, Meaning.SUBGROUP} <= have),
        (Kind.LOAD, {Meaning.CLASS, Meaning.SUBJECT, Meaning.TEACHER} <= have),
        (Kind.STAFF, named and bool(have & {Meaning.POSITION, Meaning.CLASS_TEACHER_OF})),
        (Kind.PUPILS, named and bool(have & {Meaning.BIRTH_DATE, Meaning.GUARDIAN}) and Meaning.CLASS in have),
        (Kind.PUPILS, named and Meaning.BIRTH_DATE in have),
        (Kind.PUPILS, named and Meaning.CLASS in have),
    )
    return next((kind for kind, fits in rules if fits), Kind.UNKNOWN)


def _fitted(kind: Kind, header: int, titles: Sequence[str], columns: Sequence[Meaning]) -> Recognised:
    """Only meanings that this kind has, and each but the repeatable ones once. A staff list's birth dates are
    forbidden (R40: the pupil's alone is kept)."""
    allowed, seen, fitted = MEANINGS_OF[kind], set(), []
    for meaning in columns:
        if kind is Kind.STAFF and meaning is Meaning.BIRTH_DATE:
            meaning = Meaning.FORBIDDEN
        if kind is Kind.CALENDAR and meaning is Meaning.IGNORED and Meaning.TITLE not in columns:
            meaning = Meaning.TITLE
        if meaning is not Meaning.FORBIDDEN and (meaning not in allowed or
                                                 (meaning in seen and meaning not in _REPEATABLE)):
            meaning = Meaning.IGNORED
        seen.add(meaning)
        fitted.append(meaning)
    return Recognised(kind, header, tuple(titles), tuple(fitted), tuple(columns))


def _sample(sheet: Sheet, header: int, column: int) -> list[Value]:
    rows = range(header + 1, len(sheet.rows))
    return [value for row in rows if (value := sheet.value(row, column)) != ""][:SAMPLE]


def _text(value: Value) -> str:
    return names.tidy(str(value))[:80]
