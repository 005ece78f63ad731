"""The class teacher and the office on absences: announcements answered, certificates, the day of a class, what was
missed; and who may know that it was illness (R8, R34, R40)."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from ejd.journal import excuses
from ejd.journal.excuses import NewExcuse
from ejd.journal.excusing import Span
from ejd.journal.models import Attendance, Excuse
from tests.diary_facts import MON, THU, TUE, WED, lesson_of, note_presence
from tests.journal import Hand
from tests.world import NOW

ADD = 'form[action$="/absences"]'
DAY = 'form[method="post"][action$="/attendance"]'


def page_of(school, what="absences", side="teacher", class_name="7А"):
    return f"/{side}/classes/{school.school_class(class_name).id}/{what}"


def letter(school, subject, day, pupil=None):
    return school.session.scalar(select(Attendance.code).filter_by(
        lesson_id=lesson_of(school, subject, day).id, pupil_id=(pupil or school.vitya).id))


def certificate(school, span, code="б", pupil=None, key="paper"):
    excuses.record_excuses(school.session, excuses=[NewExcuse(
        (pupil or school.vitya).id, span, code, key, school.olga.id, NOW, True)])
    return school.session.scalars(select(Excuse).filter_by(key=key)).one()


@pytest.fixture
def told(school):
    """Вера's word of Витя's absence."""
    return excuses.announce(school.session, excuse=NewExcuse(
        school.vitya.id, Span(MON, TUE), "у", "told", school.vera.id, NOW, word="Уезжали"))


@pytest.fixture(params=["teacher", "admin"])
def side(request, as_, school):
    """Анна, class teacher, and Ольга of the office: they do the same, each on their side."""
    return request.param, as_(school.anna if request.param == "teacher" else school.olga)


def answer(visitor, url, excuse, status=None, **fields):
    page = visitor.get(url)
    form = f'form[action$="/absences/{excuse.id}"]'
    sent = {str(one["name"]): one.get("value", "") for one in page.select(f"{form} input[type=hidden]")}
    return visitor.post(page.select_one(form)["action"], sent | fields, status=status)


def test_a_certificate_fills_the_days_behind(side, school):
    """R8, R10: н becomes б; a blank of a lesson whose attendance was taken too."""
    where, visitor = side
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    for day in (MON, TUE):
        Hand(school, school.anna).takes_attendance(lesson_of(school, "Матем", day))
    url = page_of(school, side=where)
    visitor.submit(visitor.get(url), ADD, {
        "pupil": school.vitya.id, "from_on": str(MON), "to_on": str(WED), "code": "б"})
    assert letter(school, "Матем", MON) == "б" and letter(school, "Матем", TUE) == "б"
    page = visitor.get(url)
    assert "Записано: 2 урока." in page.words
    assert "Волков Виктор 14–16 сентября болезнь, справка" in page.words


def test_where_the_pupil_was_there_it_is_told(as_, school):
    note_presence(school, lesson_of(school, "Матем", MON), "о")
    visitor = as_(school.anna)
    visitor.submit(visitor.get(page_of(school)), ADD, {
        "pupil": school.vitya.id, "from_on": str(MON), "code": "б"})
    assert "они не изменены: пн, 14 сентября, 1-й урок, Математика: опоздал" in visitor.get(page_of(school)).words


@pytest.mark.parametrize(("changes", "field", "sentence"), [
    ({"pupil": ""}, "pupil", "Выберите ученика"), ({"pupil": "999999"}, "pupil", "Выберите ученика"),
    ({"from_on": ""}, "from_on", "Укажите первый день"), ({"to_on": "2026-09-01"}, "to_on", "раньше первого"),
    ({"to_on": "2028-01-01"}, "to_on", "внутри учебного года"), ({"code": "х"}, "code", "Выберите причину"),
    ({"first_number": "4", "to_on": "2026-09-16"}, "first_number", "для одного дня")])
def test_a_certificate_with_a_mistake_is_not_saved_and_not_lost(as_, school, changes, field, sentence):
    visitor = as_(school.anna)
    given = {"pupil": school.vitya.id, "from_on": str(MON), "code": "б", "word": "из поликлиники"}
    page = visitor.submit(visitor.get(page_of(school)), ADD, given | changes, status=422)
    assert sentence in page.select_one(f"#{field}-error").text.replace("\u00a0", " ")
    assert page.select_one("#word")["value"] == "из поликлиники"
    assert school.session.scalars(select(Excuse)).all() == []


def test_an_announcement_is_accepted(side, school, told):
    where, visitor = side
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    page = visitor.get(page_of(school, side=where))
    assert "Волков Виктор: 14–15 сентября" in page.words and "«Уезжали»" in page.words
    answer(visitor, page_of(school, side=where), told, act="accept", code="у", answer="Спасибо")
    assert letter(school, "Матем", MON) == "у"
    assert "Принято: 1 урок." in visitor.get(page_of(school, side=where)).words


def test_the_class_teacher_sees_first_thing_that_a_family_waits(as_, school, told):
    """R62"""
    page = as_(school.anna).get("/teacher/")
    assert "7А: 1 сообщение об отсутствии ждёт ответа" in page.words.replace("\u00a0", " ")
    assert "об отсутствии" not in as_(school.boris).get("/teacher/").words


def test_a_word_is_needed_to_decline(as_, school, told):
    visitor = as_(school.anna)
    page = answer(visitor, page_of(school), told, 422, act="decline", code="у", answer="")
    assert "Напишите семье, почему не принято" in page.words
    answer(visitor, page_of(school), told, act="decline", code="у", answer="Не предупредили")
    assert told.state == "declined"


def test_what_was_answered_in_another_tab_is_told(as_, school, told):
    visitor = as_(school.anna)
    url = page_of(school) + f"/{told.id}"
    answer(visitor, page_of(school), told, act="accept", code="у", answer="")
    page = visitor.post(url, {"act": "decline", "version": "1", "answer": "Нет"}, status=409)
    assert "На это сообщение уже ответили: сейчас «принято»" in page.words


@pytest.mark.parametrize(("fields", "status"), [
    ({}, 422), ({"act": "erase", "version": "1"}, 422), ({"act": "accept", "version": "x" * 50, "code": "у"}, 409),
    ({"act": "accept", "version": "1", "code": "н"}, 422), ({"act": "withdraw", "version": "9"}, 409)])
def test_garbage_is_refused(as_, school, told, fields, status):
    as_(school.anna).post(page_of(school) + f"/{told.id}", fields, status=status)
    assert told.state == "announced"


def test_taking_back_says_what_will_happen_and_restores(as_, school):
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    paper = certificate(school, Span(MON, MON))
    visitor = as_(school.anna)
    assert "вернётся то, что было" in visitor.get(page_of(school)).words
    answer(visitor, page_of(school), paper, act="withdraw")
    assert letter(school, "Матем", MON) == "н"
    assert "Снято, изменено: 1 урок" in visitor.get(page_of(school)).words


def test_colleagues_and_the_inspector_have_nothing_to_do_there(as_, school, told):
    for what in ("absences", "attendance", "missed", "missed.pdf"):
        as_(school.boris).get(page_of(school, what), status=404)
        as_(school.anna).get(page_of(school, what, class_name="7Б"), status=404)
        as_(school.inna).get(page_of(school, what, "admin"), status=403)
    as_(school.boris).post(f"{page_of(school)}/{told.id}", {"act": "accept"}, status=404)
    zoya = excuses.announce(school.session, excuse=NewExcuse(
        school.zoya.id, Span(MON, MON), "у", "z", school.zakhar.id, NOW))
    as_(school.anna).post(f"{page_of(school)}/{zoya.id}", {"act": "accept"}, status=404)


def test_the_day_of_a_class_in_one_form(side, school):
    where, visitor = side
    sofia = school.person("Ким", "Софья")
    url = page_of(school, "attendance", where)
    visitor.submit(visitor.get(url), DAY, {
        f"c{school.vitya.id}": "б", f"c{sofia.id}": "у", f"f{sofia.id}": "2"})
    page = visitor.get(url)
    assert page.select_one(f"select[name=c{school.vitya.id}] option[selected]")["value"] == "б"
    assert page.select_one(f"input[name=f{sofia.id}]")["value"] == "2"
    for subject in ("Матем", "Русский"):
        Hand(school, school.anna).takes_attendance(lesson_of(school, subject, THU))
    assert [letter(school, subject, THU) for subject in ("Матем", "Русский")] == ["б", "б"]
    assert [letter(school, subject, THU, sofia) for subject in ("Матем", "Русский")] == [None, "у"]


def test_the_day_s_form_again_changes_nothing_and_a_cleared_line_goes(as_, school):
    visitor, url = as_(school.olga), page_of(school, "attendance", "admin")
    page = visitor.get(url)
    for _ in range(2):
        visitor.submit(page, DAY, {f"c{school.vitya.id}": "н"})
    assert len(school.session.scalars(select(Excuse)).all()) == 1
    visitor.submit(visitor.get(url), DAY, {f"c{school.vitya.id}": ""})
    assert school.session.scalars(select(Excuse.state)).all() == ["withdrawn"]


def test_a_line_changed_by_another_hand_is_told_with_the_name(as_, school):
    olga, anna = as_(school.olga), as_(school.anna)
    old = olga.get(page_of(school, "attendance", "admin"))
    anna.submit(anna.get(page_of(school, "attendance")), DAY, {f"c{school.vitya.id}": "у"})
    page = olga.submit(old, DAY, {f"c{school.vitya.id}": "н"}, status=409)
    assert "Волков Виктор: Отметку дня уже изменили. Сейчас там «у»" in page.words
    assert page.select_one(f"select[name=c{school.vitya.id}] option[selected]")["value"] == "н"


@pytest.mark.parametrize(("name", "value", "sentence"), [
    ("c", "ы", "Страница устарела"), ("f", "после", "число от 1 до 12"), ("f", "77", "от 1 до 12")])
def test_garbage_in_the_day_s_form_names_the_pupil(as_, school, name, value, sentence):
    fields = {"key": "k", f"c{school.vitya.id}": "н", "day": str(THU)} | {f"{name}{school.vitya.id}": value}
    page = as_(school.olga).post(page_of(school, "attendance", "admin"), fields, status=422)
    assert sentence in page.words.replace("\u00a0", " ") and school.session.scalars(select(Excuse)).all() == []


def test_a_longer_absence_is_shown_and_not_changed_by_the_day(as_, school):
    certificate(school, Span(MON, THU))
    page = as_(school.anna).get(page_of(school, "attendance"))
    assert page.select_one(f"select[name=c{school.vitya.id}]") is None
    assert "б – болезнь, 14–17 сентября" in page.words


def test_a_day_to_come_is_for_certificates(as_, school):
    assert "Этот день ещё не наступил" in as_(school.anna).get(
        page_of(school, "attendance") + "?day=2026-09-18").words


def journal(school, subject="Русский"):
    return f"/teacher/courses/{school.course('7А', subject).id}/journal"


def in_journal(page, pupil):
    return [piece.text for piece in page.select(f"#r{pupil.id} td:not(.den) abbr") if piece.text]


def test_a_subject_teacher_sees_that_it_was_a_valid_reason_not_that_it_was_illness(as_, school):
    """R40: in journal, lesson, list and on the page of the cell with its history, taken or not; Борис is no class
    teacher of 7А."""
    boris, lesson = as_(school.boris), lesson_of(school, "Русский", WED)
    certificate(school, Span(MON, THU))
    lesson_url = f"/teacher/lessons/{lesson.id}"
    assert in_journal(boris.get(journal(school)), school.vitya) == ["у", "у", "у"]
    Hand(school, school.boris).takes_attendance(lesson)
    assert in_journal(boris.get(journal(school)), school.vitya).count("у") == 3
    assert [piece.text for piece in boris.get(lesson_url).select(f"#p{school.vitya.id}-a abbr")] == ["у"]
    chosen = boris.get(lesson_url + "/list").select_one(f"select[name=a{school.vitya.id}] option[selected]")
    assert chosen["value"] == "у"
    page = boris.get(f"{lesson_url}/pupils/{school.vitya.id}")
    assert "б – болезнь" not in page.select_one("option[selected]").text and "→ б" not in page.words
    assert letter(school, "Русский", WED) == "б"


def test_illness_that_another_hand_noted_is_told_as_a_valid_reason(as_, school):
    """R40: Борис reads the б that he typed, not the one of a substitute before him."""
    boris, theirs, his = as_(school.boris), lesson_of(school, "Русский", MON), lesson_of(school, "Русский", WED)
    Hand(school, school.dina).notes(theirs, school.vitya, "б")
    Hand(school, school.boris).notes(his, school.vitya, "б")
    assert in_journal(boris.get(journal(school)), school.vitya) == ["у", "б"]
    for lesson, shown in ((theirs, "у"), (his, "б")):
        url = f"/teacher/lessons/{lesson.id}"
        assert [piece.text for piece in boris.get(url).select(f"#p{school.vitya.id}-a abbr")] == [shown]
        page = boris.get(f"{url}/pupils/{school.vitya.id}")
        assert page.select_one("option[selected]")["value"] == shown and f"→ {shown}" in page.words
    boris.submit(boris.get(f"/teacher/lessons/{theirs.id}/list"), 'form[action$="/list"]')
    assert letter(school, "Русский", MON) == "б"


def test_saving_the_list_as_shown_keeps_the_illness(as_, school):
    certificate(school, Span(WED, WED))
    boris, lesson = as_(school.boris), lesson_of(school, "Русский", WED)
    for _ in range(2):
        boris.submit(boris.get(f"/teacher/lessons/{lesson.id}/list"), 'form[action$="/list"]')
    assert letter(school, "Русский", WED) == "б"


def test_a_key_over_a_grey_letter_says_that_the_pupil_came(as_, school):
    certificate(school, Span(THU, THU))
    boris, lesson = as_(school.boris), lesson_of(school, "Русский", THU)
    piece = boris.get(journal(school)).select_one(f"#r{school.vitya.id} abbr.soft")
    boris.post(f"/teacher/lessons/{lesson.id}/pupils/{school.vitya.id}", {
        "act": "presence", "value": "", "version": piece["data-v"], "key": "k", "view": "journal"}, htmx=True)
    Hand(school, school.boris).takes_attendance(lesson)
    assert letter(school, "Русский", THU) is None


def test_the_class_teacher_and_the_deputy_see_illness(as_, school):
    certificate(school, Span(MON, MON))
    course = school.course("7А", "Матем")
    for visitor, url in ((as_(school.anna), journal(school, "Матем")), (as_(school.anna), (
            f"/teacher/classes/{school.school_class('7А').id}/journals/{course.id}")),
            (as_(school.dina), f"/admin/courses/{course.id}/journal")):
        assert in_journal(visitor.get(url), school.vitya) == ["б"]
    assert in_journal(as_(school.inna).get(f"/admin/courses/{course.id}/journal"), school.vitya) == ["у"]


def test_teachers_see_that_there_is_an_announcement_without_its_word(as_, school):
    excuses.announce(school.session, excuse=NewExcuse(
        school.vitya.id, Span(THU, THU), "б", "a", school.vera.id, NOW, word="Ветрянка"))
    page = as_(school.boris).get(journal(school))
    assert in_journal(page, school.vitya) == ["?"] and "Ветрянка" not in page.response.text


def test_missed_days_and_lessons(side, school):
    where, visitor = side
    for subject in ("Матем", "Русский"):
        Hand(school, school.anna).takes_attendance(lesson_of(school, subject, MON))
    certificate(school, Span(MON, MON))
    page = visitor.get(page_of(school, "missed", where))
    row = next(row for row in page.select("tbody tr") if "Волков Виктор" in row.text)
    assert [cell.text for cell in row.select("td")] == ["1", "1", "", "", "2", "2", "", "", ""]
    assert [cell.text for cell in page.select_one(".total").select("td")] == ["1", "1", "", "", "2", "2", "", "", ""]
    year = visitor.get(page_of(school, "missed", where) + "?term=year")
    assert "Учебный год" in year.words
    visitor.get(page_of(school, "missed", where) + "?term=3", status=404)  # not begun


def test_the_files_say_the_same(as_, school):
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    visitor = as_(school.anna)
    sheet = load_workbook(BytesIO(visitor.get(page_of(school, "missed.xlsx")).response.data)).active
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert rows["Волков Виктор"] == rows["Всего"] == (0, 0, 0, 0, 1, 0, 0, 1, 0)
    assert visitor.get(page_of(school, "missed.pdf")).response.data.startswith(b"%PDF")


def test_the_day_of_the_school(as_, school):
    certificate(school, Span(MON, THU))
    page = as_(school.olga).get("/admin/attendance")
    row = next(row for row in page.select("tbody tr") if row.th.text == "7А")
    assert [cell.text.replace("\u00a0", " ") for cell in row.select("td")][:4] == ["8", "7", "1", "Волков Виктор б"]
    assert "7А : 1. Математика (Андреева А. А.)" in page.words.replace("\u00a0", " ")
    as_(school.inna).get("/admin/attendance", status=403)
    as_(school.olga).get("/admin/attendance?day=не-день")


def test_the_list_for_the_canteen_tells_no_reasons(as_, school):
    """R40"""
    certificate(school, Span(MON, THU))
    book = load_workbook(BytesIO(as_(school.olga).get("/admin/attendance.xlsx").response.data)).active
    rows = {row[0]: row[1:] for row in book.iter_rows(min_row=5, values_only=True)}
    assert rows["7А"][:4] == (8, 7, 1, "Волков Виктор") and rows["Всего"][:3] == (13, 12, 1)
    assert as_(school.olga).get("/admin/attendance.pdf").response.data.startswith(b"%PDF")


def test_the_school_by_class(as_, school):
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    page = as_(school.dina).get("/admin/missed")
    row = next(row for row in page.select("tbody tr") if row.th.text == "7А")
    assert [cell.text for cell in row.select("td")] == ["", "", "", "", "1", "", "", "1", ""]
    for form in ("xlsx", "pdf"):
        as_(school.dina).get(f"/admin/missed.{form}?term=year")


def test_pages_are_bounded(as_, school, at_most, told):
    note_presence(school, lesson_of(school, "Матем", MON), "н")
    anna, dina = as_(school.anna), as_(school.dina)
    for visitor, url in (*((anna, page_of(school, what)) for what in ("absences", "attendance", "missed")),
                         *((dina, page_of(school, what, "admin")) for what in ("absences", "attendance", "missed")),
                         (dina, "/admin/attendance"), (dina, "/admin/missed"), (anna, journal(school, "Матем"))):
        with at_most(8):
            visitor.get(url)
