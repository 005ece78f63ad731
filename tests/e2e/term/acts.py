"""What people of the lived term do in their browsers, told once: each act is a page, its controls, and what is seen
when it is done."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Page, expect

from tests.e2e.term.school import PASSWORD, School

MATHS, RUSSIAN = "7А, Математика", "7А, Русский язык"
ENGLISH = "7А, Иностранный язык (английский), подгруппа\u00a0{}"
KEYS = {"н": "KeyY", "б": "Comma", "у": "KeyE", "о": "KeyJ", "зач": "KeyP"}


class Cast:
    """Everybody in the story with a browser of their own, signed in when they first come."""

    def __init__(self, school: School, somebody) -> None:  # noqa: ANN001
        self.school, self._somebody = school, somebody
        self._pages: dict[str, Page] = {}

    def __getattr__(self, name: str) -> Page:
        if name not in self._pages:
            family = name in ("vera", "vitya")
            visitor = self._somebody(self.school, width=360 if family else 1366, javascript=not family)
            self._pages[name] = visitor.signs_in(name, PASSWORD)
        return self._pages[name]


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


def types(page: Page, cell: str, *keys: str) -> None:
    """Keys in a cell of the sheet or of the journal, each saved before the next."""
    field = page.locator(f"[id='{cell}']") if isinstance(cell, str) else cell
    field.click()
    for key in keys:
        page.keyboard.press(KEYS.get(key, key))
    expect(page.locator("#grid [data-state=saving]")).to_have_count(0)


def marks(page: Page, school: School, given: Mapping[str, str], place: str = "0") -> None:
    """By keys: «н б у о» stand under «Был», figures in the column of answers, or of the work with that place."""
    for surname, keys in given.items():
        pupil = school.pupils[surname]
        for key in keys.split():
            column = "a" if key in "нбуо" else place
            types(page, f"p{pupil}-{column}", key)
            expect(page.locator(f"[id='p{pupil}-{column}']")).to_contain_text(key)


def takes_attendance(page: Page) -> None:
    page.get_by_role("button", name="Отметить посещаемость").click()
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


def fills_column(page: Page, values: str, begins: int = 0) -> None:
    """Figures typed down the column from some pupil on; «–» steps over one."""
    fields, given = page.locator(".mark-field"), values.split()
    fields.nth(begins).focus()
    for value in given:
        page.keyboard.press("ArrowDown" if value == "–" else value)
    for index, value in enumerate(given, begins):
        expect(fields.nth(index)).to_have_value(value.strip("–"))
    page.get_by_role("button", name="Сохранить", exact=True).click()
    told(page, "Сохранено")


def opens_room(page: Page, tab: str) -> None:
    """A page of the class teacher's own class."""
    page.goto("/teacher/journals")
    page.get_by_role("link", name="ваш класс").click()
    page.locator(".tabs").get_by_role("link", name=tab, exact=True).click()
