"""The assessment calendar (R16): Анна plans a work and is warned before it is saved; Дина sees the school's and
publishes it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from ejd.audit.models import AuditRecord
from ejd.journal import works
from ejd.journal.assessments import warnings_for
from ejd.journal.models import Work
from tests.journal import Hand
from tests.world import NOW, TODAY

FRIDAY, MONDAY, TUESDAY = date(2026, 9, 18), date(2026, 9, 21), date(2026, 9, 22)


@pytest.fixture
def anna(as_, school):
    return as_(school.anna)


@pytest.fixture
def course(school):
    return school.course("7А", "Математика")


@pytest.fixture
def plan(anna, school, course):
    """Анна fills in the form for a lesson of 7А and presses the button."""

    def press(day, status=302, page=None, **more):
        page = page or anna.get(f"/teacher/courses/{course.id}/assessments/new")
        given = {"lesson_id": str(school.lesson(course, day).id), "kind_id": str(school.kind("test").id)} | more
        return anna.submit(page, "form.card", given, status=status)

    return press


def declared(school, class_name, day, *, of="Математика", by=None, minutes=40, series="", subgroup=0):
    hand = Hand(school, by or school.anna)
    return hand.declares(school.lesson(school.course(class_name, of, subgroup), day), minutes=minutes, series=series)


def standing(school):
    return school.session.scalars(select(Work).filter_by(withdrawn_at=None).execution_options(
        populate_existing=True)).all()


def test_a_work_is_planned_where_nothing_is_against_it(anna, school, plan, course):
    """Friday's third lesson of 7А, once Борис has the fourth."""
    lesson = school.lesson(course, FRIDAY)
    school.lesson(school.course("7А", "Русский"), date(2026, 9, 16)).number = 4
    russian = school.lesson(school.course("7А", "Русский"), date(2026, 9, 16))
    russian.day = FRIDAY
    school.session.commit()
    plan(FRIDAY)
    [work] = standing(school)
    assert (work.lesson_id, work.assessment, work.minutes, work.author_id) == (lesson.id, True, 40, school.anna.id)


def test_warnings_come_before_saving_and_the_second_press_saves(anna, school, plan):
    page = plan(MONDAY, status=422, title="Дроби", series="Входная")
    told = page.select_one("[role=alert]").text
    assert "У 7А это первый урок в этот день" in told
    assert page.find(id="title")["value"] == "Дроби" and page.find(id="series")["value"] == "Входная"
    assert standing(school) == []
    anna.submit(page, "form.card")
    [work] = standing(school)
    assert (work.assessment, work.minutes, work.title, work.series) == (True, 40, "Дроби", "Входная")
    listed = anna.get("/teacher/assessments")
    assert "Контрольная работа «Дроби»" in listed.words and "первый или последний урок" in listed.words


def test_another_lesson_is_warned_of_anew(anna, school, plan):
    page = plan(MONDAY, status=422)
    page = plan(TUESDAY, page=page, status=422)
    assert "последний урок" in page.select_one("[role=alert]").text and standing(school) == []


def test_the_form_pressed_twice_plans_once(anna, school, plan):
    page = plan(MONDAY, status=422)
    anna.submit(page, "form.card")
    anna.submit(page, "form.card")
    assert len(standing(school)) == 1


@pytest.mark.parametrize(("data", "sentence"), [
    ({"lesson_id": "999999"}, "Выберите урок"), ({"lesson_id": "x"}, "Выберите урок"),
    ({"kind_id": "x"}, "Выберите вид"), ({"kind_id": "999999"}, ""),
    ({"minutes": "29"}, "не меньше 30"), ({"minutes": "час"}, "не меньше 30"), ({"minutes": "301"}, "до 300"),
    ({"title": "а" * 201}, "200"), ({"series": "а" * 61}, "60"),
])
def test_garbage_gets_a_sentence_and_plans_nothing(anna, school, course, data, sentence):
    lesson = school.lesson(course, MONDAY)
    given = {"lesson_id": str(lesson.id), "kind_id": str(school.kind("test").id), "minutes": "45", "title": "Дроби",
             "series": "", "seen": f"{lesson.id}-1"} | data
    page = anna.post(f"/teacher/courses/{course.id}/assessments/new", given, status=422)
    assert sentence in page.select_one("[role=alert]").text and standing(school) == []
    assert page.find(id="title")["value"] == given["title"]


def test_a_work_is_put_off_and_renamed(anna, school, course):
    work = declared(school, "7А", MONDAY)
    page = anna.get(f"/teacher/assessments/{work.id}")
    page = anna.submit(page, "form.card", {"lesson_id": str(school.lesson(course, TUESDAY).id), "minutes": "45",
                                           "title": "Степени"}, status=422)
    anna.submit(page, "form.card")
    [moved] = standing(school)
    assert (moved.lesson_id, moved.minutes, moved.title) == (school.lesson(course, TUESDAY).id, 45, "Степени")
    assert school.session.scalars(select(AuditRecord.subject_id).filter_by(verb="work.moved")).all() == [work.id]


def test_a_work_changed_in_another_window_is_told(anna, school):
    work = declared(school, "7А", MONDAY)
    lesson_id = work.lesson_id
    works.change_work(school.session, actor_id=school.anna.id, work_id=work.id, version=1, now=NOW, title="Степени",
                      settings=Hand(school, school.anna).settings)
    school.session.commit()
    page = anna.post(f"/teacher/assessments/{work.id}", {
        "lesson_id": str(lesson_id), "minutes": "45", "title": "Дроби", "version": "1", "seen": f"{lesson_id}-1"},
        status=409)
    assert "«Степени»" in page.select_one("[role=alert]").text and page.find(id="title")["value"] == "Дроби"


def test_a_written_work_is_not_put_off(anna, school, course):
    lesson = school.lesson(course, TODAY)
    hand, work = Hand(school, school.anna), declared(school, "7А", TODAY)
    hand.takes_attendance(lesson)
    school.session.commit()
    monday = school.lesson(course, MONDAY)
    page = anna.post(f"/teacher/assessments/{work.id}", {
        "lesson_id": str(monday.id), "minutes": "45", "title": "", "version": str(work.version),
        "seen": f"{monday.id}-1"}, status=422)
    assert "уже писали" in page.select_one("[role=alert]").text
    assert standing(school)[0].lesson_id == lesson.id


def test_both_subgroups_are_one_work(school):
    """Борис's subgroup writes with Ева's: no second work of that day."""
    declared(school, "7А", TUESDAY, of="Иностранный", by=school.eva, subgroup=1)
    other = school.lesson(school.course("7А", "Иностранный", 2), TUESDAY)
    told = " ".join(warnings_for(school.session, lesson_id=other.id, minutes=40, series=""))
    assert "в этот день" not in told.replace("урок в этот день", "") and "в параллели" not in told


def test_the_parallel_is_asked(school, at_most):
    declared(school, "7Б", MONDAY)
    lesson_id = school.lesson(school.course("7А", "Математика"), TUESDAY).id
    with at_most(6):
        told = warnings_for(school.session, lesson_id=lesson_id, minutes=40, series="")
    assert any("в 7Б оценочная работа пн, 21\u00a0сентября" in sentence for sentence in told)
    assert warnings_for(school.session, lesson_id=lesson_id, minutes=20, series="") == []
    declared(school, "7Б", date(2026, 9, 23), series="Входная")
    assert not any("ср, 23" in one for one in warnings_for(
        school.session, lesson_id=school.lesson(school.course("7А", "Математика"), date(2026, 9, 24)).id,
        minutes=40, series="Входная"))


def test_works_of_cancelled_lessons_and_short_ones_are_not_in_it(as_, school):
    declared(school, "7А", MONDAY, minutes=20)
    declared(school, "7А", TUESDAY).withdrawn_at = NOW
    school.session.commit()
    assert "оценочных работ нет" in as_(school.dina).get("/admin/assessments").words


def test_the_school_sees_its_calendar_and_what_is_against_it(as_, school, at_most):
    declared(school, "7А", MONDAY)
    declared(school, "7А", MONDAY, of="Русский", by=school.boris)
    declared(school, "7Б", MONDAY)
    declared(school, "7А", date(2026, 9, 25), of="Иностранный", by=school.boris, subgroup=2)
    school.session.commit()
    dina = as_(school.dina)
    dina.get("/admin/assessments")
    with at_most(8):
        page = dina.get("/admin/assessments")
    head, *rows = page.select("div.wide tr")
    assert [cell.text for cell in head.select("th")] == ["Класс", "пн\u00a021.09", "пт\u00a025.09"]
    assert [row.th.text for row in rows] == ["7А", "7Б"]
    assert "Матем. к/р" in rows[0].text and "Рус. яз. к/р" in rows[0].text and "Англ. яз. к/р" in rows[0].text
    assert "две в день. В 7А в этот день уже есть оценочная работа: Русский язык" in page.words
    only = dina.get(f"/admin/assessments?class_id={school.school_class('7Б').id}")
    assert [row.th.text for row in only.select("div.wide tbody tr")] == ["7Б"]
    assert "оценочных работ нет" in dina.get("/admin/assessments?grade=1").words
    assert "Учебный год" in dina.get("/admin/assessments?term_id=0").words


@pytest.mark.parametrize("query", ["term_id=x", "term_id=999999", "grade=-1", "class_id=" + "9" * 30])
def test_odd_addresses_still_show_a_page(as_, school, query):
    as_(school.dina).get(f"/admin/assessments?{query}")


def test_it_is_published_as_a_workbook_and_on_paper(as_, school):
    declared(school, "7А", MONDAY)
    declared(school, "7Б", date(2026, 9, 23))
    school.session.commit()
    dina = as_(school.dina)
    sheet = load_workbook(BytesIO(dina.get("/admin/assessments.xlsx").response.data)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert ["Класс", "21.09", "23.09"] in rows and ["7А", "Матем. к/р", None] in rows
    assert str(rows[1][0]).startswith("Школа № 12 · I четверть: с "), "whose it is (R16)"
    assert dina.get("/admin/assessments.pdf").response.data.startswith(b"%PDF")


def test_a_colleague_plans_nothing_in_it(as_, school, course):
    as_(school.boris).get(f"/teacher/courses/{course.id}/assessments/new", status=404)
    work = declared(school, "7А", MONDAY)
    school.session.commit()
    as_(school.eva).get(f"/teacher/assessments/{work.id}", status=404)


def test_statements(anna, school, course, at_most):
    work = declared(school, "7А", MONDAY)
    school.session.commit()
    for url in ("/teacher/assessments", f"/teacher/assessments/{work.id}",
                f"/teacher/courses/{course.id}/assessments/new"):
        anna.get(url)
        with at_most(8):
            anna.get(url)


@pytest.mark.parametrize("page", ["works", "lesson"])
def test_a_work_declared_elsewhere_is_warned_of_too_and_stands_in_the_calendar(as_, school, page):
    """R16 holds wherever half an hour of the whole class is declared."""
    anna = as_(school.anna)
    course = school.course("7А", "Математика")
    lesson = school.lesson(course, date(2026, 9, 22))
    Hand(school, school.anna).declares(school.lesson(course, date(2026, 9, 21)), minutes=40)
    school.session.commit()
    url = f"/teacher/courses/{course.id}/works" if page == "works" else f"/teacher/lessons/{lesson.id}"
    form = "#new-title ~ form" if page == "works" else "#sheet form:has(input[name=series])"
    kind = {"kind_id" if page == "works" else "kind": str(school.kind("test").id)}
    where = {"lesson": str(lesson.id)} if page == "works" else {}
    typed = {"title": "Дроби", "minutes": "45"} | kind | where
    refused = anna.submit(anna.get(url), form, typed, status=422)
    assert "По правилам эту работу" in refused.words
    assert refused.select_one(f"{form} input[name=title]")["value"] == "Дроби"
    assert "Дроби" not in anna.get("/teacher/assessments").words
    anna.submit(refused, form, typed)
    assert "Дроби" in anna.get("/teacher/assessments").words


@pytest.mark.parametrize("minutes", ["сорок", "-5", "9999"])
def test_minutes_that_are_none_are_refused_at_their_field(as_, school, minutes):
    anna, course = as_(school.anna), school.course("7А", "Математика")
    page = anna.get(f"/teacher/courses/{course.id}/works")
    refused = anna.submit(page, "#new-title ~ form", {"minutes": minutes}, status=422)
    assert refused.select_one("#minutes-error") and refused.select_one("#minutes")["value"] == minutes
