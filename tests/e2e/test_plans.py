"""The lesson's offer of the next topic, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server
from tests.e2e.test_teacher_session import ends, signs_in_beside


@pytest.fixture
def lesson(demo: Server, somebody) -> Page:  # noqa: ANN001
    """A lesson of today that has taken no topic yet."""
    page = somebody(demo).signs_in("teacher")
    page.goto("/teacher/")
    found = page.eval_on_selector_all("main a[href*='/teacher/lessons/']", "links => links.map(link => link.pathname)")
    for address in dict.fromkeys(found):
        page.goto(address)
        if page.locator("button[name=take]").count():
            return page
    raise AssertionError("no lesson of the demo's today is offered a topic")


def test_the_topic_is_taken_at_one_click_also_after_signing_in_beside(lesson):
    """The plan's topic comes instead of what stood in the field; the page stays where it is."""
    offered = lesson.locator(".plan-offer").inner_text()
    lesson.fill("#topic", "черновик")
    ends(lesson)
    lesson.locator("button[name=take]").click()
    expect(lesson.locator("#notices")).to_contain_text("Вход истёк")
    signs_in_beside(lesson, "teacher")
    expect(lesson.locator("#notices")).to_contain_text("Тема записана")
    assert f"«{lesson.locator('#topic').input_value()}»" in offered
    lesson.fill("#topic", "Своя тема")
    lesson.press("#topic", "Enter")
    expect(lesson.locator("#notices")).to_contain_text("Запись урока сохранена")
    expect(lesson.locator("#topic")).to_have_value("Своя тема")
