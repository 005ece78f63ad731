"""Days of the school's people, each told twice: with JavaScript and without it. A teacher's day by keyboard only, a
parent's evening on a phone of 360 pixels, the deputy's Friday."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Server, Visitor, copied

LESSON, DAY = "9А, Русский язык", "/teacher/?day=2026-10-20"  # today's fourth: nothing of it is filled in yet
LATE = "Котова Л. В."  # planted in the demo school


@pytest.fixture(scope="module", params=[True, False], ids=["javascript", "without"])
def way(request: pytest.FixtureRequest, demo: Server, tmp_path_factory) -> Iterator[tuple[Server, bool]]:  # noqa: ANN001
    """A demo school of its own for each of the two tellings."""
    server = copied(demo, tmp_path_factory.mktemp("days"))
    server.start()
    yield server, request.param
    server.stop()


@pytest.fixture
def comes(way: tuple[Server, bool], somebody):  # noqa: ANN001, ANN201
    """`comes(width)` is a visitor of this telling."""
    server, javascript = way
    return lambda width=1366: somebody(server, width=width, javascript=javascript)


class Keyboard:
    """Somebody whose mouse is broken."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goes_to(self, goal: Locator, presses: int = 300) -> None:
        for _ in range(presses):
            if goal.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way by Tab to {goal}")

    def opens(self, goal: Locator) -> None:
        self.goes_to(goal)
        self.page.keyboard.press("Enter")

    def types(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


def signs_in_by_keys(page: Page, keys: Keyboard) -> None:
    page.goto("/login")
    keys.goes_to(page.locator("[name=login]"))
    page.keyboard.type("teacher")
    keys.goes_to(page.locator("[name=password]"))
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Сегодня")


def marks_by_keys(page: Page, keys: Keyboard) -> None:
    """The first is away, the second has a 5, the third a 4."""
    for _ in range(300):
        if page.evaluate("document.activeElement.matches('#grid td')"):
            break
        keys.types("Tab")
    keys.types("KeyY", "ArrowDown", "ArrowRight", "5", "Enter", "4", "Enter")
    expect(page.locator("#grid [data-state=saving]")).to_have_count(0)


def marks_in_list(page: Page, keys: Keyboard) -> None:
    """The same in the list of the class, whose fields are chosen by arrows."""
    keys.opens(page.get_by_role("link", name="Заполнить списком"))
    expect(page.get_by_role("button", name="Сохранить список")).to_have_count(1)
    rows = page.locator(".class-list tbody tr")
    keys.goes_to(rows.nth(0).locator("select").nth(0))
    keys.types("ArrowDown")
    for row, presses in ((1, 1), (2, 2)):
        keys.goes_to(rows.nth(row).locator("select").nth(1))
        keys.types(*["ArrowDown"] * presses)
    keys.opens(page.get_by_role("button", name="Сохранить список"))
    expect(page.locator("main")).not_to_contain_text("Ничего не сохранено")


def test_a_teachers_day_by_keyboard_only(way, comes):
    page = comes().page
    keys = Keyboard(page)
    signs_in_by_keys(page, keys)
    row = page.locator("main table tbody tr", has=page.get_by_role("link", name=LESSON, exact=True))
    keys.opens(row.get_by_role("link", name=LESSON, exact=True))
    keys.opens(page.locator("button[name=take]"))
    expect(page.locator("#notices")).to_contain_text("Тема записана")
    lesson = page.locator("#sheet")
    (marks_by_keys if way[1] else marks_in_list)(page, keys)
    if lesson.count() == 0:
        keys.opens(page.get_by_role("link", name="урок", exact=True))
    if page.get_by_role("button", name="Отметить посещаемость").count():
        keys.opens(page.get_by_role("button", name="Отметить посещаемость"))
    expect(lesson).to_contain_text("посещаемость отмечена")
    first = page.locator("#grid tbody tr")
    expect(first.nth(0).locator("td").first).to_have_text("н")
    expect(first.nth(1).locator("[data-m]").last).to_have_text("5")
    expect(first.nth(2).locator("[data-m]").last).to_have_text("4")
    keys.opens(page.get_by_role("link", name="весь день"))
    expect(row).to_contain_text("всё заполнено")
    keys.opens(page.locator("header").get_by_role("button", name="Выйти"))
    expect(page.get_by_role("button", name="Войти")).to_be_visible()


def fits(visitor: Visitor) -> None:
    assert not visitor.scrolls_sideways(), visitor.page.url


def test_a_parents_evening_on_360_pixels(comes):
    visitor = comes(360)
    page = visitor.signs_in("parent")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.locator(".children").get_by_role("link", name="Ольга").click()
    expect(page.locator(".week .day")).to_have_count(5)
    fits(visitor)
    for week in (42, 41):  # the last one is read already
        page.get_by_role("link", name="← Раньше").click()
        page.wait_for_url(f"**/diary?week=2026-W{week}")
    page.get_by_role("button", name="Ознакомлен с неделей").click()
    expect(page.locator(".read")).to_contain_text("Вы ознакомились с неделей")
    for tab in ("Отметки", "Итоги", "Сообщения", "Доступ", "Пропуски"):
        page.locator(".tabs").get_by_role("link", name=tab).click()
        expect(page.locator(".tabs [aria-current]")).to_contain_text(tab)
        fits(visitor)
    page.locator("summary").first.click()
    page.fill("[name=from_on]", "2026-10-21")
    page.fill("[name=word]", "К зубному")
    page.get_by_role("button", name="Отправить").click()
    announced = page.locator(".open-items li", has_text="К зубному")
    expect(announced).to_have_count(1)
    announced.get_by_role("button", name="Отозвать").click()
    expect(announced.get_by_role("button", name="Отозвать")).to_have_count(0)
    fits(visitor)
    page.locator(".children").get_by_role("link", name="Дарья").click()
    expect(page.locator("h1")).to_contain_text("Дарья")
    fits(visitor)
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("button", name="Войти")).to_be_visible()
    assert "script" not in asked, "a family is sent none, with JavaScript or without"


def test_the_deputys_friday(comes):
    page = comes().signs_in("admin")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Контроль").click()
    page.get_by_role("link", name="Эта неделя").click()
    page.get_by_role("link", name="I четверть", exact=True).click()
    worst = page.locator("main table").first.locator("tbody tr", has=page.get_by_role("rowheader", name=LATE))
    worst.first.get_by_role("link").first.click()
    expect(page.locator("h1")).to_have_text("Отметки с опозданием")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Скачать для Excel").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    remarks_to_a_teacher(page)
    page.goto("/admin/sheets")
    page.get_by_role("button", name="Напечатать все одним файлом").click()
    ready = page.locator("#job a.primary")
    expect(ready).to_be_visible(timeout=30_000)
    with page.expect_download() as taken:
        ready.click()
    assert taken.value.suggested_filename.endswith(".pdf")
    page.goto("/admin/closing")
    expect(page.locator("main table tbody tr").first).to_contain_text("Уроки ещё идут")


def remarks_to_a_teacher(page: Page) -> None:
    page.goto("/admin/staff")
    page.get_by_role("link", name="Котова Любовь").click()
    page.get_by_role("link", name="Сделать замечание").click()
    page.fill("[name=text]", "Внесите отметки за неделю до понедельника.")
    page.fill("[name=due_on]", "2026-10-26")
    page.get_by_role("button", name="Отправить учителю").click()
    page.goto("/admin/remarks")
    expect(page.locator("main table tbody tr").first).to_contain_text("Внесите отметки за неделю")
