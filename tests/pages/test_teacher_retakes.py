"""Анна puts a re-take into a cell: by the key «/» or by the form; both marks are seen, here and in the diary (R11)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.journal.models import Mark
from ejd.school.models import Setting
from tests.journal import Hand

TUESDAY = date(2026, 9, 15)


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), TUESDAY)


@pytest.fixture
def three(school, lesson):
    mark = Hand(school, school.anna).puts(lesson, school.vitya, "3")
    school.session.commit()
    return mark


@pytest.fixture
def cell(school, lesson):
    return f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}"


def again(mark, **more):
    return {"act": "retake", "mark": mark.id, "version": mark.version, "value": "5", "key": "k1", "view": "journal",
            **more}


def standing(school):
    return [mark.value for mark in school.session.scalars(
        select(Mark).where(Mark.withdrawn_at.is_(None)).order_by(Mark.id))]


def test_by_a_key_both_stand_in_the_cell_and_the_last_counts(as_, school, cell, three):
    answer = as_(school.anna).post(cell, again(three), htmx=True)
    assert [mark.text for mark in answer.select("b[data-m]")] == ["3", "5"] and "</b>→<b" in str(answer)
    assert answer.select("b[data-m]")[1]["title"] == "пересдача, получена 17\u00a0сентября"
    assert answer.select_one("hx-partial[hx-target$='.avg']").text == "5,00"
    assert answer.select_one("hx-partial[hx-target$='.den']").text.startswith("1")
    assert "пересдача, получена 17\u00a0сентября" in answer.select_one(".told").text


def test_without_javascript_by_the_form(as_, school, cell, three):
    anna = as_(school.anna)
    anna.submit(anna.get(cell), f"#mark{three.id} form:has([value=retake])",
                {"value": "5", "received_on": "2026-09-16", "comment": "на перемене"})
    page = anna.get(cell)
    assert "Пересдача 3→5" in page.words and "Получена 16 сентября: пересдача" in page.words
    assert "Пересдана на 5: в среднем считается она." in page.words
    assert "пересдача: 3 → 5" in page.select_one("#history").text
    assert not page.select(f"#mark{three.id} [value=retake]"), "one re-take stands for a mark"


def test_journal_and_lesson_show_both_and_average_the_last(as_, school, lesson, cell, three):
    anna = as_(school.anna)
    anna.post(cell, again(three))
    for url in (f"/teacher/courses/{lesson.course_id}/journal", f"/teacher/lessons/{lesson.id}"):
        row = anna.get(url).select_one(f"#r{school.vitya.id}")
        assert "3→5" in row.text.replace("\n", "") and row.select_one(".avg").text == "5,00"


def test_a_school_may_count_both(as_, school, cell, three):
    school.session.add(Setting(key="retake", valid_from=date(2026, 9, 1), value='"both"'))
    school.session.commit()
    answer = as_(school.anna).post(cell, again(three), htmx=True)
    assert answer.select_one("hx-partial[hx-target$='.avg']").text == "4,00"


def test_a_second_re_take_of_the_same_mark_is_told_with_both_values(as_, school, cell, three):
    anna = as_(school.anna)
    anna.post(cell, again(three))
    answer = anna.post(cell, again(three, value="4", key="k2"), htmx=True, status=409)
    assert "уже пересдали: сейчас там «5», вы вносили «4»" in answer.select_one("[role=alert]").text
    assert standing(school) == ["3", "5"]


@pytest.mark.parametrize("garbage", [
    {"value": ""}, {"value": "7"}, {"mark": ""}, {"mark": "999999"}, {"received_on": "вчера"},
    {"received_on": "2026-09-14"}, {"received_on": "2026-09-18"}, {"key": ""}, {"comment": "х" * 301}])
def test_garbage_gets_a_sentence(as_, school, cell, three, garbage):
    page = as_(school.anna).post(cell, again(three) | garbage, status=422)
    assert page.select_one("[role=alert]").text.strip() and standing(school) == ["3"]


def test_the_family_sees_both(as_, school, cell, three):
    as_(school.anna).post(cell, again(three, comment="без ошибок"))
    week = as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary")
    told = [" ".join(line.text.split()) for line in week.select(".mark")]
    assert told == ["3 Ответ на уроке", "3→5 Ответ на уроке, пересдача, получена 17 сентября: без ошибок"]
    marks = as_(school.vera).get(f"/parent/children/{school.vitya.id}/marks")
    subject = next(li for li in marks.select(".subjects > li") if "Математика" in li.h3.text)
    assert subject.summary.text.strip() == "3→5" and "5,00" in subject.h3.text
    assert len(subject.select("details li")) == 2


def test_a_comment_is_seen_in_the_grid(as_, school, lesson, cell):
    anna = as_(school.anna)
    anna.post(cell, {"act": "put", "value": "4", "key": "k", "comment": "без единицы измерения"})
    mark = anna.get(f"/teacher/courses/{lesson.course_id}/journal").select_one(f"#r{school.vitya.id} b")
    assert mark["class"] == ["noted"] and mark["title"] == "есть комментарий"


def test_statements_are_bounded(as_, school, cell, three, at_most):
    anna = as_(school.anna)
    anna.post(cell, again(three))
    with at_most(8):
        anna.get(cell)


def test_strangers_and_other_roles(as_, school, cell, three):
    as_(school.boris).post(cell, again(three), status=404)
    for person in (school.vera, school.vitya, school.dina):
        as_(person).post(cell, again(three), status=403)
    assert standing(school) == ["3"]
