"""The first week of the term and the substitution: timetable, plan, first lessons, an announced absence."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.term.acts import (
    ENGLISH,
    MATHS,
    RUSSIAN,
    choose,
    opens_lesson,
    takes_attendance,
    takes_topic,
    told,
    writes_down,
)
from tests.e2e.term.cast import Cast

PLAN = """Тема;Часы;Домашнее задание;Вид контроля
Натуральные числа;1;№ 5, 7;
Делимость чисел;2;№ 12;
Обыкновенные дроби;2;§ 3, № 20;
Контрольная работа «Дроби»;1;;Контрольная работа
Проценты;2;№ 31, 32;
Повторение;1;;
"""


def the_deputy_makes_the_timetable(cast: Cast) -> None:
    page = cast.dina
    page.goto("/admin/timetable/new")
    page.fill("#valid_from", "2026-09-01")
    page.get_by_role("button", name="Создать черновик").click()
    page.get_by_role("link", name="7А", exact=True).click()
    week = {"вт, урок 1": "Математика", "ср, урок 1": "Русский", "чт, урок 1": "Математика",
            "пт, урок 1": "Русский", "пт, урок 2": "Математика", "пт, урок 3": "п/г 1+2"}
    for place, subject in week.items():
        choose(page, place, subject)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_text("поставлено 3 из 3 ч")).to_be_visible()
    page.locator("main p a").first.click()
    page.get_by_role("link", name="Ввести в действие…").click()
    page.get_by_role("button", name="Посмотреть, что произойдёт").click()
    page.get_by_role("button", name="Ввести в действие").click()
    told(page, "Расписание действует с")


def the_teacher_brings_in_the_plan(cast: Cast, folder) -> None:  # noqa: ANN001
    page, file = cast.anna, folder / "ктп.csv"
    file.write_text(PLAN, encoding="utf-8")
    page.goto("/teacher/plans")
    page.get_by_role("link", name="7А, Математика").first.click()
    page.get_by_role("link", name="Загрузить").first.click()
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Посмотреть, что получится").click()
    expect(page.locator("main")).to_contain_text("6 тем на 9 часов")
    page.get_by_role("button", name="Записать план").click()
    told(page, "План записан: 6 тем")


def the_teacher_plans_a_control_work(cast: Cast) -> None:
    """R16 warns before saving: not at the first lesson. The eleventh is chosen instead."""
    page = cast.anna
    page.goto("/teacher/assessments")
    page.get_by_role("link", name=MATHS).click()
    choose(page, "Урок", "вт, 1\u00a0сентября")
    choose(page, "Вид работы", "Контрольная")
    page.fill("#title", "Дроби")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("main [role=alert]")).to_contain_text("По правилам эту работу здесь не ставят")
    choose(page, "Урок", "пт, 11\u00a0сентября")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("main table")).to_contain_text("«Дроби»")


def the_first_lesson_is_taught(cast: Cast, folder) -> None:  # noqa: ANN001
    page, sheet = cast.anna, folder / "задачи.txt"
    sheet.write_text("1. Сколько будет 7 × 8?", encoding="utf-8")
    opens_lesson(page, MATHS)
    takes_topic(page)
    expect(page.locator("#topic")).to_have_value("Натуральные числа")
    expect(page.locator("#homework")).to_have_value("№ 5, 7")
    page.set_input_files("#files", sheet)
    writes_down(page, minutes="20")
    cast.hand.marks(page, {"Ёлкин": "н", "Абрамов": "5", "Белова": "4", "Волков": "5"})
    takes_attendance(page)


def the_family_sees_the_first_day(cast: Cast) -> None:
    page = cast.vera
    page.locator("main a", has_text="Виктор").first.click()
    day = page.locator(".day.today")
    expect(day).to_contain_text("Математика")
    expect(day.locator(".mark")).to_contain_text("5")
    coming = page.locator(".day", has_text="чт, 3\u00a0сентября")
    expect(coming).to_contain_text("№ 5, 7")
    expect(coming.get_by_role("link", name="задачи.txt")).to_be_visible()


def a_work_is_written_in_russian(cast: Cast) -> None:
    """Declared for the class; its marks come later."""
    page = cast.boris
    opens_lesson(page, RUSSIAN)
    writes_down(page, topic="Повторение", homework="упр. 3")
    page.get_by_text("Работа для всего класса").click()
    choose(page, "Вид работы", "Самостоятельная")
    page.fill("#title", "Вводная")
    page.get_by_role("button", name="Объявить работу").click()
    told(page, "Работа объявлена")
    takes_attendance(page)


def the_mother_announces_an_absence(cast: Cast) -> None:
    page = cast.vera
    page.get_by_role("link", name="Пропуски").click()
    page.get_by_text("Сообщить об отсутствии").click()
    page.fill("#from_on", "2026-09-03")
    page.fill("#word", "едем к бабушке")
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator("#announced + ul")).to_contain_text("чт, 3\u00a0сентября")


def the_class_teacher_accepts_it(cast: Cast) -> None:
    page = cast.anna
    page.goto("/teacher/")
    page.get_by_role("link", name="сообщение об отсутствии").click()
    page.get_by_label("Ответ семье").fill("Хорошо, задание в дневнике")
    page.get_by_role("button", name="Принять").click()
    expect(page.locator("main table")).to_contain_text("Хорошо, задание в дневнике")


def the_letter_stands_at_the_lesson(cast: Cast) -> None:
    """Grey until attendance is taken; then it is the lesson's own."""
    page, vitya = cast.anna, cast.school.pupils["Волков"]
    opens_lesson(page, MATHS)
    takes_topic(page)
    expect(page.locator(f"#p{vitya}-a .soft")).to_have_text("у")
    cast.hand.marks(page, {"Абрамов": "5", "Алиев": "3", "Ким": "4", "Мамин-Сибиряк": "о 4", "Яковлева": "5"})
    takes_attendance(page)
    expect(page.locator(f"#p{vitya}-a abbr:not(.soft)")).to_have_text("у")
    cast.vera.reload()
    expect(cast.vera.locator("main")).to_contain_text("весь день")


def friday_is_taught(cast: Cast) -> None:
    page = cast.anna
    opens_lesson(page, MATHS)
    takes_topic(page)
    cast.hand.marks(page, {"Ёлкин": "2", "Белова": "4", "Яковлева": "5"})
    takes_attendance(page)
    page = cast.boris
    opens_lesson(page, RUSSIAN)
    cast.hand.marks(page, {"Алиев": "3", "Ким": "5", "Волков": "4"})
    takes_attendance(page)
    english_is_taught_in_two_groups(cast, {"Абрамов": "5", "Белова": "4", "Ёлкин": "3"},
                                    {"Волков": "5", "Ким": "о 4", "Яковлева": "5"})


def english_is_taught_in_two_groups(cast: Cast, first: dict[str, str], second: dict[str, str]) -> None:
    for page, number, given in ((cast.eva, 1, first), (cast.boris, 2, second)):
        opens_lesson(page, ENGLISH.format(number))
        writes_down(page, topic="Hello again", homework=f"Ex. {number}")
        cast.hand.marks(page, given)
        takes_attendance(page)


def the_office_names_a_substitute(cast: Cast) -> None:
    """Борис writes Friday's topic and homework only today: late."""
    page = cast.boris
    opens_lesson(page, RUSSIAN, 4)
    writes_down(page, topic="Корень слова", homework="упр. 8")
    page = cast.olga
    page.goto("/admin/absences")
    choose(page, "Кто отсутствует", "Андреева")
    page.fill("#from_on", "2026-09-08")
    page.fill("#reason", "курсы")
    page.get_by_role("button", name="Записать").click()
    choose(page, "Кто заменит: 7А, урок 1, Математика", "Ершова")
    page.get_by_role("button", name="Назначить замены").click()
    expect(page.locator("#changes")).to_contain_text("Ершова")


def the_substitute_has_this_lesson_only(cast: Cast) -> None:
    page = cast.eva
    opens_lesson(page, MATHS)
    expect(page.locator("main")).to_contain_text("вместо Андреева")
    takes_topic(page)
    cast.hand.marks(page, {"Абрамов": "4", "Ким": "5", "Мамин-Сибиряк": "3"})
    takes_attendance(page)
    expect(page.get_by_role("link", name="журнал", exact=True)).to_have_count(0)
    mine = page.url
    other = cast.anna
    opens_lesson(other, MATHS, 4)
    for address in (other.url, other.get_by_role("link", name="журнал", exact=True).get_attribute("href")):
        assert page.goto(address).status == 404
    assert page.goto(mine).status == 200
