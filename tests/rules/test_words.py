"""Dates, spans and names of works in Russian."""

from datetime import date

import pytest

from ejd.words import days_from_to, short_day, work_name

SEEN_ON = date(2026, 9, 17)


@pytest.mark.parametrize(("first", "last", "told"), [
    (date(2026, 9, 14), date(2026, 9, 19), "14–19 сентября"),
    (date(2026, 9, 28), date(2026, 10, 3), "28 сентября – 3 октября"),
    (date(2026, 8, 24), date(2026, 8, 24), "24 августа"),
    (date(2026, 12, 28), date(2027, 1, 1), "28 декабря – 1 января 2027 года"),
    (date(2025, 9, 15), date(2025, 9, 19), "15–19 сентября 2025 года"),
    (date(2025, 9, 14), date(2026, 9, 19), "14 сентября – 19 сентября"),
])
def test_a_span_of_days(first, last, told):
    assert days_from_to(first, last, SEEN_ON).replace("\u00a0", " ") == told


def test_a_span_whose_year_nobody_doubts():
    assert days_from_to(date(2027, 1, 11), date(2027, 1, 15)).replace("\u00a0", " ") == "11–15 января"


def test_a_short_day():
    assert short_day(date(2026, 9, 1)).replace("\u00a0", " ") == "вт 01.09"


@pytest.mark.parametrize(("kind", "title", "told"), [
    ("Контрольная работа", "Дроби", "Контрольная работа «Дроби»"),
    ("Контрольная работа", "", "Контрольная работа"),
    ("Контрольная работа", "Контрольная работа № 3", "Контрольная работа № 3"),
    ("Сочинение, изложение", "Сочинение", "Сочинение"),
    ("Сочинение, изложение", "Изложение «Осень»", "Изложение «Осень»"),
    ("Лабораторная, практическая работа", "Практическая работа № 3", "Практическая работа № 3"),
    ("Лабораторная, практическая работа", "Лабораторная работа № 1", "Лабораторная работа № 1"),
    ("Лабораторная, практическая работа", "Ткани", "Лабораторная, практическая работа «Ткани»"),
])
def test_a_work_is_called_by_kind_and_title_without_saying_a_thing_twice(kind, title, told):
    assert work_name(kind, title) == told
