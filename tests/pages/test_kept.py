"""Everybody reads what is kept about them, and nothing about others (R40)."""

from __future__ import annotations

import pytest

from ejd.privacy.purposes import JOURNAL
from tests.diary_facts import MON, lesson_of
from tests.journal import Hand
from tests.privacy import graduate, keep_passport, with_key

PAGE = "/account/kept"


@pytest.mark.parametrize(("name", "told", "not_told"), [
    ("vitya", ("Волков Виктор Павлович", "4 марта 2013", "7А", "Классы и подгруппы", "25 лет", "Основание"),
     ("Нагрузка", "Вера", "Отметки, баллы")),
    ("vera", ("Волкова Вера Викторовна", "Кто чей представитель"), ("Основание", "Павлович", "Нагрузка")),
    ("eva", ("Ершова Ева Егоровна", "Учитель", "Нагрузка", "Кто чей представитель"), ("Основание",)),
    ("igor", ("Администратор системы", "Должности", "Что вы сделали в программе"), ("Паспортные",)),
])
def test_each_reads_their_own(as_, school, at_most, name, told, not_told):
    visitor = as_(getattr(school, name))
    with at_most(8):
        words = visitor.get(PAGE).words
    assert all(one in words for one in told) and not any(one in words for one in not_told)
    assert visitor.get("/account").select_one(f"main a[href='{PAGE}']")


def test_what_is_there_is_counted_with_why_and_until_when(as_, school):
    hand = Hand(school, school.anna)
    hand.puts(lesson_of(school, "Матем", MON), school.vitya, "4")
    row = next(row for row in as_(school.vitya).get(PAGE).select("tbody tr") if "Отметки" in row.text)
    assert [cell.text for cell in row.select("td")] == ["1", "учёт успеваемости", JOURNAL]


def test_a_pupil_reads_that_a_passport_is_kept_but_no_figure_of_it(app, as_, school, monkeypatch):
    ira = graduate(school)
    keep_passport(school, ira, with_key(app, monkeypatch))
    page = as_(ira).get(PAGE)
    assert "хранятся зашифрованными" in page.words and "до результатов экзаменов" in page.words
    assert "123445" not in page.response.text


def test_who_has_not_signed_in_signs_in_first(as_):
    as_(None).get(PAGE, status=302)
