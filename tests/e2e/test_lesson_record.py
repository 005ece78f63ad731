"""Where the keyboard is after the lesson's record was saved or refused, and what the lines over results say."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.test_results import fields, open_results


def test_the_record_keeps_the_focus_and_a_refusal_goes_to_the_error(demo, somebody):
    page = somebody(demo).signs_in("teacher")
    page.goto("/teacher/journals")
    page.locator("main li a").first.click()
    page.goto(page.locator("#grid thead a").first.get_attribute("href"))
    page.fill("#topic", "Делимость чисел")
    page.get_by_role("button", name="Сохранить запись").click()
    expect(page.locator("#notices")).to_contain_text("Запись урока сохранена")
    expect(page.locator("#save-record")).to_be_focused()
    page.evaluate("document.getElementById('topic').removeAttribute('maxlength')")
    page.fill("#topic", "х" * 501)
    page.keyboard.press("Enter")
    expect(page.locator("#topic")).to_be_focused()
    expect(page.locator("#record .error")).to_have_count(1)
    expect(page.locator("#notices")).not_to_contain_text("сохранена")
    page.fill("#topic", "Делимость чисел")
    page.get_by_role("button", name="Сохранить запись").click()
    expect(page.locator("#save-record")).to_be_focused()


def test_the_lines_over_results_follow_the_keys_and_a_wrong_key_is_not_taken(demo, somebody):
    page = somebody(demo).signs_in("teacher")
    open_results(page)
    before = page.locator("#unset").inner_text()
    field = fields(page).last
    was = field.input_value()
    field.focus()
    page.keyboard.type("ъ")
    expect(page.locator("#said")).to_contain_text("Такой отметки нет")
    assert field.input_value() == was
    field.press("Control+A")
    page.keyboard.press("4" if not was else "Delete")
    field.press("Enter")
    expect(page.locator("#unset")).not_to_have_text(before)
