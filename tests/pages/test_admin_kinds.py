"""Kinds of work as the school's leadership keeps them; codes stay, none is deleted."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.journal.models import Mark, WorkKind
from tests.journal import Hand, records

URL = "/admin/settings/kinds"


def kinds(school):
    return school.session.scalars(select(WorkKind).order_by(WorkKind.position)
                                  .execution_options(populate_existing=True)).all()


def one(school, code="test"):
    return f"{URL}/{school.kind(code).id}"


def test_the_list_tells_each_with_the_schools_term(as_, school):
    """R2"""
    page = as_(school.dina).get(URL)
    rows = {row.th.text: [" ".join(cell.text.split()) for cell in row.select("td")] for row in page.select("tbody tr")}
    assert rows["Контрольная работа"] == ["к/р", "2", "всему классу, отметок ждут", "3 учебных дня", "да"]
    assert rows["Ответ на уроке"][-2] == "в тот же день" and rows["Домашняя работа"][-2] == "только неделя"
    assert rows["Из справки"][-2] == "срока нет"


def test_a_kind_is_renamed_and_moved_and_keeps_its_code(as_, school):
    dina = as_(school.dina)
    dina.submit(dina.get(one(school)), "main form", {"name": "Проверочная работа", "short_name": "п/р", "weight": "3",
                                                     "place": "2"})
    kind = kinds(school)[1]
    assert (kind.code, kind.name, kind.short_name, kind.weight) == ("test", "Проверочная работа", "п/р", 3)
    assert [kind.position for kind in kinds(school)] == list(range(6))
    [record] = records(school, "work_kind.changed")
    assert record == '{"fields":["name","short_name","weight","place"]}'


def test_marks_that_stand_keep_their_weight(as_, school):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    Hand(school, school.anna).puts(lesson, school.vitya, "5", kind_id=school.kind("test").id)
    school.session.commit()
    dina = as_(school.dina)
    dina.submit(dina.get(one(school)), "main form", {"weight": "5"})
    assert school.session.scalars(select(Mark.weight)).all() == [2]


def test_a_new_kind_is_added_once(as_, school):
    dina = as_(school.dina)
    page = dina.get(f"{URL}/new")
    for _ in range(2):
        dina.submit(page, "main form", {"name": "Зачёт по теме", "short_name": "зчт", "weight": "2", "place": "3"})
    assert [kind.short_name for kind in kinds(school)].count("зчт") == 1 and kinds(school)[2].short_name == "зчт"


def test_what_is_used_no_more_is_not_offered_and_its_marks_stay(as_, school):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    hand = Hand(school, school.anna)
    work = hand.declares(lesson, "essay")
    mark = hand.puts(lesson, school.vitya, "5", work_id=work.id)
    school.session.commit()
    dina, anna = as_(school.dina), as_(school.anna)
    dina.submit(dina.get(one(school, "essay")), "main form", {"retired": "yes"})
    assert "больше нет" in dina.get(URL).words
    works = anna.get(f"/teacher/courses/{lesson.course_id}/works")
    offered = [option.text for option in works.select("#kind_id option")]
    assert offered == ["Самостоятельная работа", "Контрольная работа"]
    kim = school.person("Ким", "Софья").id
    cell = anna.get(f"/teacher/lessons/{lesson.id}/pupils/{kim}")
    assert f"k{school.kind('essay').id}" not in [option["value"] for option in cell.select("#for-new option")]
    anna.post(f"/teacher/lessons/{lesson.id}/pupils/{kim}", status=422, data={
        "act": "put", "value": "5", "key": "k", "for": f"k{school.kind('essay').id}"})
    hand.describes(mark, weight=3)
    assert anna.get(f"/teacher/works/{work.id}").select_one("#kind_id [selected]").text == "Сочинение, изложение"


def test_the_first_is_what_a_key_puts(as_, school):
    dina = as_(school.dina)
    page = dina.submit(dina.get(one(school)), "main form", {"place": "1"}, status=422)
    assert "Первым стоит то, за что ставят отметку клавишей" in page.words
    page = dina.submit(dina.get(one(school, "oral")), "main form", {"retired": "yes"}, status=422)
    assert "Первым стоит" in page.words and page.select_one("#retired").has_attr("checked")
    assert [kind.code for kind in kinds(school)][0] == "oral" and not kinds(school)[0].retired


def test_another_hand_is_told_with_both_values(as_, school):
    dina = as_(school.dina)
    old = dina.get(one(school))
    dina.submit(dina.get(one(school)), "main form", {"name": "Проверочная"})
    page = dina.submit(old, "main form", {"name": "Контрольный срез"}, status=409)
    assert "Сейчас: Проверочная, к/р, вес 2" in page.words
    assert page.select_one("#name")["value"] == "Контрольный срез"
    dina.submit(page, "main form")
    assert school.kind("test").name == "Контрольный срез"


@pytest.mark.parametrize(("garbage", "says"), [
    ({"name": ""}, "Назовите вид работы"), ({"short_name": " "}, "Назовите вид работы"),
    ({"name": "домашняя РАБОТА"}, "с таким названием уже есть"), ({"short_name": "Д/З"}, "Так уже коротко называется"),
    ({"weight": "0"}, "от 1 до 20"), ({"weight": "сто"}, "от 1 до 20"), ({"place": "x"}, "целое число"),
    ({"name": "х" * 61}, "Слишком длинно"), ({"short_name": "х" * 13}, "Слишком длинно")])
def test_garbage_gets_a_sentence(as_, school, garbage, says):
    dina = as_(school.dina)
    for url in (one(school), f"{URL}/new"):
        form = {"name": "Срез", "short_name": "срез", "weight": "1", "place": "3", "key": "k"} | garbage
        assert says in dina.post(url, form, status=422).words
    assert len(kinds(school)) == 6 and school.kind("test").name == "Контрольная работа"


def test_without_a_key_nothing_is_added(as_, school):
    form = {"name": "Срез", "short_name": "срез", "weight": "1", "place": "3"}
    assert "Страница устарела" in as_(school.dina).post(f"{URL}/new", form, status=422).words


def test_strangers_and_other_positions(as_, school):
    as_(school.dina).get(f"{URL}/999999", status=404)
    for person in (school.olga, school.igor, school.inna, school.anna, school.vera):
        as_(person).get(URL, status=403)
        as_(person).post(one(school), status=403)


def test_statements_are_bounded(as_, school, at_most):
    dina = as_(school.dina)
    with at_most(8):
        dina.get(URL)
