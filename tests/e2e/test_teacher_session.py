"""A session that ends under a teacher's hands: nothing typed is lost, and only the same person's marks go on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server


@pytest.fixture
def journal(demo: Server, somebody) -> Page:  # noqa: ANN001
    """The first journal of the list, at today's column."""
    page = somebody(demo).signs_in("teacher")
    page.goto("/teacher/journals")
    page.locator("main .rows a").first.click()
    expect(page.locator("#grid")).to_be_visible()
    return page


def a_cell_of_today(page: Page):  # noqa: ANN201
    """An empty cell of the latest lesson that has one, found once: it stays the same when it fills."""
    place = page.evaluate("""() => {
        const rows = [...document.querySelectorAll('#grid tbody tr')];
        const marked = rows.flatMap(row => [...row.querySelectorAll('b')].map(mark => mark.closest('td').cellIndex));
        const empty = cell => !cell.textContent.trim() && !cell.classList.contains('x');
        for (let last = Math.max(...marked); last > 0; last--) {
            const row = rows.find(row => empty(row.cells[last]));
            if (row) return [row.id, last];
        }
    }""")
    return page.locator(f"#{place[0]} > *").nth(place[1])


def ends(page: Page) -> None:
    """Sign out in another tab of the same browser: the session is over in this one as well."""
    other = page.context.new_page()
    other.goto("/account")
    other.locator("header").get_by_role("button", name="Выйти").click()
    other.wait_for_url("**/login*")
    other.close()


def signs_in_beside(page: Page, login: str) -> None:
    with page.context.expect_page() as opened:
        page.locator("#notices a").click()
    beside = opened.value
    beside.fill("[name=login]", login)
    beside.fill("[name=password]", "demo")
    beside.click("main form button")
    beside.wait_for_url("**/login/beside")
    beside.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_after_signing_in_beside_the_mark_goes_on(journal):
    cell = a_cell_of_today(journal)
    ends(journal)
    cell.click()
    journal.keyboard.press("4")
    expect(cell).to_have_attribute("data-state", "failed")
    expect(journal.locator("#notices")).to_contain_text("Вход истёк")
    signs_in_beside(journal, "teacher")
    expect(cell.locator("b")).to_have_text("4")
    expect(journal.locator("#notices")).to_be_empty()


def test_somebody_else_who_signed_in_beside_does_not_send_it(journal):
    cell = a_cell_of_today(journal)
    ends(journal)
    cell.click()
    journal.keyboard.press("3")
    expect(journal.locator("#notices")).to_contain_text("Вход истёк")
    signs_in_beside(journal, "parent")
    expect(journal.locator("#notices")).to_contain_text("Вошёл другой человек")
    expect(cell).to_have_attribute("data-state", "failed")
    kept = journal.evaluate("Object.values(localStorage).join()")
    assert '"value":"3"' in kept
    assert not [letter for letter in kept if "а" <= letter.lower() <= "я"], "no names, no words"
