"""The teacher's first page: the lessons of the day, and what is open (R62)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from ejd import clock
from ejd.journal.attendance import Taken, take_attendance
from ejd.journal.homework import NewHomework, publish_homework
from ejd.journal.lesson_record import NewTopic, record_topics
from ejd.journal.works import NewWork, declare_works
from ejd.schedule.models import Lesson
from ejd.school.models import Setting
from ejd.school.settings import load

TUESDAY, THURSDAY = date(2026, 9, 15), date(2026, 9, 17)


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


def fill(school, lesson):
    settings = load(school.session)
    record_topics(school.session, topics=[NewTopic(lesson.id, "Дроби", school.anna.id, lesson.ends_at)])
    publish_homework(school.session, settings=settings, homework=[
        NewHomework(lesson.id, "№ 1", school.anna.id, lesson.ends_at, f"h{lesson.id}")])
    take_attendance(school.session, settings=settings, lessons=[Taken(lesson.id, school.anna.id, lesson.ends_at)])
    school.session.commit()


def rows(page):
    return [" ".join(row.text.replace("\u00a0", " ").split()) for row in page.select("main tbody tr")]


def test_a_lesson_that_began_names_what_is_open_with_a_link_to_each(as_, school, maths):
    page = as_(school.anna).get("/teacher/")
    assert rows(page) == ["1. 08:30 7А, Математика – тема посещаемость домашнее задание до 10:10"]
    lesson = school.lesson(maths, THURSDAY)
    assert {link["href"].split("#")[0] for link in page.select("main tbody a")} == {f"/teacher/lessons/{lesson.id}"}


def test_a_filled_lesson_is_done(as_, school, maths):
    fill(school, school.lesson(maths, THURSDAY))
    assert "всё заполнено" in rows(as_(school.anna).get("/teacher/"))[0]


def test_a_lesson_to_come_has_nothing_open_yet(as_, school):
    assert "ещё не начался" in rows(as_(school.anna).get("/teacher/?day=2026-09-18"))[0]


def test_what_waits_in_this_browser_has_a_line(as_, school):
    page = as_(school.anna).get("/teacher/")
    line = page.select_one("#unsent")
    assert line.has_attr("hidden") and line["data-lesson"] == "/teacher/lessons/"
    assert ["unsent" in script["src"] for script in page.select("script")] == [True]


def test_days_turn_by_links(as_, school):
    page = as_(school.anna).get("/teacher/")
    assert [link["href"] for link in page.select("nav[aria-label=День] a")] == [
        "/teacher/?day=2026-09-16", "/teacher/", "/teacher/?day=2026-09-18"]


@pytest.mark.parametrize("garbage", ["вчера", "2026-13-40", "0001-01-01", "9999-12-31", ""])
def test_a_garbled_day_is_today(as_, school, garbage):
    assert as_(school.anna).get(f"/teacher/?day={garbage}").h1.text == "Сегодня"


def test_holidays_are_said_in_words(as_, school):
    page = as_(school.anna).get("/teacher/?day=2026-10-27")
    assert "Осенние каникулы: с 24 октября по 1 ноября уроков нет" in page.words


def test_a_day_without_lessons_says_so(as_, school):
    assert "В этот день у вас нет уроков" in as_(school.anna).get("/teacher/?day=2026-09-20").words


def test_past_lessons_that_lack_something_are_listed_the_newest_first(as_, school, maths):
    """R5, R6, R62"""
    fill(school, school.lesson(maths, TUESDAY))
    items = [item.text for item in as_(school.anna).get("/teacher/").select("#open + ul li")]
    assert items[0] == "7Б, Математика, ср, 16\u00a0сентября: тема, посещаемость, домашнее задание"
    assert not [item for item in items if "15\u00a0сентября" in item]


@pytest.fixture
def double(school, maths):
    """Tuesday's second lesson becomes a double one: first and second."""
    first = school.lesson(maths, TUESDAY)
    second = Lesson(course_id=maths.id, day=TUESDAY, number=first.number + 1, starts_at=first.ends_at,
                    ends_at=first.homework_due_at, teacher_id=school.anna.id, homework_due_at=first.homework_due_at)
    school.session.add(second)
    school.session.commit()
    return first, second


def lacking_homework(page):
    return len([row for row in rows(page) if "домашнее" in row]), len(
        [item for item in page.select("#open + ul li") if "7А" in item.text and "15\u00a0сентября" in item.text
         and "домашнее" in item.text])


@pytest.mark.parametrize(("place", "listed"), [(None, 1), (0, 0), (1, 0)])
def test_a_double_lesson_owes_homework_once_and_it_may_stand_in_either(as_, school, double, place, listed):
    """R5, as control counts it."""
    if place is not None:
        publish_homework(school.session, settings=load(school.session), homework=[
            NewHomework(double[place].id, "№ 1", school.anna.id, double[1].ends_at, "h")])
        school.session.commit()
    page = as_(school.anna).get(f"/teacher/?day={TUESDAY}")
    assert lacking_homework(page) == (2 * listed, listed)


def test_nothing_before_the_launch_is_open(as_, school):
    """R7"""
    school.session.execute(update(Setting).where(Setting.key.startswith("launch.")).values(value='"2026-09-16"'))
    school.session.commit()
    items = as_(school.anna).get("/teacher/").select("#open + ul li")
    assert [item.text.split(":")[0] for item in items] == ["7Б, Математика, ср, 16\u00a0сентября"]


def test_awaited_marks_say_until_when(as_, school, maths):
    """R4: seven days from the lesson."""
    lesson = school.lesson(maths, TUESDAY)
    declare_works(school.session, settings=load(school.session), works=[NewWork(
        lesson.id, school.kind("test").id, school.anna.id, lesson.ends_at, title="Дроби")])
    fill(school, lesson)
    item = as_(school.anna).get("/teacher/").select_one("#awaited + ul li")
    said = " ".join(item.text.replace("\u00a0", " ").split())
    assert said == "7А, Математика, вт, 15 сентября: Контрольная работа «Дроби» – 8 отметок до 22 сентября"
    with clock.freeze(clock.at(date(2026, 9, 23), 9)):
        assert "срок был 22" in as_(school.anna).get("/teacher/").select_one("#awaited + ul .late").text


def test_before_the_launch_awaited_marks_have_no_day(as_, school, maths):
    """R7: they are listed, and never called overdue."""
    lesson = school.lesson(maths, TUESDAY)
    declare_works(school.session, settings=load(school.session), works=[NewWork(
        lesson.id, school.kind("test").id, school.anna.id, lesson.ends_at, title="Дроби")])
    fill(school, lesson)
    school.session.execute(update(Setting).where(Setting.key == "launch.marks").values(value='"2026-10-19"'))
    school.session.commit()
    with clock.freeze(clock.at(date(2026, 10, 19), 9)):
        item = as_(school.anna).get("/teacher/").select_one("#awaited + ul li")
    assert "8 отметок" in item.text.replace("\u00a0", " ") and not item.select(".badge")


def test_a_substitution_stands_with_who_is_replaced(as_, school, maths):
    lesson = school.session.get(Lesson, school.lesson(maths, THURSDAY).id)
    lesson.teacher_id, lesson.substitutes_id = school.boris.id, school.anna.id
    school.session.commit()
    assert any("замена: Андреева А. А." in row for row in rows(as_(school.boris).get("/teacher/")))


def test_a_teacher_without_lessons_is_told_where_to_look(as_, school):
    assert "Другие дни" in as_(school.eva).get("/teacher/?day=2026-09-20").words


def test_other_roles_are_shut_out(as_, school):
    for person in (school.vera, school.vitya, school.dina):
        as_(person).get("/teacher/", status=403)


def test_statements_are_bounded(as_, school, at_most):
    anna = as_(school.anna)
    with at_most(8):
        anna.get("/teacher/")
