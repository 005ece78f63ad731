"""Анна writes to the families of 7А; Вера answers and says that she has read the week; Витя reads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.homeroom.models import Note, NoteAnswer, WeekAcknowledged
from ejd.roster.models import ClassTeacher, CourseMember, Enrolment
from ejd.schedule.models import Lesson


@pytest.fixture
def anna(as_, school):
    return as_(school.anna)


def address(school, name="notes"):
    return f"/teacher/classes/{school.school_class('7А').id}/{name}"


def child(school, rest):
    return f"/parent/children/{school.vitya.id}/{rest}"


def write(anna, school, *, status=None, **fields):
    page = anna.get(address(school))
    form = {"key": page.select_one("input[name=key]")["value"], "day": "2026-09-17", "kind": "notice",
            "text": "Собрание в пятницу", "pupil": [str(school.vitya.id)]} | fields
    return anna.post(address(school), form, status=status)


def note_of(school):
    return school.session.scalars(select(Note)).one()


def test_a_notice_reaches_the_family_and_the_guardian_answers(as_, school, anna, at_most):
    write(anna, school)
    vera, notes = as_(school.vera), child(school, "notes")
    with at_most(8):
        page = vera.get(notes)
    assert "Собрание в пятницу" in page.words and "Аркад" not in page.select_one("h1").text
    note_id = note_of(school).id
    vera.submit(page, f"form[action$='/notes/{note_id}']", {"text": "Приду"})
    assert "Приду" in vera.get(child(school, "notes")).words
    with at_most(8):
        opened = anna.get(f"/teacher/notes/{note_id}")
    assert "Приду" in opened.words and "Волков Виктор" in opened.words
    assert "1 ответ" in anna.get(address(school)).words
    assert "Собрание" in as_(school.vitya).get("/student/notes").words


def test_nobody_else_reads_or_answers_it(as_, school, anna):
    write(anna, school)
    note = note_of(school)
    zakhar, boris = as_(school.zakhar), as_(school.boris)
    zakhar.get(child(school, "notes"), status=404)
    zakhar.post(child(school, f"notes/{note.id}"), {"text": "x", "key": "k"}, status=404)
    zakhar.post(f"/parent/children/{school.zoya.id}/notes/{note.id}", {"text": "чужое", "key": "k"}, status=422)
    assert not school.session.scalars(select(NoteAnswer)).all()
    boris.get(f"/teacher/notes/{note.id}", status=404)
    boris.get(address(school), status=404)
    assert "Собрание" not in as_(school.vera).get(f"/parent/children/{school.masha.id}/notes").words


def test_a_note_to_the_whole_class_and_to_some(as_, school, anna):
    write(anna, school, everybody="1", pupil=[])
    assert "весь класс" in anna.get(address(school)).words
    assert "Собрание" in as_(school.vitya).get("/student/notes").words


@pytest.mark.parametrize(("fields", "says"), [
    ({"text": "  "}, "Напишите текст"),
    ({"text": "а" * 1001}, "Слишком длинно"),
    ({"pupil": []}, "Отметьте, чьей семье"),
    ({"pupil": ["999999"]}, "обновите страницу"),
    ({"kind": "приказ"}, "сообщение или замечание"),
    ({"day": "2026-09-18"}, "не позже сегодняшнего"),
    ({"day": "2026-09-01"}, "две недели назад"),
])
def test_what_is_refused_keeps_what_was_typed(school, anna, fields, says):
    answer = write(anna, school, status=422, **fields)
    assert says in answer.words
    assert answer.select_one("textarea").text.strip() == fields.get("text", "Собрание в пятницу").strip()
    assert not school.session.scalars(select(Note)).all()


def test_the_same_form_sent_twice_is_one_note(school, anna):
    key = anna.get(address(school)).select_one("input[name=key]")["value"]
    for _ in range(2):
        write(anna, school, key=key)
    assert note_of(school)


def test_a_changed_note_says_so_and_a_withdrawn_one_goes(as_, school, anna):
    write(anna, school)
    note = note_of(school)
    page = anna.get(f"/teacher/notes/{note.id}")
    anna.submit(page, "form.card", {"text": "Собрание в четверг"})
    stale = anna.submit(page, "form.card", {"text": "Собрание в среду"}, status=409)
    assert "сейчас там «Собрание в четверг»" in stale.words
    assert "изменено" in as_(school.vera).get(child(school, "notes")).words
    fresh = anna.get(f"/teacher/notes/{note.id}").select_one("input[name=version]")["value"]
    anna.post(f"/teacher/notes/{note.id}/withdraw", {"version": fresh})
    assert "Собрание" not in as_(school.vera).get(child(school, "notes")).words
    anna.get(f"/teacher/notes/{note.id}", status=404)


def test_a_remark_at_a_lesson_stands_in_the_diary_of_its_day(as_, school, at_most):
    boris = as_(school.boris)
    lesson = school.lesson(school.course("7А", "Русский"), date(2026, 9, 16))
    page = boris.get(f"/teacher/lessons/{lesson.id}/remark?pupil={school.vitya.id}")
    assert page.select_one(f"#pupil-{school.vitya.id}").has_attr("checked")
    boris.post(f"/teacher/lessons/{lesson.id}/remark", {
        "text": "Опоздал без причины", "pupil": str(school.vitya.id), "key": "remark-1"})
    vera, week = as_(school.vera), child(school, "diary?week=2026-W38")
    with at_most(8):
        diary = vera.get(week)
    day = next(section for section in diary.select("section.day") if "16 сентября" in section.text.replace("\xa0", " "))
    assert "Замечание, Русский язык: Опоздал без причины" in " ".join(day.text.split())
    note = note_of(school)
    assert "Опоздал" in boris.get(f"/teacher/notes/{note.id}").words  # the author
    assert "Опоздал" in as_(school.anna).get(f"/teacher/notes/{note.id}").words  # the class teacher


def test_a_remark_is_written_only_to_those_whom_the_lesson_is_given_to(as_, school):
    """R33: a subgroup is not the class."""
    english = school.course("7А", "Иностранный", 2)
    lesson = school.lesson(english, date(2026, 9, 15))
    members = {row.pupil_id for row in school.session.scalars(select(CourseMember).filter_by(course_id=english.id))}
    boris, remark = as_(school.boris), f"/teacher/lessons/{lesson.id}/remark"
    page = boris.get(remark)
    assert {int(box["value"]) for box in page.select("input[name=pupil]")} == members
    stranger = next(row.pupil_id for row in school.session.scalars(
        select(Enrolment).filter_by(class_id=english.class_id)) if row.pupil_id not in members)
    refused = boris.post(remark, {"text": "Мешал", "pupil": str(stranger), "key": "remark-2"}, status=422)
    assert "в списке этого урока" in refused.words
    boris.post(remark, {"text": "Мешал", "pupil": str(min(members)), "key": "remark-2"})


def test_who_was_class_teacher_before_reads_neither_the_note_nor_its_answers(as_, school, anna, session):
    write(anna, school)
    note = note_of(school)
    session.query(ClassTeacher).filter_by(class_id=note.class_id).update({"to_on": date(2026, 9, 16)})
    session.commit()
    for answer in (anna.get(f"/teacher/notes/{note.id}", status=404),
                   anna.post(f"/teacher/notes/{note.id}/withdraw", {"version": "1"}, status=404)):
        assert "Собрание" not in answer.words
    assert note.withdrawn_at is None


def test_a_week_before_the_child_came_is_not_acknowledged(as_, school):
    vera = as_(school.vera)
    for week in ("2026-W20", "2019-W10"):
        assert "не учился" in vera.post(child(school, f"weeks/{week}"), status=422).words
    assert not school.session.scalars(select(WeekAcknowledged)).all()


def test_a_guardian_acknowledges_the_week_and_the_class_teacher_sees_who_has_not(as_, school, anna, at_most):
    vera = as_(school.vera)
    page = vera.get(child(school, "diary?week=2026-W37"))
    vera.submit(page, "form[action*='/weeks/']")
    assert "Вы ознакомились" in vera.get(child(school, "diary?week=2026-W37")).words
    vera.post(child(school, "weeks/2026-W37"))  # again changes nothing
    assert len(school.session.scalars(select(WeekAcknowledged)).all()) == 1
    read = address(school, "weeks?week=2026-W37")
    with at_most(8):
        weeks = anna.get(read)
    row = next(row for row in weeks.select("tbody tr") if "Волков Виктор" in row.text)
    assert "ещё нет" not in row.text and "1 из 8" in weeks.words
    assert "ознакомились" not in as_(school.vitya).get("/student/diary?week=2026-W37").words


@pytest.mark.parametrize(("week", "status"), [("2026-W60", 404), ("сейчас", 404), ("2026-W40", 422)])
def test_a_week_that_is_none_or_to_come_is_not_acknowledged(as_, school, week, status):
    as_(school.vera).post(child(school, f"weeks/{week}"), status=status)
    as_(school.zakhar).post(child(school, "weeks/2026-W37"), status=404)


def test_an_empty_answer_is_refused_at_its_note(as_, school, anna):
    write(anna, school)
    vera = as_(school.vera)
    page = vera.get(child(school, "notes"))
    answer = vera.submit(page, "article form", {"text": " "}, status=422)
    assert "Напишите текст" in answer.select_one("article .error").text


def test_a_lesson_and_a_pupils_cell_lead_to_the_remark(as_, school):
    boris = as_(school.boris)
    lesson = school.lesson(school.course("7А", "Русский"), date(2026, 9, 16))
    remark = f"/teacher/lessons/{lesson.id}/remark"
    page = boris.get(f"/teacher/lessons/{lesson.id}")
    assert page.select_one(f'a[href="{remark}"]').text == "замечание семье"
    cell = boris.get(f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}")
    boris.get(cell.select_one(f'a[href^="{remark}"]')["href"])
    assert boris.get(f"{remark}?pupil={school.vitya.id}").select_one(f"#pupil-{school.vitya.id}").has_attr("checked")


def test_a_note_of_a_sunday_and_of_holidays_stands_in_the_diary(as_, school, anna, session):
    write(anna, school, day="2026-09-13", text="Поход")
    sunday = as_(school.vera).get(child(school, "diary?week=2026-W37")).select("section.day")[-1]
    assert "13 сентября" in sunday.h3.text.replace("\xa0", " ") and "Поход" in sunday.text
    note = note_of(school)
    note.day = date(2026, 8, 26)
    session.commit()
    session.query(Enrolment).filter_by(pupil_id=school.vitya.id).update({"from_on": date(2026, 8, 20)})
    session.commit()
    empty = as_(school.vera).get(child(school, "diary?week=2026-W35"))
    assert "на этой неделе уроков нет" in empty.words and "Сообщение: Поход" in empty.words


def test_new_notes_are_told_on_the_tab_and_answers_on_the_teachers_day(as_, school, anna, at_most):
    write(anna, school, text="Читайте https://resh.edu.ru/subject/lesson/1548/conspect/")
    vera, address_of_diary = as_(school.vera), child(school, "diary")
    with at_most(8):
        diary = vera.get(address_of_diary)
    assert "Сообщения +1" in diary.select_one("nav.tabs").text
    assert diary.select_one("p.note a.url")["href"].startswith("https://resh.edu.ru")
    note = note_of(school)
    vera.post(child(school, f"notes/{note.id}"), {"text": "Приду", "key": "answer-1"})
    with at_most(8):
        today = anna.get("/teacher/")
    link = today.select_one(f'a[href="/teacher/notes/{note.id}"]')
    assert "7А: 1 ответ на сообщение за 3 дня" in " ".join(link.text.split())
    assert f"/teacher/notes/{note.id}" not in str(as_(school.boris).get("/teacher/"))


def test_notes_stand_by_when_they_were_written(as_, school, anna, session):
    for key, text in (("note-1", "Первое"), ("note-2", "Второе")):
        write(anna, school, key=key, text=text)
    first = session.scalars(select(Note).filter_by(key="note-1")).one()
    first.written_at += timedelta(minutes=5)
    session.commit()
    rows = [row.select("td")[3].text for row in anna.get(address(school)).select("tbody tr")]
    assert rows == ["Первое", "Второе"]
    assert [one.text for one in as_(school.vera).get(child(school, "notes")).select("article .text")] == rows
    second = session.scalars(select(Note).filter_by(key="note-2")).one()
    assert not anna.get(address(school, f"notes?before={second.id}")).select("tbody tr")


def test_who_has_read_opens_at_the_last_week_with_lessons(as_, school, anna, session, at_most):
    weeks = address(school, "weeks")
    with at_most(8):
        assert "7–11 сентября" in anna.get(weeks).select_one("h2").text.replace("\xa0", " ")
    session.query(Lesson).filter(Lesson.day.between(date(2026, 9, 7), date(2026, 9, 13))).update(
        {"state": "cancelled"})
    session.commit()
    assert "4 сентября" in anna.get(address(school, "weeks")).select_one("h2").text.replace("\xa0", " ")
    assert "уроков не было, ознакомления не ждут" in anna.get(address(school, "weeks?week=2026-W37")).words


def test_a_week_is_acknowledged_from_its_last_school_day_on(as_, school):
    with clock.freeze(clock.at(date(2026, 9, 17), 12)):
        assert not as_(school.vera).get(child(school, "diary?week=2026-W38")).select("form[action*='/weeks/']")
    with clock.freeze(clock.at(date(2026, 9, 18), 12)):
        assert as_(school.vera).get(child(school, "diary?week=2026-W38")).select("form[action*='/weeks/']")
