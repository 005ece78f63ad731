"""The end of the term: results, a word to the family, the closing, and what is corrected after it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.term.acts import (
    ENGLISH,
    MATHS,
    RUSSIAN,
    cell_of_journal,
    choose,
    journal,
    opens_room,
    told,
)
from tests.e2e.term.cast import Cast


def the_teacher_sets_the_results_of_the_term(cast: Cast) -> None:
    """As suggested, but for Абрамов; н/а is no mark for Ким, who came to most lessons."""
    page = cast.anna
    journal(page, MATHS)
    page.get_by_role("link", name="Итоговые отметки").click()
    fields = page.locator("#results [data-pupil]")
    offered = [field.get_attribute("placeholder") or "" for field in fields.all()]
    assert offered[0] == "5" and all(offered)
    cast.hand.sets_results(page, ["4", *offered[1:]], not_certified=5)
    page.reload()
    expect(page.locator("#results tr", has_text="Абрамов")).to_contain_text("предложено 5")


def what_is_offered_is_set_in_the_other_subjects(cast: Cast) -> None:
    for page, title in ((cast.boris, RUSSIAN), (cast.boris, ENGLISH.format(2)), (cast.eva, ENGLISH.format(1))):
        journal(page, title)
        page.get_by_role("link", name="Итоговые отметки").click()
        page.get_by_role("link", name="Выставить все предложенные").click()
        page.get_by_role("button", name="Выставить").click()
        told(page, "Итоговые отметки сохранены")


def closing_is_refused_while_something_is_awaited(cast: Cast) -> None:
    """Ким still owes the control work, and a week has not passed."""
    page = cast.dina
    page.goto("/admin/closing")
    page.get_by_role("link", name="7А", exact=True).click()
    expect(page.locator("main")).to_contain_text("закрыть можно с 25\u00a0сентября 2026")
    expect(page.get_by_role("button", name="Закрыть: 7А")).to_have_count(0)


def the_class_teacher_writes_to_the_family(cast: Cast) -> None:
    page = cast.anna
    opens_room(page, "Сообщения")
    page.fill("#text", "Витя отлично закончил четверть")
    page.get_by_label("Волков Виктор").check()
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator("main table")).to_contain_text("Витя отлично закончил четверть")


def the_mother_answers_and_has_read_the_week(cast: Cast) -> None:
    page = cast.vera
    page.get_by_role("link", name="Сообщения").click()
    page.get_by_text("Ответить", exact=True).click()
    page.get_by_label("Ответ учителю").fill("Спасибо, мы рады")
    page.get_by_role("button", name="Отправить ответ").click()
    expect(page.locator("article")).to_contain_text("Спасибо, мы рады")
    page.get_by_role("link", name="Дневник").click()
    page.get_by_role("button", name="Ознакомлен").click()
    expect(page.locator("main")).to_contain_text("Вы ознакомились")


def the_class_teacher_sees_it(cast: Cast) -> None:
    page = cast.anna
    opens_room(page, "Сообщения")
    page.get_by_role("link", name="1 ответ").click()
    expect(page.locator("main")).to_contain_text("Спасибо, мы рады")
    opens_room(page, "Ознакомление")
    expect(page.locator("main")).to_contain_text("Ознакомились семьи: 1 из\u00a08")


def the_term_is_closed(cast: Cast) -> None:
    """While Анна has a cell of the journal in hand."""
    cast.hand.goes_to(cast.anna, MATHS, "Абрамов", 11)
    page = cast.dina
    page.goto("/admin/closing")
    page.get_by_role("link", name="7А", exact=True).click()
    expect(page.locator("main")).to_contain_text("Не всё готово")  # lessons that this story did not teach
    page.get_by_role("button", name="Закрыть всё равно: 7А, I четверть").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"закрыто\s+25\sсентября", re.IGNORECASE))


def a_correction_is_refused(cast: Cast) -> None:
    page = cast.anna
    cast.hand.enters(page, "4")
    cast.hand.hears(page, "Закрыто: I четверть")
    journal(page, MATHS)
    expect(page.locator("main .notice")).to_contain_text("Закрыто: I четверть")
    cell = cell_of_journal(page, cast.school, "Абрамов", 11)
    cell.click()
    page.keyboard.press("4")
    expect(cell.locator("b")).to_have_text("5")


def the_journal_is_opened_with_a_reason(cast: Cast) -> None:
    page = cast.dina
    choose(page, "Журнал", "Математика")
    page.get_by_role("button", name="Открыть").click()
    expect(page.locator("main [role=alert]").first).to_contain_text("Назовите причину")
    page.locator("form #reason").fill("Описка в контрольной работе")
    page.get_by_role("button", name="Открыть").click()
    expect(page.get_by_role("button", name="Закрыть сейчас")).to_be_visible()


def the_correction_is_made_and_told_apart(cast: Cast) -> None:
    """In mathematics only: the other journals stay closed."""
    cast.hand.goes_to(cast.anna, MATHS, "Абрамов", 11)
    cast.hand.enters(cast.anna, "4")
    journal(cast.anna, MATHS)
    expect(cell_of_journal(cast.anna, cast.school, "Абрамов", 11).locator("b")).to_have_text("4")
    journal(cast.boris, RUSSIAN)
    expect(cast.boris.locator("main .notice")).to_contain_text("Закрыто: I четверть")
    cast.dina.reload()
    changes = cast.dina.locator("table", has=cast.dina.get_by_text("Когда", exact=True))
    expect(changes).to_contain_text("Абрамов")
    expect(changes.locator("tbody tr")).to_have_count(1)
