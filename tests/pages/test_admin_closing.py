"""Дина closes the first quarter of 7А, and opens it again for a day (R8)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.closed import result_door
from ejd.journal.models import Reopening, TermClosing
from ejd.refusal import Refused
from ejd.results.models import TermMark
from ejd.roster.models import Enrolment
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear, Term
from tests.journal import Hand


@pytest.fixture
def term(session):
    return session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()


@pytest.fixture
def page(school, term):
    return f"/admin/closing/terms/{term.id}/classes/{school.school_class('7А').id}"


def on(day, hour=10):
    return clock.freeze(clock.at(day, hour))


WEEK_OVER = date(2026, 10, 26)


def awaited_at(school, day):
    """A declared work whose marks are awaited."""
    anna = Hand(school, school.anna)
    lesson = school.lesson(school.course("7А", "Математика"), day)
    anna.declares(lesson, at=clock.at(day, 12))
    anna.takes_attendance(lesson, at=clock.at(day, 12))
    school.session.commit()
    return lesson


def test_the_deputy_finds_what_is_missing_and_closes_what_is_ready(as_, school, term, at_most):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        assert "/admin/closing" in dina.get("/admin/control").select_one("nav").decode()
        with at_most(8):
            overview = dina.get(f"/admin/closing/terms/{term.id}")
        row = next(row for row in overview.select("tbody tr") if row.th.text == "7А")
        assert row.select_one("input[name=class]")
        dina.submit(overview, f"form[action$='/terms/{term.id}']", {"class": str(school.school_class("7А").id)})
        after = dina.get(f"/admin/closing/terms/{term.id}")
        row = next(row for row in after.select("tbody tr") if row.th.text == "7А")
        assert "закрыто" in row.text and not row.select("input[name=class]")
        assert school.session.scalars(select(TermClosing)).one().early is False


def test_nobody_ticked_is_said_at_the_place(as_, school, term):
    with on(WEEK_OVER):
        answer = as_(school.dina).post(f"/admin/closing/terms/{term.id}", status=422)
        assert "Отметьте классы галочкой" in answer.words


def test_a_class_page_names_each_journal_and_what_it_lacks(as_, school, page, at_most):
    awaited_at(school, date(2026, 10, 9))
    with on(WEEK_OVER):
        dina = as_(school.dina)
        with at_most(8):
            found = dina.get(page)
    row = next(row for row in found.select("tbody tr") if row.th.text == "Математика")
    assert row.select_one("[data-title='Ждут отметок']").text == "8"
    assert row.select_one("[data-title='Из них с опозданием']").text == "8"
    assert row.a["href"].startswith("/admin/courses/")


def test_before_the_week_is_over_only_the_director_closes_and_says_why(as_, school, page):
    awaited_at(school, date(2026, 10, 9))
    with on(date(2026, 10, 14)):
        assert "Раньше – только директор" in as_(school.dina).get(page).words
        galina = as_(school.galina)
        form = f"form[action='{page}']"
        refused = galina.submit(galina.get(page), form, {"reason": ""}, status=422)
        assert "назовите причину" in refused.words
        galina.submit(galina.get(page), form, {"reason": "Ремонт школы"})
        assert "раньше срока: Ремонт школы" in galina.get(page).words
        assert "Не дождались: 8 отметок учителей;" in galina.get(page).words


def test_for_the_director_the_list_leads_to_closing_early(as_, school, term, page):
    awaited_at(school, date(2026, 10, 9))
    with on(date(2026, 10, 14)):
        overview = f"/admin/closing/terms/{term.id}"
        assert "Раньше – только директор" in as_(school.dina).get(overview).words
        link = as_(school.galina).get(overview).select_one(f"a[href='{page}#close']")
        assert link.text == "закрыть раньше срока…"


def test_every_class_that_is_ready_is_closed_by_one_tick(as_, school, term):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        overview = dina.get(f"/admin/closing/terms/{term.id}")
        ready = len(overview.select("input[name=class]"))
        dina.submit(overview, f"form[action$='/terms/{term.id}']", {"ready": "1"})
        assert ready == len(school.session.scalars(select(TermClosing)).all()) > 1


def test_figures_open_their_lists(as_, school, term, page):
    awaited_at(school, date(2026, 10, 9))
    with on(WEEK_OVER):
        dina = as_(school.dina)
        for url in (f"/admin/closing/terms/{term.id}", page):
            row = next(row for row in dina.get(url).select("tbody tr") if row.th.text in ("7А", "Математика"))
            links = {link["href"] for link in row.select("td.num a")}
            assert any("/results/missing" in link for link in links)
            assert page in links or any("/journal" in link for link in links)  # lessons and works
            for link in links:
                dina.get(link)


def test_in_a_closed_year_nothing_is_opened_and_the_way_is_named(as_, school, term, page, session):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        dina.submit(dina.get(page), f"form[action='{page}']")
        year = session.get(SchoolYear, term.year_id)
        year.closed_at = clock.now()
        session.commit()
        shown = dina.get(page)
        assert not shown.select(f"form[action='{page}/openings']")
        assert shown.select_one(f"a[href='/admin/calendar/{year.id}/close']")
        data = {"until": "2026-10-26", "reason": "Ошибка", "key": "k"}
        assert "Сначала откройте учебный год" in dina.post(f"{page}/openings", data, status=422).words


def test_a_closed_term_is_said_over_the_journal_with_the_end_and_the_reason_of_an_opening(as_, school, page, term):
    course = school.course("7А", "Математика").id
    over = [(school.anna, f"/teacher/courses/{course}/journal?term={term.id}"),
            (school.anna, f"/teacher/courses/{course}/results?period={term.id}"),
            (school.dina, f"/admin/courses/{course}/journal?term={term.id}")]
    said = "Закрыто: I четверть. Открыть журнал для исправления может завуч или директор."
    with on(WEEK_OVER):
        assert not any("Закрыто: I четверть" in as_(who).get(url).words for who, url in over)
        dina = as_(school.dina)
        dina.submit(dina.get(page), f"form[action='{page}']")
        assert all(said in as_(who).get(url).words for who, url in over)
        dina.submit(dina.get(page), f"form[action='{page}/openings']", {"reason": "Ошибка", "until": "2026-11-06"})
        for who, url in over:
            assert "исправления по 6 ноября включительно: Ошибка." in as_(who).get(url).words, url


def test_the_last_day_of_an_opening_is_said_as_it_was_given(as_, school, page):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        dina.submit(dina.get(page), f"form[action='{page}']")
        dina.submit(dina.get(page), f"form[action='{page}/openings']", {"reason": "Ошибка", "until": "2026-11-06"})
        assert "по 6 ноября включительно" in dina.get(page).words


def test_a_sentence_that_ends_with_initials_has_one_full_stop(as_, school, page):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        dina.submit(dina.get(page), f"form[action='{page}']")
        assert ".." not in dina.get(page).words


def test_what_is_closed_is_said_in_the_cell_and_opened_for_a_day(as_, school, page, term):
    lesson = awaited_at(school, date(2026, 10, 9))
    with on(WEEK_OVER):
        dina, anna = as_(school.dina), as_(school.anna)
        dina.submit(dina.get(page), f"form[action='{page}']")
        cell = f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}"
        put = {"act": "put", "value": "5", "for": "", "key": "late-five", "seen": ""}
        assert "Закрыто: I четверть" in anna.post(cell, put, status=422).words
        opening = f"form[action='{page}/openings']"
        assert "причину" in dina.submit(dina.get(page), opening, {"reason": ""}, status=422).words
        far = dina.submit(dina.get(page), opening, {"reason": "Справка", "until": "2027-01-01"}, status=422)
        assert "до двух недель" in far.words and far.select_one("input[name=reason]")["value"] == "Справка"
        dina.submit(dina.get(page), opening, {"reason": "Справка из больницы",
                                              "course_id": str(school.course("7А", "Математика").id)})
        anna.post(cell, put)
        told = dina.get(page).words
        assert "поставлена 5" in told and "Волков Виктор" in told and "запись урока" not in told
    with on(date(2026, 10, 27), 0):
        assert "Закрыто: I четверть" in as_(school.anna).post(cell, put | {"key": "next-day"}, status=422).words
        assert "Закрылось само" in as_(school.dina).get(page).words


def test_an_opening_is_ended_before_its_time(as_, school, page):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        dina.submit(dina.get(page), f"form[action='{page}']")
        dina.submit(dina.get(page), f"form[action='{page}/openings']", {"reason": "Ошибка"})
        [opening] = school.session.scalars(select(Reopening))
        dina.submit(dina.get(page), f"form[action='{page}/openings/{opening.id}/end']")
        assert not dina.get(page).select("form[action$='/end']") and "Закрыто 26" in dina.get(page).words
        dina.post(f"{page}/openings/999999/end", status=404)


def test_a_term_that_the_class_does_not_keep_is_not_there(as_, school, session):
    half = session.scalars(select(Term).filter_by(scheme="half_years", number=1)).one()
    url = f"/admin/closing/terms/{half.id}/classes/{school.school_class('7А').id}"
    as_(school.dina).get(url, status=404)
    as_(school.dina).post(url, status=404)


@pytest.mark.parametrize("form", [{}, {"until": "завтра", "reason": "x"}, {"course_id": "-1", "until": "2026-10-26"},
                                  {"course_id": "99999999999999", "until": "2026-10-26", "reason": "x", "key": ""}])
def test_garbage_is_refused_with_a_sentence(as_, school, page, form):
    with on(WEEK_OVER):
        dina = as_(school.dina)
        dina.submit(dina.get(page), f"form[action='{page}']")
        assert dina.post(f"{page}/openings", form, status=422).select(".error, .errors")


def by_half_years(school):
    """Mathematics of 7А is marked by half-years, in a class that closes by quarters (R15)."""
    course = school.course("7А", "Математика")
    course.term_scheme = "half_years"
    school.session.flush()
    return course


def close_quarter(school, number):
    term = school.session.scalars(select(Term).filter_by(scheme="quarters", number=number)).one()
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=term.id, closed_at=clock.now(),
                                   closed_by_id=school.dina.id, early=False, blocked=0, blocked_works=0))
    school.session.flush()


def test_a_half_year_journal_tells_of_its_own_half_year_and_of_the_part_that_is_closed(as_, school):
    course, dina = by_half_years(school), as_(school.dina)
    pages = [f"/admin/courses/{course.id}/journal", f"/teacher/courses/{course.id}/results"]
    with on(date(2027, 1, 15)):
        readers = [dina.get, as_(school.anna).get]
        half = school.session.scalars(select(Term).filter_by(scheme="half_years", number=1)).one()
        urls = [f"{pages[0]}?term={half.id}", f"{pages[1]}?period={half.id}"]
        assert not any("Закрыто:" in get(url).words for get, url in zip(readers, urls, strict=True))
        close_quarter(school, 1)
        assert all("Закрыта часть периода: I четверть" in get(url).words
                   for get, url in zip(readers, urls, strict=True))
        close_quarter(school, 2)
        assert all("Закрыто: I полугодие" in get(url).words for get, url in zip(readers, urls, strict=True))


def test_a_part_that_is_open_again_is_not_told_as_closed(as_, school):
    """R8: until the day that was named, or until it is ended before."""
    course, dina = by_half_years(school), as_(school.dina)
    with on(date(2026, 11, 10)):
        close_quarter(school, 1)
        journal = f"/admin/courses/{course.id}/journal"
        first = school.session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()
        page = f"/admin/closing/terms/{first.id}/classes/{course.class_id}"
        russian = str(school.course("7А", "Русский").id)
        dina.submit(dina.get(page), f"form[action='{page}/openings']", {"reason": "Ошибка", "course_id": russian})
        assert "Закрыта часть периода" in dina.get(journal).words  # another journal's opening
        dina.submit(dina.get(page), f"form[action='{page}/openings']", {"reason": "Ошибка", "course_id": ""})
        assert "Закрыта часть периода" not in dina.get(journal).words
    with on(date(2026, 11, 11)):
        assert "Закрыта часть периода" in dina.get(journal).words


def test_a_half_years_mark_is_shut_with_the_quarter_that_ends_it(school):
    course = by_half_years(school)
    half = school.session.scalars(select(Term).filter_by(scheme="half_years", number=1)).one()
    about = {"class_id": school.school_class("7А").id, "course_id": course.id, "term_id": half.id,
             "year_id": half.year_id}
    with on(date(2027, 1, 15)):
        close_quarter(school, 1)
        assert result_door(school.session, now=clock.now(), **about) is False
        close_quarter(school, 2)
        with pytest.raises(Refused, match="II четверть"):
            result_door(school.session, now=clock.now(), **about)


def test_results_of_a_half_year_journal_are_missing_when_the_second_quarter_ends(as_, school, term):
    by_half_years(school)
    second = school.session.scalars(select(Term).filter_by(scheme="quarters", number=2)).one()
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 10, 9))
    school.session.add(Lesson(course_id=lesson.course_id, day=date(2026, 11, 10), number=1, teacher_id=school.anna.id,
                              starts_at=clock.at(date(2026, 11, 10), 8), ends_at=clock.at(date(2026, 11, 10), 9)))
    school.session.flush()
    with on(date(2027, 1, 15)):
        dina = as_(school.dina)
        for quarter, expected in ((term, "0"), (second, "8")):
            page = dina.get(f"/admin/closing/terms/{quarter.id}/classes/{school.school_class('7А').id}")
            row = next(row for row in page.select("tbody tr") if row.th.text == "Математика")
            assert row.select_one("[data-title='Без итоговой']").text == expected
        listed = dina.get(row.select_one("[data-title='Без итоговой'] a")["href"])
        assert len(listed.select("tbody tr")) == 8


def test_a_quarter_journal_in_a_class_by_half_years_owes_each_of_its_quarters(as_, school):
    """R15: the first quarter is set for all eight, nothing of the second."""
    course, of_7a = school.course("7А", "Математика"), school.school_class("7А")
    of_7a.term_scheme, course.term_scheme = "half_years", "quarters"
    half = school.session.scalars(select(Term).filter_by(scheme="half_years", number=1)).one()
    first = school.session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()
    pupils = school.session.scalars(select(Enrolment.pupil_id).filter_by(class_id=of_7a.id)).all()
    with on(date(2027, 1, 15)):
        school.session.add_all(TermMark(
            pupil_id=pupil_id, class_id=of_7a.id, year_id=first.year_id, period="term", term_id=first.id,
            subject_id=course.subject_id, value="4", suggested="4", entered_on=clock.today(), entered_at=clock.now(),
            entered_by_id=school.anna.id) for pupil_id in pupils)
        school.session.flush()
        page = as_(school.dina).get(f"/admin/closing/terms/{half.id}/classes/{of_7a.id}")
    row = next(row for row in page.select("tbody tr") if row.th.text == "Математика")
    assert row.select_one("[data-title='Без итоговой']").text == str(len(pupils)) == "8"
