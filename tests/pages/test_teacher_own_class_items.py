"""What waits in the own class stands on Анна's first page, each a click from its place (R62)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ejd import clock
from ejd.credentials import services as credentials
from ejd.families.to_do import class_items
from ejd.homeroom.notes import NewNote, answer_note, write_note
from ejd.journal.excuses import NewExcuse, announce
from ejd.journal.excusing import Span
from ejd.journal.models import TermClosing
from ejd.results.models import TermMark
from ejd.roster.models import ClassTeacher
from ejd.school.models import Term
from tests.families import on_paper, print_all
from tests.world import NOW, TODAY

LAST_MONDAY = date(2026, 9, 7)


def items(page) -> list[str]:
    return [" ".join(item.text.replace("\u00a0", " ").split()) for item in page.select("#of-class + ul li")]


def places(page) -> list[str]:
    return [link["href"] for link in page.select("#of-class + ul a")]


def test_nothing_waits_in_a_class_where_nothing_happened(as_, school):
    assert not as_(school.anna).get("/teacher/").select("#of-class")


def test_a_familys_word_about_an_absence(as_, school):
    announce(school.session, excuse=NewExcuse(
        school.vitya.id, Span(TODAY, TODAY), "у", "e1", school.vera.id, NOW))
    page, class_id = as_(school.anna).get("/teacher/"), school.school_class("7А").id
    assert items(page) == ["7А: 1 сообщение об отсутствии ждёт ответа"]
    assert places(page) == [f"/teacher/classes/{class_id}/absences"]


def test_sheets_of_the_week_that_is_over_then_those_that_were_not_collected(as_, school):
    """R21, R25"""
    on_paper(school, school.vera, school.vitya, from_on=LAST_MONDAY)
    page, address = as_(school.anna).get("/teacher/"), f"/teacher/classes/{school.school_class('7А').id}/sheets"
    assert (items(page), places(page)) == (["7А: к печати 1 недельный лист"], [address])
    [sheet] = print_all(school)
    page = as_(school.anna).get("/teacher/")
    assert (items(page), places(page)) == (["7А: 1 недельный лист не выдан"], [address])
    sheet.handed_on = TODAY
    school.session.commit()
    assert items(as_(school.anna).get("/teacher/")) == []


def test_sheets_forgotten_before_holidays_wait_on(as_, school):
    """R25: what was not printed for weeks is still to be printed."""
    on_paper(school, school.vera, school.vitya, from_on=date(2026, 9, 1))
    assert items(as_(school.anna).get("/teacher/")) == ["7А: к печати 2 недельных листа"]


@pytest.mark.parametrize("when", ["after the week", "before it", "electronic"])
def test_who_owes_no_sheet_for_that_week_is_not_counted(as_, school, when):
    if when == "after the week":
        on_paper(school, school.vera, school.vitya, from_on=date(2026, 9, 14))
    elif when == "before it":
        on_paper(school, school.vera, school.vitya, from_on=date(2026, 9, 1), to_on=date(2026, 9, 5))
    assert items(as_(school.anna).get("/teacher/")) == []


def test_cards_that_are_made_and_not_handed_out(as_, school):
    """R31"""
    credentials.note_cards(school.session, actor_id=school.olga.id, now=NOW, people=[
        (school.vera.id, school.vitya.id), (school.vitya.id, school.vitya.id), (school.zakhar.id, school.zoya.id)])
    page = as_(school.anna).get("/teacher/")
    assert items(page) == ["7А: 2 карточки не выданы"]
    assert places(page) == [f"/teacher/classes/{school.school_class('7А').id}/cards"]
    credentials.cancel_cards(school.session, [school.vera.id, school.vitya.id], now=NOW)
    assert items(as_(school.anna).get("/teacher/")) == []


def test_answers_of_families_lead_to_the_note(as_, school):
    note = write_note(school.session, note=NewNote(school.school_class("7А").id, "notice", TODAY, "Собрание",
                                                   school.anna.id, NOW, "n1"))
    answer_note(school.session, note_id=note.id, pupil_id=school.vitya.id, guardian_id=school.vera.id, text="Буду",
                key="a1", now=NOW)
    page = as_(school.anna).get("/teacher/")
    assert (items(page), places(page)) == (["7А: 1 ответ на сообщение за 3 дня"], [f"/teacher/notes/{note.id}"])
    with clock.freeze(NOW + timedelta(days=4)):
        assert items(as_(school.anna).get("/teacher/")) == []


def missing_results(school, day: date) -> int:
    found = class_items(school.session, reader_id=school.anna.id, class_ids=[school.school_class("7А").id], today=day,
                        now=clock.at(day, 12))
    return sum(item.count for item in found if item.kind == "results")


def test_results_are_looked_for_from_a_week_before_the_terms_end_until_it_is_closed(school):
    """R12, R15: three subjects of eight pupils; one of them is set."""
    term = school.session.query(Term).filter_by(scheme="quarters", number=1).one()
    school_class, maths = school.school_class("7А"), school.course("7А", "Математика")
    assert [missing_results(school, day) for day in (date(2026, 10, 15), date(2026, 10, 16))] == [0, 24]
    school.session.add(TermMark(pupil_id=school.vitya.id, class_id=school_class.id, subject_id=maths.subject_id,
                                year_id=term.year_id, period="term", term_id=term.id, value="5", entered_on=TODAY,
                                entered_at=NOW, entered_by_id=school.anna.id))
    school.session.flush()
    assert missing_results(school, date(2026, 10, 26)) == 23
    school.session.add(TermClosing(class_id=school_class.id, term_id=term.id, closed_at=NOW,
                                   closed_by_id=school.dina.id))
    school.session.flush()
    assert missing_results(school, date(2026, 10, 26)) == 0


def test_another_classs_items_are_not_mine(as_, school):
    """R33: Борис leads no class; who led one before reads nothing of it."""
    announce(school.session, excuse=NewExcuse(
        school.vitya.id, Span(TODAY, TODAY), "у", "e1", school.vera.id, NOW))
    assert items(as_(school.boris).get("/teacher/")) == []
    school.session.query(ClassTeacher).one().to_on = TODAY - timedelta(days=1)
    assert items(as_(school.anna).get("/teacher/")) == []


def test_statements_are_bounded_whatever_waits(as_, school, at_most):
    on_paper(school, school.vera, school.vitya, from_on=LAST_MONDAY)
    announce(school.session, excuse=NewExcuse(
        school.vitya.id, Span(TODAY, TODAY), "у", "e1", school.vera.id, NOW))
    anna = as_(school.anna)
    anna.get("/teacher/")
    with at_most(8):
        anna.get("/teacher/")
