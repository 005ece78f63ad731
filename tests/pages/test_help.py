"""«Справочные материалы» (issue: families get the service their way): each reads what is theirs, finds by a word, sees
the program as it is. Вера is a parent, Витя her son, Анна a teacher, Дина a deputy head."""

from __future__ import annotations

import gzip

import pytest

from tests.statements import at_most

GUIDES = {"vera": ["family"], "vitya": ["family"], "anna": ["family", "teacher"],
          "dina": ["family", "teacher", "administration"]}


@pytest.mark.parametrize(("who", "guides"), GUIDES.items())
def test_each_reads_the_own_guides_and_no_others(as_, school, who, guides):
    visitor = as_(getattr(school, who))
    with at_most(8):
        page = visitor.get("/help/")
    assert [link["href"] for link in page.select("main h2 a")] == [f"/help/{name}" for name in guides]
    for name in ("family", "teacher", "administration"):
        visitor.get(f"/help/{name}", status=200 if name in guides else 404)
    visitor.get("/help/base", status=404)


def test_the_account_page_leads_to_the_guides(as_, school):
    assert as_(school.vera).get("/account").select_one("main a[href='/help/']").text == "Справочные материалы"


@pytest.mark.parametrize(("who", "url"), [("vera", "/account"), ("anna", "/teacher/"), ("dina", "/admin/classes")])
def test_the_head_of_every_page_leads_to_the_guides(as_, school, who, url):
    assert as_(getattr(school, who)).get(url).select_one("header a[href='/help/']").text == "Справка"


@pytest.mark.parametrize(("typed", "title"), [
    ("пароль", "Первый вход и пароль"), ("ПРОПУСКИ", "Пропуски: сообщить школе"),
    ("еще не выставил", "Что сдать и чего ждать"), ("почте тихие", "Новости по почте")])
def test_a_word_finds_its_section_in_any_case_and_with_e_for_yo(as_, school, typed, title):
    page = as_(school.vera).get("/help/", query_string={"q": typed})
    found = {link.text: link["href"] for link in page.select("main h2 ~ ul a")[:20] if link.find_next("small")}
    assert title in found
    address, _, anchor = found[title].partition("#")
    assert as_(school.vera).get(address).select_one(f"#{anchor}").text == title


@pytest.mark.parametrize("typed", ["лягушка", "???", "<b>", "ж" * 500])
def test_what_is_not_there_is_said(as_, school, typed):
    assert "В справке такого нет" in as_(school.vera).get("/help/", query_string={"q": typed}).words


def test_a_parent_does_not_find_what_is_told_to_teachers(as_, school):
    assert "В справке такого нет" in as_(school.vera).get("/help/", query_string={"q": "КТП"}).words
    assert "Планы (КТП)" in as_(school.anna).get("/help/", query_string={"q": "КТП"}).words


@pytest.mark.parametrize("name", GUIDES["dina"])
def test_every_picture_is_there_small_and_told_in_words_and_the_page_is_light(as_, school, name):
    visitor = as_(school.dina)
    page = visitor.get(f"/help/{name}")
    assert len(gzip.compress(page.response.data)) <= 8 * 1024
    pictures = page.select("main img")
    assert pictures
    for picture in pictures:
        answer = visitor.open(picture["src"])
        assert answer.status_code == 200 and answer.content_type == "image/png"
        assert len(answer.data) <= 60 * 1024
        assert picture["alt"] and picture["loading"] == "lazy" and int(picture["width"]) and int(picture["height"])
    assert not page.select("script")


@pytest.mark.parametrize(("typed", "title"), [
    ("почта", "почт"), ("распечатка", "нет интернета"), ("забыл пароль", "пароль"), ("пересдача", ""),
    ("ребенку", "")])
def test_a_word_is_found_in_any_of_its_forms(as_, school, typed, title):
    page = as_(school.vera).get(f"/help/?q={typed}")
    assert "В справке такого нет" not in page.words and title in page.words.lower()
