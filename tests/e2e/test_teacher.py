"""A teacher at a lesson: keys only, a second tab, a line that is cut. Наумова В. М. of the demo school, her own 7В."""

from __future__ import annotations

import time
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from ejd import clock
from ejd.application import create_app
from ejd.config import Config, database_url
from ejd.db import db, writing
from ejd.roster import classes, people
from ejd.roster.models import SchoolClass
from tests.e2e.conftest import Server

LESSON = "7В, Литература"  # today's third, over since eleven
NEWCOMERS = ("Абаев Артур Русланович", "Ежов Ефим Ильич", "Лисицын Лев Львович", "Щукин Щорс Щукарович",
             "Якимов Яков Янович")
HAND = 0.2  # seconds between two key presses


@pytest.fixture(scope="module")
def class_of_thirty(demo: Server) -> Server:
    """7В has 25 pupils in the files; five join it, so that a full class is marked."""
    app = create_app(Config(instance=demo.instance, database_url=database_url(demo.instance, ""), secret_key="x"))
    with app.app_context(), clock.freeze(clock.at(date(2026, 9, 2), 9)), writing():
        now, today = clock.now(), clock.today()
        ids = people.add_people(db.session, actor_id=None, now=now, people=[
            people.NewPerson(*name.split(), birth_date=date(2013, 5, 5)) for name in NEWCOMERS])
        class_id = db.session.query(SchoolClass.id).filter_by(grade=7, letter="В").scalar()
        classes.enrol_many(db.session, actor_id=None, pairs=[(i, class_id) for i in ids], from_on=today, now=now)
    return demo


@pytest.fixture
def lesson(class_of_thirty: Server, somebody) -> Page:  # noqa: ANN001
    """The sheet of the lesson, opened from the day's list."""
    page = somebody(class_of_thirty).signs_in("teacher")
    page.get_by_role("link", name=LESSON).first.click()
    expect(page.locator("h1")).to_have_text(LESSON)
    return page


def rows(page: Page):  # noqa: ANN201
    return page.locator("#grid tbody tr")


def cell(page: Page, row: int, column: int):  # noqa: ANN201
    """Column 1 is attendance, 2 the answers."""
    return rows(page).nth(row).locator("td").nth(column - 1)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        time.sleep(HAND)


def test_thirty_pupils_are_marked_by_keys_alone_in_under_a_minute(lesson):
    begun = time.monotonic()
    while not lesson.evaluate("document.activeElement.matches('#grid td')"):
        lesson.keyboard.press("Tab")
    press(lesson, "ArrowRight")
    for number in range(30):
        press(lesson, "4 5 3 4 5".split()[number % 5], "Enter")
    expect(lesson.locator("#grid td[data-state=saving]")).to_have_count(0)
    taken = time.monotonic() - begun
    assert rows(lesson).count() == 30 and taken < 60
    lesson.reload()
    marked = [cell(lesson, row, 2).locator("[data-m]").last.inner_text() for row in range(30)]
    assert marked == "4 5 3 4 5".split() * 6


def test_letters_of_attendance_come_from_the_physical_key_on_the_english_layout(lesson):
    cell(lesson, 3, 1).click()
    press(lesson, "KeyY")  # prints «y»; the key is «н» on the Russian layout
    expect(cell(lesson, 3, 1)).to_have_text("н")
    expect(lesson.locator("#said")).to_contain_text("не был")
    lesson.reload()
    expect(cell(lesson, 3, 1)).to_have_text("н")


def test_what_a_second_tab_changed_is_shown_and_not_overwritten(lesson):
    cell(lesson, 5, 2).click()
    press(lesson, "3")
    expect(cell(lesson, 5, 2).locator("[data-m]")).to_have_text("3")
    other = lesson.context.new_page()
    other.goto(lesson.url)
    cell(other, 5, 2).click()
    press(other, "5")
    expect(cell(other, 5, 2).locator("[data-m]")).to_have_text("5")
    cell(lesson, 5, 2).click()
    press(lesson, "2")
    expect(cell(lesson, 5, 2).get_by_role("alert")).to_be_visible()
    expect(cell(lesson, 5, 2).locator("[data-m]")).to_have_text("5")
    other.reload()
    expect(cell(other, 5, 2).locator("[data-m]")).to_have_text("5")


def test_a_mark_typed_while_the_line_is_cut_says_so_and_is_saved_afterwards(lesson):
    lesson.context.set_offline(True)
    cell(lesson, 7, 2).click()
    press(lesson, "2")
    expect(lesson.locator("#notices")).to_contain_text("Нет связи")
    expect(cell(lesson, 7, 2)).to_have_attribute("data-state", "failed")
    lesson.context.set_offline(False)
    expect(cell(lesson, 7, 2).locator("[data-m]")).to_have_text("2")
    lesson.reload()
    expect(cell(lesson, 7, 2).locator("[data-m]")).to_have_text("2")
