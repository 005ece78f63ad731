"""Recognised sheets as records: pupils, staff, load, subgroups, lessons, calendar, bells. What can't be read is a
rejection with its place; the rest of the file is not lost for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time
from typing import TypeVar

from ejd import names
from ejd.importing import cell_values as cells
from ejd.importing.cell_values import Fault, LessonText, Name
from ejd.importing.recognising import MEANING_NAMES, Kind, Meaning, Recognised
from ejd.importing.sheets import Sheet, Value, address

ClassKey = tuple[int, str]
RELATION_STEMS = (("мать", "мать"), ("матер", "мать"), ("отец", "отец"), ("отца", "отец"), ("опекун", "опекун"))
Parsed = TypeVar("Parsed")


def class_title(key: ClassKey) -> str:
    return f"{key[0]}{key[1]}"


def titled(file: str, sheet: str) -> str:
    return f"{file}, лист «{sheet}»" if sheet else file


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the files something stands."""

    file: str
    sheet: str
    row: int  # from 1, as Excel shows it
    column: str = ""  # its title, or a cell's address in a timetable


@dataclass(frozen=True, slots=True)
class Rejection:
    """What is not taken over: where it stands, what is wrong and what would be right."""

    place: Place
    wrong: str
    right: str

    @property
    def where(self) -> str:
        """«pupils.csv, лист «Контингент», строка 12, «Дата рождения»»."""
        column = f", «{self.place.column}»" if self.place.column else ""
        return f"{titled(self.place.file, self.place.sheet)}, строка {self.place.row}{column}"


@dataclass(frozen=True, slots=True)
class PupilRow:
    place: Place
    class_key: ClassKey
    name: Name
    born: date
    guardians: tuple[tuple[Name, str], ...]


@dataclass(frozen=True, slots=True)
class StaffRow:
    place: Place
    name: Name
    job_title: str
    class_key: ClassKey | None


@dataclass(frozen=True, slots=True)
class LoadRow:
    place: Place
    class_key: ClassKey
    subject: str
    subgroup: int
    half_hours: int
    teacher: str


@dataclass(frozen=True, slots=True)
class SubgroupRow:
    place: Place
    class_key: ClassKey
    subject: str
    name: Name
    subgroup: int


@dataclass(frozen=True, slots=True)
class LessonRow:
    place: Place
    class_key: ClassKey
    weekday: int
    number: int
    lesson: LessonText


@dataclass(frozen=True, slots=True)
class CalendarRow:
    place: Place
    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class BellRow:
    place: Place
    number: int
    begins: time
    ends: time


@dataclass(slots=True)
class Records:
    """All that the files say."""

    pupils: list[PupilRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    load: list[LoadRow] = field(default_factory=list)
    subgroups: list[SubgroupRow] = field(default_factory=list)
    lessons: list[LessonRow] = field(default_factory=list)
    timetabled: dict[ClassKey, Place] = field(default_factory=dict)  # classes that have a column, and its header
    calendar: list[CalendarRow] = field(default_factory=list)
    bells: list[BellRow] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    misread: set[str] = field(default_factory=set)  # names of people in rows that can't be taken over


def no_class(place: Place, key: ClassKey, rows: int = 1) -> Rejection:
    told = f", строк: {rows}" if rows > 1 else ""
    return Rejection(place, f"Класса {class_title(key)} в школе нет{told}",
                     "Загрузите список учеников этого класса или откройте класс")


def absent_classes(rows: Iterable[LoadRow] | Iterable[SubgroupRow], classes: Collection[ClassKey]) -> list[Rejection]:
    """One remark for all rows of a class that the school has not."""
    absent: dict[ClassKey, list[Place]] = {}
    for row in rows:
        if row.class_key not in classes:
            absent.setdefault(row.class_key, []).append(row.place)
    return [no_class(places[0], key, len(places)) for key, places in absent.items()]


class Misread(Exception):
    """A row that can't be taken over."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.wrong)
        self.rejection = rejection


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet, asked by meaning."""

    sheet: Sheet
    found: Recognised
    row: int
    above: ClassKey | None = None  # the class written once for the rows below it

    def value(self, meaning: Meaning) -> Value:
        columns = self.found.where(meaning)
        return self.sheet.value(self.row, columns[0]) if columns else ""

    def place(self, meaning: Meaning | None = None) -> Place:
        columns = self.found.where(meaning) if meaning else []
        title = (self.found.titles[columns[0]] or MEANING_NAMES[meaning]) if meaning and columns else ""
        return Place(self.sheet.file, self.sheet.name, self.row + 1, names.tidy(title))

    def need(self, meaning: Meaning, parse: Callable[[Value], Parsed | Fault]) -> Parsed:
        parsed = parse(self.value(meaning))
        if isinstance(parsed, Fault):
            raise Misread(Rejection(self.place(meaning), parsed.wrong, parsed.right))
        return parsed

    def name(self) -> Name:
        if self.found.where(Meaning.FULL_NAME):
            return self.need(Meaning.FULL_NAME, cells.full_name)
        first, patronymic = self.value(Meaning.FIRST_NAME), self.value(Meaning.PATRONYMIC)
        return self.need(Meaning.LAST_NAME, lambda last: cells.name_of(last, first, patronymic))

    def class_key(self) -> ClassKey:
        if not self.found.where(Meaning.CLASS) and (named := names.class_name(self.sheet.name)):
            return named
        if self.above is not None and self.value(Meaning.CLASS) == "":
            return self.above
        return self.need(Meaning.CLASS, _class_of)

    def is_empty(self) -> bool:
        """Nothing but a number, as blank forms and «Итого» lines have."""
        told = [cell for index, cell in enumerate(self.sheet.rows[self.row])
                if cell != "" and index < len(self.found.columns)
                and self.found.columns[index] not in (Meaning.IGNORED, Meaning.FORBIDDEN)]
        return not told or (isinstance(told[0], str) and names.fold(told[0]).startswith(("итого", "всего")))


def read_sheet(sheet: Sheet, found: Recognised, records: Records, today: date) -> None:
    """Add what the sheet says to `records`."""
    reader = _READERS.get(found.kind)
    if found.kind is Kind.TIMETABLE:
        _timetable(sheet, found, records)
    elif reader is not None:
        for line in _lines(sheet, found):
            try:
                reader(line, records, today)
            except Misread as misread:
                records.rejections.append(misread.rejection)
                if found.kind in (Kind.PUPILS, Kind.STAFF):
                    _note_name(line, records)


def _note_name(line: Line, records: Records) -> None:
    """Somebody whose row has a fault stands in the file all the same."""
    with suppress(Misread):
        records.misread.add(line.name().key)


def _lines(sheet: Sheet, found: Recognised) -> Iterator[Line]:
    """The filled rows. In a load the class is often written once, in a cell over several rows; a pupil has his own."""
    above = None
    for row in range(found.header + 1, len(sheet.rows)):
        line = Line(sheet, found, row, above)
        if not line.is_empty():
            yield line
        if found.kind in (Kind.LOAD, Kind.SUBGROUPS) and line.value(Meaning.CLASS) != "":
            above = names.class_name(str(line.value(Meaning.CLASS)))


def _pupil(line: Line, records: Records, today: date) -> None:
    class_key, name = line.class_key(), line.name()
    born = line.need(Meaning.BIRTH_DATE, lambda value: cells.birth_date(value, today))
    guardians: dict[str, tuple[Name, str]] = {}
    relations = [line.sheet.value(line.row, column) for column in line.found.where(Meaning.RELATION)]
    for position, column in enumerate(line.found.where(Meaning.GUARDIAN)):
        given = cells.guardians(line.sheet.value(line.row, column))
        if isinstance(given, Fault):
            place = Place(line.sheet.file, line.sheet.name, line.row + 1, line.found.titles[column])
            records.rejections.append(Rejection(place, given.wrong, given.right))
            continue
        said = cells.text(relations[position]).lower()[:40] if position < len(relations) else ""
        for guardian, relation in given:
            known = relation or said or _relation_of(line.found.titles[column])
            guardians.setdefault(guardian.key, (guardian, known))
    records.pupils.append(PupilRow(line.place(), class_key, name, born, tuple(guardians.values())))


def _staff(line: Line, records: Records, _today: date) -> None:
    title = cells.text(line.value(Meaning.POSITION))[:120]
    led = cells.text(line.value(Meaning.CLASS_TEACHER_OF))
    class_key = None
    if led and names.fold(led) not in {"-", "–", "—", "нет"}:
        class_key = line.need(Meaning.CLASS_TEACHER_OF, _class_of)
    records.staff.append(StaffRow(line.place(), line.name(), title, class_key))


def _load(line: Line, records: Records, _today: date) -> None:
    class_key, subject = line.class_key(), line.need(Meaning.SUBJECT, _subject)
    number, half_hours = line.need(Meaning.SUBGROUP, cells.subgroup), line.need(Meaning.HOURS, cells.half_hours)
    records.load.append(LoadRow(line.place(), class_key, subject, number, half_hours,
                                _teacher(line.value(Meaning.TEACHER))))


def _subgroup(line: Line, records: Records, _today: date) -> None:
    number = line.need(Meaning.SUBGROUP, cells.subgroup)
    if number:
        records.subgroups.append(SubgroupRow(line.place(Meaning.FULL_NAME), line.class_key(),
                                             line.need(Meaning.SUBJECT, _subject), line.name(), number))


def _calendar(line: Line, records: Records, _today: date) -> None:
    title = cells.text(line.value(Meaning.TITLE))
    first = line.need(Meaning.FIRST_DAY, cells.day)
    last = first if line.value(Meaning.LAST_DAY) == "" else line.need(Meaning.LAST_DAY, cells.day)
    if not title or last < first:
        wrong = "Нет названия" if not title else f"«{title}» кончается раньше, чем начинается"
        raise Misread(Rejection(line.place(Meaning.LAST_DAY), wrong, "Впишите название, первый и последний день"))
    records.calendar.append(CalendarRow(line.place(), title[:120], first, last))


def _bell(line: Line, records: Records, _today: date) -> None:
    number = line.need(Meaning.NUMBER, cells.number)
    if line.found.where(Meaning.SPAN):
        begins, ends = line.need(Meaning.SPAN, cells.clock_span)
    else:
        begins, ends = line.need(Meaning.BEGINS, cells.clock), line.need(Meaning.ENDS, cells.clock)
    records.bells.append(BellRow(line.place(), number, begins, ends))


_READERS: dict[Kind, Callable[[Line, Records, date], None]] = {
    Kind.PUPILS: _pupil, Kind.STAFF: _staff, Kind.LOAD: _load, Kind.SUBGROUPS: _subgroup,
    Kind.CALENDAR: _calendar, Kind.BELLS: _bell,
}


def _timetable(sheet: Sheet, found: Recognised, records: Records) -> None:
    """A column a class, a row a lesson; a day is written once, beside its lessons or above them."""
    weekday: int | Fault = Fault("Не указан день недели", "Впишите день в столбец дней")
    columns = [(index, key) for index in found.where(Meaning.LESSONS)
               if (key := names.class_name(found.titles[index])) is not None]
    for index, key in columns:
        records.timetabled.setdefault(key, _header(sheet, found, index))
    _refuse_nameless(sheet, found, [index for index, _ in columns], records)
    for row in range(found.header + 1, len(sheet.rows)):
        line = Line(sheet, found, row)
        filled = [(index, key, value) for index, key in columns
                  if (value := sheet.value(row, index)) not in ("", "-", "–")]
        if (told := line.value(Meaning.WEEKDAY)) != "":
            weekday = cells.weekday(told)
        elif not filled and isinstance(day := cells.weekday(line.value(Meaning.NUMBER)), int):
            weekday = day  # a row of its own over the lessons of the day
        if not filled:
            continue
        number = cells.number(line.value(Meaning.NUMBER))
        for part, meaning in ((weekday, Meaning.WEEKDAY), (number, Meaning.NUMBER)):
            if isinstance(part, Fault):
                records.rejections.append(Rejection(line.place(meaning), part.wrong, part.right))
                break
        else:
            assert isinstance(weekday, int) and isinstance(number, int)
            for index, key, value in filled:
                place = Place(sheet.file, sheet.name, row + 1, address(row, index))
                records.lessons += [LessonRow(place, key, weekday, number, lesson) for lesson in cells.lessons(value)]


def _header(sheet: Sheet, found: Recognised, column: int) -> Place:
    return Place(sheet.file, sheet.name, found.header + 1, address(max(found.header, 0), column))


def _refuse_nameless(sheet: Sheet, found: Recognised, classes: list[int], records: Records) -> None:
    """A column of lessons whose header is no class is told, not left out silently."""
    below = range(found.header + 1, len(sheet.rows))
    known = {names.fold(lesson.subject) for row in below for index in classes
             for lesson in cells.lessons(sheet.value(row, index))}
    for index, meaning in enumerate(found.columns):
        if index in classes or meaning not in (Meaning.LESSONS, Meaning.IGNORED):
            continue
        filled = [lessons for row in below if (lessons := cells.lessons(sheet.value(row, index)))]
        like = [one for one in filled if any(part.teachers or names.fold(part.subject) in known for part in one)]
        if filled and (meaning is Meaning.LESSONS or len(like) * 2 > len(filled)):
            records.rejections.append(Rejection(
                _header(sheet, found, index), f"Столбец «{found.titles[index]}» – не класс, его уроки не загрузятся: "
                f"{len(filled)}", "Впишите в заголовок столбца класс, например 7А"))


def _class_of(value: Value) -> ClassKey | Fault:
    return names.class_name(str(value)) or Fault(
        f"«{cells.text(value)[:40]}» – не класс" if value != "" else "Не указан класс", "Класс пишется так: 7А")


def _subject(value: Value) -> str | Fault:
    said = cells.text(value)
    if not said or len(said) > 120:
        return Fault("Не указан предмет" if not said else "Название предмета длиннее 120 знаков", "Впишите предмет")
    return said


def _teacher(value: Value) -> str:
    said = cells.text(value)[:200]
    return "" if names.fold(said).strip("- –—") in {"", "вакансия", "нет", "вакант"} else said


def _relation_of(title: str) -> str:
    """«Мать» and «ФИО отца» say who it is, «Представитель 1» doesn't."""
    words = names.fold(title)
    return next((relation for stem, relation in RELATION_STEMS if stem in words), "")
