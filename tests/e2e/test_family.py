"""A parent on a small phone with JavaScript off reads what the teacher put a moment ago."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Server

CHILD = "Кондратьева Ольга"


def test_the_parent_sees_a_mark_put_a_moment_ago_on_360_pixels_without_javascript(demo: Server, somebody):  # noqa: ANN001
    page = somebody(demo).signs_in("teacher")
    page.get_by_role("link", name="7В, Литература").first.click()
    row = page.locator("#grid tbody tr", has_text=CHILD)
    row.locator("td").nth(1).click()
    page.keyboard.press("+")
    page.keyboard.press("5")
    expect(row.locator("td").nth(1).locator("[data-m]").last).to_have_text("5")

    visitor = somebody(demo, width=360, javascript=False)
    family = visitor.signs_in("parent")
    asked: list[str] = []
    family.on("request", lambda request: asked.append(request.resource_type))
    family.locator(".children").get_by_role("link", name=CHILD.split()[1]).click()
    expect(family.get_by_role("heading", level=1)).to_contain_text(CHILD)
    today = family.locator(".day.today li", has_text="Литература")
    expect(today.locator(".mark b").last).to_have_text("5")
    assert not visitor.scrolls_sideways()
    assert "script" not in asked
    family.get_by_role("link", name="Отметки", exact=True).click()
    expect(family.get_by_role("heading", name="Литература")).to_be_visible()
    assert not visitor.scrolls_sideways()


def test_every_page_of_the_family_fits_360_pixels(demo: Server, somebody):  # noqa: ANN001
    visitor = somebody(demo, width=360)
    page = visitor.signs_in("student")
    for address in ("/student/", "/student/diary?week=2026-W40", "/student/marks", "/account"):
        page.goto(address)
        assert not visitor.scrolls_sideways(), address
