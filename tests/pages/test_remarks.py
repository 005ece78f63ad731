"""Дина, the deputy, remarks on Анна's journal; Анна answers; Дина closes or sends back (R61)."""

from __future__ import annotations

from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd import clock
from ejd.remarks import queries
from ejd.remarks.models import JournalRemark, RemarkWord
from ejd.roster.groups import NewGroup, open_group
from ejd.roster.models import CourseMember, TeachingAssignment
from tests.journal import records

TOMORROW = "2026-09-18"


def of_lesson(school):
    course = school.course("7А", "Математика")
    return f"/admin/courses/{course.id}/lessons/{school.lesson(course, date(2026, 9, 15)).id}/remark"


def of_page(school):
    return f"/admin/courses/{school.course('7А', 'Математика').id}/remark"


def make(as_, school, url=None, **fields):
    dina, url = as_(school.dina), url or of_lesson(school)
    dina.submit(dina.get(url), "form.card", {"text": "Нет темы", "due_on": TOMORROW} | fields)
    return the_remark(school)


def the_remark(school):
    return school.session.scalars(select(JournalRemark).order_by(JournalRemark.id.desc())).first()


def answer(as_, school, remark, text, **kw):
    anna = as_(school.anna)
    return anna.submit(anna.get(f"/teacher/remarks/{remark.id}"), "form.card", {"text": text}, **kw)


def test_a_remark_on_a_lesson_is_answered_and_closed(as_, school, at_most):
    remark = make(as_, school)
    anna, dina = as_(school.anna), as_(school.dina)
    with at_most(8):
        page = anna.get("/teacher/remarks")
    assert "7А, Математика, урок 15 сентября" in page.words and "Нет темы" in page.words
    assert "до пт, 18 сентября" in page.words
    answer(as_, school, remark, "Тема записана")
    with at_most(8):
        shown = dina.get(f"/admin/remarks/{remark.id}")
    assert "Тема записана" in shown.words and "есть ответ" in shown.words
    dina.submit(shown, "form[action$='/close']")
    assert "закрыто" in dina.get("/admin/remarks").words
    assert "отвечать больше не нужно" in anna.post(
        f"/teacher/remarks/{remark.id}", {"text": "Ещё", "version": str(the_remark(school).version)}, status=422).words
    assert len(records(school, "remark.closed")) == 1


def test_it_stands_first_on_the_teachers_day_until_answered(as_, school, at_most):
    """R62: a click away from where it is answered."""
    remark = make(as_, school)
    anna = as_(school.anna)
    with at_most(8):
        today = anna.get("/teacher/")
    assert today.select_one(f"a[href='/teacher/remarks/{remark.id}']") is not None
    answer(as_, school, remark, "Сделано")
    assert anna.get("/teacher/").select_one(f"a[href='/teacher/remarks/{remark.id}']") is None


def test_an_answer_that_is_not_enough_goes_back_and_every_word_stays(as_, school):
    remark = make(as_, school)
    dina = as_(school.dina)
    answer(as_, school, remark, "Сделано")
    page = dina.get(f"/admin/remarks/{remark.id}")
    dina.submit(page, "form[action$='/back']", {"text": "Темы 15 сентября всё ещё нет", "due_on": "2026-09-19"})
    assert the_remark(school).due_on == date(2026, 9, 19)
    anna_sees = as_(school.anna).get(f"/teacher/remarks/{remark.id}")
    assert "возвращено" in anna_sees.words and "всё ещё нет" in anna_sees.words
    answer(as_, school, remark, "Теперь записана")
    said = [word.text for word in school.session.scalars(select(RemarkWord).order_by(RemarkWord.id))]
    assert said == ["Сделано", "Темы 15 сентября всё ещё нет", "Теперь записана"]
    assert all(text in dina.get(f"/admin/remarks/{remark.id}").words for text in said)


def test_a_page_of_the_journal_is_offered_with_the_days_of_its_term(as_, school):
    dina = as_(school.dina)
    journal = dina.get(of_page(school).replace("/remark", "/journal"))
    [link] = [one["href"] for one in journal.select("a") if "Сделать замечание" in one.text]
    page = dina.get(link)
    assert page.select_one("#first")["value"] == "2026-09-01" and page.select_one("#last")["value"] == "2026-09-17"
    dina.submit(page, "form.card", {"text": "Мало отметок"})
    assert "7А, Математика, 1–17 сентября" in dina.get("/admin/remarks").words
    assert the_remark(school).teacher_id == school.anna.id


def test_a_remark_to_a_teacher_is_not_of_a_class(as_, school):
    make(as_, school, f"/admin/people/{school.boris.id}/remark", text="Домашнее задание пишут в день урока")
    assert "ваша работа" in as_(school.boris).get("/teacher/remarks").words
    assert "замечаний нет" in as_(school.anna).get(
        f"/teacher/classes/{school.school_class('7А').id}/remarks").words


def printed(school, name, first, last):
    return [card.text for card in queries.of_class(school.session, school.school_class(name).id, first, last)]


def test_a_remark_is_printed_with_the_days_it_is_about_whenever_it_was_made(as_, school):
    """R51: a remark of 17 September on the lesson of the 15th."""
    make(as_, school, text="Нет темы")
    assert printed(school, "7А", date(2026, 9, 1), date(2026, 9, 15)) == ["Нет темы"]
    assert printed(school, "7А", date(2026, 9, 16), date(2026, 9, 30)) == []
    assert printed(school, "7Б", date(2026, 9, 1), date(2026, 9, 15)) == []


def test_a_remark_on_a_groups_journal_is_printed_with_the_classes_of_its_pupils(as_, school):
    first = date(2026, 9, 1)
    group = open_group(school.session, actor_id=school.dina.id, year_id=school.school_class("7А").year_id,
                       from_on=first, now=clock.now(), group=NewGroup(
                           "Олимпиадная математика", school.course("7А", "Математика").subject_id))
    school.session.add(CourseMember(course_id=group.id, pupil_id=school.vitya.id, from_on=first))
    school.session.query(TeachingAssignment).filter_by(course_id=group.id).one().teacher_id = school.anna.id
    school.session.flush()
    make(as_, school, f"/admin/courses/{group.id}/remark", first="2026-09-01", last="2026-09-10", text="Нет тем")
    assert printed(school, "7А", first, date(2026, 9, 30)) == ["Нет тем"]
    assert printed(school, "7Б", first, date(2026, 9, 30)) == []


def test_nobody_answers_for_who_does_not_work_here(as_, school):
    dina = as_(school.dina)
    page = dina.get(f"/admin/people/{school.vitya.id}/remark")
    refused = dina.submit(page, "form.card", {"text": "Работайте"}, status=422)
    assert "не работает" in refused.words and "Работайте" in refused.select_one("textarea").text


def test_the_class_teacher_reads_those_of_the_class_and_nobody_else_does(as_, school, at_most):
    course = school.course("7А", "Русский")
    remark = make(as_, school, f"/admin/courses/{course.id}/remark", first="2026-09-01", last="2026-09-10")
    page = f"/teacher/classes/{school.school_class('7А').id}/remarks"
    anna, boris = as_(school.anna), as_(school.boris)
    with at_most(8):
        assert "7А, Русский язык, 1–10 сентября" in anna.get(page).words
    boris.get(page, status=404)
    anna.get(f"/teacher/remarks/{remark.id}", status=404)
    anna.post(f"/teacher/remarks/{remark.id}", {"text": "чужое", "version": "1"}, status=404)
    boris.get(f"/teacher/remarks/{remark.id}")
    as_(school.vera).get(f"/teacher/remarks/{remark.id}", status=403)


def test_the_inspector_reads_and_does_nothing(as_, school):
    remark = make(as_, school)
    inna = as_(school.inna)
    page = inna.get(f"/admin/remarks/{remark.id}")
    assert "Нет темы" in page.words and not page.select("main form")
    inna.post(f"/admin/remarks/{remark.id}/close", {"version": "1"}, status=403)
    inna.get(of_lesson(school), status=403)


def test_a_mistake_is_withdrawn_after_a_page_that_says_so(as_, school):
    remark = make(as_, school)
    dina = as_(school.dina)
    page = dina.get(f"/admin/remarks/{remark.id}/withdraw")
    assert "больше не увидит" in page.words
    dina.submit(page, "main form")
    as_(school.anna).get(f"/teacher/remarks/{remark.id}", status=404)
    assert "Нет темы" not in dina.get("/admin/remarks").words
    assert "Нет темы" in dina.get("/admin/remarks?state=withdrawn").words
    assert not queries.of_class(school.session, remark.class_id, date(2026, 9, 1), date(2026, 9, 30))


@pytest.mark.parametrize(("fields", "says"), [
    ({"text": "  "}, "Напишите замечание"),
    ({"text": "а" * 1001}, "Слишком длинно"),
    ({"due_on": "2026-09-01"}, "Срок – сегодня или позже"),
    ({"due_on": "завтра"}, "Дата пишется так"),
    ({"first": ""}, "Укажите дату"),
    ({"last": "2026-08-01"}, "раньше первого"),
    ({"first": "2026-10-01", "last": "2026-10-02"}, "ещё не было"),
    ({"key": ""}, "Страница устарела"),
])
def test_what_is_refused_keeps_what_was_typed(as_, school, fields, says):
    dina = as_(school.dina)
    typed = {"text": "Мало отметок", "first": "2026-09-01", "last": "2026-09-17"} | fields
    page = dina.submit(dina.get(of_page(school)), "form.card", typed, status=422)
    assert says in page.words
    assert page.select_one("textarea").text.strip() == typed["text"].strip()
    assert the_remark(school) is None


def test_a_second_hand_sees_what_stands_there(as_, school):
    remark = make(as_, school)
    dina = as_(school.dina)
    old = dina.get(f"/admin/remarks/{remark.id}")
    answer(as_, school, remark, "Тема записана")
    stale = dina.submit(old, "form[action$='/close']", status=409)
    assert "уже изменили" in stale.words and "Тема записана" in stale.words
    assert the_remark(school).closed_at is None


def test_the_same_form_sent_twice_is_one_remark(as_, school):
    dina = as_(school.dina)
    page = dina.get(of_lesson(school))
    for _ in range(2):
        dina.submit(page, "form.card", {"text": "Нет темы"})
    assert len(school.session.scalars(select(JournalRemark)).all()) == 1


def test_the_list_is_chosen_from_and_goes_to_paper(as_, school, tmp_path, at_most):
    make(as_, school)
    make(as_, school, f"/admin/people/{school.boris.id}/remark", text="Пишите темы")
    dina = as_(school.dina)
    with at_most(8):
        chosen = dina.get(f"/admin/remarks?teacher={school.boris.id}&state=open")
    assert "Пишите темы" in chosen.words and "Нет темы" not in chosen.words
    assert "По этому отбору" in dina.get("/admin/remarks?state=overdue").words
    dina.get("/admin/remarks?state=чепуха&teacher=x&class=99999999999")
    paper = tmp_path / "remarks.pdf"
    paper.write_bytes(dina.get(f"/admin/remarks.pdf?class={school.school_class('7А').id}").response.data)
    text = PdfReader(paper).pages[0].extract_text()
    assert "Нет темы" in text and "Андреева" in text and "Пишите темы" not in text
    assert dina.get("/admin/remarks.xlsx").response.data.startswith(b"PK")
    dina.get("/admin/remarks.doc", status=404)


def test_the_deputy_is_told_of_answers_and_of_what_is_late(as_, school, at_most):
    remark = make(as_, school)
    answer(as_, school, remark, "Тема записана")
    late = make(as_, school, f"/admin/people/{school.boris.id}/remark")
    late.due_on = date(2026, 9, 16)
    school.session.commit()
    dina = as_(school.dina)
    with at_most(8):
        told = {link["href"]: link.text for link in dina.get("/admin/").select("main li a")}
    assert "ответов 1" in told["/admin/remarks?state=answered"]
    assert "без ответа в срок 1" in told["/admin/remarks?state=overdue"]


def test_an_odd_address_of_a_new_remark_does_no_harm(as_, school):
    page = as_(school.dina).get(f"/admin/people/{school.anna.id}/remark?key=1&self=2&text=Нет+тем")
    assert page.select_one("textarea[name=text]").text.strip() == "Нет тем"
