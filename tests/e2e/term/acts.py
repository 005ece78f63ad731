"""What people of the lived term do in their browsers, told once: each act is a page, its controls, and what is seen
when it is done."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.term.school import School

MATHS, RUSSIAN = "7А, Математика", "7А, Русский язык"
ENGLISH = "7А, Иностранный язык (английский), подгруппа\u00a0{}"


def choose(page: Page, label: str, option: str) -> None:
    """Of a list, the option with these words in it."""
    field = page.get_by_label(label, exact=True)
    field.select_option(field.locator("option", has_text=option).first.get_attribute("value"))


def opens_lesson(page: Page, title: str, day: int | None = None) -> None:
    """From the list of the day."""
    page.goto(f"/teacher/?day=2026-09-{day:02}" if day else "/teacher/")
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.locator("h1")).to_have_text(title)


def told(page: Page, words: str) -> None:
    expect(page.locator("#notices")).to_contain_text(words)


def takes_topic(page: Page) -> None:
    """The next topic of the plan, with its homework, by one click."""
    page.locator("button[name=take]").click()
    told(page, "Тема записана")


def writes_down(page: Page, **fields: str) -> None:
    """Topic, homework, minutes: whatever of the record is named."""
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.get_by_role("button", name="Сохранить запись").last.click()
    told(page, "Запись урока сохранена")


def takes_attendance(page: Page) -> None:
    """Unless the list of the class has taken it already."""
    button = page.get_by_role("button", name="Отметить посещаемость")
    if button.count():
        button.click()
    expect(page.locator("#sheet .badge").first).to_contain_text("посещаемость отмечена")


def journal(page: Page, title: str) -> None:
    page.goto("/teacher/journals")
    page.get_by_role("link", name=title.replace(",", "", 1)).click()
    expect(page.locator("h1")).to_have_text(title)


def cell_of_journal(page: Page, school: School, surname: str, day: int):  # noqa: ANN201
    """The cell of a pupil on a day of September, found by the heads of the columns."""
    heads = page.locator("#grid thead tr").nth(1).locator("th")
    days = [re.match(r"\d+", words.strip()).group() for words in heads.all_inner_texts()]  # type: ignore[union-attr]
    return page.locator(f"#r{school.pupils[surname]} > *").nth(days.index(str(day)) + 1)


def opens_work(page: Page, course: str, title: str) -> None:
    """From the journal's list of works: its marks in a column."""
    journal(page, course)
    page.get_by_role("link", name="Работы", exact=True).click()
    page.get_by_role("link", name=title).click()
    expect(page.locator("#column-form")).to_be_visible()


def opens_room(page: Page, tab: str) -> None:
    """A page of the class teacher's own class."""
    page.goto("/teacher/journals")
    page.get_by_role("link", name="ваш класс").click()
    page.locator(".tabs").get_by_role("link", name=tab, exact=True).click()
