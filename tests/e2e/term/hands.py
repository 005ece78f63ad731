"""The two ways in which a teacher writes: by keys in the grid, and by the forms that need no JavaScript."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from tests.e2e.term.acts import cell_of_journal, journal, told
from tests.e2e.term.school import School

KEYS = {"н": "KeyY", "б": "Comma", "у": "KeyE", "о": "KeyJ", "зач": "KeyP"}
REFUSED = "н/а ставят, когда"


class ByKeys:
    javascript = True

    def __init__(self, school: School) -> None:
        self.school = school

    def marks(self, page: Page, given: Mapping[str, str], place: str = "0") -> None:
        """«н б у о» stand under «Был», figures in the column of answers, or of the work with that place."""
        for surname, keys in given.items():
            for key in keys.split():
                cell = page.locator(f"[id='p{self.school.pupils[surname]}-{'a' if key in 'нбуо' else place}']")
                cell.click()
                page.keyboard.press(KEYS.get(key, key))
                expect(cell).to_contain_text(key)
        expect(page.locator("#grid [data-state=saving]")).to_have_count(0)

    def goes_to(self, page: Page, title: str, surname: str, day: int) -> None:
        """A pupil's cell in the journal of a subject."""
        journal(page, title)
        cell_of_journal(page, self.school, surname, day).click()

    def enters(self, page: Page, *keys: str) -> None:
        """A figure for what stands or is awaited there, after «/» a re-take."""
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("#grid [data-state=saving]")).to_have_count(0)

    def hears(self, page: Page, words: str) -> None:
        expect(page.locator("#said")).to_contain_text(words)

    def fills_column(self, page: Page, values: str, begins: int = 0) -> None:
        """Figures typed down the column of a work from some pupil on; «–» steps over one."""
        fields, given = page.locator(".mark-field"), values.split()
        fields.nth(begins).focus()
        for value in given:
            page.keyboard.press("ArrowDown" if value == "–" else value)
        for index, value in enumerate(given, begins):
            expect(fields.nth(index)).to_have_value(value.strip("–"))
        page.get_by_role("button", name="Сохранить", exact=True).click()
        told(page, "Сохранено")

    def sets_results(self, page: Page, values: list[str], not_certified: int) -> None:
        """One after another; for one pupil «н/а» is tried first, and refused."""
        fields = page.locator("#results [data-pupil]")
        fields.first.focus()
        for value in values[:not_certified]:
            page.keyboard.press(value)
        expect(page.locator("[data-state=saved]")).to_have_count(not_certified)
        page.keyboard.type("н/а")
        page.keyboard.press("Enter")
        expect(page.locator(".notes.error")).to_contain_text(REFUSED)
        fields.nth(not_certified).focus()
        for value in values[not_certified:]:
            page.keyboard.press(value)
        expect(page.locator("[data-state=saved]")).to_have_count(len(values))


class ByForms:
    """The list of the class, the page of a cell, and the buttons below tables."""

    javascript = False

    def __init__(self, school: School) -> None:
        self.school = school

    def marks(self, page: Page, given: Mapping[str, str], place: str = "0") -> None:
        lesson = page.url
        page.get_by_role("link", name="Заполнить списком").click()
        page.goto(f"{page.url}?work={place}")
        for surname, values in given.items():
            for value in values.split():
                what = "a" if value in "нбуо" else "m"
                page.locator(f"[name={what}{self.school.pupils[surname]}]").select_option(value)
        page.get_by_role("button", name="Сохранить список").click()
        expect(page.locator("main")).not_to_contain_text("Ничего не сохранено")
        page.goto(lesson)

    def goes_to(self, page: Page, title: str, surname: str, day: int) -> None:
        journal(page, title)
        page.locator("#grid thead a", has_text=f"{day}").click()
        page.locator(f"#r{self.school.pupils[surname]} th a").click()

    def enters(self, page: Page, *keys: str) -> None:
        if keys[0] == "/":
            page.get_by_text("Пересдача", exact=True).click()
            page.get_by_label("Отметка за пересдачу").select_option(keys[1])
            page.get_by_role("button", name="Записать пересдачу").click()
        elif page.get_by_role("button", name="Исправить").count():
            page.get_by_label("Исправить на").select_option(keys[0])
            page.get_by_role("button", name="Исправить").click()
        else:
            page.locator("#value").select_option(keys[0])
            page.get_by_role("button", name="Поставить").click()

    def hears(self, page: Page, words: str) -> None:
        expect(page.locator(".notice").first).to_contain_text(words)

    def fills_column(self, page: Page, values: str, begins: int = 0) -> None:
        for index, value in enumerate(values.split(), begins):
            page.locator(".mark-field").nth(index).fill(value.strip("–"))
        page.get_by_role("button", name="Сохранить", exact=True).click()
        told(page, "Сохранено")

    def sets_results(self, page: Page, values: list[str], not_certified: int) -> None:
        fields = page.locator("#results [data-pupil]")
        for index, value in enumerate(values):
            fields.nth(index).fill("н/а" if index == not_certified else value)
        page.get_by_role("button", name="Сохранить").click()
        expect(page.locator(".notes .error")).to_contain_text(REFUSED)
        fields.nth(not_certified).fill(values[not_certified])
        page.get_by_role("button", name="Сохранить").click()
        told(page, "Итоговые отметки сохранены")
