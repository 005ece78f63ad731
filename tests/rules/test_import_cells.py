"""What single cells of school files say (issue: names in one or three columns, dates, hours, lessons)."""

from datetime import date, time

import pytest

from ejd.importing import cell_values as cells
from ejd.importing.cell_values import Fault, LessonText, Name

TODAY = date(2026, 9, 1)


@pytest.mark.parametrize(("said", "name"), [
    ("Иванова Анна Петровна", ("Иванова", "Анна", "Петровна")),
    ("Ким Софья", ("Ким", "Софья", "")),
    ("Мамедова Валерия Рашид кызы", ("Мамедова", "Валерия", "Рашид кызы")),
    ("Алиев Тимур Рашид Оглы", ("Алиев", "Тимур", "Рашид оглы")),
    ("Салтыкова - Щедрина Ева Дмитриевна", ("Салтыкова-Щедрина", "Ева", "Дмитриевна")),
    ("  Ёлкин   Егор ", ("Ёлкин", "Егор", "")),
    ("ПЕТРОВА-ВОДКИНА ЕЛЕНА", ("Петрова-Водкина", "Елена", "")),
    ("Кузьмина Bиктория", ("Кузьмина", "Виктория", "")),  # a Latin B
])
def test_a_full_name_in_one_cell(said, name):
    assert cells.full_name(said) == Name(*name)


@pytest.mark.parametrize("said", ["Иванова", "", "Иванов 7", "Де ла Крус Мария Анна", "=HYPERLINK(1)"])
def test_what_is_no_full_name_is_told_with_what_would_be_right(said):
    fault = cells.full_name(said)
    assert isinstance(fault, Fault) and fault.wrong and fault.right


def test_three_columns_make_a_name():
    assert cells.name_of("Римская-Корсакова", " Полина", "-") == Name("Римская-Корсакова", "Полина")


@pytest.mark.parametrize(("said", "found"), [
    ("Иванова Анна Петровна (мать), Иванов Пётр Ильич (отец)",
     [("Иванова Анна Петровна", "мать"), ("Иванов Пётр Ильич", "отец")]),
    ("Иванова А. А. (мать), Петров П.П.", [("Иванова А. А.", "мать"), ("Петров П. П.", "")]),
    ("мать: Иванова Анна; опекун – Сидоров Иван", [("Иванова Анна", "мать"), ("Сидоров Иван", "опекун")]),
    ("Иванова Анна\nИванов Пётр", [("Иванова Анна", ""), ("Иванов Пётр", "")]),
    ("", []), ("–", []),
])
def test_guardians_in_one_cell(said, found):
    assert [(str(name), relation) for name, relation in cells.guardians(said)] == found


@pytest.mark.parametrize(("said", "day"), [
    (date(2019, 1, 16), date(2019, 1, 16)), ("16.01.2019", date(2019, 1, 16)), ("16.1.19", date(2019, 1, 16)),
    ("2019-01-16", date(2019, 1, 16)), ("16 января 2019 г.", date(2019, 1, 16)), (43481, date(2019, 1, 16)),
])
def test_a_date_is_a_date_cell_or_text(said, day):
    assert cells.day(said) == day


@pytest.mark.parametrize("said", ["31.02.2019", "16.13.2019", "вчера", "", "00.00.0000", 7, 1.5])
def test_a_day_that_is_not_in_the_calendar_is_refused(said):
    assert isinstance(cells.day(said), Fault)


@pytest.mark.parametrize("said", ["16.01.2091", "16.01.1961", "16.01.2026", ""])
def test_a_birth_year_that_cannot_be_is_refused(said):
    assert isinstance(cells.birth_date(said, TODAY), Fault)


@pytest.mark.parametrize(("said", "half_hours"), [(5, 10), (0.5, 1), ("0,5", 1), ("1.5 ч", 3), ("2", 4)])
def test_hours_are_kept_in_halves(said, half_hours):
    assert cells.half_hours(said) == half_hours


@pytest.mark.parametrize("said", [0, -1, 0.3, "много", "", "nan", "inf", 1000])
def test_hours_that_cannot_be_are_refused(said):
    assert isinstance(cells.half_hours(said), Fault)


@pytest.mark.parametrize(("said", "lessons"), [
    ("Англ. яз. (Елисеев И.П./Комарова А.О.)", [LessonText("Англ. яз.", ("Елисеев И.П.", "Комарова А.О."))]),
    ("Труд (технология) (Котова О.О.)", [LessonText("Труд (технология)", ("Котова О.О.",))]),
    ("Иностранный язык (английский)", [LessonText("Иностранный язык (английский)")]),
    ("Математика Котова Л.В. каб. 12", [LessonText("Математика", ("Котова Л.В.",), "12")]),
    ("История\nЛазарев Д.М.", [LessonText("История", ("Лазарев Д.М.",))]),
    ("Информатика (Соболева А.П.) / Англ. яз. (Смит Д.)",
     [LessonText("Информатика", ("Соболева А.П.",)), LessonText("Англ. яз.", ("Смит Д.",))]),
    ("Англ. яз. Елисеев И.П. / Комарова А.О.", [LessonText("Англ. яз.", ("Елисеев И.П.", "Комарова А.О."))]),
    ("Физ-ра", [LessonText("Физ-ра")]),
])
def test_a_timetable_cell_names_subjects_teachers_and_a_room(said, lessons):
    assert cells.lessons(said) == lessons


def test_a_short_name_is_the_same_with_and_without_spaces():
    name = Name("Ёлкин", "Пётр", "Ильич")
    assert cells.short_name_key("Елкин П. И.") == cells.short_name_key("ЁЛКИН П.И.") == cells.short_name_key_of(name)


@pytest.mark.parametrize(("said", "term"), [
    ("I четверть", ("quarters", 1)), ("4 четверть", ("quarters", 4)), ("Второе полугодие", ("half_years", 2)),
    ("III триместр", ("trimesters", 3)), ("1-я четверть", ("quarters", 1)), ("Осенние каникулы", None)])
def test_terms_are_known_by_their_name(said, term):
    assert cells.term_of(said) == term


@pytest.mark.parametrize(("said", "grades"), [
    ("Дополнительные каникулы, 1 классы", (1, 1)), ("Каникулы 1-4 классов", (1, 4)), ("Зимние каникулы", (1, 11))])
def test_holidays_may_be_for_some_classes(said, grades):
    assert cells.grades_of(said) == grades


@pytest.mark.parametrize(("said", "clock"), [("8:30", time(8, 30)), ("08.30", time(8, 30)), (time(9, 5), time(9, 5))])
def test_bells_are_times(said, clock):
    assert cells.clock(said) == clock


def test_a_bell_may_be_one_cell_and_must_be_a_time():
    assert cells.clock_span("8:30 – 9:10") == (time(8, 30), time(9, 10))
    assert isinstance(cells.clock("25:00"), Fault)
    assert isinstance(cells.clock_span("8:30"), Fault)
