"""How the printed journals of 7А stand is on the class's own page, for Дина and for Анна, its class teacher, with the
ways to print and to certify (R50)."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from tests.certification import FIRST_QUARTER_OVER, certified_copy, printed_copy, quarter
from tests.journal import Hand

LATE = date(2026, 11, 3)


def on(day, hour=14):
    return clock.freeze(clock.at(day, hour))


@pytest.fixture
def pages(school):
    of_class = school.school_class("7А").id
    return f"/admin/classes/{of_class}", f"/teacher/classes/{of_class}/printing"


def row_of(page, name="I четверть"):
    return next(row for row in page.select("#certification tbody tr") if row.th.text == name)


def test_what_is_due_and_late_and_where_it_is_printed(as_, school, pages, at_most):
    for day, state in ((date(2026, 10, 23), "ещё рано"), (FIRST_QUARTER_OVER, "пора заверить"), (LATE, "просрочено")):
        with on(day):
            for who, url in zip((school.dina, school.anna), pages, strict=True):
                reader = as_(who)
                with at_most(8):
                    page = reader.get(url)
                assert row_of(page).select_one("[data-title='Состояние']").text == state
                assert row_of(page).select_one("[data-title='Заверить по']").text.replace("\xa0", " ") == (
                    "2 ноября 2026")
                link = row_of(page).select_one("[data-title='Что сделать'] a")
                assert (link is None) == (state == "ещё рано")
                if link:
                    printing = reader.get(link["href"].split("#")[0])
                    chosen = printing.select_one("select[name=period] option[selected]")
                    assert chosen["value"] == str(quarter(school).id)


def test_from_the_admins_link_the_class_is_ticked(as_, school, pages):
    with on(FIRST_QUARTER_OVER):
        dina = as_(school.dina)
        link = row_of(dina.get(pages[0])).select_one("[data-title='Что сделать'] a")["href"]
        ticked = [box["value"] for box in dina.get(link).select("input[name=class][checked]")]
        assert ticked == [str(school.school_class("7А").id)]


def test_a_fresh_copy_waits_for_the_director_and_a_certified_one_has_its_number(as_, school, pages):
    with on(FIRST_QUARTER_OVER):
        printed_copy(school)
        assert "ждёт директора" in row_of(as_(school.anna).get(pages[1])).text
        link = row_of(as_(school.galina).get(pages[0])).select_one("[data-title='Что сделать'] a")
        assert link.text == "заверить" and as_(school.galina).get(link["href"].split("#")[0]).select("input[name=copy]")
        certified_copy(school, at=clock.now())
        for who, url in zip((school.dina, school.anna), pages, strict=True):
            said = row_of(as_(who).get(url)).get_text(" ").replace("\xa0", " ")
            assert "заверен" in said and "№ 1 от 24.10.2026" in said


def test_a_mark_changed_after_certification_is_on_both_pages_and_in_the_list_of_prints(as_, school, pages):
    from ejd.certification.checking import look_again

    with on(FIRST_QUARTER_OVER):
        certified_copy(school, at=clock.now())
    with on(FIRST_QUARTER_OVER, 16):
        Hand(school, school.anna).puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)),
                                       school.vitya, "2", kind_id=school.kind("oral").id)
        look_again(school.session)
        for who, url in zip((school.dina, school.anna), pages, strict=True):
            page = as_(who).get(url)
            assert "устарел" in row_of(page).select_one("[data-title='Состояние']").text
            assert row_of(page).select_one("[data-title='Что сделать'] a").text == "напечатать"
        [printed] = as_(school.dina).get("/admin/printing").select("tbody tr")
        assert "устарел" in printed.select_one("[data-title='Состояние']").text


def test_the_office_keeps_the_lists_and_is_told_nothing_of_certification(as_, school, pages):
    """R34: it is a figure of control."""
    with on(LATE):
        assert not as_(school.olga).get(pages[0]).select("#certification")
