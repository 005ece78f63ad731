"""Which list a sheet is: by header words and content, whatever stands above (R40: what must not be kept is dropped)."""

from datetime import date

import pytest

from ejd.importing.recognising import Kind, Meaning, corrected, lacks, recognise
from ejd.importing.sheets import Sheet, address

M = Meaning
BORN = date(2013, 5, 1)


def sheet(*rows, name="Лист1"):
    return Sheet("file.xlsx", name, tuple(tuple(row) for row in rows))


@pytest.mark.parametrize(("rows", "kind", "columns"), [
    ([("Класс", "Фамилия", "Имя", "Отчество", "Дата рождения", "Мать", "Отец"), ("7А", "Ким", "Яна", "", BORN, "", "")],
     Kind.PUPILS, (M.CLASS, M.LAST_NAME, M.FIRST_NAME, M.PATRONYMIC, M.BIRTH_DATE, M.GUARDIAN, M.GUARDIAN)),
    ([("Школа № 12",), ("Список учащихся",), (), ("№ п/п", "Ф.И.О.", "кл.", "Д.Р."), (1, "Ким Яна", "7 «А»", BORN)],
     Kind.PUPILS, (M.IGNORED, M.FULL_NAME, M.CLASS, M.BIRTH_DATE)),
    ([("ФИО сотрудника", "Должность", "Дата рождения"), ("Ким Яна", "Учитель", BORN)],
     Kind.STAFF, (M.FULL_NAME, M.POSITION, M.FORBIDDEN)),
    ([("Класс", "Предмет", "Группа", "Кол-во часов", "Преподаватель"), ("7А", "Физика", "", 2, "Ким Я.А.")],
     Kind.LOAD, (M.CLASS, M.SUBJECT, M.SUBGROUP, M.HOURS, M.TEACHER)),
    ([("Класс", "Предмет", "Ученик", "Подгруппа"), ("7А", "Физика", "Ким Яна", 1)],
     Kind.SUBGROUPS, (M.CLASS, M.SUBJECT, M.FULL_NAME, M.SUBGROUP)),
    ([("", "№ урока", "7А", "7-Б"), ("Понедельник", 1, "Физика", "")],
     Kind.TIMETABLE, (M.WEEKDAY, M.NUMBER, M.LESSONS, M.LESSONS)),
    ([("Период", "Начало", "Конец"), ("I четверть", BORN, BORN)],
     Kind.CALENDAR, (M.TITLE, M.FIRST_DAY, M.LAST_DAY)),
    ([("Урок", "Начало", "Конец"), (1, "8:30", "9:10")], Kind.BELLS, (M.NUMBER, M.BEGINS, M.ENDS)),
    ([("№ урока", "Время"), (1, "8:30–9:10")], Kind.BELLS, (M.NUMBER, M.SPAN)),
    ([("7А", "Ким Яна Львовна", "01.05.2013"), ("7Б", "Ли Ева Львовна", "02.05.2013")],
     Kind.PUPILS, (M.CLASS, M.FULL_NAME, M.BIRTH_DATE)),
    ([("Рецепт", "Соль"), ("Борщ", 5)], Kind.UNKNOWN, (M.IGNORED, M.IGNORED)),
])
def test_a_list_is_known_by_its_words_and_cells(rows, kind, columns):
    found = recognise(sheet(*rows))
    assert (found.kind, found.columns) == (kind, columns)


@pytest.mark.parametrize("title", ["Телефон", "тел.", "Пол", "СНИЛС", "Адрес", "E-mail", "Паспорт", "Группа здоровья",
                                   "Место рождения", "Гражданство", "Телефон матери"])
def test_what_must_not_be_kept_is_forbidden(title):
    found = recognise(sheet(("Класс", "ФИО", "Дата рождения", title), ("7А", "Ким Яна", BORN, "х")))
    assert found.columns[3] is M.FORBIDDEN


@pytest.mark.parametrize("value", ["569-239-273 34", "+7 973 602-59-28", "8(912)345-67-89", "mama@example.org"])
def test_private_data_under_another_title_are_forbidden_too(value):
    found = recognise(sheet(("Класс", "ФИО", "Дата рождения", "Прочее"), ("7А", "Ким Яна", BORN, value)))
    assert found.columns[3] is M.FORBIDDEN


def test_a_person_may_correct_the_kind_and_the_columns_but_not_what_is_forbidden():
    found = recognise(sheet(("Класс", "Кто", "Родился", "Телефон"), ("7А", "ким яна", "весной", "1")))
    told = corrected(found, Kind.PUPILS, {1: M.FULL_NAME, 2: M.BIRTH_DATE, 3: M.GUARDIAN}, remembered=False)
    assert told.columns == (M.CLASS, M.FULL_NAME, M.BIRTH_DATE, M.FORBIDDEN)
    assert told.signature == found.signature


def test_a_changed_kind_takes_the_columns_that_were_known_anyway():
    found = recognise(sheet(("Класс", "Предмет", "Учитель", "Ставка"), ("7А", "Физика", "Ким Я.А.", 2)))
    assert corrected(found, Kind.SUBGROUPS, {}, remembered=False).columns[:2] == (M.CLASS, M.SUBJECT)


def test_what_is_missing_is_named():
    found = recognise(sheet(("Класс", "ФИО"), ("7А", "Ким Яна")))
    assert lacks(found, "Лист1") == "«Дата рождения»"


def test_a_sheet_named_like_a_class_needs_no_column_of_classes():
    found = recognise(sheet(("ФИО", "Дата рождения"), ("Ким Яна", BORN), name="7А"))
    assert lacks(found, "7А") is None
    assert lacks(found, "Лист1") == "«Класс»"


def test_a_cell_is_called_as_excel_calls_it():
    assert [address(6, 1), address(0, 25), address(2, 26), address(0, 701)] == ["B7", "Z1", "AA3", "ZZ1"]
