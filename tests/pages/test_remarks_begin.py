"""Дина begins a remark from the list of remarks: to a teacher, on a journal, on a lesson of a day (R61); the list turns
its pages and its file has everything."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from ejd import clock
from ejd.remarks.models import JournalRemark
from ejd.schedule.models import Lesson

NEW = "/admin/remarks/new"


def of_7a(school):
    return f"{NEW}?class={school.school_class('7А').id}"


def chosen(visitor, page, form, fields):
    """What the choice leads to."""
    answer = visitor.submit(page, form, fields, status=302)
    return visitor.get(answer.response.location)


def test_the_list_leads_to_a_new_remark_and_that_to_a_teacher(as_, school, at_most):
    dina = as_(school.dina)
    link = dina.get("/admin/remarks").select_one("main a.primary")
    assert link.text == "Новое замечание"
    with at_most(8):
        page = dina.get(link["href"])
    form = chosen(dina, page, "#to-teacher + form", {"teacher": str(school.boris.id)})
    assert "Борисов Борис Борисович" in form.h1.text and form.select_one("textarea")


def test_a_journal_of_a_class_and_a_lesson_of_a_day_are_chosen(as_, school, at_most):
    dina = as_(school.dina)
    with at_most(8):
        page = dina.get(of_7a(school))
    offered = {option.text.replace("\xa0", " ") for option in page.select("#course option")}
    assert "Математика – Андреева Анна Аркадьевна" in offered and len(offered) == 4
    course = str(school.course("7А", "Математика").id)
    choose = "form:has(#course)"
    assert chosen(dina, page, choose, {"course": course}).select_one("#first")  # a page of the journal
    lesson = chosen(dina, page, choose, {"course": course, "day": "2026-09-15"})
    assert "7А, Математика, урок 15\xa0сентября" in lesson.h1.text and "А.." not in lesson.words


@pytest.mark.parametrize(("asked", "says"), [
    ("teacher=", "Выберите учителя"),
    ("course={course}&day=2026-09-16", "16 сентября урока по этому журналу нет"),
    ("course={course}&day=завтра", "Дата записывается как 01.09.2026"),
])
def test_what_cannot_be_is_said_at_its_place_and_the_choice_stays(as_, school, asked, says):
    course = school.course("7А", "Математика").id
    page = as_(school.dina).get(f"{of_7a(school)}&{asked.format(course=course)}", status=422)
    assert says in page.select_one(".error").get_text().replace("\xa0", " ")
    if "course" in asked:
        assert page.select_one("#course option[selected]")["value"] == str(course)


def test_two_lessons_of_a_day_are_offered(as_, school):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    second = Lesson(course_id=lesson.course_id, day=lesson.day, number=7, starts_at=lesson.starts_at,
                    ends_at=lesson.ends_at, teacher_id=lesson.teacher_id)
    school.session.add(second)
    school.session.flush()
    page = as_(school.dina).get(f"{of_7a(school)}&course={lesson.course_id}&day=2026-09-15")
    assert {a["href"] for a in page.select("section li a")} == {
        f"/admin/courses/{lesson.course_id}/lessons/{one.id}/remark" for one in (lesson, second)}


def test_who_only_reads_remarks_is_not_offered_to_make_one(as_, school):
    inna = as_(school.inna)
    assert not inna.get("/admin/remarks").select(f"a[href='{NEW}']")
    inna.get(NEW, status=403)


def test_a_long_list_turns_its_pages_and_its_file_has_everything(as_, school, at_most):
    school.session.execute(insert(JournalRemark), [
        {"teacher_id": school.boris.id, "made_by_id": school.dina.id, "made_on": date(2026, 9, 17),
         "made_at": clock.now(), "text": f"Замечание {n}", "answer": "", "key": f"key-{n}", "version": 1}
        for n in range(1, 206)])
    dina = as_(school.dina)
    with at_most(8):
        first = dina.get("/admin/remarks")
    assert "205 замечаний, новые сверху; страница 1 из 3" in first.words
    second = dina.get(first.select_one("nav[aria-label=Страницы] a")["href"])
    assert [row.select_one(".text").text for row in second.select("tbody tr")] == [
        f"Замечание {n}" for n in range(105, 5, -1)]
    last = dina.get("/admin/remarks?page=99999", status=302).response.location
    assert len(dina.get(last).select("tbody tr")) == 5
    sheet = load_workbook(BytesIO(dina.get("/admin/remarks.xlsx").response.data)).active
    assert sum("Замечание " in str(cell.value) for row in sheet for cell in row) == 205
    assert len(as_(school.boris).get("/teacher/remarks").select("tbody tr")) == 205


@pytest.mark.parametrize(("asked", "found"), [
    ("from=2026-09-14&to=2026-09-16", 1), ("from=2026-09-16", 0), ("to=2026-09-14", 0), ("from=завтра", 1),
    ("state=unclosed", 1),
])
def test_the_list_is_chosen_by_the_days_it_is_about(as_, school, asked, found):
    dina = as_(school.dina)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    form = f"/admin/courses/{lesson.course_id}/lessons/{lesson.id}/remark"
    dina.submit(dina.get(form), "form.card", {"text": "Нет темы"})
    assert len(dina.get(f"/admin/remarks?{asked}").select("tbody tr")) == found
