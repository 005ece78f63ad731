"""A guardian tells of an absence and reads the answer; the page «Пропуски» of the diary (R10, R33, R40)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ejd.journal import excuses
from ejd.journal.excuses import NewExcuse
from ejd.journal.excusing import Span
from ejd.journal.models import Excuse
from ejd.roster.models import Guardianship
from tests.diary_facts import MON, THU, TUE, WEEK, diary_of, lesson_of, note_presence
from tests.journal import Hand, records
from tests.world import FIRST_DAY, NOW

FORM = 'form[action$="/absences"]'
TOMORROW = {"from_on": "2026-09-18", "code": "у", "word": "Едем к врачу"}


def absences_of(pupil):
    return f"/parent/children/{pupil.id}/absences"


def announced(school):
    return school.session.scalars(select(Excuse).filter_by(pupil_id=school.vitya.id)).one()


@pytest.fixture
def vera(as_, school):
    return as_(school.vera)


def announce(vera, school, **changes):
    return vera.submit(vera.get(absences_of(school.vitya)), FORM, TOMORROW | changes)


def test_a_guardian_announces_and_sees_that_it_waits(vera, school):
    announce(vera, school)
    page = vera.get(absences_of(school.vitya))
    assert "пт, 18 сентября : уважительная причина ждёт ответа" in page.words
    assert "«Едем к врачу»" in page.words
    assert len(records(school, "excuse.announced")) == 1


def test_part_of_a_day(vera, school):
    announce(vera, school, first_number="2", last_number="3")
    assert "пт, 18 сентября, 2–3 уроки" in vera.get(absences_of(school.vitya)).words


@pytest.mark.parametrize(("changes", "field", "sentence"), [
    ({"from_on": ""}, "from_on", "Укажите первый день"), ({"from_on": "завтра"}, "from_on", "«завтра» не подходит"),
    ({"to_on": "2026-09-17"}, "to_on", "Последний день раньше первого"), ({"code": "о"}, "code", "Выберите причину"),
    ({"first_number": "первый"}, "first_number", "число от 1 до 12"),
    ({"last_number": "99"}, "last_number", "от 1 до 12"), ({"word": "я" * 301}, "word", "не больше 300"),
    ({"from_on": "2026-08-01"}, "from_on", "внутри учебного года")])
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(vera, school, changes, field, sentence):
    page = vera.submit(vera.get(absences_of(school.vitya)), FORM, TOMORROW | changes, status=422)
    assert sentence in page.select_one(f"#{field}-error").text.replace("\u00a0", " ")
    assert page.title.text.startswith("Ошибка") and page.select_one("details").has_attr("open")
    if field != "word":
        assert page.select_one("#word")["value"] == "Едем к врачу"
    assert school.session.scalars(select(Excuse)).all() == []


def test_the_same_form_sent_twice_is_one_announcement(vera, school):
    page = vera.get(absences_of(school.vitya))
    for _ in range(2):
        vera.submit(page, FORM, TOMORROW)
    assert announced(school).word == "Едем к врачу"


def test_about_the_same_days_the_other_guardian_reads_and_need_not_write(as_, vera, school):
    """Two guardians: both see."""
    school.session.add(Guardianship(guardian_id=school.zakhar.id, pupil_id=school.vitya.id, from_on=FIRST_DAY))
    announce(vera, school)
    zakhar = as_(school.zakhar)
    page = zakhar.get(absences_of(school.vitya))
    assert "«Едем к врачу»" in page.words and "Отозвать" not in page.words
    page = zakhar.submit(page, FORM, TOMORROW, status=422)
    assert "Об этих днях уже сообщили" in page.words


def test_the_answer_is_read(vera, school):
    announce(vera, school)
    excuses.decline(school.session, actor_id=school.anna.id, excuse_id=announced(school).id, version=1,
                    answer="Контрольная работа", now=NOW)
    words = vera.get(absences_of(school.vitya)).words
    assert "отклонено" in words and "Андреева А. А." in words and "«Контрольная работа»" in words


def test_an_announcement_may_be_taken_back_until_it_is_answered(vera, school):
    announce(vera, school)
    page = vera.get(absences_of(school.vitya))
    form = f'form[action$="/absences/{announced(school).id}"]'
    vera.submit(page, form)
    assert announced(school).state == "withdrawn"
    again = vera.submit(page, form, status=409)
    assert "На это сообщение уже ответили: сейчас «снято»" in again.words


def test_a_stranger_s_child_is_not_there(as_, school):
    as_(school.zakhar).get(absences_of(school.vitya), status=404)
    as_(school.zakhar).post(absences_of(school.vitya), TOMORROW, status=404)
    as_(school.vera).post(f"{absences_of(school.vitya)}/999", {"version": "1"}, status=404)


def test_a_teacher_has_no_family_pages(as_, school):
    as_(school.anna).get(absences_of(school.vitya), status=403)


def test_missed_days_and_lessons_by_reason(as_, vera, school):
    anna = Hand(school, school.anna)
    for subject in ("Матем", "Русский"):
        note_presence(school, lesson_of(school, subject, MON), "б")
        anna.takes_attendance(lesson_of(school, subject, MON))
    note_presence(school, lesson_of(school, "Матем", TUE), "о")
    for words in (vera.get(absences_of(school.vitya)).words, as_(school.vitya).get("/student/absences").words):
        assert "Дней целиком 1: болезнь – 1 Уроков 2: болезнь – 2 Опозданий 1" in words
        assert "пн, 14 сентября: весь день, болезнь" in words
        assert "вт, 15 сентября: 2-й урок, Математика – опоздание" in words


def test_a_pupil_reads_and_does_not_announce(as_, school):
    page = as_(school.vitya).get("/student/absences")
    assert not page.select(FORM) and "Пропусков и опозданий нет." in page.words


@pytest.mark.parametrize("term", ["9", "x", "2026"])
def test_an_unknown_term_is_not_there(vera, school, term):
    assert "Такого учебного периода нет" in vera.get(f"{absences_of(school.vitya)}?term={term}", status=404).words


@pytest.mark.parametrize(("certificate", "words"), [(True, "отсутствие по болезни (справка)"),
                                                    (False, "отсутствие по болезни (записала школа)")])
def test_the_diary_says_who_explained(vera, school, certificate, words):
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    excuses.record_excuses(school.session, excuses=[NewExcuse(
        school.vitya.id, Span(MON, MON), "б", "k", school.olga.id, NOW, certificate)])
    assert words in vera.get(diary_of(school.vitya, WEEK)).words


def test_pages_are_bounded_and_send_no_script(vera, school, at_most):
    for day in (MON, THU):
        note_presence(school, lesson_of(school, "Матем", day), "н")
    announce(vera, school)
    url = absences_of(school.vitya)
    with at_most(8):
        page = vera.get(url)
    assert not page.select("script")


def test_what_was_accepted_is_told_until_teachers_take_attendance(vera, school, at_most):
    announce(vera, school, from_on="2026-09-17", to_on="2026-09-18", code="б")
    excuses.accept(school.session, actor_id=school.anna.id, excuse_id=announced(school).id, version=1, code="б",
                   answer="", now=NOW)
    week, url = diary_of(school.vitya), absences_of(school.vitya)
    with at_most(8):
        diary = vera.get(week)
    thursday, friday = (section.text for section in diary.select("section.day")[3:5])
    assert "отсутствие принято: болезнь, учитель ещё не отметил" in thursday
    assert "отсутствие принято: болезнь" in friday and "не отметил" not in friday
    with at_most(8):
        page = vera.get(url)
    number = len(diary.select("section.day")[3].select("ol > li"))
    assert f"ещё не отмечено учителями: {number} " in page.words.replace("\u00a0", " ")
    lesson = lesson_of(school, "Матем", THU)
    Hand(school, school.anna).takes_attendance(lesson)
    assert f"ещё не отмечено учителями: {number - 1} " in vera.get(url).words.replace("\u00a0", " ")


def test_days_without_lessons_and_other_announcements_are_told_to_both_sides(as_, vera, school):
    announce(vera, school, from_on="2026-09-20")
    announce(vera, school, from_on="2026-09-18", to_on="2026-09-21")
    page = vera.get(absences_of(school.vitya))
    doubts = [" ".join(one.text.split()) for one in page.select("li small.warn")]
    assert "в эти дни уроков нет" in doubts
    assert "об этих днях есть и другая запись: вс, 20 сентября" in doubts
    room = as_(school.anna).get(f"/teacher/classes/{school.school_class('7А').id}/absences")
    assert {" ".join(one.text.split()) for one in room.select("section p.warn")} >= {
        "В эти дни уроков нет.", "Об этих днях есть и другая запись: вс, 20 сентября."}
