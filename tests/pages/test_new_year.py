"""The turn of the school year on its pages: two steps that only ask, then it is done; closing the year that is over."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.journal.models import TermClosing
from ejd.office import closing_year
from ejd.roster.models import Course, Enrolment, SchoolClass, Subject
from ejd.schedule.models import Slot, TimetableVersion
from ejd.school.models import SchoolYear

MAY, SUMMER = clock.at(date(2027, 5, 20), 12), clock.at(date(2027, 6, 20), 12)


@pytest.fixture
def may():
    with clock.freeze(MAY):
        yield


@pytest.fixture
def opened(as_, school, may):
    """The deputy, with the next year open."""
    visitor = as_(school.dina)
    page = visitor.get("/admin/new-year")
    assert page.select_one("#starts_on")["value"] == "2027-09-01"
    visitor.submit(page, "#form")
    return visitor


def previewed(visitor, data=None):
    return visitor.submit(visitor.get("/admin/new-year"), "#form", data, status=200)


def test_nothing_happens_until_it_is_confirmed(school, session, opened):
    page = previewed(opened)
    assert "переходит 13 учеников" in page.words and "7А → 8А, Андреева А. А." in page.words
    assert session.scalar(select(func.count()).select_from(SchoolClass)) == 3
    opened.submit(page, "#form")
    assert session.scalar(select(func.count()).select_from(SchoolClass)) == 6
    page = opened.get("/admin/new-year")
    assert "Все ученики переведены" in page.words and "переведён" in page.words


def test_until_the_new_year_begins_the_office_works_in_the_old_one(as_, school, session, opened, at_most):
    """Year marks and closing are June's: the pages show the year that is over, the next is a link away."""
    opened.submit(previewed(opened), "#form")
    new = session.scalar(select(SchoolYear.id).order_by(SchoolYear.starts_on.desc()))
    with clock.freeze(SUMMER):
        for page in ("/admin/classes", "/admin/groups", "/admin/results", "/admin/timetable", "/admin/weeks"):
            with at_most(8):
                shown = opened.get(page)
            years = shown.select_one("nav[aria-label='Учебный год']")
            assert years.select_one("[aria-current=page]").text == "2026/2027", page
            opened.get(years.select("a")[-1]["href"])
        closing = opened.get(opened.get("/admin/closing", status=302).response.location)
        assert "2026/2027" in closing.select_one("nav[aria-label='Учебный год'] [aria-current]").text
        assert "8А" in opened.get(f"/admin/classes?year={new}").words
        assert "8А, 2027/2028 учебный год" in as_(school.olga).get(f"/admin/people/{school.vitya.id}/move").words
        opened.get("/admin/classes?year=999", status=404)


def test_a_pupil_does_otherwise_than_the_class(school, session, opened):
    page = previewed(opened)
    opened.submit(page, "#form", {f"pupil-{school.vitya.id}": "8Б", f"pupil-{school.zoya.id}": "leave"})
    rows = session.execute(select(SchoolClass.grade, SchoolClass.letter).join(
        Enrolment, Enrolment.class_id == SchoolClass.id).where(
        Enrolment.pupil_id == school.vitya.id, Enrolment.to_on.is_(None))).all()
    assert [tuple(row) for row in rows] == [(8, "Б")]
    ended = session.scalar(select(Enrolment.to_on).where(Enrolment.pupil_id == school.zoya.id))
    assert ended == date(2027, 6, 30)


@pytest.mark.parametrize(("typed", "said"), [("восьмой", "пишется так"), ("9А", "После 7 класса"),
                                             ("8Б", "уже переходит")])
def test_a_class_that_cannot_go_there_is_told_at_its_field(school, session, opened, typed, said):
    name = f"class-{school.school_class('7А').id}"
    page = opened.submit(opened.get("/admin/new-year"), "#form", {name: typed}, status=422)
    assert said in " ".join(tag.text for tag in page.select("td [role=alert]"))
    assert page.select_one(f"#{name}")["value"] == typed


@pytest.mark.parametrize("day", ["", "2027-01-01"])
def test_what_is_wrong_at_the_second_step_is_told_there(school, session, opened, day):
    page = opened.submit(previewed(opened), "#form", {"leavers_on": day}, status=422)
    assert page.select_one("#leavers_on-error")
    assert session.scalar(select(func.count()).select_from(SchoolClass)) == 3


def test_garbage_is_no_error_of_the_program(school, session, opened):
    opened.post("/admin/new-year", {}, status=422)
    opened.post("/admin/new-year/preview", {}, status=200)
    opened.post("/admin/new-year", {f"class-{school.school_class('7А').id}": "8А", "leavers_on": "2027-06-30",
                                    f"pupil-{school.vitya.id}": "куда-нибудь"}, status=422)
    assert session.scalar(select(func.count()).select_from(SchoolClass)) == 3


def test_a_year_that_overlaps_is_refused(as_, school, may):
    visitor = as_(school.dina)
    page = visitor.post("/admin/new-year/open", {"starts_on": "2027-05-01", "ends_on": "2028-05-26"}, status=422)
    assert page.select_one("#starts_on-error")
    assert visitor.post("/admin/new-year/open", {"starts_on": "x", "ends_on": ""}, status=422)
    visitor.post("/admin/new-year", {}, status=422)


def test_the_office_does_not_turn_the_year(as_, school):
    as_(school.olga).get("/admin/new-year", status=403)
    assert "Новый учебный год" not in as_(school.olga).get("/admin/classes").words
    assert "Новый учебный год" in as_(school.dina).get("/admin/classes").words


def test_pages_take_few_statements(school, opened, at_most):
    with at_most(8):
        page = opened.get("/admin/new-year")
    assert page.select_one("#form")
    fields = {f"class-{school.school_class('7А').id}": "8А"}
    token = opened.csrf()
    with at_most(8):
        opened.post("/admin/new-year/preview", fields, status=200, csrf=token)


def test_a_year_that_is_over_is_closed_and_opened_again(as_, school, session):
    year = session.scalars(select(SchoolYear)).one()
    with clock.freeze(SUMMER):
        visitor = as_(school.galina)
        assert "Закрыть его журналы" in visitor.get(f"/admin/calendar/{year.id}").words
        page = visitor.get(f"/admin/calendar/{year.id}/close")
        assert "Сначала закройте периоды" in page.words
        refused = visitor.post(f"/admin/calendar/{year.id}/close", {"sure": "1"}, status=422)
        assert "Не закрыто 3" in refused.words
        for term_id, name, _ in closing_year.open_terms(session, year.id):
            session.add(TermClosing(class_id=school.school_class(name).id, term_id=term_id, closed_at=SUMMER,
                                    closed_by_id=school.galina.id))
        visitor.submit(visitor.get(f"/admin/calendar/{year.id}/close"), "#form")
        assert session.scalar(select(SchoolYear.closed_at)) is not None
        assert "только для чтения" in visitor.get(f"/admin/calendar/{year.id}").words
        visitor.submit(visitor.get(f"/admin/calendar/{year.id}/close"), "#form")
        assert session.scalar(select(SchoolYear.closed_at)) is None


def test_open_terms_are_told_by_term_and_there_is_no_button_that_cannot_work(as_, school, session):
    year = session.scalars(select(SchoolYear)).one()
    with clock.freeze(SUMMER):
        page = as_(school.dina).get(f"/admin/calendar/{year.id}/close")
        assert not page.select("#form button")
        assert page.select_one("#form + section li, section li").text == "I четверть: не закрыто у 1А, 7А, 7Б"
        home = as_(school.dina).get("/admin/")
        assert home.select_one(f"main a[href='/admin/calendar/{year.id}/close']").text == (
            "2026/2027 учебный год кончился: закройте его журналы")
        assert "Уроков нет" in home.words and "В расписании нет" not in home.words


def test_what_is_left_after_the_turn_is_named_with_the_way_there(as_, school, session, opened):
    opened.submit(previewed(opened), "#form")
    new = session.scalar(select(SchoolYear.id).order_by(SchoolYear.starts_on.desc()))
    page = opened.get("/admin/new-year")
    assert page.select_one(f"a[href='/admin/classes/new?year={new}']").text == "открыть 1 класс"
    assert page.select_one(f"a[href='/admin/timetable/new?year={new}']")
    with clock.freeze(SUMMER):
        home = as_(school.olga).get("/admin/")
        assert "Что сделать к 2027/2028 учебному году" in home.words
        [link] = [one for one in home.select("main li a") if "Первых классов ещё нет" in one.text]
        as_(school.olga).submit(as_(school.olga).get(link["href"]), "#form", {"grade": "1", "letter": "А"})
        assert session.scalars(select(SchoolClass).filter_by(year_id=new, grade=1)).one()
    with clock.freeze(clock.at(date(2027, 9, 2), 12)):
        assert "Закрыть 2026/2027 учебный год" in opened.get("/admin/new-year").words


def test_last_years_timetable_begins_the_new_one(as_, school, session, opened):
    """The places of the classes that go up stand in the draft; who left school is not there."""
    opened.submit(previewed(opened), "#form")
    new = session.scalar(select(SchoolYear.id).order_by(SchoolYear.starts_on.desc()))
    page = opened.get(f"/admin/timetable/new?year={new}")
    assert "копия прошлогоднего расписания" in page.words
    opened.submit(page, "main form")
    draft = session.scalars(select(TimetableVersion).filter_by(year_id=new)).one()
    places = {(name, slot.weekday, slot.number) for slot, name in session.execute(
        select(Slot, Subject.name).join(Course, Course.id == Slot.course_id)
        .join(Subject, Subject.id == Course.subject_id).where(
            Slot.version_id == draft.id, Course.class_id == session.scalar(
                select(SchoolClass.id).filter_by(year_id=new, grade=8, letter="А"))))}
    before = {(name, slot.weekday, slot.number) for slot, name in session.execute(
        select(Slot, Subject.name).join(Course, Course.id == Slot.course_id)
        .join(Subject, Subject.id == Course.subject_id).where(Course.class_id == school.school_class("7А").id))}
    assert places == before and places


def test_a_running_year_says_when_it_may_be_closed(as_, school, session):
    year = session.scalars(select(SchoolYear)).one()
    page = as_(school.dina).get(f"/admin/calendar/{year.id}/close")
    assert "закрыть его можно после" in page.words
    as_(school.dina).get("/admin/calendar/777/close", status=404)
