"""The journal and the sheet by keys: what a figure is for, what is taken back, what another tab did, what is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_teacher import cell, press
from tests.e2e.test_teacher_session import a_cell_of_today

LESSON = "9А, Русский язык"  # today's fourth
TOPIC = "Тема, написанная без связи"


@pytest.fixture
def teacher(demo: Server, somebody) -> Page:  # noqa: ANN001
    return somebody(demo).signs_in("teacher")


@pytest.fixture
def journal(teacher: Page) -> Page:
    teacher.goto("/teacher/journals")
    teacher.locator("main .rows a").first.click()
    expect(teacher.locator("#grid")).to_be_visible()
    return teacher


@pytest.fixture
def lesson(teacher: Page) -> Page:
    teacher.get_by_role("link", name=LESSON).first.click()
    expect(teacher.locator("h1")).to_have_text(LESSON)
    return teacher


def an_empty_answer(page: Page):  # noqa: ANN201
    place = page.evaluate(
        "[...document.querySelectorAll(\"#grid td[id$='-0']\")].find(td => !td.textContent.trim()).id")
    return page.locator(f"[id='{place}']")


def test_a_deleted_only_mark_leaves_the_journal(journal):
    mine = a_cell_of_today(journal)
    mine.click()
    press(journal, "4")
    expect(mine.locator("b")).to_have_text("4")
    press(journal, "Delete")
    expect(mine.locator("b")).to_have_count(0)
    expect(journal.locator("#said")).to_contain_text("сохранено")


def test_a_figure_for_an_awaited_work_leaves_the_other_mark(journal):
    place = journal.evaluate("""() => {
        const found = [...document.querySelectorAll('#grid td')].find(
            td => td.querySelector('.awaited, .overdue') && !td.querySelector('b, [data-v]'));
        return [found.parentNode.id, found.cellIndex, document.querySelectorAll('#grid thead tr')[1]
            .cells[found.cellIndex - 1].id.slice(1)];
    }""")
    mine = journal.locator(f"#{place[0]} > *").nth(place[1])
    other = journal.context.new_page()
    other.goto(f"/teacher/lessons/{place[2]}/pupils/{place[0][1:]}")
    other.select_option("#value", "3")
    other.select_option("#for-new", label="Ответ на уроке")
    other.get_by_role("button", name="Поставить").click()
    journal.reload()
    mine.click()
    press(journal, "5")
    expect(mine.locator("b")).to_have_text([re.compile("^3"), re.compile("^5")])
    press(journal, "4")
    expect(mine.locator("b")).to_have_text([re.compile("^3"), re.compile("^4")])


def test_a_refused_figure_stays_in_sight_with_its_reason(journal):
    last = journal.evaluate("document.querySelectorAll('#grid thead tr')[1].cells.length")
    mine = journal.locator("#grid tbody tr").first.locator("> *").nth(last)  # the term's last lesson: still to come
    mine.click()
    press(journal, "5")
    expect(mine).to_have_attribute("data-state", "refused")
    assert mine.evaluate("cell => getComputedStyle(cell, '::after').content") == '"5"'
    press(journal, "Enter")
    expect(journal.locator("#said")).to_contain_text(re.compile("^Не принято: .+, 5 – Урок ещё не начался"))


def test_of_two_works_a_figure_asks_for_which(lesson):
    for title in ("Первая", "Вторая"):
        works = lesson.locator("#sheet details").first
        if works.get_attribute("open") is None:
            works.locator("summary").first.click()
        lesson.fill("#title", title)
        lesson.get_by_role("button", name="Объявить работу").click()
        expect(lesson.locator("#sheet")).to_contain_text(f"«{title}»")
        assert lesson.evaluate("document.activeElement.matches('#grid td')"), "the keys go on in the grid"
    place = lesson.locator("#grid").get_attribute("data-lesson")
    lesson.get_by_role("link", name="журнал", exact=True).click()
    column = lesson.evaluate(f"document.getElementById('l{place}').cellIndex + 1")
    number = lesson.evaluate(f"[...document.querySelectorAll('#grid tbody tr')].findIndex("
                             f"row => !row.cells[{column}].querySelector('[data-m]'))")
    mine = lesson.locator("#grid tbody tr").nth(number).locator("> *").nth(column)
    mine.click()
    press(lesson, "5")
    expect(lesson.locator("#said")).to_contain_text("На уроке две работы")
    expect(mine.locator("[data-m]")).to_have_count(0)


def test_another_kind_on_the_sheet_is_another_mark(lesson):
    mine = an_empty_answer(lesson)
    mine.click()
    press(lesson, "4")
    expect(mine.locator("b")).to_have_text("4")
    lesson.select_option("#kind", label="домашняя работа")
    mine.click()
    press(lesson, "2")
    expect(mine.locator("b")).to_have_text([re.compile("4"), re.compile(r"2\s*д/з")])
    press(lesson, "3")
    expect(mine.locator("b")).to_have_text([re.compile("4"), re.compile(r"3\s*д/з")])


def test_two_tabs_at_an_empty_cell_make_one_mark(lesson):
    other = lesson.context.new_page()
    other.goto(lesson.url)
    mine = an_empty_answer(lesson)
    place = mine.get_attribute("id")
    mine.click()
    press(lesson, "5")
    expect(mine.locator("b")).to_have_text("5")
    theirs = other.locator(f"[id='{place}']")
    theirs.click()
    press(other, "3")
    expect(theirs.get_by_role("alert")).to_contain_text("сейчас там «5», вы вносили «3»")
    expect(other.locator("#said")).to_contain_text("вы вносили «3»")
    press(other, "Enter")
    expect(other.locator("#said")).to_contain_text("Не принято")
    other.reload()
    expect(other.locator(f"[id='{place}'] b")).to_have_text("5")


def test_a_topic_written_while_the_line_is_cut_stays_and_is_saved_afterwards(lesson):
    lesson.context.set_offline(True)
    lesson.fill("#topic", TOPIC)
    lesson.get_by_role("button", name="Сохранить запись").click()
    expect(lesson.locator("#notices")).to_contain_text("Нет связи")
    assert lesson.input_value("#topic") == TOPIC
    lesson.context.set_offline(False)
    lesson.locator("#notices").get_by_role("button", name="Повторить").click()
    expect(lesson.locator("#notices")).to_contain_text("Запись урока сохранена")
    assert not lesson.evaluate("document.activeElement.matches('#grid td')"), "a stray key would be a mark"
    lesson.reload()
    assert lesson.input_value("#topic") == TOPIC


def test_an_unsaved_topic_is_warned_about(lesson):
    asked = []

    def leave(dialog) -> None:  # noqa: ANN001
        asked.append(dialog.type)
        dialog.accept()

    lesson.on("dialog", leave)
    lesson.fill("#topic", "Не сохранено")
    lesson.get_by_role("link", name="весь день").click()
    lesson.wait_for_url("**/teacher/?day=*")
    assert asked == ["beforeunload"]


def test_unsent_marks_are_told_of_on_the_first_page_and_space_does_not_leave(lesson):
    lesson.route("**/pupils/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    mine = an_empty_answer(lesson)
    mine.click()
    press(lesson, "4")
    expect(mine).to_have_attribute("data-state", "failed")
    here = lesson.url
    press(lesson, " ")
    expect(lesson.locator("#said")).to_contain_text("Сначала уйдёт неотправленное")
    assert lesson.url == here
    lesson.unroute("**/pupils/*")
    other = lesson.context.new_page()
    other.goto("/teacher/")
    expect(other.locator("#unsent")).to_contain_text("Не отправлено записей: 1")
    other.close()
    lesson.locator("#notices").get_by_role("button", name="Повторить").click()
    expect(mine.locator("b")).to_have_text("4")
    expect(lesson.locator("#said")).to_contain_text("Всё сохранено")


def test_an_unknown_key_says_which_there_are(lesson):
    cell(lesson, 0, 2).click()
    press(lesson, "7")
    expect(lesson.locator("#said")).to_contain_text("Такой клавиши нет")


def test_cells_are_one_link_away(lesson):
    lesson.evaluate("document.activeElement.blur()")
    for _ in range(2):
        lesson.keyboard.press("Tab")
    lesson.keyboard.press("Enter")
    assert lesson.evaluate("document.activeElement.matches('#grid td')")
