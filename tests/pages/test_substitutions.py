"""Ольга in the office settles a day: who is away, who stands in, and what it comes to in a month (R6)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from ejd import clock
from ejd.schedule import substitutions
from ejd.schedule.models import Lesson, LessonState, TeacherAbsence
from tests.world import NOW, TODAY

MONDAY = date(2026, 9, 21)


@pytest.fixture
def olga(as_, school):
    return as_(school.olga)


@pytest.fixture
def anna_away(olga, school):
    page = olga.get("/admin/absences")
    olga.submit(page, "main form.card", {"teacher_id": str(school.anna.id), "from_on": str(MONDAY),
                                         "to_on": "2026-09-22", "reason": "курсы"})


def lesson(school, name, day=MONDAY):
    return school.lesson(school.course(name, "Математика"), day)


def choices(page, lesson):
    return [option.text.replace("\u00a0", " ") for option in page.select(f"#lesson-{lesson.id} option")]


def test_lessons_of_an_absent_teacher_wait_and_the_free_are_offered(olga, school, anna_away, at_most):
    olga.get(f"/admin/substitutions?day={MONDAY}")
    with at_most(8):
        page = olga.get(f"/admin/substitutions?day={MONDAY}")
    assert page.h1.text == "Замены на пн, 21\u00a0сентября"
    assert "Отсутствуют: Андреева А. А. (курсы)" in page.words
    assert [row.th.text[0] for row in page.select("#waiting tbody tr")] == ["1", "3"]
    # Ева has a lesson of 1А at that hour; Борис teaches in 7А and has one lesson that day
    assert choices(page, lesson(school, "7А")) == ["пока никто", "Борисов Б. Б. – ведёт в этом классе, 1 урок"]
    # in 7Б nobody teaches anything else; Ева teaches mathematics in 1А, so she comes first
    assert choices(page, lesson(school, "7Б"))[1:] == ["Ершова Е. Е. – тот же предмет, 1 урок", "Борисов Б. Б., 1 урок"]


def test_free_means_by_the_real_bells(olga, school, anna_away):
    """Ева's lesson of class 1 goes on when lesson 3 of 7Б has begun."""
    of_eva = lesson(school, "1А")
    of_eva.starts_at, of_eva.ends_at = clock.at(MONDAY, 10, 0), clock.at(MONDAY, 10, 35)
    school.session.commit()
    page = olga.get(f"/admin/substitutions?day={MONDAY}")
    assert choices(page, lesson(school, "7Б"))[1:] == ["Борисов Б. Б., 1 урок"]
    assert [text.split(" –")[0] for text in choices(page, lesson(school, "7А"))[1:]] == [
        "Ершова Е. Е.", "Борисов Б. Б."]


def test_the_whole_day_is_settled_with_one_press(olga, school, anna_away):
    olga.submit(olga.get(f"/admin/substitutions?day={MONDAY}"), "form[method=post][action$=substitutions]")
    taught = {name: lesson(school, name) for name in ("7А", "7Б")}
    assert (taught["7А"].teacher_id, taught["7Б"].teacher_id) == (school.boris.id, school.eva.id)
    assert {one.substitutes_id for one in taught.values()} == {school.anna.id}
    page = olga.get(f"/admin/substitutions?day={MONDAY}")
    assert "Замены назначены: 2 урока." in page.words and not page.select("#waiting")
    assert "Ершова Е. Е. Андреева А. А. замена" in page.words


def test_somebody_else_was_faster(olga, school, anna_away):
    page = olga.get(f"/admin/substitutions?day={MONDAY}")
    substitutions.substitute_many(school.session, actor_id=school.dina.id, lessons=[lesson(school, "7А")],
                                  teacher_id=school.eva.id, now=NOW)
    school.session.commit()
    page = olga.submit(page, "form[method=post][action$=substitutions]", status=409)
    assert "7А, урок 1, Ершова\u00a0Е.\u00a0Е." in page.select_one("[role=alert]").text
    assert lesson(school, "7Б").teacher_id == school.anna.id, "all or none"


def test_an_absence_can_be_taken_back(olga, school, anna_away):
    page = olga.get("/admin/absences")
    assert "21–22 сентября" in page.words and "курсы" in page.words
    olga.submit(page, "form[action$=withdraw]")
    assert "Никто не отсутствует" in olga.get("/admin/absences").words
    assert not olga.get(f"/admin/substitutions?day={MONDAY}").select("#waiting")


def test_the_same_absence_twice_is_one(olga, school, anna_away):
    olga.post("/admin/absences", {"teacher_id": str(school.anna.id), "from_on": str(MONDAY), "to_on": "2026-09-22"})
    assert len(school.session.scalars(select(TeacherAbsence)).all()) == 1


@pytest.mark.parametrize(("data", "sentence"), [
    ({"teacher_id": ""}, "Выберите, кто отсутствует"),
    ({"teacher_id": "999999"}, "в школе не работает"),
    ({"from_on": "вчера"}, "первый день"),
    ({"to_on": "вчера"}, "Последний день – дата"),
    ({"to_on": "2026-09-01"}, "не раньше первого"),
    ({"to_on": "2029-09-01"}, "не длиннее года"),
    ({"reason": "а" * 101}, "не длиннее 100"),
])
def test_what_is_wrong_with_an_absence_is_said_and_kept(olga, school, data, sentence):
    given = {"teacher_id": str(school.anna.id), "from_on": str(MONDAY), "to_on": "", "reason": "курсы"} | data
    page = olga.post("/admin/absences", given, status=422)
    assert sentence in page.select_one("[role=alert]").text
    assert page.find(id="reason")["value"] == given["reason"]
    assert school.session.scalars(select(TeacherAbsence)).all() == []


def test_days_of_an_absence_do_not_overlap(olga, school, anna_away):
    page = olga.post("/admin/absences", {"teacher_id": str(school.anna.id), "from_on": "2026-09-22",
                                         "to_on": "2026-09-25"}, status=422)
    assert "уже записана" in page.select_one("[role=alert]").text


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "999999"])
def test_garbage_settles_nothing(olga, school, anna_away, value):
    olga.post("/admin/substitutions", {"day": str(MONDAY), f"lesson-{lesson(school, '7А').id}": value,
                                       "lesson-": "1", "lesson-x": "1"}, status=422 if value == "999999" else 302)
    assert lesson(school, "7А").teacher_id == school.anna.id


def test_who_stood_in_for_whom_in_a_month(olga, school, at_most):
    for name, day in (("7А", date(2026, 9, 14)), ("7А", date(2026, 9, 15)), ("7А", MONDAY)):
        substitutions.substitute_many(school.session, actor_id=school.olga.id, lessons=[lesson(school, name, day)],
                                      teacher_id=school.boris.id, now=NOW)
    school.session.commit()
    olga.get("/admin/substitutions/replaced")
    with at_most(8):
        page = olga.get(f"/admin/substitutions/replaced?day={TODAY}")
    assert "Борисов Б. Б. Андреева А. А. 7А, Математика 2 –" in page.words, "what is to come is not held yet"
    assert "Всего: Борисов Б. Б. 2" in page.words
    sheet = load_workbook(BytesIO(olga.get(f"/admin/substitutions/replaced.xlsx?day={TODAY}").response.data)).active
    assert sheet is not None
    assert ("Борисов\u00a0Б.\u00a0Б.", "Андреева\u00a0А.\u00a0А.", "7А, Математика", 2, 0) in list(
        sheet.iter_rows(values_only=True))
    assert sheet["A2"].value.startswith("Школа № 12 · с 1")
    paper = olga.get(f"/admin/substitutions/replaced.pdf?day={TODAY}").response
    assert paper.data.startswith(b"%PDF") and quote("Замены, сентябрь 2026.pdf") in paper.headers["Content-Disposition"]
    empty = load_workbook(BytesIO(olga.get("/admin/substitutions/replaced.xlsx?day=2026-10-01").response.data)).active
    assert empty is not None and empty.max_row == 4, "only what stands above the lines"
    assert olga.get("/admin/substitutions/replaced.pdf?day=2026-10-01").response.data.startswith(b"%PDF")
    assert "состоявшихся замен нет" in olga.get("/admin/substitutions/replaced?day=2026-10-01").words


# the day's list: moved, merged, remote

def test_a_lesson_is_moved_and_brought_back(olga, school, as_):
    chosen = {"lesson": str(lesson(school, "7А").id), "day": str(MONDAY), "whole": "1"}
    olga.post("/admin/lessons/move", chosen | {"to_day": "2026-09-25", "to_number": "5", "reason": "Болезнь учителя"})
    listed = olga.get(f"/admin/lessons?day={MONDAY}&whole=1").words
    assert "перенесён на пт, 25 сентября, урок 5: Болезнь учителя" in listed
    assert "перенесён на пт, 25 сентября" in as_(school.anna).get(f"/teacher/?day={MONDAY}").words
    assert "урок перенесён на пт, 25 сентября: Болезнь учителя" in as_(school.vitya).get(
        "/student/diary?week=2026-W39").words
    olga.post("/admin/lessons/restore", chosen)
    assert lesson(school, "7А").state == LessonState.PLANNED


def test_two_lessons_are_given_together(olga, school, as_):
    first, second = (school.lesson(school.course("7А", "Иностранный", number), date(2026, 9, 22)) for number in (1, 2))
    olga.post("/admin/lessons/merge", {"lesson": str(second.id), "into": str(first.id), "day": "2026-09-22",
                                       "whole": "1"})
    assert "замена вместо: Борисов Б. Б. объединён" in olga.get("/admin/lessons?day=2026-09-22&whole=1").words
    assert "вместе с вашим уроком, вместо: Борисов Б. Б." in as_(school.eva).get("/teacher/?day=2026-09-22").words


def test_lessons_of_a_class_are_held_remotely(olga, school, as_):
    chosen = {"all": "1", "day": str(MONDAY), "class_id": str(school.school_class("7А").id)}
    olga.post("/admin/lessons/remote", chosen | {"remote": "1"})
    assert len(school.session.scalars(select(Lesson).filter_by(remote=True)).all()) == 2
    assert "дистанционно" in as_(school.vitya).get("/student/diary?week=2026-W39").words
    olga.post("/admin/lessons/remote", chosen | {"remote": "0"})
    assert school.session.scalars(select(Lesson).filter_by(remote=True)).all() == []


@pytest.mark.parametrize(("act", "data", "sentence"), [
    ("move", {}, "Укажите день"), ("move", {"to_day": "потом"}, "Укажите день"),
    ("move", {"to_day": "2026-09-26", "to_number": "пятый", "reason": "Карантин"}, "целое число"),
    ("move", {"to_day": "2026-09-26", "to_number": "99", "reason": "Карантин"}, "нет звонка"),
    ("move", {"to_day": "2026-09-26"}, "причину переноса"),
    ("merge", {}, "с каким уроком"), ("merge", {"into": "999999"}, "с каким уроком"),
])
def test_what_is_missing_is_asked_for(olga, school, act, data, sentence):
    page = olga.post(f"/admin/lessons/{act}", data | {"day": str(MONDAY), "whole": "1",
                                                      "lesson": str(lesson(school, "7А").id)}, status=422)
    assert sentence in page.select_one("[role=alert]").text
    for name in ("to_day", "to_number", "reason"):
        assert page.find(id=name)["value"] == data.get(name, "")
    assert lesson(school, "7А").state == LessonState.PLANNED
