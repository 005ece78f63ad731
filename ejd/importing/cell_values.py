"""What one cell says: a name, guardians, a date, hours, a lesson. Pure.

A function answers the value, or `Fault`: what is wrong and what would be right, in Russian.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from ejd import names
from ejd.importing.sheets import Value

YOUNGEST, OLDEST = 4, 22  # years a pupil can be
MOST_HALF_HOURS = 60
MONTHS = ("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
WEEKDAYS = {"по": 1, "пн": 1, "вт": 2, "ср": 3, "че": 4, "чт": 4, "пя": 5, "пт": 5, "су": 6, "сб": 6, "во": 7, "вс": 7}
RELATIONS = ("мать", "отец", "мама", "папа", "опекун", "попечитель", "бабушка", "дедушка", "мачеха", "отчим", "тетя",
             "дядя", "сестра", "брат", "приемная мать", "приемный отец", "законный представитель")
_TERM = re.compile(r"^(?:(iv|iii|ii|i|[1-4])(?:-?я|-?е|-?ый|-?ой)?|(перв|втор|трет|четверт)\w*)\s+"
                   r"(четверть|полугодие|триместр)$")
_SCHEMES = {"четверть": "quarters", "полугодие": "half_years", "триместр": "trimesters"}
_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "перв": 1, "втор": 2, "трет": 3, "четверт": 4}
_GRADES = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?(?:\s*-?(?:е|х|го|й))?\s*(?:класс|кл\b)")
_DMY = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})(?:\s*г\.?)?")
_WORDED = re.compile(r"(\d{1,2})\s+([а-я]+)\s+(\d{4})(?:\s*г(?:\.|ода)?)?")
_CLOCK = re.compile(r"(\d{1,2})[:.\-](\d{2})(?::\d{2})?")
_SHORT = r"[А-ЯЁA-Z][\w’'-]*(?:\s[А-ЯЁA-Z][\w’'-]+)?\s+[А-ЯЁA-Z]\.\s?(?:[А-ЯЁA-Z]\.?)?"
_TEACHERS = re.compile(rf"{_SHORT}(?:\s*[/,;]\s*{_SHORT})*")
_ROOM = re.compile(r"\s*[\[(,]?\s*\bкаб(?:инет)?\.?\s*[№]?\s*([\w-]{1,10})\s*[\])]?", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell and what would be right."""

    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Name:
    """A full name; `key` is equal for every spelling of it."""

    last: str
    first: str
    patronymic: str = ""

    @property
    def key(self) -> str:
        return names.sort_key(self.last, self.first, self.patronymic)

    def __str__(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)


@dataclass(frozen=True, slots=True)
class LessonText:
    """What a timetable cell says of one lesson: a subject and who teaches it, both as written."""

    subject: str
    teachers: tuple[str, ...] = ()
    room: str = ""


def text(value: Value) -> str:
    return names.tidy(str(value))


def full_name(value: Value) -> Name | Fault:
    """«Фамилия Имя Отчество» in one cell; the patronymic may be missing or be «Рашид оглы»."""
    words = re.sub(r"\s*([-–—])\s*", "-", text(value)).split(" ")
    if len(words) < 2:
        return Fault(f"«{_cut(value)}» – не полное имя", "Впишите фамилию и имя, например «Иванова Анна Петровна»")
    if len(words) > 3 and names.fold(words[-1]) not in names.SON_OF:
        return Fault(f"«{_cut(value)}» – больше трёх слов", "Разнесите фамилию, имя и отчество по трём столбцам")
    return name_of(words[0], words[1], " ".join(words[2:]))


def name_of(last: Value, first: Value, patronymic: Value = "") -> Name | Fault:
    """A name from three cells, tidied."""
    parts = [names.as_name(text(part)) for part in (last, first, patronymic)]
    if parts[2] in {"-", "–", "—"}:
        parts[2] = ""
    if fault := names.fault_of_name(*parts):
        return Fault(fault[1], "Имя пишется буквами и дефисом, например «Салтыкова-Щедрина Ева»")
    return Name(*parts)


def guardians(value: Value) -> list[tuple[Name, str]] | Fault:
    """One guardian or several with commas between, each with «(мать)» or «мать:» if it is known."""
    lines = str(value).replace("\n", ";")
    found = []
    for part in re.split(r"[;,/](?![^()]*\))", lines):
        said = names.tidy(part)
        if not said or said in {"-", "–", "—", "нет"}:
            continue
        relation = ""
        if inside := re.search(r"\(([^()]*)\)\s*$", said):
            relation, said = inside[1].strip().lower(), said[:inside.start()].strip()
        elif (before := re.match(r"([\w ]+?)\s*[:–—-]\s+(.+)", said)) and names.fold(before[1]) in RELATIONS:
            relation, said = before[1].lower(), before[2]
        name = _initialled(said) or full_name(said)
        if isinstance(name, Fault):
            return name
        found.append((name, relation[:40]))
    return found


def day(value: Value) -> date | Fault:
    """A date cell, or «16.01.2019», «2019-01-16», «16 января 2019 г.»."""
    if isinstance(value, date):
        return value
    if isinstance(value, int) and 20_000 < value < 80_000:  # a date that lost its format
        return date(1899, 12, 30) + timedelta(days=value)
    said = text(value).lower()
    parts = None
    if found := _DMY.fullmatch(said):
        parts = (_century(int(found[3])), int(found[2]), int(found[1]))
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?", said):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif (found := _WORDED.fullmatch(said)) and (month := _month(found[2])):
        parts = (int(found[3]), month, int(found[1]))
    if parts is None:
        return Fault(f"«{_cut(value)}» – не дата", "Дата пишется так: 16.01.2019")
    try:
        return date(*parts)
    except ValueError:
        return Fault(f"Дня «{_cut(value)}» нет в календаре", "Проверьте число и месяц")


def birth_date(value: Value, today: date) -> date | Fault:
    """A pupil's: a year in which somebody at school can have been born."""
    if value == "":
        return Fault("Нет даты рождения", "Впишите дату, например 16.01.2019: по ней отличают тёзок")
    born = day(value)
    if isinstance(born, Fault):
        return born
    if not YOUNGEST <= today.year - born.year <= OLDEST:
        return Fault(f"Ученик не может родиться {born:%d.%m.%Y}", "Проверьте год рождения")
    return born


def half_hours(value: Value) -> int | Fault:
    """Weekly hours × 2: 5 → 10, «0,5» → 1."""
    said = text(value).replace(",", ".").removesuffix("ч.").removesuffix("ч").strip()
    try:
        doubled = float({"½": "0.5", "1/2": "0.5"}.get(said, said)) * 2
    except ValueError:
        return Fault(f"«{_cut(value)}» – не число часов", "Часы пишутся числом: 2 или 0,5")
    if not (doubled == doubled and 0 < doubled <= MOST_HALF_HOURS and doubled.is_integer()):
        return Fault(f"«{_cut(value)}» часов в неделю не бывает", "Часы кратны половине: 0,5, 1, 1,5 …")
    return int(doubled)


def subgroup(value: Value) -> int | Fault:
    """0 for the whole class; «1», «1 подгр.», «группа 2»."""
    said = names.fold(text(value)).strip(". ")
    if said in {"", "-", "–", "весь класс", "класс", "нет", "0"}:
        return 0
    found = re.fullmatch(r"\D*?([1-9])\D*", said)
    return int(found[1]) if found else Fault(f"«{_cut(value)}» – не номер подгруппы", "Подгруппа – 1, 2 или пусто")


def number(value: Value) -> int | Fault:
    """A lesson's number: 1, «1 урок», «1.»."""
    found = re.fullmatch(r"(?:урок\s*)?(?:№\s*)?(\d{1,2})\.?(?:-й)?(?:\s*урок)?", text(value).lower())
    if found and 0 <= int(found[1]) <= 14:
        return int(found[1])
    return Fault(f"«{_cut(value)}» – не номер урока", "Номер урока – от 0 до 14")


def weekday(value: Value) -> int | Fault:
    found = WEEKDAYS.get(names.fold(text(value)).replace(" ", "")[:2])
    return found or Fault(f"«{_cut(value)}» – не день недели", "Дни пишутся так: понедельник или пн")


def clock(value: Value) -> time | Fault:
    """8:30, «08.30», a time cell."""
    if isinstance(value, time):
        return value
    found = _CLOCK.fullmatch(f"{value:.2f}" if isinstance(value, float) else text(value))
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    return Fault(f"«{_cut(value)}» – не время", "Время пишется так: 8:30")


def clock_span(value: Value) -> tuple[time, time] | Fault:
    """«8:30–9:10» in one cell."""
    ends = re.split(r"\s*[-–—]\s*|\s+до\s+", text(value).removeprefix("с "))
    if len(ends) != 2:
        return Fault(f"«{_cut(value)}» – не начало и конец урока", "Пишется так: 8:30–9:10")
    begins, ending = clock(ends[0]), clock(ends[1])
    if isinstance(begins, Fault):
        return begins
    return ending if isinstance(ending, Fault) else (begins, ending)


def term_of(title: str) -> tuple[str, int] | None:
    """The scheme and number of «I четверть», «2 полугодие», «Третий триместр» (R15)."""
    found = _TERM.match(names.fold(title).translate(str.maketrans("іv", "iv")))
    if not found:
        return None
    said = found[1] or found[2]
    return _SCHEMES[found[3]], _NUMBERS.get(said) or int(said)


def grades_of(title: str) -> tuple[int, int]:
    """The grades a row of the calendar is for: «… 1 классы» → 1–1; all when it names none."""
    found = _GRADES.search(title.lower())
    if not found:
        return 1, 11
    first = int(found[1])
    return first, int(found[2] or first)


def lessons(value: Value) -> list[LessonText]:
    """What a timetable cell holds: «Англ. яз. (Елисеев И.П./Комарова А.О.)», or two subjects side by side."""
    found: list[LessonText] = []
    for part in re.split(r"\s*[/;]\s*(?![^()]*\))", str(value).replace("\n", " ")):
        said, room = names.tidy(part), ""
        if in_room := _ROOM.search(said):
            said, room = names.tidy(said[:in_room.start()] + " " + said[in_room.end():]), in_room[1]
        teachers = ""
        if inside := re.search(r"\(([^()]*)\)\s*$", said):
            if _TEACHERS.fullmatch(inside[1].strip()):
                teachers, said = inside[1], said[:inside.start()].strip()
        elif (after := re.search(rf"\s({_TEACHERS.pattern})$", said)) is not None:
            teachers, said = after[1], said[:after.start()].strip()
        if said and found and _TEACHERS.fullmatch(said) and not teachers:  # «Англ. яз. Елисеев И.П. / Комарова А.О.»
            found[-1] = LessonText(found[-1].subject, (*found[-1].teachers, said), found[-1].room)
        elif said:
            split = tuple(one for one in re.split(r"\s*[/,;]\s*", teachers) if one)
            found.append(LessonText(said, split, room))
    return found


def short_name_key(name: str) -> str:
    """«Елисеев И.П.» and «Елисеев И. П.» as one key, fit to compare with `short_name_key_of`."""
    return re.sub(r"\s+", "", names.fold(name).replace(".", ""))


def short_name_key_of(name: Name) -> str:
    return short_name_key(name.last + name.first[:1] + name.patronymic[:1])


def _initialled(said: str) -> Name | None:
    """«Иванова А. А.»: kept as it stands when a list knows no more."""
    found = re.fullmatch(r"(\S+)\s+([А-ЯЁA-Z]\.)\s?([А-ЯЁA-Z]\.)?", said)
    return Name(names.as_name(found[1]), found[2], found[3] or "") if found and found[1][:1].isalpha() else None


def _month(word: str) -> int | None:
    if word in {"мая", "май"}:
        return 5
    return next((index for index, stem in enumerate(MONTHS, 1) if stem != "ма" and word.startswith(stem)), None)


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _cut(value: Value) -> str:
    shown = f"{value:%d.%m.%Y}" if isinstance(value, date) else text(value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
