"""Where nothing can be changed any more no page offers it (R8), and where no marks are given none of their apparatus
stands (R14)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from ejd import clock
from ejd.journal.models import Reopening, TermClosing
from ejd.roster.models import Course
from ejd.school.models import Term
from tests.journal import Hand

TUESDAY, TODAY = date(2026, 9, 15), date(2026, 9, 17)


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), TUESDAY)


@pytest.fixture
def pages(school, lesson):
    """A lesson of 7А with a control work and a mark, by address."""
    anna = Hand(school, school.anna)
    work = anna.declares(lesson)
    anna.takes_attendance(lesson)
    anna.puts(lesson, school.vitya, "3", work_id=work.id)
    anna.writes_topic(lesson, "Дроби")
    school.session.commit()
    at = f"/teacher/lessons/{lesson.id}"
    return {"lesson": at, "cell": f"{at}/pupils/{school.vitya.id}", "list": f"{at}/list",
            "work": f"/teacher/works/{work.id}", "journal": f"/teacher/courses/{lesson.course_id}/journal",
            "results": f"/teacher/courses/{lesson.course_id}/results"}


@pytest.fixture
def closed(school, pages):
    term = school.session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=term.id, closed_at=clock.now(),
                                   closed_by_id=school.dina.id))
    school.session.commit()
    return term


PAGES = ["lesson", "cell", "list", "work", "journal", "results"]


@pytest.mark.parametrize("which", PAGES)
def test_a_closed_lesson_is_read_and_offers_no_act(as_, school, pages, closed, which):
    page = as_(school.anna).get(pages[which])
    assert "Закрыто: I четверть. Открыть журнал для исправления может завуч или директор." in page.words
    assert not page.select("main form button")
    assert "3" in page.words and (which != "lesson" or "Дроби" in page.words)


@pytest.mark.parametrize("which", PAGES)
def test_open_again_everything_is_there(as_, school, pages, closed, which):
    school.session.add(Reopening(class_id=school.school_class("7А").id, term_id=closed.id, reason="Ошибка",
                                 opened_at=clock.now(), opened_by_id=school.dina.id, key="open-1",
                                 until_at=clock.at(date(2026, 9, 20))))
    school.session.commit()
    page = as_(school.anna).get(pages[which])
    assert "Открыть журнал для исправления" not in page.words
    assert page.select("main form button") or which == "journal" and page.select_one("#grid")["data-cell"]


def test_a_refusal_still_stands_on_the_page_of_a_closed_lesson(as_, school, pages, closed):
    """Somebody's page was older than the closing."""
    page = as_(school.anna).post(pages["lesson"], {"topic": "Новая", "lesson_version": 2, "key": "k1"}, status=422)
    assert "Закрыто: I четверть" in page.select_one("#record [role=alert]").text


@pytest.fixture
def markless(school, lesson):
    """«Разговоры о важном»: attendance and topics alone."""
    school.session.execute(update(Course).where(Course.id == lesson.course_id).values(scheme="markless"))
    school.session.commit()
    return f"/teacher/courses/{lesson.course_id}"


def test_a_journal_without_marks_shows_nothing_of_them(as_, school, lesson, markless):
    anna = as_(school.anna)
    page = anna.get(f"{markless}/journal")
    assert page.select("#grid tbody td") and not page.select("#grid .end, #grid .avg, #grid .den")
    assert {link.text for link in page.select("nav.tabs a")} & {"Итоговые отметки", "Работы"} == set()
    assert "План" in {link.text for link in page.select("nav.tabs a")}
    assert "Digit5" not in {button.get("data-code") for button in page.select("#keys button")}
    assert "Уголок" not in page.words and "пересдач" not in page.words and "посещаемость и темы" in page.words
    for address in (f"/teacher/lessons/{lesson.id}", f"/teacher/lessons/{lesson.id}/list"):
        page = anna.get(address)
        assert "отметки" not in page.select_one("table caption").text and "Уголок" not in page.words
    assert "отметок не ставят" in anna.get(f"{markless}/works").words
    assert not anna.get(f"{markless}/works").select("main form")
    assert "отметок не ставят" in anna.get(f"{markless}/results").words


@pytest.mark.parametrize("view", ["journal", "sheet"])
def test_attendance_is_saved_there_without_a_word_of_marks(as_, school, lesson, markless, view):
    answer = as_(school.anna).post(f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}", {
        "act": "presence", "value": "н", "key": "k1", "view": view, "place": "a"}, htmx=True)
    assert "н" in answer.words and not answer.select("[hx-target$='.avg'], [hx-target$='.den']")
