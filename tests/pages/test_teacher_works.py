"""The works of a journal: what is declared, planned and past, and what each still expects."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import Mark, Work
from tests.journal import Hand

TUESDAY, FRIDAY = date(2026, 9, 15), date(2026, 9, 18)


@pytest.fixture
def hand(school):
    return Hand(school, school.anna)


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def url(maths):
    return f"/teacher/courses/{maths.id}/works"


def declared(school):
    return school.session.scalars(select(Work).where(Work.withdrawn_at.is_(None)).order_by(Work.id)).all()


def rows(page):
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in page.select("tbody tr")]


def test_a_work_is_declared_for_a_lesson_to_come(as_, school, url, maths):
    anna, friday = as_(school.anna), school.lesson(maths, FRIDAY)
    assert "Работ ещё не объявляли" in anna.get(url).words
    page = anna.get(url)
    for _ in range(2):
        anna.submit(page, "main form", {"lesson": str(friday.id), "kind_id": str(school.kind("test").id),
                                        "title": "Дроби"})
    [work] = declared(school)
    assert (work.lesson_id, work.title, work.weight) == (friday.id, "Дроби", 2)
    assert rows(anna.get(url)) == [
        ["Контрольная работа «Дроби»", "пт, 18 сентября", "2", "–", "0", "–", "–", "впереди"]]


def test_what_each_work_expects_is_told(as_, school, hand, maths, url):
    """R4: eight in the list, one was away and owes the work, one has a mark; the teacher's week ended on the 10th."""
    lesson = school.lesson(maths, date(2026, 9, 3))
    work = hand.declares(lesson)
    hand.notes(lesson, school.person("Ким", "Софья"), "б")
    anna = as_(school.anna)
    school.session.commit()
    assert rows(anna.get(url))[0][-1] == "отметить посещаемость"
    hand.takes_attendance(lesson)
    hand.puts(lesson, school.vitya, "5", work_id=work.id)
    school.session.commit()
    assert rows(anna.get(url))[0][3:] == ["8", "1", "6", "1", "срок был 10 сентября"]
    with clock.freeze(clock.at(date(2026, 9, 10), 12)):
        assert rows(anna.get(url))[0][3:] == ["8", "1", "–", "1", "отметки до 10 сентября"]


def test_a_work_is_changed_and_its_marks_follow(as_, school, hand, maths):
    lesson = school.lesson(maths, TUESDAY)
    work = hand.declares(lesson)
    hand.puts(lesson, school.vitya, "5", work_id=work.id)
    school.session.commit()
    anna = as_(school.anna)
    old = anna.get(f"/teacher/works/{work.id}")
    change = "form[action$=change]"
    anna.submit(anna.get(f"/teacher/works/{work.id}"), change, {"title": "Дроби", "weight": "3"})
    assert school.session.scalars(select(Mark.weight)).all() == [3]
    page = anna.submit(old, change, {"title": "Проценты"}, status=409)
    assert "Сейчас она называется «Дроби»" in page.words and page.select_one("#title")["value"] == "Проценты"
    page = anna.submit(page, change, {"weight": "сто"}, status=422)
    assert "Вес работы – целое число" in page.words


def test_taking_a_work_back_says_what_will_happen(as_, school, hand, maths):
    work = hand.declares(school.lesson(maths, TUESDAY))
    school.session.commit()
    anna, url = as_(school.anna), f"/teacher/works/{work.id}/withdraw"
    page = anna.get(url)
    assert "Отметок за неё больше не будут ждать" in page.words
    anna.submit(page, "main form")
    assert not declared(school)
    anna.get(url, status=404)


def test_with_marks_it_is_not_taken_back(as_, school, hand, maths):
    lesson = school.lesson(maths, TUESDAY)
    work = hand.declares(lesson)
    school.session.commit()
    anna, url = as_(school.anna), f"/teacher/works/{work.id}/withdraw"
    page = anna.get(url)
    hand.puts(lesson, school.vitya, "5", work_id=work.id)
    school.session.commit()
    refused = anna.submit(page, "main form", status=422)
    assert "стоят отметки" in refused.select_one("[role=alert]").text and not refused.select("main form")
    assert len(declared(school)) == 1


@pytest.mark.parametrize("garbage", [{}, {"lesson": "x"}, {"lesson": "999999", "kind_id": "1"}, {"kind_id": "999"},
                                     {"weight": "сто"}, {"weight": "99"}, {"title": "х" * 201}])
def test_garbage_gets_a_sentence(as_, school, maths, url, garbage):
    form = {"lesson": school.lesson(maths, FRIDAY).id, "kind_id": school.kind("test").id, "key": "k"}
    page = as_(school.anna).post(url, form | garbage if garbage else {}, status=422)
    assert page.select_one("[role=alert]").text.strip() and not declared(school)


def test_a_lesson_of_another_journal_is_none(as_, school, url):
    other = school.lesson(school.course("7Б", "Математика"), date(2026, 9, 16))
    form = {"lesson": other.id, "kind_id": school.kind("test").id, "key": "k"}
    assert "Выберите урок" in as_(school.anna).post(url, form, status=422).words


def test_strangers_and_other_roles(as_, school, url):
    as_(school.boris).get(url, status=404)
    as_(school.boris).post(url, status=404)
    for person in (school.vera, school.vitya, school.dina):
        as_(person).get(url, status=403)


def test_statements_are_bounded(as_, school, hand, maths, url, at_most):
    for day in (date(2026, 9, 3), date(2026, 9, 4), TUESDAY):
        hand.declares(school.lesson(maths, day))
    school.session.commit()
    anna = as_(school.anna)
    with at_most(8):
        anna.get(url)
