"""One search box: pupils, guardians, staff and classes by any part of the name."""

import pytest

from ejd.roster import finding
from ejd.roster.people import add_person
from tests.world import NOW


def found(page):
    return [row.select_one("a").text for row in page.select("tbody tr")]


@pytest.mark.parametrize(("asked", "names"), [
    ("волк", ["Волков Виктор Павлович", "Волкова Вера Викторовна", "Волкова Мария Павловна"]),
    ("ВОЛК вик", ["Волков Виктор Павлович", "Волкова Вера Викторовна"]),
    ("олегов", ["Абрамов Алексей Олегович", "Орлова Ольга Олеговна"]),
    ("егор", ["Елкин", "Ершов Егор Андреевич", "Ершова Ева Егоровна"]),
])
def test_everybody_with_that_part_in_the_name_is_found(as_, school, asked, names):
    page = as_(school.olga).post("/admin/search", {"q": asked}, status=200)
    assert [name.replace("ё", "е").replace("Ё", "Е").split(" Егор Петр")[0] for name in found(page)] == names


@pytest.mark.parametrize("asked", ["елкин", "Ёлкин", "ёлкин егор", "сибиряк", "мамин-сиб", "  Ким  ", "Kим", "KИM",
                                   "оглы", "7а", "7A", "7 «б»"])
def test_a_single_find_is_opened_at_once(as_, school, asked):
    answer = as_(school.olga).post("/admin/search", {"q": asked}).response
    assert answer.location.startswith(("/admin/people/", "/admin/classes/"))


def test_names_that_begin_so_come_first(as_, school):
    for full in (("Котова", "Анна", "Ивановна"), ("Котова", "Анна", "Леонидовна"), ("Котова", "Любовь", ""),
                 ("Акотова", "Алла", "")):
        add_person(school.session, actor_id=None, last_name=full[0], first_name=full[1], patronymic=full[2], now=NOW)
    page = as_(school.olga).post("/admin/search", {"q": "КОТОВА Л"}, status=200)
    assert found(page) == ["Котова Любовь", "Котова Анна Леонидовна", "Акотова Алла"]


def test_a_name_typed_in_small_letters_is_kept_as_a_name(as_, school):
    person = add_person(school.session, actor_id=None, last_name="петров-водкин", first_name="КУЗЬМА",
                        patronymic="рашид оглы", now=NOW)
    assert person.full_name == "Петров-Водкин Кузьма Рашид оглы"


def test_a_list_that_is_cut_asks_for_more_letters(as_, school, monkeypatch):
    monkeypatch.setattr(finding, "MOST", 2)
    page = as_(school.olga).post("/admin/search", {"q": "волк"}, status=200)
    assert page.caption.text == "Показаны первые 2: впишите больше букв" and len(found(page)) == 2


def test_who_they_are_is_said_in_words(as_, school):
    page = as_(school.olga).post("/admin/search", {"q": "волкова"}, status=200)
    assert "мать: Волков Виктор, 7А" in page.words and "класс 1А" in page.words


def test_a_number_finds_the_whole_parallel(as_, school):
    page = as_(school.olga).post("/admin/search", {"q": "7"}, status=200)
    assert [link.text for link in page.select("main p a")] == ["7А", "7Б"]


@pytest.mark.parametrize("asked", ["%", "_", "'", "Несуществующий", "😀", "х" * 5000])
def test_what_finds_nobody_says_so_or_asks_again(as_, school, asked):
    page = as_(school.olga).post("/admin/search", {"q": asked}, status=200)
    assert not page.select("table")


def test_the_box_is_there_to_begin_with(as_, school):
    visitor = as_(school.inna)
    page = visitor.submit(visitor.get("/admin/search"), "form[role=search]", {"q": "волк"}, status=200)
    assert len(found(page)) == 3


def test_searching_takes_few_statements_however_many_are_found(as_, school, at_most):
    visitor = as_(school.olga)
    with at_most(8):
        visitor.post("/admin/search", {"q": "а"}, status=200)


def test_a_teacher_has_no_way_in(as_, school):
    as_(school.anna).post("/admin/search", {"q": "волк"}, status=403)
