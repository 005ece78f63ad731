"""«Дневник без связи»: only a script says that the diary is kept here, once it has seen to it."""

from __future__ import annotations

PAGE = "/account/offline"


def test_without_a_script_nothing_is_said_to_be_kept(as_, school):
    vera = as_(school.vera)
    asked = vera.get(PAGE)
    assert "нужен" not in asked.words and asked.select_one("noscript")
    vera.submit(asked, "main form")
    page = vera.get(PAGE)
    assert "Устройство отмечено вашим" in page.words and "Готово" not in page.words
    assert page.select_one("#kept-here").has_attr("hidden") and not page.select_one("#not-kept").has_attr("hidden")
    assert "пока не хранится" in page.select_one("#not-kept").text
    assert "Это устройство отмечено" in vera.get("/account").words
    vera.submit(page, "main form")
    assert "больше не хранится" in vera.get(PAGE).words and not vera.get(PAGE).select("#not-kept")


def test_a_teacher_has_no_diary_to_keep(as_, school):
    assert not as_(school.anna).get(PAGE).select("main form")
    as_(school.anna).post(PAGE, {"keep": "1"}, status=404)
