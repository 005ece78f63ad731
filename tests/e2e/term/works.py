"""Works of the second and third week: on time and late, owed and written later, a certificate, a re-take."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.term.acts import (
    MATHS,
    RUSSIAN,
    cell_of_journal,
    choose,
    journal,
    opens_lesson,
    opens_room,
    opens_work,
    takes_attendance,
    takes_topic,
    told,
    writes_down,
)
from tests.e2e.term.cast import Cast
from tests.e2e.term.weeks import english_is_taught_in_two_groups


def five_works_in_russian_are_marked(cast: Cast) -> None:
    """On the seventh day: on time (R1)."""
    opens_work(cast.boris, RUSSIAN, "Вводная")
    cast.hand.fills_column(cast.boris, "4 3 4 5 2")


def another_work_in_russian_is_not_marked_for_one(cast: Cast) -> None:
    page = cast.boris
    opens_lesson(page, RUSSIAN)
    page.locator("#not_set").check()
    writes_down(page, topic="Диктант")
    page.get_by_text("Работа для всего класса").click()
    choose(page, "Вид работы", "Самостоятельная")
    page.fill("#title", "Словарный диктант")
    page.get_by_role("button", name="Объявить работу").click()
    told(page, "Работа объявлена")
    takes_attendance(page)
    opens_work(page, RUSSIAN, "Словарный диктант")
    cast.hand.fills_column(page, "5 – 4 4 3 5 3 5")


def three_more_are_marked_late(cast: Cast) -> None:
    opens_work(cast.boris, RUSSIAN, "Вводная")
    cast.hand.fills_column(cast.boris, "4 3 5", begins=5)


def thursday_is_taught(cast: Cast) -> None:
    page = cast.anna
    opens_lesson(page, MATHS)
    takes_topic(page)
    cast.hand.marks(page, {"Ким": "н", "Алиев": "3", "Волков": "4", "Яковлева": "зач"})
    takes_attendance(page)


def the_control_work_is_written_without_two(cast: Cast) -> None:
    page = cast.boris
    opens_lesson(page, RUSSIAN)
    writes_down(page, topic="Приставки")
    cast.hand.marks(page, {"Ким": "н", "Абрамов": "4"})
    takes_attendance(page)
    page = cast.anna
    opens_lesson(page, MATHS)
    takes_topic(page)
    work = page.locator("#grid thead th[data-for^=w]").get_attribute("data-place")
    cast.hand.marks(page, {"Волков": "н", "Ким": "н"})
    takes_attendance(page)
    cast.hand.marks(page, {"Абрамов": "5", "Алиев": "3", "Белова": "4", "Ёлкин": "2", "Мамин-Сибиряк": "4",
                              "Яковлева": "5"}, work)
    expect(page.locator("#grid .owes")).to_have_count(2)


def the_family_sees_what_is_owed(cast: Cast) -> None:
    page = cast.vera
    page.get_by_role("link", name="Отметки").click()
    expect(page.locator("#owed")).to_contain_text("Математика: Контрольная работа «Дроби»")


def one_of_them_writes_it_later(cast: Cast) -> None:
    """«Когда написал?»: at the latest lesson that he attended, which is today's."""
    page = cast.anna
    opens_lesson(page, MATHS)
    takes_topic(page)
    cast.hand.marks(page, {"Волков": "5", "Белова": "о"})
    takes_attendance(page)
    cast.hand.goes_to(page, MATHS, "Волков", 11)
    cast.hand.enters(page, "4")
    cast.hand.hears(page, "когда написал? Записано сегодня, 15\u00a0сентября")
    journal(page, MATHS)
    expect(cell_of_journal(page, cast.school, "Волков", 11).locator("b")).to_have_text("4")


def a_certificate_is_brought_late(cast: Cast) -> None:
    page = cast.anna
    opens_room(page, "Справки")
    page.get_by_text("Записать справку или заявление").click()
    choose(page, "Ученик", "Ким")
    page.fill("#from_on", "2026-09-10")
    page.fill("#to_on", "2026-09-11")
    choose(page, "Причина", "болезнь")
    page.get_by_role("button", name="Записать").click()
    journal(page, MATHS)
    for day in (10, 11):
        expect(cell_of_journal(page, cast.school, "Ким", day)).to_contain_text("б")


def a_bad_mark_is_mended(cast: Cast) -> None:
    page = cast.anna
    opens_lesson(page, MATHS)
    takes_topic(page)
    cast.hand.marks(page, {"Белова": "5"})
    takes_attendance(page)
    cast.hand.goes_to(page, MATHS, "Ёлкин", 11)
    cast.hand.enters(page, "/", "4")
    journal(page, MATHS)
    expect(cell_of_journal(page, cast.school, "Ёлкин", 11)).to_contain_text("2→4")


def the_overdue_mark_is_seen(cast: Cast) -> None:
    page = cast.boris
    page.goto("/teacher/")
    expect(page.locator("#awaited + ul")).to_contain_text("Словарный диктант")
    expect(page.locator("#awaited + ul .late")).to_contain_text("срок был 16")


def the_last_lessons_are_taught(cast: Cast) -> None:
    page = cast.anna
    opens_lesson(page, MATHS)
    takes_topic(page)
    cast.hand.marks(page, {"Алиев": "4", "Волков": "5", "Мамин-Сибиряк": "5"})
    takes_attendance(page)
    page = cast.boris
    opens_work(page, RUSSIAN, "Словарный диктант")
    cast.hand.fills_column(page, "4", begins=1)
    opens_lesson(page, RUSSIAN)
    writes_down(page, topic="Суффиксы", homework="упр. 40")
    cast.hand.marks(page, {"Абрамов": "5", "Мамин-Сибиряк": "5", "Ёлкин": "3"})
    takes_attendance(page)
    english_is_taught_in_two_groups(cast, {"Абрамов": "4", "Белова": "5", "Ёлкин": "3"},
                                    {"Волков": "5", "Алиев": "4", "Яковлева": "5"})
