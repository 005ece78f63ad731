"""The deputy head finds who is late; a school begins by loading its lists into an empty database."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Server

LATE = "Котова\u00a0Л.\u00a0В."  # planted in the demo school
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


def set_up_second_factor(page):  # noqa: ANN001
    """Whoever leads a school is led here by every address until it is done."""
    page.goto("/admin/")
    expect(page.locator("h1")).to_have_text("Второй фактор")
    page.fill("[name=password]", "корабль лопата зима")
    page.get_by_role("button", name="Настроить").click()
    secret = page.locator("main p b").last.inner_text().replace(" ", "")
    expect(page.locator("main img")).to_be_visible()
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Включить").click()
    expect(page.locator("main li")).to_have_count(8)
    page.get_by_role("link", name="Готово").click()


def test_a_school_begins_with_its_own_files_on_the_web_page(empty, somebody):  # noqa: ANN001
    server, password = empty
    visitor = somebody(server)
    page = visitor.signs_in("zimina.v", password)
    page.fill("[name=current]", password)
    page.fill("[name=new]", "корабль лопата зима")
    page.fill("[name=again]", "корабль лопата зима")
    page.locator("main form button").click()
    set_up_second_factor(page)
    page.goto("/admin/")
    page.locator("main").get_by_role("link", name="Загрузка списков").click()
    page.set_input_files("[name=files]", SCHOOL_B)
    page.get_by_role("button", name="Посмотреть, что получится").click()
    expect(page.locator("h1")).to_have_text("Что получится")
    for question in page.locator("fieldset").all():
        question.get_by_role("radio").last.check()
    page.get_by_role("button", name="Записать").click()
    expect(page.locator("main")).to_contain_text("921")
    page.goto("/admin/classes")
    expect(page.locator("main table tbody tr")).to_have_count(36)
