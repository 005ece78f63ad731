"""Ольга in the office: lessons of a day are cancelled, restored, given to a substitute, one by one or in bulk (R6)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.journal.models import Mark
from ejd.schedule.models import Lesson, LessonState
from ejd.school.models import BellSchedule, DayOff, MovedDay, SchoolYear
from tests.world import TODAY

MONDAY = date(2026, 9, 21)
DAY = f"day={MONDAY}&whole=1"
WHOLE = {"all": "1", "whole": "1", "day": str(MONDAY)}


@pytest.fixture
def olga(as_, school):
    return as_(school.olga)


def cancelled(school):
    school.session.expire_all()
    return set(school.session.scalars(select(Lesson.id).filter_by(state=LessonState.CANCELLED.value)))


def test_the_list_is_of_today_and_can_be_narrowed(olga, school):
    assert "четверг, 17 сентября: 2 урока" in olga.get("/admin/lessons?whole=1").words
    seven_a = school.school_class("7А").id
    assert "понедельник, 21 сентября: 2 урока" in olga.get(f"/admin/lessons?{DAY}&class_id={seven_a}").words
    page = olga.get(f"/admin/lessons?day={MONDAY}&teacher_id={school.anna.id}")
    assert [row.th.text for row in page.select("#lessons tbody tr")] == ["7А", "7Б"]
    later = page.find("a", string="днём позже")["href"]
    assert later == f"/admin/lessons?day=2026-09-22&teacher_id={school.anna.id}"


def test_a_moved_day_and_a_class_that_is_off_are_said(as_, olga, school, at_most):
    """To the office and to the teacher."""
    year = school.session.scalars(select(SchoolYear)).one()
    day = date(2026, 9, 21)
    school.session.add(MovedDay(year_id=year.id, day=day, weekday=5))
    school.session.add(DayOff(year_id=year.id, name="Карантин", starts_on=day, ends_on=day, holidays=False,
                              class_id=school.school_class("7А").id))
    school.session.flush()
    with at_most(8):
        page = olga.get(f"/admin/lessons?{DAY}&class_id={school.school_class('7А').id}")
    said = "По расписанию пятницы. 7А: уроков нет, «Карантин»."
    assert said in page.words and said in as_(school.anna).get("/teacher/?day=2026-09-21").words


def test_one_lesson_is_cancelled_with_a_reason(olga, school):
    lesson = school.lesson(school.course("7А", "Математика"), MONDAY)
    page = olga.get(f"/admin/lessons?{DAY}")
    olga.submit(page, "form[action$=cancel]", {"lesson": str(lesson.id), "reason": "Карантин"})
    assert cancelled(school) == {lesson.id}
    page = olga.get(f"/admin/lessons?{DAY}")
    assert "Отменено: 1 урок." in page.words and "отменён Карантин" in page.words


def test_a_whole_class_loses_its_day_and_gets_it_back(olga, school):
    of_class = f"{DAY}&class_id={school.school_class('7А').id}"
    page = olga.get(f"/admin/lessons?{of_class}")
    olga.submit(page, "form[action$=cancel]", {"all": "1", "reason": "Карантин"})
    assert len(cancelled(school)) == 2
    olga.post("/admin/lessons/restore", WHOLE)
    assert cancelled(school) == set()


def test_the_whole_school_has_no_lessons_that_day(olga, school):
    olga.post("/admin/lessons/cancel", WHOLE | {"reason": "Актированный день"})
    assert len(cancelled(school)) == 4


def test_a_substitute_is_named_and_taken_back(olga, school):
    lesson = school.lesson(school.course("7А", "Математика"), MONDAY)
    chosen = {"lesson": str(lesson.id), "day": str(MONDAY), "whole": "1"}
    answer = olga.post("/admin/lessons/substitute", chosen | {"substitute": str(school.boris.id)})
    assert answer.response.location.endswith(f"/admin/lessons?day={MONDAY}&whole=1")
    assert "Борисов Б. Б. замена вместо: Андреева А. А." in olga.get(f"/admin/lessons?{DAY}").words
    assert school.session.get(Lesson, lesson.id).teacher_id == school.boris.id
    olga.post("/admin/lessons/substitute", chosen | {"substitute": ""})
    assert school.session.get(Lesson, lesson.id).teacher_id == school.anna.id


def test_two_lessons_at_once_are_allowed_but_said(olga, school):
    """Classes may be merged under one teacher (R6); a slip is noticed at once."""
    lesson = school.lesson(school.course("7А", "Математика"), MONDAY)
    olga.post("/admin/lessons/substitute", {"lesson": str(lesson.id), "day": str(MONDAY),
                                            "substitute": str(school.eva.id)})
    assert "Ершова Е. Е. в одно время ведёт 1А, урок 1, и 7А, урок 1." in olga.get(f"/admin/lessons?{DAY}").words


def test_marks_hold_the_act_back_and_nothing_typed_is_lost(olga, school):
    lesson = school.lesson(school.course("7А", "Математика"), TODAY)
    school.session.add(Mark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, kind_id=school.kind("oral").id, value="5", received_on=TODAY,
        entered_on=TODAY, entered_at=lesson.ends_at, entered_by_id=school.anna.id, responsible_id=school.anna.id,
        days_taken=0, key="k", last_key="k"))
    school.session.flush()
    page = olga.post("/admin/lessons/cancel", {"lesson": str(lesson.id), "day": str(TODAY), "reason": "Карантин",
                                              "whole": "1"}, status=422)
    assert "7А, урок 1, Математика: стоят отметки" in page.select_one("[role=alert]").text
    assert page.find(id="reason")["value"] == "Карантин"
    assert page.select_one(f"input[name=lesson][value='{lesson.id}']").has_attr("checked")
    assert cancelled(school) == set()


def mark_in(school, lesson):
    school.session.add(Mark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, kind_id=school.kind("oral").id, value="5",
        received_on=lesson.day, entered_on=lesson.day, entered_at=lesson.ends_at, entered_by_id=school.anna.id,
        responsible_id=school.anna.id, days_taken=0, key=f"k{lesson.id}", last_key=f"k{lesson.id}"))
    school.session.commit()


def test_what_is_held_back_is_listed_and_the_rest_can_go(as_, school):
    math, russian = (school.lesson(school.course("7А", name), MONDAY) for name in ("Математика", "Русский"))
    mark_in(school, math)
    of_class = WHOLE | {"class_id": str(school.school_class("7А").id), "reason": "Карантин"}
    dina = as_(school.dina)
    page = dina.post("/admin/lessons/cancel", of_class, status=422)
    link = page.find("a", string="7А, урок 1, Математика")["href"]
    assert link == f"/admin/courses/{math.course_id}/journal?day={MONDAY}#l{math.id}"
    assert page.find("button", attrs={"name": "sparing"}).text == "Отменить остальные 1"
    assert page.find(id="all").has_attr("checked") and page.find(id="reason")["value"] == "Карантин"
    dina.post("/admin/lessons/cancel", of_class | {"sparing": "1"})
    assert cancelled(school) == {russian.id}
    page = as_(school.olga).post("/admin/lessons/cancel", of_class | {"class_id": ""}, status=422)
    assert page.find("a", string="7А, урок 1, Математика")["href"] == f"#lesson-{math.id}", "the office sees no marks"
    assert page.select_one(f"#lesson-{math.id}")


def test_nothing_is_offered_when_every_lesson_is_held_back(olga, school):
    lesson = school.lesson(school.course("7А", "Математика"), MONDAY)
    mark_in(school, lesson)
    page = olga.post("/admin/lessons/cancel", {"lesson": str(lesson.id), "day": str(MONDAY), "whole": "1",
                                              "reason": "Карантин"}, status=422)
    assert not page.find("button", attrs={"name": "sparing"})


def test_the_page_asks_whose_lessons_first(olga, school):
    page = olga.get(f"/admin/lessons?day={MONDAY}")
    assert not page.select("#lessons") and "Чьи уроки показать?" in page.words
    parallel = olga.get(page.find("a", string="7-е классы")["href"])
    assert {row.th.text for row in parallel.select("#lessons tbody tr")} == {"7А", "7Б"}
    assert "21 сентября: 2 урока" in olga.get(page.find("a", string="7А")["href"]).words
    assert "21 сентября: 4 урока" in olga.get(page.find("a", string="Вся школа")["href"]).words
    olga.post("/admin/lessons/cancel", {"all": "1", "day": str(MONDAY), "reason": "Карантин"}, status=422)
    assert cancelled(school) == set(), "all that is shown is nothing yet"


def test_a_shift_is_the_classes_of_its_bells(olga, school):
    second = BellSchedule(name="Вторая смена")
    school.session.add(second)
    school.session.flush()
    first = school.school_class("7А").bell_schedule_id
    school.school_class("7А").bell_schedule_id = None  # keeps to the first made
    school.school_class("7Б").bell_schedule_id = second.id
    school.session.commit()
    page = olga.get(f"/admin/lessons?day={MONDAY}&bells_id={second.id}")
    assert {row.th.text for row in page.select("#lessons tbody tr")} == {"7Б"}
    page = olga.get(f"/admin/lessons?day={MONDAY}&bells_id={first}")
    assert {row.th.text for row in page.select("#lessons tbody tr")} == {"7А", "1А"}
    olga.post("/admin/lessons/cancel", {"all": "1", "day": str(MONDAY), "bells_id": str(second.id),
                                            "reason": "Карантин"})
    assert len(cancelled(school)) == 1


def test_lessons_without_a_teacher_are_a_choice(olga, school):
    lesson = school.lesson(school.course("7А", "Математика"), MONDAY)
    lesson.teacher_id = None
    school.session.commit()
    assert "21 сентября: 1 урок " in olga.get(f"/admin/lessons?day={MONDAY}&teacher_id=0").words
    opened = olga.get("/admin/lessons?teacher_id=0", status=302).response.location
    assert opened == f"/admin/lessons?day={MONDAY}&teacher_id=0", "the first day that has any"


@pytest.mark.parametrize(("act", "data", "sentence"), [
    ("cancel", {"reason": "Карантин"}, "Отметьте уроки"),
    ("cancel", {"all": "1"}, "Укажите причину"),
    ("cancel", {"all": "1", "reason": "а" * 201}, "не длиннее 200"),
    ("restore", {}, "Отметьте уроки"),
    ("substitute", {"lesson": ["x", "-1", "9" * 30]}, "Отметьте уроки"),
    ("substitute", {"all": "1", "substitute": "999999"}, "не работает в школе"),
])
def test_what_is_missing_is_asked_for(olga, school, act, data, sentence):
    page = olga.post(f"/admin/lessons/{act}", data | {"day": str(MONDAY), "whole": "1"}, status=422)
    assert sentence in page.select_one("[role=alert]").text and page.title.text.startswith("Ошибка: ")


def test_lessons_of_another_day_are_not_touched(olga, school):
    lesson = school.lesson(school.course("7А", "Математика"), MONDAY)
    olga.post("/admin/lessons/cancel", {"lesson": str(lesson.id), "day": str(TODAY), "reason": "Карантин"}, status=422)
    assert cancelled(school) == set()


@pytest.mark.parametrize(("day", "why"), [
    ("2026-09-19", "Это выходной"), ("2026-10-26", "«Осенние каникулы»"), ("2027-02-15", "Проверьте")])
def test_an_empty_day_says_why(olga, school, day, why):
    assert why in olga.get(f"/admin/lessons?day={day}").words


@pytest.mark.parametrize("query", ["day=вчера", "day=", "class_id=999", "class_id=x&teacher_id=-1",
                                   "day=0001-01-01", "day=9999-12-31"])
def test_odd_addresses_still_show_a_page(olga, query):
    olga.get(f"/admin/lessons?{query}")


def test_a_nul_that_no_person_types_is_a_bad_request(olga, school):
    olga.get("/admin/lessons?teacher_id=%00", status=400)
    olga.post("/admin/lessons/cancel", {"all": "1", "day": str(MONDAY), "reason": "а\0б"}, status=400)
    assert cancelled(school) == set()


def test_a_form_without_its_token_is_asked_about_once_more(olga, school):
    answer = olga.open("/admin/lessons/cancel", method="POST", data={"all": "1", "whole": "1", "reason": "Карантин"})
    assert answer.status_code == 400 and "Набранное не пропало" in answer.text
    assert cancelled(school) == set()


def test_statements(olga, school, at_most):
    for address in (f"{DAY}", f"day={MONDAY}", "day=2026-09-19"):
        with at_most(8):
            olga.get(f"/admin/lessons?{address}")
