"""Results by keys alone: Наумова В. М. of the demo school sets a half-year of 10А; without JavaScript by a form."""

from __future__ import annotations

from playwright.sync_api import Page, expect

JOURNAL = "10А Русский язык"


def fields(page: Page):  # noqa: ANN201
    return page.locator("#results [data-pupil]")


def open_results(page: Page) -> None:
    page.goto("/teacher/journals")
    page.get_by_role("link", name=JOURNAL).click()
    page.get_by_role("link", name="Итоговые отметки").click()


def test_a_figure_is_saved_and_the_next_pupil_is_in_hand(demo, somebody):
    page = somebody(demo).signs_in("teacher")
    open_results(page)
    fields(page).first.focus()
    for figure in "543":
        page.keyboard.press(figure)
    expect(fields(page).nth(3)).to_be_focused()
    expect(page.locator("[data-state=saved]")).to_have_count(3)
    expect(page.locator("#said")).to_contain_text("3 – сохранено")
    page.keyboard.type("н/а")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=refused]")).to_have_count(1)
    expect(page.locator(".notes.error")).to_contain_text("н/а ставят, когда")
    fields(page).nth(3).fill("")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=refused]")).to_have_count(0)
    page.reload()
    assert [fields(page).nth(index).input_value() for index in range(4)] == ["5", "4", "3", ""]
    fields(page).first.press("Delete")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#said")).to_contain_text("отметки нет – сохранено")


def test_a_cut_line_keeps_what_was_typed(demo, somebody):
    visitor = somebody(demo)
    page = visitor.signs_in("teacher")
    open_results(page)
    visitor.context.set_offline(True)
    fields(page).nth(5).press("4")
    expect(page.locator("#notices")).to_contain_text("Нет связи")
    visitor.context.set_offline(False)
    expect(page.locator("[data-state=saved]")).to_have_count(1)
    expect(page.locator("#notices")).to_be_empty()
    page.reload()
    assert fields(page).nth(5).input_value() == "4"


def test_an_answer_that_comes_slowly_loses_no_figure_typed_meanwhile(demo, somebody):
    visitor = somebody(demo)
    visitor.context.add_init_script("""const read = Response.prototype.json;
        Response.prototype.json = function () {
            return new Promise(wait => setTimeout(wait, 300)).then(() => read.call(this));
        };""")
    page = visitor.signs_in("teacher")
    open_results(page)
    fields(page).nth(10).focus()
    for figure in "5434":
        page.keyboard.press(figure)
        page.wait_for_timeout(150)  # the hand goes on while answers are on their way
    expect(page.locator("[data-state=saved]")).to_have_count(4)
    page.reload()
    assert [fields(page).nth(index).input_value() for index in range(10, 14)] == ["5", "4", "3", "4"]


def test_without_javascript_and_on_a_phone(demo, somebody):
    visitor = somebody(demo, width=360, javascript=False)
    page = visitor.signs_in("teacher")
    open_results(page)
    fields(page).nth(7).fill("4")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#notices")).to_contain_text("Итоговые отметки сохранены")
    assert fields(page).nth(7).input_value() == "4" and not visitor.scrolls_sideways()
    page.get_by_role("link", name="Выставить все предложенные").click()
    page.get_by_role("button", name="Выставить").click()
    expect(page.locator("main")).to_contain_text("Выставлено всё: 27 отметок")
    assert not visitor.scrolls_sideways()
