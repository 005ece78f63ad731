"""How names are compared, ordered and searched; what a class is called; what is prefilled by law and custom."""

import pytest

from ejd import names
from ejd.roster import customs


@pytest.mark.parametrize(("one", "other"), [
    ("Ёлкин", "елкин"), ("  Анна   Мария ", "анна мария"), ("Кoвалёв", "КОВАЛЕВ"),  # a Latin o
    ("Рашид\u00a0оглы", "рашид оглы"), ("Салтыков\u2010Щедрин", "салтыков-щедрин"), ("Йод", "И\u0306од"),
])
def test_two_spellings_of_one_name_are_equal(one, other):
    assert names.fold(one) == names.fold(other)


@pytest.mark.parametrize(("one", "other"), [("Ким", "Кин"), ("Анна Мария", "АннаМария"), ("Иванов", "Иванова")])
def test_different_names_stay_different(one, other):
    assert names.fold(one) != names.fold(other)


def test_lists_are_in_russian_order():
    people = [("Ёлкин", "Егор"), ("Яковлева", "Юлия"), ("Андреев", "Ян"), ("Ершов", "Егор"), ("Андреева", "Ада"),
              ("Андреев", "Ада")]
    assert sorted(people, key=lambda one: names.sort_key(*one)) == [
        ("Андреев", "Ада"), ("Андреев", "Ян"), ("Андреева", "Ада"), ("Ёлкин", "Егор"), ("Ершов", "Егор"),
        ("Яковлева", "Юлия")]


@pytest.mark.parametrize(("asked", "found"), [
    ("елк", True), ("ПЁТР", True), ("мамин-сиб", True), ("сибиряк", True), ("МАМИH", True), ("вкин", False), ("", True),
])
def test_any_part_of_a_name_is_found(asked, found):
    key = names.search_key("Мамин-Сибиряк", "Пётр", "Елкович")
    assert all(word in key for word in names.search_words(asked)) is found


@pytest.mark.parametrize(("text", "grade_and_letter"), [
    ("7А", (7, "А")), ("7A", (7, "А")), ("7 «а»", (7, "А")), ("7-А", (7, "А")), ("11 б класс", (11, "Б")),
    ("10\u00a0«В»", (10, "В")), ("1 Г кл.", (1, "Г")), ("12А", None), ("0А", None), ("7", None), ("А7", None),
    ("7АБ", None), ("", None), ("Класс", None),
])
def test_a_class_however_it_is_written(text, grade_and_letter):
    assert names.class_name(text) == grade_and_letter


@pytest.mark.parametrize(("full", "field"), [
    (("Ким", "Ю"), None), (("О’Нил", "Д'Арк", "ибн (Али)"), None), (("Ким", ""), "first_name"),
    (("", "Ю"), "last_name"), (("Ким2", "Ю"), "last_name"), (("Ким", "<b>"), "first_name"),
    (("Ким", "Ю", "Х" * 81), "patronymic"),
])
def test_what_can_be_a_name(full, field):
    fault = names.fault_of_name(*full)
    assert (fault and fault[0]) == field


@pytest.mark.parametrize(("grade", "subject", "scheme", "homework"), [
    (1, "Математика", "markless", False),  # R14, R5
    (2, "Математика", "five_point", True),
    (4, "ОРКСЭ (модуль «Основы светской этики»)", "markless", True),  # R14
    (4, "Основы религиозных культур и светской этики", "markless", True),
    (7, "Внеурочная деятельность", "five_point", False),  # R5: activity journals
])
def test_a_journal_is_prefilled_by_law(grade, subject, scheme, homework):
    assert customs.usual_marking_scheme(grade, subject) == scheme
    assert customs.expects_homework(grade, subject) is homework


@pytest.mark.parametrize(("grade", "scheme"), [(1, "quarters"), (9, "quarters"), (10, "half_years")])
def test_quarters_for_1_to_9_and_half_years_for_10_and_11(grade, scheme):  # R15
    assert customs.usual_term_scheme(grade) == scheme


@pytest.mark.parametrize(("typed", "kept"), [
    ("петров-водкин", "Петров-Водкин"), ("КУЗЬМА", "Кузьма"), ("  анна   мария ", "Анна Мария"),
    ("фон Берг", "фон Берг"), ("ФОН БЕРГ", "Фон Берг"), ("Рашид Оглы", "Рашид оглы"), ("рашид оглы", "Рашид оглы"),
    ("МакДональд", "МакДональд"), ("А.", "А."), ("", ""), ("Kотова", "Котова"),
])
def test_a_name_is_kept_as_names_are_written(typed, kept):
    assert names.as_name(typed) == kept
