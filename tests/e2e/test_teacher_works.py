"""A re-take by keys, and a column of marks typed down or pasted from a table."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_teacher import press
from tests.e2e.test_teacher_session import a_cell_of_today


@pytest.fixture
def journal(demo: Server, somebody) -> Page:  # noqa: ANN001
    teacher = somebody(demo).signs_in("teacher")
    teacher.goto("/teacher/journals")
    teacher.locator("main .rows a").nth(1).click()
    expect(teacher.locator("#grid")).to_be_visible()
    return teacher


@pytest.fixture
def column(journal: Page) -> Page:
    journal.get_by_role("link", name="Работы", exact=True).click()
    journal.locator("tbody th a").first.click()
    expect(journal.locator("#column-form")).to_be_visible()
    return journal


def test_a_slash_and_a_figure_are_a_re_take(journal):
    mine = a_cell_of_today(journal)
    mine.click()
    journal.keyboard.press("/")
    expect(journal.locator("#said")).to_contain_text("Пересдавать нечего")
    press(journal, "3")
    expect(mine.locator("b")).to_have_text("3")
    journal.keyboard.press("/")
    expect(journal.locator("#said")).to_contain_text("Пересдача: нажмите цифру")
    press(journal, "5")
    expect(mine.locator("b")).to_have_text(["3", "5"])
    expect(mine).to_contain_text("3→5")
    press(journal, "4")  # without a slash it corrects the last
    expect(mine).to_contain_text("3→4")


def test_figures_go_down_by_themselves(column):
    fields = column.locator(".mark-field")
    fields.nth(0).fill("")
    fields.nth(0).focus()
    column.keyboard.type("545")
    assert [fields.nth(index).input_value() for index in range(3)] == ["5", "4", "5"]
    column.keyboard.press("ArrowUp")
    expect(fields.nth(2)).to_be_focused()
    column.get_by_role("button", name="Сохранить", exact=True).click()
    expect(column.locator("#notices")).to_contain_text("Сохранено")


def test_a_pasted_column_fills_the_fields_and_waits_to_be_saved(column):
    count = column.locator(".mark-field").count()
    column.evaluate("""text => {
        const data = new DataTransfer();
        data.setData("text", text);
        document.querySelector(".mark-field").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    }""", "\n".join("4" * count))
    expect(column.locator(".notice").first).to_contain_text("Проверьте и нажмите «Сохранить»")
    assert {field.input_value() for field in column.locator(".mark-field").all()} == {"4"}
