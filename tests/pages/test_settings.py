"""Дина, the deputy head, keeps the school's settings (R2, R5, R7, R12, R13); what has legal effect holds from a day."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from ejd.school import settings
from tests.world import TODAY

OCTOBER = date(2026, 10, 1)


def value(school, key, on=TODAY):
    return settings.load(school.session).value(key, on=on)


def save(as_, school, section, data, **kw):
    dina = as_(school.dina)
    return dina.submit(dina.get(f"/admin/settings/{section}"), "main form", data, **kw)


def test_a_limit_holds_from_its_day(as_, school):
    save(as_, school, "limits", {"limit-test": "5", "unit-test": "school", "valid_from": "2026-10-01"})
    assert value(school, "limits")["test"] == {"days": 3, "unit": "school"}
    assert value(school, "limits", OCTOBER)["test"] == {"days": 5, "unit": "school"}
    page = as_(school.dina).get("/admin/settings/limits")
    assert "1 октября 2026 впереди Сроки школы по видам работ" in page.words
    assert "Контрольная работа – 5 учебных дней" in page.words and "Дмитриева Д. Д." in page.words


@pytest.mark.parametrize(("section", "data", "field", "sentence"), [
    # R2: never above a week
    ("limits", {"limit-test": "8"}, "limit-test", "срок школы не может превышать 7 дней"),
    ("limits", {"limit-oral": "сегодня"}, "limit-oral", "Ответ на уроке: укажите целое число дней"),
    ("limits", {"limit-test": "5", "valid_from": ""}, "valid_from", "Укажите, с какого дня"),
    ("limits", {"limit-test": "5", "valid_from": "2026-09-16"}, "valid_from", "начинает действовать сегодня или позже"),
    ("limits", {"limit-test": "5", "valid_from": "2126-09-16"}, "valid_from", "не дальше года вперёд"),
    ("launch", {"launch.marks": "первого сентября"}, "launch.marks", "Укажите дату"),
    ("launch", {"launch-5": "2026-02-31"}, "launch-5", "5-е классы: укажите дату"),
    ("marking", {"threshold-5": "пять"}, "threshold-5", "Порог для «5»"),
    ("marking", {"threshold-4": "4,75"}, "threshold-5", "Пороги должны убывать"),
    ("marking", {"density-1": "много"}, "density-1", "укажите целое число отметок"),
    ("marking", {"density-0": "6"}, "density-0", "Чем больше часов в неделю, тем больше отметок"),
    ("marking", {"density-2": "61"}, "density-0", "от 0 до 60"),
    ("access", {"session.hours": "0"}, "session.hours", "целое число от 1 до 72"),
    ("access", {"session.hours": ""}, "session.hours", "Укажите целое число"),
    ("access", {"password.length": "7"}, "password.length", "от 8 до 64"),
    ("school", {"school.address": "javascript:alert(1)"}, "school.address", "начинается с https://"),
    ("school", {"school.name": "Ш" * 201}, "school.name", "Не длиннее 200"),
])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(as_, school, section, data, field, sentence):
    before = {key: value(school, key, None) for key in settings.DEFINITIONS}
    page = save(as_, school, section, data, status=422)
    assert sentence in page.find(id=f"{field}-error").text
    for name, typed in data.items():
        assert page.find(attrs={"name": name})["value"] == typed
    assert page.title.text.startswith("Ошибка: ")
    assert before == {key: value(school, key, None) for key in settings.DEFINITIONS}


def test_one_wrong_field_saves_none(as_, school):
    save(as_, school, "marking", {"average": "arithmetic", "threshold-5": "x"}, status=422)
    assert value(school, "average") == "weighted"


def test_the_launch_date_holds_at_once_whenever_it_was_set_before(as_, school):
    """R7. The date before was written with a later day than today."""
    settings.change(school.session, actor_id=None, key="launch.marks", value="2026-10-05", valid_from=OCTOBER,
                    now=clock.now())
    save(as_, school, "launch", {"launch.marks": "2026-09-07", "launch-5": "2026-09-14"})
    assert settings.load(school.session).day("launch.marks") == date(2026, 9, 7)
    assert value(school, "launch.grades", None) == {"5": "2026-09-14"}


def test_an_emptied_limit_leaves_only_the_week(as_, school):
    save(as_, school, "limits", {"limit-essay": ""})
    assert "essay" not in value(school, "limits")


def test_a_new_homework_rule_moves_deadlines_from_its_day(as_, school):
    """R5."""
    before, after = date(2026, 9, 28), date(2026, 10, 5)
    course = school.course("7А", "Математика")
    unmoved = school.lesson(course, before).homework_due_at
    page = save(as_, school, "marking", {"homework.deadline": "lesson_end", "valid_from": "2026-10-01"})
    assert page.response.status_code == 302
    assert school.lesson(course, before).homework_due_at == unmoved
    assert school.lesson(course, after).homework_due_at == school.lesson(course, after).ends_at


def test_another_zone_moves_lessons_to_come(as_, school):
    course = school.course("7А", "Математика")
    held, to_come = school.lesson(course, date(2026, 9, 15)).starts_at, date(2026, 9, 21)
    assert school.lesson(course, to_come).starts_at.hour == 5  # 8:30 in Moscow
    try:
        save(as_, school, "school", {"zone": "Asia/Yekaterinburg"})
        assert school.lesson(course, to_come).starts_at.hour == 3
        assert school.lesson(course, date(2026, 9, 15)).starts_at == held
    finally:
        clock.use_zone(clock.DEFAULT_ZONE)


def test_saving_the_same_changes_nothing(as_, school):
    save(as_, school, "marking", {})
    page = as_(school.dina).get("/admin/settings/marking")
    assert "Здесь ещё ничего не меняли" in page.words


@pytest.mark.parametrize("section", ["school", "launch", "limits", "marking", "access"])
def test_an_empty_form_breaks_nothing(as_, school, section):
    before = {key: value(school, key, None) for key in settings.DEFINITIONS}
    as_(school.dina).post(f"/admin/settings/{section}", {}, status=302 if section == "launch" else 422)
    assert before == {key: value(school, key, None) for key in settings.DEFINITIONS}


def test_who_may_not_change_settings(as_, school):
    for person in (school.olga, school.igor, school.inna, school.anna):
        as_(person).get("/admin/settings", status=403)
    as_(school.dina).get("/admin/settings/nothing", status=404)


def test_statements(as_, school, at_most):
    dina = as_(school.dina)
    with at_most(8):
        dina.get("/admin/settings/limits")


def test_who_may_do_what_is_the_table_itself(as_, school):
    page = as_(school.inna).get("/admin/access")
    cells = {row.th.text: [cell.text.strip() for cell in row.select("td")] for row in page.select("tbody tr")}
    heads = [th.text for th in page.select("thead th")][1:]
    assert heads[:2] == ["Директор", "Заместитель директора"]
    assert cells["Менять настройки школы"] == ["да" if head in heads[:2] else "нет" for head in heads]
    assert "Учитель" not in heads  # the table is about the administration


def test_a_final_mark_over_several_subjects_is_written_in_lines(as_, school):
    """R12: mathematics over algebra and geometry, with weights."""
    dina = as_(school.dina)
    page = dina.get("/admin/settings/results")
    assert page.select_one("textarea").text.strip().startswith("Математика: Алгебра 1;")
    saved = "Математика: Алгебра 3; Геометрия 2; экзамен 5"
    dina.submit(page, "main form.card", {"results.combined": saved, "results.due": "3"})
    again = dina.get("/admin/settings/results")
    assert again.select_one("textarea").text.strip() == saved
    assert again.select_one("[name='results.due']")["value"] == "3"


@pytest.mark.parametrize("line", ["Математика", "Математика: Алгебра", "Математика: Алгебра 1 Геометрия",
                                  "Математика: Алгебра 0", "Математика: экзамен 1", "Математика: Математика 1"])
def test_a_line_that_says_nothing_is_told_and_kept(as_, school, line):
    dina = as_(school.dina)
    page = dina.submit(dina.get("/admin/settings/results"), "main form.card", {"results.combined": line}, status=422)
    assert page.select_one("textarea[aria-invalid]").text.strip() == line
    assert page.select("[role=alert]")
