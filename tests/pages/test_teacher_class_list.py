"""A lesson's class as one form, for whoever has no keys or no script."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd.journal.models import Attendance, Mark
from ejd.journal.works import NewWork, declare_works
from ejd.school.settings import load


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), date(2026, 9, 17))


@pytest.fixture
def url(lesson):
    return f"/teacher/lessons/{lesson.id}/list"


def marks(school):
    return {mark.pupil_id: mark for mark in school.session.scalars(select(Mark))}


def letters(school):
    return dict(school.session.execute(select(Attendance.pupil_id, Attendance.code)).all())


def test_letters_and_marks_are_saved_by_one_button(as_, school, url):
    anna, vitya, kim = as_(school.anna), school.vitya.id, school.person("Ким", "Софья").id
    anna.submit(anna.get(url), "main form", {f"m{vitya}": "5", f"a{kim}": "н"})
    assert {pupil: mark.value for pupil, mark in marks(school).items()} == {vitya: "5"}
    assert letters(school) == {kim: "н"}


def test_marks_are_for_the_declared_work_unless_another_is_chosen(as_, school, lesson, url):
    [work] = declare_works(school.session, settings=load(school.session), works=[
        NewWork(lesson.id, school.kind("test").id, school.anna.id, lesson.ends_at)])
    school.session.commit()
    anna, vitya, kim = as_(school.anna), school.vitya.id, school.person("Ким", "Софья").id
    anna.submit(anna.get(url), "main form", {f"m{vitya}": "5"})
    anna.submit(anna.get(f"{url}?work=0"), "main form", {f"m{kim}": "4"})
    assert [marks(school)[pupil].work_id for pupil in (vitya, kim)] == [work.id, None]


def test_a_standing_mark_is_a_link_and_a_letter_can_be_cleared(as_, school, lesson, url):
    anna, vitya = as_(school.anna), school.vitya.id
    anna.submit(anna.get(url), "main form", {f"m{vitya}": "5", f"a{vitya}": "о"})
    page = anna.get(url)
    assert page.select_one(f"a[href='/teacher/lessons/{lesson.id}/pupils/{vitya}']").text == "5"
    anna.submit(page, "main form", {f"a{vitya}": ""})
    assert letters(school) == {vitya: None}


def test_sent_twice_it_is_saved_once(as_, school, url):
    anna = as_(school.anna)
    page = anna.get(url)
    for _ in range(2):
        anna.submit(page, "main form", {f"m{school.vitya.id}": "5"})
    assert len(school.session.scalars(select(Mark)).all()) == 1


def test_a_refusal_saves_nothing_and_keeps_what_was_chosen(as_, school, url):
    """R10: «1» by setting, off by default."""
    anna, vitya, kim = as_(school.anna), school.vitya.id, school.person("Ким", "Софья").id
    assert "1" not in [option.text for option in anna.get(url).select(f"[name=m{kim}] option")], "nor is it offered"
    form = {f"m{vitya}": "5", f"m{kim}": "1", f"a{kim}": "о", "key": "k"}
    page = anna.post(url, form, status=422)
    assert "Ничего не сохранено" in page.select_one("[role=alert]").text
    assert page.select_one(f"[name=m{vitya}] [selected]").text == "5"
    assert page.select_one(f"[name=a{kim}] [selected]")["value"] == "о"
    assert not marks(school) and not letters(school)


def test_another_hand_in_the_meantime_is_told_by_name_with_both_values(as_, school, url):
    anna, vitya = as_(school.anna), school.vitya.id
    old = anna.get(url)
    anna.submit(anna.get(url), "main form", {f"m{vitya}": "5"})
    page = anna.submit(old, "main form", {f"m{vitya}": "3"}, status=409)
    assert "Волков Виктор: Здесь уже стоит отметка: сейчас там «5», вы вносили «3»" in page.words
    assert [mark.value for mark in marks(school).values()] == ["5"]
    letters_seen = anna.get(url)
    anna.submit(anna.get(url), "main form", {f"a{vitya}": "о"})
    page = anna.submit(letters_seen, "main form", {f"a{vitya}": "н"}, status=409)
    assert "Волков Виктор: Посещаемость уже изменили: сейчас там «о», вы вносили «н»" in page.words


def test_when_a_work_was_written_later_is_said(as_, school):
    """R3: of an absentee's work, who it was and which day was taken."""
    tuesday = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    declare_works(school.session, settings=load(school.session), works=[
        NewWork(tuesday.id, school.kind("test").id, school.anna.id, tuesday.ends_at)])
    school.session.commit()
    anna, address, vitya = as_(school.anna), f"/teacher/lessons/{tuesday.id}/list", school.vitya.id
    anna.submit(anna.get(address), "main form", {f"a{vitya}": "н"})
    anna.submit(anna.get(address), "main form", {f"m{vitya}": "5"})
    assert "Волков Виктор: когда написал? Записано сегодня, 17 сентября" in anna.get("/teacher/").words


@pytest.mark.parametrize("garbage", [{"m{}": "9", "key": "k"}, {"m{}": "5"}, {"a{}": "х", "key": "k"},
                                     {"m{}": "5", "key": "k" * 90}])
def test_garbage_gets_a_sentence(as_, school, url, garbage):
    form = {name.format(school.vitya.id): value for name, value in garbage.items()}
    assert as_(school.anna).post(url, form, status=422).select_one("[role=alert]").text.strip()
    assert not marks(school) and not letters(school)


def test_an_empty_form_changes_nothing(as_, school, url):
    as_(school.anna).post(url, {})
    assert not marks(school) and not letters(school)


def test_strangers_and_other_roles(as_, school, url):
    as_(school.boris).get(url, status=404)
    as_(school.boris).post(url, status=404)
    for person in (school.vera, school.vitya, school.dina):
        as_(person).get(url, status=403)


def test_statements_are_bounded(as_, school, url, at_most):
    anna = as_(school.anna)
    with at_most(8):
        anna.get(url)
