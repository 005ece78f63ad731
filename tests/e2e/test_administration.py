"""The deputy head finds who is late; a school begins by loading its lists into an empty database."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server

LATE = "Котова\u00a0Л.\u00a0В."  # planted in the demo school
OWN = "корабль лопата зима"
SCHOOL_B = sorted((Path(__file__).resolve().parent.parent / "data" / "school-b").glob("*.[xc]*"))


def test_the_deputy_finds_the_late_teacher_in_three_clicks(demo: Server, somebody):  # noqa: ANN001
    page = somebody(demo).signs_in("admin")
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Контроль").click()  # 1
    worst = page.locator("main table").first.locator("tbody tr", has=page.get_by_role("rowheader", name=LATE))
    assert worst.first.evaluate("row => row.sectionRowIndex") <= 1, "the worst stands on top, after the whole school"
    worst.get_by_role("link").first.click()  # 2: the list behind the figure
    expect(page.locator("h1")).to_have_text("Отметки с опозданием")
    rows = page.locator("main table tbody tr")
    assert rows.count() == 50, "a page of the list"
    expect(rows.first).to_contain_text(LATE)


@pytest.fixture
def empty(tmp_path: Path):  # noqa: ANN201
    """An empty database with one person who can sign in."""
    server = Server(tmp_path)
    said = server.command("init", "--first", "Зимина Вера Павловна")
    server.start()
    yield server, re.search("пароль: (.+) \\(", said)[1]  # type: ignore[index]
    server.stop()


def first_time(page: Page, login: str, password: str) -> None:
    """In with the one-time password of a card, which is changed at once."""
    page.goto("/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    page.click("main form button")
    page.wait_for_url("**/account/password*")
    page.fill("[name=current]", password)
    page.fill("[name=new]", OWN)
    page.fill("[name=again]", OWN)
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "/account/password" not in url)


def sets_up_second_factor(page: Page) -> None:
    """Whoever leads a school is led here by every address until it is done."""
    page.goto("/admin/")
    expect(page.locator("h1")).to_have_text("Второй фактор")
    page.fill("[name=password]", OWN)
    page.get_by_role("button", name="Настроить").click()
    secret = page.locator("main p b").last.inner_text().replace(" ", "")
    expect(page.locator("main img")).to_be_visible()
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Включить").click()
    expect(page.locator("main li")).to_have_count(8)
    page.get_by_role("link", name="Готово").click()


def names(page: Page, full: str) -> None:
    for field, name in zip(("last_name", "first_name", "patronymic"), full.split(), strict=True):
        page.fill(f"[name={field}]", name)


def card_of(page: Page) -> tuple[str, str]:
    """Login and one-time password of whose page is open."""
    page.get_by_role("link", name="Выдать пароль").click()
    page.get_by_role("button", name="Показать пароль на экране").click()
    return page.locator(".card b").inner_text(), page.locator(".card .figure").inner_text()


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_the_offices_september(empty, somebody, javascript):  # noqa: ANN001
    """The deputy lets the office in; the office loads the school's own lists, takes a new pupil in, and hands a card to
    the mother, who opens the diary on her phone."""
    server, password = empty
    page = somebody(server, javascript=javascript).page
    first_time(page, "zimina.v", password)
    sets_up_second_factor(page)
    page.goto("/admin/staff")
    page.get_by_role("link", name="Добавить сотрудника").click()
    names(page, "Озерова Ольга Олеговна")
    page.select_option("[name=position]", label="Канцелярия")
    page.get_by_role("button", name="Записать сотрудника").click()
    login, password = card_of(page)

    page = somebody(server, javascript=javascript).page
    first_time(page, login, password)
    sets_up_second_factor(page)
    loads_lists(page)
    page.goto("/admin/classes")
    expect(page.locator("main table tbody tr")).to_have_count(36)
    page.get_by_role("link", name="7А", exact=True).click()
    page.get_by_role("link", name="Добавить ученика").click()
    names(page, "Юрьева Яна Игоревна")
    page.fill("[name=birth_date]", "2013-05-05")
    page.get_by_role("button", name="Зачислить").click()
    page.get_by_role("link", name="Добавить представителя").click()
    names(page, "Юрьева Инна Львовна")
    page.get_by_role("button", name="Записать представителя").click()
    page.get_by_role("link", name="Юрьева Инна Львовна").click()
    login, password = card_of(page)

    mother = somebody(server, width=360, javascript=javascript)
    first_time(mother.page, login, password)
    mother.page.goto("/parent/")
    expect(mother.page.locator("h1")).to_have_text("Юрьева Яна, 7А")
    assert not mother.scrolls_sideways()


def loads_lists(page: Page) -> None:
    page.goto("/admin/")
    page.locator("main").get_by_role("link", name="Загрузка списков").click()
    page.set_input_files("[name=files]", SCHOOL_B)
    page.get_by_role("button", name="Посмотреть, что получится").click()
    expect(page.locator("h1")).to_have_text("Что получится")
    for question in page.locator("fieldset").all():
        question.get_by_role("radio").last.check()
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("main")).to_contain_text("921")
