"""The lesson: topic and homework, attendance, a declared work, and the class on one sheet."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import Exemption, Expectation, Homework, Work
from ejd.schedule.models import Lesson, LessonState

TUESDAY, THURSDAY, FRIDAY = date(2026, 9, 15), date(2026, 9, 17), date(2026, 9, 18)


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def lesson(school, maths):
    return school.lesson(maths, THURSDAY)


@pytest.fixture
def url(lesson):
    return f"/teacher/lessons/{lesson.id}"


def homework(school, lesson):
    return school.session.scalar(select(Homework).filter_by(lesson_id=lesson.id))


def record(visitor, url, **fields):
    return visitor.submit(visitor.get(url), "section[aria-labelledby=record-title] form", fields)


def test_topic_and_homework_are_saved_together_without_javascript(as_, school, maths, lesson, url):
    anna = as_(school.anna)
    record(anna, url, topic="Дроби", homework="§ 5, № 12")
    page = anna.get(url)
    assert page.select_one("#topic")["value"] == "Дроби"
    assert "Опубликовано 17 сентября в 12:00" in page.words
    found = homework(school, lesson)
    assert (found.text.strip(), found.due_lesson_id) == ("§ 5, № 12", school.lesson(maths, FRIDAY).id)


def test_the_deadline_is_said_before_and_after(as_, school, maths, lesson, url):
    """R5: an hour after the last lesson; the world's deadline is an hour after the lesson itself."""
    page = as_(school.anna).get(url)
    assert "Срок – 17 сентября в 10:10" in page.words and "срок прошёл" in page.words
    record(as_(school.anna), url, homework="№ 1")
    assert "после срока" in as_(school.anna).get(url).words
    ahead = as_(school.anna).get(f"/teacher/lessons/{school.lesson(maths, FRIDAY).id}")
    assert "срок прошёл" not in ahead.words


def test_not_set_is_an_answer_of_its_own(as_, school, lesson, url):
    anna = as_(school.anna)
    record(anna, url, not_set="1")
    assert homework(school, lesson).not_set
    assert anna.get(url).select_one("#not_set").has_attr("checked")


def test_homework_may_be_due_at_a_later_lesson(as_, school, maths, lesson, url):
    later = school.lesson(maths, date(2026, 9, 22))
    record(as_(school.anna), url, homework="доклад", due=str(later.id))
    assert homework(school, lesson).due_lesson_id == later.id
    assert "доклад" in as_(school.anna).get(f"/teacher/lessons/{later.id}").words, "set for that day"


def test_text_and_not_set_at_once_are_refused_and_nothing_typed_is_lost(as_, school, lesson, url):
    page = as_(school.anna).post(url, {"topic": "Дроби", "homework": "№ 7", "not_set": "1", "key": "k"}, status=422)
    assert page.select_one("#topic")["value"] == "Дроби" and page.select_one("#homework").text.strip() == "№ 7"
    assert page.title.text.startswith("Ошибка: ")
    assert homework(school, lesson) is None
    assert school.session.get(Lesson, lesson.id).topic == "", "the topic is not half-saved"


def test_a_second_hand_is_shown_and_not_overwritten(as_, school, lesson, url):
    anna = as_(school.anna)
    record(anna, url, homework="№ 1")
    old = anna.get(url)
    record(anna, url, homework="№ 2")
    page = anna.submit(old, "section[aria-labelledby=record-title] form", {"homework": "№ 3"}, status=409)
    assert "Сейчас там: «№ 2»" in page.words and page.select_one("#homework").text.strip() == "№ 3"
    assert homework(school, lesson).text == "№ 2"
    anna.submit(page, "section[aria-labelledby=record-title] form")
    assert homework(school, lesson).text == "№ 3", "said again, it replaces"


@pytest.mark.parametrize("stands", [{"homework": "№ 1"}, {"not_set": "1"}])
def test_homework_is_not_taken_back_by_saying_nothing(as_, school, lesson, url, stands):
    anna = as_(school.anna)
    record(anna, url, **stands)
    page = anna.get(url)
    emptied = {**{field["name"]: field.get("value", "") for field in page.select("#record input[type=hidden]")},
               "topic": "Дроби", "homework": ""}
    page = anna.post(url, emptied, status=422)
    assert "Впишите задание или отметьте «не задано»" in page.select_one("#homework-error").text
    assert school.session.get(Lesson, lesson.id).topic == "", "nothing is half-saved"


def test_by_htmx_the_answer_is_the_record_alone(as_, school, lesson, url):
    """So that a line cut on the way leaves the page and what is written in it."""
    anna = as_(school.anna)
    assert anna.get(url).select_one("#record form")["hx-post"] == url
    section = anna.post(url, {"topic": "Дроби", "homework": "№ 1", "key": "k"}, htmx=True)
    assert section.select_one("section#record #topic")["value"] == "Дроби" and not section.select("#sheet")
    assert section.select_one("hx-partial[hx-target='#notices']").text.strip() == "Запись урока сохранена"
    refused = anna.post(url, {"topic": "", "homework": "№ 1", "key": "k2"}, htmx=True, status=422)
    assert refused.select_one("#topic-error") and refused.select_one("form").has_attr("data-unsaved")


@pytest.mark.parametrize(("form", "part"), [
    ("#record form", {"topic": "х" * 501}), ("#sheet details > form", {"kind": "999999"})])
def test_a_refusal_takes_away_what_was_said_before(as_, school, url, form, part):
    """«Запись урока сохранена» does not stay beside it."""
    anna = as_(school.anna)
    where = anna.get(url).select_one(form)["action"]
    answer = anna.post(where, {"lesson_version": 1, "key": "k1", **part}, htmx=True, status=422)
    assert answer.select(".error") and answer.select_one("hx-partial[hx-target='#notices']").text.strip() == ""
    assert not anna.get(url).select("hx-partial")


def test_density_stands_in_the_row_and_changes_with_the_cell(as_, school, lesson, url):
    """R13: as in the journal, 2 marks are asked for after 10 of 24 lessons."""
    anna = as_(school.anna)
    row = anna.get(url).select_one(f"#r{school.vitya.id}")
    assert row.select_one(".den abbr.few").text == "0"
    form = {"act": "put", "value": "5", "key": "k", "view": "sheet", "place": "0", "for": f"k{school.kind('oral').id}"}
    answer = anna.post(f"{url}/pupils/{school.vitya.id}", form, htmx=True)
    assert answer.select_one(f"hx-partial[hx-target='#r{school.vitya.id} .den']").text == "1"


def test_a_refused_declaration_keeps_the_kind_and_a_work_can_be_changed(as_, school, url):
    anna, kind = as_(school.anna), str(school.kind("test").id)
    wrong = {"kind": kind, "weight": "99", "title": "Дроби"}
    page = anna.submit(anna.get(url), "form:has(#work-kind)", wrong, status=422)
    assert page.select_one("#work-kind [selected]")["value"] == kind
    anna.submit(page, "form:has(#work-kind)", {"weight": ""})
    anna.submit(anna.get(url), "form:has([value=change])", {"title": "Степени", "weight": "3"})
    assert "Контрольная работа «Степени», вес 3" in anna.get(url).words


def test_a_work_that_another_tab_changed_shows_both_and_keeps_what_was_typed(as_, school, url):
    anna, form = as_(school.anna), "form:has([value=change])"
    anna.submit(anna.get(url), "form:has(#work-kind)", {"kind": str(school.kind("test").id), "title": "Дроби"})
    older = anna.get(url)
    anna.submit(anna.get(url), form, {"title": "Степени"})
    page = anna.submit(older, form, {"title": "Проценты"}, status=409)
    assert "Сейчас там: «Степени»" in page.words
    assert page.select_one(f"{form} [name=title]")["value"] == "Проценты"
    anna.submit(page, form)
    assert "«Проценты»" in anna.get(url).words


def test_a_topic_is_recorded_from_the_day_of_the_lesson_on(as_, school, maths):
    """R6"""
    friday = f"/teacher/lessons/{school.lesson(maths, FRIDAY).id}"
    page = as_(school.anna).post(friday, {"topic": "Дроби"}, status=422)
    assert "День урока ещё не наступил" in page.words


def test_attendance_is_taken_by_one_button(as_, school, lesson, url):
    anna = as_(school.anna)
    anna.submit(anna.get(url), "#attendance")
    assert "посещаемость отмечена 17 сентября в 12:00" in anna.get(url).words
    assert school.session.get(Lesson, lesson.id).attendance_at == clock.now()


def test_by_key_the_answer_is_the_sheet_alone(as_, school, url):
    sheet = as_(school.anna).post(f"{url}/attendance", htmx=True)
    assert sheet.select_one("section#sheet") and not sheet.select_one("#topic")
    assert "посещаемость отмечена" in sheet.words


def test_attendance_of_a_lesson_to_come_is_refused_at_its_place(as_, school, maths):
    friday = f"/teacher/lessons/{school.lesson(maths, FRIDAY).id}"
    page = as_(school.anna).post(f"{friday}/attendance", status=422)
    assert page.select_one("#sheet [role=alert]").text.startswith("День урока ещё не наступил")


def test_a_declared_work_becomes_a_column_and_its_marks_are_awaited(as_, school, lesson, url):
    """R4: marks of a declared work are expected of everybody present, once attendance was saved."""
    anna = as_(school.anna)
    anna.submit(anna.get(url), "form:has(#work-kind)", {"kind": str(school.kind("test").id), "title": "Дроби"})
    anna.post(f"{url}/attendance")
    page = anna.get(url)
    assert page.select_one("#grid thead abbr[title='Контрольная работа «Дроби»']").text == "к/р"
    assert len(page.select("#grid td .awaited")) == 8
    assert len(school.session.scalars(select(Expectation)).all()) == 8


def test_a_work_is_taken_back(as_, school, url):
    anna = as_(school.anna)
    anna.submit(anna.get(url), "form:has(#work-kind)", {"kind": str(school.kind("test").id)})
    anna.submit(anna.get(url), "form:has([value=withdraw])")
    assert school.session.scalars(select(Work)).one().withdrawn_at is not None
    assert not anna.get(url).select("#grid thead abbr[title^=Контрольная]")


@pytest.mark.parametrize("garbage", [
    {}, {"kind": "x"}, {"kind": "99999"}, {"act": "withdraw"}, {"act": "withdraw", "work": "9", "version": "1"},
    {"kind": "3", "weight": "сто"}, {"kind": "3", "weight": "0"}, {"kind": "3", "title": "х" * 300}])
def test_garbage_about_works_gets_a_sentence(as_, school, url, garbage):
    page = as_(school.anna).post(f"{url}/works", garbage, status=422)
    assert page.select_one("#sheet [role=alert]").text.strip()
    assert not school.session.scalars(select(Work)).all()


@pytest.mark.parametrize("garbage", [
    {"homework": "№ 1"}, {"homework": "№ 1", "key": "k", "due": "1"}, {"homework": "х" * 5000, "key": "k"},
    {"topic": "х" * 5000}, {"homework": "№ 1", "key": "k" * 100}])
def test_garbage_in_the_record_gets_a_sentence(as_, school, lesson, url, garbage):
    page = as_(school.anna).post(url, garbage, status=422)
    assert page.select_one("main [role=alert]").text.strip()
    assert homework(school, lesson) is None


def test_a_cancelled_lesson_says_so_and_takes_nothing(as_, school, lesson, url):
    found = school.session.get(Lesson, lesson.id)
    found.state, found.state_reason = LessonState.CANCELLED.value, "карантин"
    school.session.commit()
    assert "Урок отменён: карантин" in as_(school.anna).get(url).words
    as_(school.anna).post(url, {"topic": "Дроби"}, status=422)


def test_class_one_has_no_homework(as_, school):
    """R5, R14: class 1 has neither homework nor marks by default."""
    lesson = school.lesson(school.course("1А", "Математика"), date(2026, 9, 16))
    page = as_(school.eva).get(f"/teacher/lessons/{lesson.id}")
    assert not page.select("#homework") and "не задают" in page.words
    assert [head.text for head in page.select("#grid thead th")] == ["Ученик", "Был"]


@pytest.mark.parametrize("filled", [0, 1])
def test_lessons_in_a_row_inherit_the_homework_of_one_of_them(as_, school, lesson, url, filled):
    """R5: in either of the two."""
    second = Lesson(course_id=lesson.course_id, day=lesson.day, number=2, starts_at=lesson.ends_at,
                    ends_at=lesson.homework_due_at, teacher_id=school.anna.id, homework_due_at=lesson.homework_due_at)
    school.session.add(second)
    school.session.commit()
    places = [url, f"/teacher/lessons/{second.id}"]
    with clock.freeze(clock.at(THURSDAY, 18)):
        record(as_(school.anna), places.pop(filled), homework="№ 12")
        page = as_(school.anna).get(places[0])
    assert "считается то, что задано на одном из них – «№ 12»" in page.words and "срок прошёл" not in page.words


def exempt(school, maths):
    school.session.add(Exemption(pupil_id=school.vitya.id, course_id=maths.id, from_on=THURSDAY, to_on=FRIDAY))
    school.session.commit()


def test_an_exemption_stands_softly_where_a_mark_would(as_, school, maths, lesson, url):
    """R10: until a mark stands there."""
    exempt(school, maths)
    anna, mine = as_(school.anna), f"#p{school.vitya.id}-0"
    assert anna.get(url).select_one(mine).text == "осв"
    assert not anna.get(f"/teacher/lessons/{school.lesson(maths, TUESDAY).id}").select_one(mine).text
    anna.post(f"{url}/pupils/{school.vitya.id}", {"act": "put", "value": "5", "key": "k", "view": "sheet"}, htmx=True)
    assert anna.get(url).select_one(mine).text == "5"


def test_strangers_do_not_learn_that_the_lesson_exists(as_, school, url):
    for end in ("", "/attendance", "/works"):
        as_(school.boris).post(url + end, {"topic": "Дроби"}, status=404)
    as_(school.boris).get(url, status=404)


def test_other_roles_are_shut_out(as_, school, url):
    for person in (school.vera, school.vitya, school.dina):
        as_(person).get(url, status=403)


def test_statements_are_bounded_with_works_and_marks(as_, school, url, at_most):
    anna = as_(school.anna)
    anna.submit(anna.get(url), "form:has(#work-kind)", {"kind": str(school.kind("test").id)})
    anna.post(f"{url}/attendance")
    with at_most(8):
        anna.get(url)
