"""The deputy words the memo without typing a sign of markup, and sees it as it will read (R55)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

CHOOSE = """words => {
  const field = document.getElementById("body"), from = field.value.indexOf(words);
  field.focus();
  field.setSelectionRange(from, from + words.length);
}"""


def choose(page: Page, words: str) -> None:
    page.evaluate(CHOOSE, words)


def test_buttons_and_keys_put_signs_that_can_be_taken_back(demo, somebody):
    page = somebody(demo).signs_in("admin")
    page.goto("/admin/letters/memo/edit")
    field, shown = page.locator("#body"), page.locator("#preview")
    before = field.input_value()
    choose(page, "государственная услуга")
    page.keyboard.press("Control+b")
    assert "**государственная услуга**" in field.input_value()
    expect(shown.locator("strong", has_text="государственная услуга")).to_have_count(1)
    page.keyboard.press("Control+i")
    assert "***государственная услуга***" in field.input_value()
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+i")
    assert field.input_value() == before
    for _ in range(4):
        page.keyboard.press("Control+z")
    assert field.input_value() == before
    choose(page, "Никому не сообщайте пароль.")
    page.get_by_role("button", name="Список").click()
    assert "\n- Никому не сообщайте пароль." in field.input_value()
    page.get_by_role("button", name="1, 2, 3").click()
    assert "\n1. Никому не сообщайте пароль." in field.input_value()
    page.get_by_role("button", name="Раздел").click()
    expect(shown.get_by_role("heading", name="Никому не сообщайте пароль.")).to_have_count(1)
    expect(shown).not_to_contain_text("Печатается на")
    page.get_by_role("button", name="Посмотреть").click()
    expect(shown).to_contain_text("Печатается на")
    page.get_by_label("Подстановка").select_option("директор")
    page.get_by_role("button", name="Вставить").click()
    assert "прежний пароль перестанет действовать.{{директор}}" in field.input_value()
    page.get_by_role("button", name="Сохранить новую версию").click()
    expect(page.locator("#notices")).to_contain_text("Памятка: сохранена версия")
