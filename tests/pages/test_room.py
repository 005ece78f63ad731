"""Анна's own class: who needs attention, how everybody stands, how the class learns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ejd import clock
from ejd.journal.models import Exemption
from ejd.results.models import TermMark
from ejd.school.models import Term
from tests.journal import Hand


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


@pytest.fixture
def room(school):
    return f"/teacher/classes/{school.school_class('7А').id}"


def maths(school, day):
    return school.lesson(school.course("7А", "Математика"), date(2026, 9, day))


def test_a_pupil_with_low_marks_and_missed_lessons_is_named_with_the_reason(as_, school, anna, room, at_most):
    for day in (8, 10, 11):
        anna.puts(maths(school, day), school.vitya, "2")
    for day in (1, 3, 4, 14, 15):
        anna.notes(maths(school, day), school.vitya, "н", at=clock.at(date(2026, 9, day), 15))
        anna.takes_attendance(maths(school, day), at=clock.at(date(2026, 9, day), 15))
    visitor = as_(school.anna)
    with at_most(8):
        page = visitor.get(room)
    row = next(row for row in page.select("section tbody tr") if "Волков Виктор" in row.text)
    told = " ".join(row.text.split())
    assert "Математика: средний балл 2,00" in told and "пропущено 5 уроков, причина не указана" in told
    line = next(row for row in page.select("table.parts tbody tr") if "Волков Виктор" in row.text)
    assert [cell.text for cell in line.select("td.num")][1:] == ["2,00", "3", "5", "5", "0", "0"]


def test_an_owed_work_is_told_once_its_day_is_over(as_, school, anna, room):
    lesson = maths(school, 1)
    anna.declares(lesson, at=clock.at(date(2026, 9, 1), 15))
    anna.notes(lesson, school.vitya, "н", at=clock.at(date(2026, 9, 1), 15))
    anna.takes_attendance(lesson, at=clock.at(date(2026, 9, 1), 15))
    assert "не сдано в срок: 1 работа" in as_(school.anna).get(room).words
    with clock.freeze(clock.now() - timedelta(days=3)):
        assert "не сдано в срок" not in as_(school.anna).get(room).words


def test_a_quiet_class_says_so_and_other_terms_are_a_link_away(as_, school, room):
    page = as_(school.anna).get(room)
    assert "Ни низких или падающих отметок" in page.words
    assert "II четверть" in as_(school.anna).get(room + "?term=2").select_one(
        'nav[aria-label="Учебный период"] [aria-current]').text
    as_(school.anna).get(room + "?term=наугад")


def test_the_lists_and_shares_of_the_class(as_, school, session, room, at_most):
    """Three pupils have results: 5 5, 5 4, 2 3."""
    term = session.query(Term).filter_by(scheme="quarters", number=1).one()
    pupils = [school.vitya, *[one for one in _class(session, school) if one.id != school.vitya.id][:2]]
    for pupil, values in zip(pupils, ("55", "54", "23"), strict=True):
        for subject, value in zip(("Математика", "Русский язык"), values, strict=True):
            course = school.course("7А", subject)
            session.add(TermMark(
                pupil_id=pupil.id, class_id=school.school_class("7А").id, subject_id=course.subject_id,
                course_id=course.id, year_id=term.year_id, period="term", term_id=term.id, value=value,
                entered_on=date(2026, 9, 17), entered_at=clock.now(), entered_by_id=school.anna.id))
    session.commit()
    visitor = as_(school.anna)
    with at_most(8):
        page = visitor.get(room + "/achievement")
    figures = [" ".join(figure.text.split()) for figure in page.select(".figures li")]
    assert figures == ["Успеваемость 66,7 %", "Качество 66,7 %"]
    rows = {row.th.text: " ".join(row.select("td")[1].text.split()) for row in page.select("tbody tr")}
    assert rows["Отличники"] == "Волков Виктор"
    assert "(Русский язык)" in rows["С одной «4»"] and "(Математика)" in rows["Неуспевающие"]


def test_a_subject_without_marks_is_named_where_most_of_the_class_has_some(as_, school, session, anna, room):
    others = [one for one in _class(session, school) if one.id != school.vitya.id]
    for pupil in others:
        anna.puts(maths(school, 8), pupil, "4")
    page = as_(school.anna).get(room)
    assert [row.th.text for row in page.select("section tbody tr")] == ["Волков Виктор"]
    assert "нет отметок: Математика" in page.select_one("section tbody").text
    session.add(Exemption(pupil_id=school.vitya.id, course_id=school.course("7А", "Математика").id,
                          from_on=date(2026, 9, 1)))
    session.commit()
    assert "нет отметок" not in as_(school.anna).get(room).select_one("section").text.split("Низкий балл")[0]


def test_missed_lessons_are_told_in_a_term_without_marks(as_, school, anna, room):
    anna.notes(maths(school, 8), school.vitya, "н", at=clock.at(date(2026, 9, 8), 15))
    head = as_(school.anna).get(room).select_one("table.parts thead").text
    assert "Средний балл" not in head and "Пропущено уроков" in head


def test_a_term_without_marks_says_so_and_leads_to_the_one_before(as_, school, room):
    page = as_(school.anna).get(room + "?term=2")
    assert "II четверть: отметок ещё нет" in page.words
    assert page.select_one(".empty a")["href"].endswith("?term=1")
    assert not page.select("table") and page.select_one("ul.ticks a").text == "Абрамов Алексей"


def test_a_period_that_is_none_is_not_there(as_, school, room):
    answer = as_(school.anna).get(room + "/achievement?period=наугад", status=404)
    assert "Такого периода нет" in answer.words


def _class(session, school):
    from ejd.roster.models import Enrolment, Person

    return session.query(Person).join(Enrolment, Enrolment.pupil_id == Person.id).filter(
        Enrolment.class_id == school.school_class("7А").id).order_by(Person.sort_key).all()


@pytest.mark.parametrize("page", ["", "/achievement", "/journals", "/notes", "/weeks", "/summary", "/missed"])
def test_every_page_of_the_room_is_the_class_teachers_alone(as_, school, room, page, at_most):
    visitor = as_(school.anna)
    with at_most(8):
        visitor.get(room + page)
    as_(school.boris).get(room + page, status=404)
