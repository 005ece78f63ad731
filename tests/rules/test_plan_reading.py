"""A teacher's table read as a plan: whatever Excel, Word and old journals make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ejd.plans.reading import MEANING_NAMES, Meaning, kind_of, read_plan

HEADER = ["№ п/п", "Тема урока", "Кол-во часов", "Домашнее задание"]


def topics(rows, **told):
    return [(one.title, one.hours, one.section, one.homework) for one in read_plan(rows, **told).topics]


def skipped(rows):
    return [(one.line, one.why) for one in read_plan(rows).skipped]


def test_a_plain_table():
    assert topics([HEADER, ["1", "Дроби", "1", "§ 1"], ["2", "Проценты", "2", ""]]) == [
        ("Дроби", 1, "", "§ 1"), ("Проценты", 2, "", "")]


@pytest.mark.parametrize("header", [
    ["№", "Тема", "Часы", "Д/з"], ["№ урока", "Содержание урока", "Количество часов", "Домашнее задание"],
    ["N", "Наименование разделов и тем", "Ч.", "Задание на дом"], ["№ п.п.", "ТЕМА УРОКА", "час.", "ДЗ"]])
def test_headers_as_teachers_word_them(header):
    assert read_plan([header, ["1", "Дроби", "2", "§ 1"]]).columns == (
        Meaning.NUMBER, Meaning.TITLE, Meaning.HOURS, Meaning.HOMEWORK)
    assert topics([header, ["1", "Дроби", "2", "§ 1"]]) == [("Дроби", 2, "", "§ 1")]


def test_the_header_stands_some_lines_down_and_what_is_above_is_told():
    rows = [["МБОУ СОШ № 12"], ["УТВЕРЖДАЮ"], [], ["Тематическое планирование, 7 класс"], HEADER,
            ["1", "Дроби", "1", ""]]
    assert topics(rows) == [("Дроби", 1, "", "")]
    assert skipped(rows) == [(line, "Над заголовком таблицы") for line in (1, 2, 4)]


@pytest.mark.parametrize("section", [
    ["Раздел 1. Числа"], ["", "Глава I. Числа", "4"], ["Числа (4 часа)", "", "", ""], ["", "Числа", "12", ""],
    ["Модуль «Числа»", "", "4", ""]])
def test_sections_as_merged_rows(section):
    rows = [HEADER, section, ["1", "Дроби", "1", ""], ["2", "Проценты", "1", ""]]
    name = next(cell for cell in section if cell)
    assert [(title, part) for title, _, part, _ in topics(rows)] == [("Дроби", name), ("Проценты", name)]


def test_sections_as_a_column_filled_in_once():
    rows = [["Раздел", "Тема"], ["Числа", "Дроби"], ["", "Проценты"], ["Фигуры", "Угол"]]
    assert [(title, part) for title, _, part, _ in topics(rows)] == [
        ("Дроби", "Числа"), ("Проценты", "Числа"), ("Угол", "Фигуры")]


def test_a_column_filled_in_on_each_line_has_lines_of_no_section():
    rows = [["Раздел", "Тема"], ["Числа", "Дроби"], ["Числа", "Проценты"], ["", "Повторение"]]
    assert [part for _, _, part, _ in topics(rows)] == ["Числа", "Числа", ""]


@pytest.mark.parametrize(("number", "hours", "read"), [
    ("1", "1", 1), ("1", "2", 2), ("1", "2,0", 2), ("1", "2 ч", 2), ("1", "3 часа", 3), ("1", "", 1),
    ("5-6", "", 2), ("5–7", "", 3), ("5, 6", "", 2), ("5-6", "1", 1), ("1", "0", 1), ("1", "много", 1),
    ("1", "0,5", 1)])
def test_hours_as_written(number, hours, read):
    assert [one[1] for one in topics([HEADER, [number, "Дроби", hours, ""]])] == [read]


@pytest.mark.parametrize(("hours", "read", "told"), [
    ("1-2", 2, ""), ("5–6", 2, ""), ("10", 10, ""), ("34", 34, "34 ч на одну тему – проверьте"),
    ("0", 1, "часов «0» – поставлен 1 час: исправьте или уберите тему"),
    ("ноль", 1, "часов «ноль» – поставлен 1 час: исправьте или уберите тему")])
def test_hours_that_are_unusual_are_told(hours, read, told):
    found = read_plan([HEADER, ["1", "Дроби", hours, ""]])
    assert [one.hours for one in found.topics] == [read]
    assert found.notes == ([f"Строка 2: {told}"] if told else [])


def test_hours_not_understood_are_told():
    assert read_plan([HEADER, ["1", "Дроби", "много", ""]]).notes == [
        "Строка 2: часы «много» не поняты, поставлен 1 час"]


@pytest.mark.parametrize(("row", "why"), [
    (["", "Итого", "68", ""], "Строка с итогом"), (["Всего часов:", "", "68", ""], "Строка с итогом"),
    (HEADER, "Повтор заголовка"), (["1", "2", "3", "4"], "Номера столбцов"),
    (["I четверть (18 часов)"], "Название учебного периода: план делят на периоды сами уроки"),
    (["", "2 полугодие", "", ""], "Название учебного периода: план делят на периоды сами уроки"),
    (["7", "", "1", ""], "В строке нет темы"), (["7", "", "1", "§ 3, устно"], "В столбце темы пусто"),
    (["7", "ж" * 501, "1", ""], "Тема длиннее 500 знаков")])
def test_lines_that_are_no_topics_are_listed_with_why(row, why):
    rows = [HEADER, ["1", "Дроби", "1", ""], row, ["2", "Проценты", "1", ""]]
    assert skipped(rows) == [(3, why)]
    assert [one[0] for one in topics(rows)] == ["Дроби", "Проценты"]


@pytest.mark.parametrize("title", ["Итоговая контрольная работа", "Всероссийская проверочная работа", "Итоги года"])
def test_topics_that_begin_like_totals_are_topics(title):
    assert [one[0] for one in topics([HEADER, ["68", title, "1", ""]])] == [title]


def test_a_header_of_two_lines_with_dates():
    rows = [["№", "Тема", "Дата", "", "Часы"], ["", "", "план", "факт", ""], ["1", "Дроби", "01.09", "02.09", "1"]]
    assert topics(rows) == [("Дроби", 1, "", "")]
    assert skipped(rows) == [(2, "Вторая строка заголовка")]


def test_a_list_of_topics_alone():
    assert topics([["Дроби"], ["Проценты, пропорции"]]) == [("Дроби", 1, "", ""), ("Проценты, пропорции", 1, "", "")]


def test_a_table_without_a_header_is_told_by_what_it_holds():
    rows = [["1", "Дроби", "2", "§ 1"], ["2", "Проценты", "1", "§ 2"]]
    assert topics(rows) == [("Дроби", 2, "", "§ 1"), ("Проценты", 1, "", "§ 2")]


def test_columns_as_a_person_corrects_them():
    rows = [["Что", "Сколько"], ["Дроби", "2"], ["Проценты", "1"]]
    told = {0: Meaning.TITLE, 1: Meaning.HOURS}
    assert [one[:2] for one in topics(rows, told=told)] == [("Дроби", 2), ("Проценты", 1)]
    assert topics(rows, told={0: Meaning.IGNORED, 1: Meaning.IGNORED}) == []


KINDS = [(1, "Ответ на уроке", "отв"), (2, "Самостоятельная работа", "с/р"), (3, "Контрольная работа", "к/р"),
         (4, "Диктант", "дикт")]


@pytest.mark.parametrize(("written", "kind"), [
    ("к/р", 3), ("К.Р.", 3), ("КР", 3), ("Контрольная работа", 3), ("контрольная", 3), ("контр. работа", 3), ("с/р", 2),
    ("Самостоятельная", 2), ("диктант с заданием", 4), ("устный опрос", None), ("", None), ("–", None)])
def test_kinds_of_work_as_plans_call_them(written, kind):
    assert kind_of(written, KINDS) == kind


CELLS = st.one_of(st.sampled_from(["", "1", "2", "1-2", "Тема", "Раздел", "Раздел 1", "Итого", "Часы", "Дата", "§ 1",
                                   "I четверть", "\n", "–"]), st.text(max_size=12))


@given(st.lists(st.lists(CELLS, max_size=6), max_size=12), st.dictionaries(st.integers(0, 8), st.sampled_from(Meaning)))
def test_no_line_is_lost_whatever_the_table(rows, told):
    """Each line with something in it is a topic, a section, or is told with why not."""
    for columns in ({}, told):
        found = read_plan(rows, columns)
        lines = {one.line for one in found.topics} | {one.line for one in found.skipped}
        if Meaning.TITLE not in found.columns:
            assert not found.topics
            continue
        for number, row in enumerate(rows, 1):
            words = [" ".join(cell.split()) for cell in row if cell.split()]
            if words and number - 1 != found.header and number not in lines:
                assert any(section and section in words for section in found.sections), row
        assert all(one.title and 1 <= one.hours <= 99 for one in found.topics)


def test_every_meaning_has_its_name():
    assert set(MEANING_NAMES) == set(Meaning)
