"""Ольга in the office makes a draft of the timetable, fills it by class and by teacher, is told of clashes before
saving and of what will happen before it comes into force; Анна reads her week.

7А: mathematics (Анна) Mon 1, Tue 2, Thu 1, Fri 3; Russian (Борис) Mon 2, Wed 1, Thu 2; English in two subgroups (Ева,
Борис) Tue 1, Fri 1. 7Б: mathematics (Анна) Mon 3, Wed 2. 1А: mathematics (Ева) Mon 1, Wed 1.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.roster.models import TeachingAssignment
from ejd.schedule.models import Lesson, Slot, TimetableVersion
from ejd.schedule.services import remake_lessons
from ejd.school.models import Bell, BellSchedule
from tests.world import NOW

NEXT_MONDAY = date(2026, 9, 21)


@pytest.fixture
def olga(as_, school):
    """The year's lessons are made until its end."""
    remake_lessons(school.session, actor_id=None, year_id=school.school_class("7А").year_id, now=NOW)
    return as_(school.olga)


@pytest.fixture
def draft(olga, school):
    """A copy of the timetable in force, from next Monday on; its address."""
    olga.submit(olga.get("/admin/timetable/new"), "main form")
    return f"/admin/timetable/{drafts(school)[0].id}"


def drafts(school):
    return school.session.scalars(select(TimetableVersion).filter_by(published_at=None)).all()


def class_url(school, draft, name="7А"):
    return f"{draft}/classes/{school.school_class(name).id}"


def maths(school, class_name="7А"):
    return school.course(class_name, "Математика")


def places(school, draft, course):
    version_id = int(draft.split("/")[-1])
    return school.session.execute(
        select(Slot.weekday, Slot.number, Slot.room).filter_by(course_id=course.id, version_id=version_id)
        .order_by(Slot.weekday, Slot.number)).all()


def flash_of(visitor, url="/admin/timetable"):
    return visitor.get(url).select_one("#notices").get_text(" ", strip=True).replace("\u00a0", " ")


# Versions

def test_a_draft_begins_as_a_copy_of_what_is_in_force(olga, school, draft):
    assert drafts(school)[0].valid_from == NEXT_MONDAY
    assert places(school, draft, maths(school)) == [(1, 1, ""), (2, 2, ""), (4, 1, ""), (5, 3, "")]
    page = olga.get("/admin/timetable")
    assert "Действует сейчас с 1 сентября 2026 15 уроков в неделю" in page.words
    assert "Черновики с 21 сентября 2026 15 уроков в неделю" in page.words


def test_a_draft_may_begin_empty_and_the_same_twice_is_one(olga, school):
    page = olga.get("/admin/timetable/new")
    for _ in range(2):
        olga.submit(page, "main form", {"valid_from": "2026-11-09", "copied_from": ""})
    assert len(drafts(school)) == 1
    assert school.session.scalar(select(func.count()).select_from(Slot)) == 15
    page = olga.submit(page, "main form", {"valid_from": "2026-11-09"}, status=422)
    assert "Черновик с 9\u00a0ноября уже есть" in page.find(id="valid_from-error").text


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"valid_from": ""}, "valid_from", "Укажите дату"),
    ({"valid_from": "31.02.2027"}, "valid_from", "Укажите дату"),
    ({"valid_from": "2027-06-01"}, "valid_from", "внутри учебного года"),
])
def test_a_draft_needs_a_day_of_the_year(olga, school, data, field, sentence):
    page = olga.submit(olga.get("/admin/timetable/new"), "main form", data, status=422)
    assert sentence in page.find(id=f"{field}-error").text
    assert not drafts(school)


def test_a_draft_is_withdrawn_after_a_page_that_says_so(olga, school, draft):
    before = school.session.scalar(select(func.count()).select_from(Lesson))
    page = olga.get(f"{draft}/withdraw")
    assert "Уроки и действующее расписание не изменятся" in page.words
    olga.submit(page, "main form")
    assert flash_of(olga) == "Черновик с 21 сентября 2026 убран. Уроки не изменились."
    assert not drafts(school) and school.session.scalar(select(func.count()).select_from(Lesson)) == before
    olga.get(draft, status=404)
    olga.post(f"{draft}/withdraw", {}, status=404)


# Filling

def test_a_class_is_filled_as_one_form(olga, school, draft):
    page = olga.get(class_url(school, draft))
    assert page.select_one("select[name=c1-1-0] option[selected]").text == "Математика"
    assert page.select_one("select[name=c2-1-0] option[selected]").text == "п/г 1+2: Иностранный язык (английский)"
    olga.submit(page, "main form", {"c1-1-0": "", "c3-2-0": str(maths(school).id), "r3-2-0": " 205 "}, status=422)
    assert places(school, draft, maths(school))[0] == (1, 1, "")  # Анна is in 7Б then: told before it is saved


def test_what_is_moved_is_saved_and_no_lesson_changes(olga, school, draft):
    page = olga.get(class_url(school, draft))
    olga.submit(page, "main form", {"c1-1-0": "", "c3-3-0": str(maths(school).id), "r3-3-0": " 205 "})
    assert places(school, draft, maths(school)) == [(2, 2, ""), (3, 3, "205"), (4, 1, ""), (5, 3, "")]
    assert flash_of(olga, class_url(school, draft)) == "7А: изменено 1 место в черновике."
    assert school.lesson(maths(school), NEXT_MONDAY).number == 1


def test_subgroups_together_have_a_room_each(olga, school, draft):
    page = olga.get(class_url(school, draft))
    olga.submit(page, "main form", {"r2-1-0": "12, 14"})
    rooms = [places(school, draft, school.course("7А", "Иностранный", number))[0].room for number in (1, 2)]
    assert rooms == ["12", "14"]
    assert olga.get(class_url(school, draft)).select_one("[name=r2-1-0]")["value"] == "12, 14"


def test_two_subgroups_of_two_subjects_sit_in_one_cell(olga, school, draft):
    """Only the first subgroup has English on Tuesday; the other place of the cell is taken by nobody."""
    first = school.course("7А", "Иностранный", 1)
    page = olga.get(class_url(school, draft))
    olga.submit(page, "main form", {"c2-1-0": str(first.id)})
    assert len(places(school, draft, first)) == 2
    assert len(places(school, draft, school.course("7А", "Иностранный", 2))) == 1


def test_one_day_of_a_class_leaves_the_other_days(olga, school, draft):
    page = olga.get(class_url(school, draft) + "?day=1")
    assert not page.select("[name^=c2-]")
    olga.submit(page, "main form", {"c1-1-0": ""})
    assert [place[0] for place in places(school, draft, maths(school))] == [2, 4, 5]


def test_hours_are_told_against_the_load(olga, school, draft):
    page = olga.submit(olga.get(class_url(school, draft)), "main form", {"c1-1-0": ""})
    page = olga.get(class_url(school, draft))
    assert "Математика Андреева А. А. поставлено 3 из 4 ч" in page.words
    assert "Русский язык Борисов Б. Б. поставлено 3 из 3 ч" in page.words
    assert "Математика: 3 из 4" in olga.get(draft).words


def test_a_teachers_week_across_classes(olga, school, draft):
    url = f"{draft}/teachers/{school.anna.id}"
    page = olga.get(url)
    assert page.select_one("select[name=c1-3-0] option[selected]").text == "7Б, Математика"
    olga.submit(page, "main form", {"c1-3-0": "", "c2-3-0": str(maths(school, "7Б").id)})
    assert places(school, draft, maths(school, "7Б")) == [(2, 3, ""), (3, 2, "")]
    assert len(places(school, draft, maths(school))) == 4


def test_journals_that_nobody_teaches_have_a_grid_too(olga, school, draft):
    row = school.session.scalars(select(TeachingAssignment).filter_by(course_id=maths(school, "7Б").id)).one()
    row.teacher_id = None
    school.session.flush()
    assert "7Б, Математика: учителя нет, 2 урока в неделю" in olga.get(draft).words
    page = olga.get(f"{draft}/teachers/0")
    assert page.h1.text == "Без учителя: черновик расписания"
    olga.submit(page, "main form", {"c3-2-0": ""})
    assert len(places(school, draft, maths(school, "7Б"))) == 1


# Clashes

def clash(olga, school, draft, status=422):
    """Анна's mathematics of 7А on Monday's third lesson, when she is in 7Б."""
    return olga.submit(olga.get(class_url(school, draft)), "main form",
                       {"c1-1-0": "", "c1-3-0": str(maths(school).id)}, status=status)


def test_a_clash_is_told_before_saving_with_the_way_to_it(olga, school, draft):
    page = clash(olga, school, draft)
    told = page.select_one("[role=alert]")
    assert "понедельник, 10:20: Андреева А. А. – в двух местах" in " ".join(told.text.replace("\u00a0", " ").split())
    assert told.find("a", string="7Б")["href"] == class_url(school, draft, "7Б")
    assert page.select_one("select[name=c1-3-0] option[selected]").text == "Математика"
    assert places(school, draft, maths(school))[0] == (1, 1, "")
    olga.submit(page, "main form", {"sure": "1"})
    assert places(school, draft, maths(school))[0] == (1, 3, "")
    assert "в двух местах" in olga.get(draft).words


def test_a_look_saves_nothing(olga, school, draft):
    page = olga.get(class_url(school, draft))
    fields = {field["name"]: (field.select_one("option[selected]") or {"value": ""})["value"]
              for field in page.select("select[name]")} | {"c1-1-0": "", "c1-4-0": str(maths(school).id)}
    page = olga.post(class_url(school, draft), fields | {"seen": page.find(attrs={"name": "seen"})["value"],
                                                         "check": "1"}, status=200)
    assert "7А, понедельник: окно – урок 3" in page.words
    assert places(school, draft, maths(school))[0] == (1, 1, "")


def test_by_the_bells_a_second_shift_clashes_with_the_end_of_the_first(olga, school, draft):
    """7Б learns in the second shift: its first lesson runs beside the seventh of 7А."""
    late = BellSchedule(name="Вторая смена")
    school.session.add(late)
    school.session.flush()
    bells = school.session.scalars(select(Bell).order_by(Bell.number)).all()
    school.session.add_all(Bell(schedule_id=late.id, number=bell.number, starts_at=bell.starts_at.replace(
        hour=bell.starts_at.hour + 6), ends_at=bell.ends_at.replace(hour=bell.ends_at.hour + 6)) for bell in bells)
    school.school_class("7Б").bell_schedule_id = late.id
    school.session.flush()
    clash(olga, school, draft, status=None)  # Monday's third lessons are six hours apart: no clash
    page = olga.get(class_url(school, draft))
    olga.submit(page, "main form", {"c1-3-0": "", "c1-7-0": str(maths(school).id)})
    page = olga.get(f"{draft}/teachers/{school.anna.id}")
    page = olga.submit(page, "main form", {"c1-3-0": "", "c1-1-0": str(maths(school, "7Б").id)}, status=422)
    assert "13:55: Андреева А. А. – в двух местах" in page.words


@pytest.mark.parametrize(("name", "value", "field", "sentence"), [
    ("c1-1-0", "999999", "c1-1", "Выберите журнал из списка"),
    ("c1-1-0", "", "c1-1", "К кабинету выберите предмет"),
    ("c1-9-0", None, "c1-9", "Для урока № 9 нет звонка"),
    ("c7-1-0", None, "c7-1", "Выберите журнал из списка"),
    ("c1-1-1", None, "c1-1", "выбран дважды"),
])
def test_what_cannot_stand_in_a_place_is_refused_there(olga, school, draft, name, value, field, sentence):
    page = olga.get(class_url(school, draft))
    fields = {one["name"]: (one.select_one("option[selected]") or {"value": ""})["value"]
              for one in page.select("select[name]")}
    fields |= {"seen": page.find(attrs={"name": "seen"})["value"], "r" + name[1:]: "205",
               name: str(maths(school).id) if value is None else value}
    page = olga.post(class_url(school, draft), fields, status=422)
    assert sentence in page.select_one("[role=alert]").text
    assert page.select_one("[name=r1-1-0]") is not None and "205" in {one["value"] for one in page.select("[name^=r]")}
    assert places(school, draft, maths(school)) == [(1, 1, ""), (2, 2, ""), (4, 1, ""), (5, 3, "")]


@pytest.mark.parametrize("junk", [
    {"c1-1-0": "\x00", "r1-1-0": "\x00"}, {"c1-1-0": "9" * 40}, {"c9-1-0": "1", "c1-999-0": "1", "c1-1-77": "1"},
    {"seen": "\x00"}, {"seen": "'", "r1-1-0": "<b>" * 90},
])
def test_garbage_is_refused_kindly(olga, school, draft, junk):
    seen = olga.get(class_url(school, draft)).find(attrs={"name": "seen"})["value"]
    for url in (class_url(school, draft), f"{draft}/teachers/{school.anna.id}", "/admin/timetable/new",
                f"{draft}/publish"):
        answer = olga.open(url, method="POST", data={"seen": seen} | junk | {"csrf_token": olga.csrf()})
        assert answer.status_code in {200, 302, 400, 409, 422}, url
    assert len(school.session.scalars(select(TimetableVersion)).all()) == 2


def test_a_long_room_is_refused(olga, school, draft):
    page = olga.submit(olga.get(class_url(school, draft)), "main form", {"r1-1-0": "спортивный зал на втором этаже"},
                       status=422)
    assert "не длиннее 20 знаков" in page.find(id="c1-1-error").text


def test_two_hands_at_one_grid_see_each_other(olga, as_, school, draft):
    """Дина had the page open; meanwhile Ольга took Monday's mathematics away."""
    dina = as_(school.dina)
    page = dina.get(class_url(school, draft))
    olga.submit(olga.get(class_url(school, draft)), "main form", {"c1-1-0": ""})
    page = dina.submit(page, "main form", {"r4-1-0": "205"}, status=409)
    assert "тем временем изменили" in page.select_one("[role=alert]").text
    assert "сейчас там: пусто" in page.select_one("#c1-1").text
    assert page.select_one("[name=r4-1-0]")["value"] == "205"  # nothing typed is lost
    dina.submit(page, "main form", {"c1-1-0": ""})
    assert places(school, draft, maths(school)) == [(2, 2, ""), (4, 1, "205"), (5, 3, "")]


def test_two_hands_at_two_classes_do_not_meet(olga, as_, school, draft):
    page = as_(school.dina).get(class_url(school, draft, "7Б"))
    olga.submit(olga.get(class_url(school, draft)), "main form", {"c1-1-0": ""})
    as_(school.dina).submit(page, "main form", {"r1-3-0": "7"})
    assert places(school, draft, maths(school, "7Б"))[0] == (1, 3, "7")


def test_the_same_save_again_changes_nothing_and_is_no_clash_of_hands(olga, school, draft):
    page = olga.get(class_url(school, draft))
    for _ in range(2):
        olga.submit(page, "main form", {"c1-1-0": ""})
    assert flash_of(olga, class_url(school, draft)).endswith("Ничего не изменилось.")


def test_an_empty_post_does_not_empty_the_timetable(olga, school, draft):
    olga.post(class_url(school, draft), {}, status=409)
    assert len(places(school, draft, maths(school))) == 4


# Coming into force

def foresee(olga, draft, valid_from="2026-09-21", status=200):
    """The page that says what will happen."""
    page = olga.get(f"{draft}/publish")
    assert "Что произойдёт" not in page.text
    return olga.submit(page, "main form", {"valid_from": valid_from}, status=status)


def put_in_force(olga, page, status=None, **data):
    """Press the button of the page that was read."""
    form, button = page.select_one("main form"), page.select_one("main button.primary")
    fields = {one["name"]: one["value"] for one in form.select("input[name]:not([type=checkbox])")}
    return olga.post(form["action"], fields | {button["name"]: button["value"]} | data, status=status)


def move_maths(olga, school, draft):
    olga.submit(olga.get(class_url(school, draft)), "main form", {"c1-1-0": "", "c3-3-0": str(maths(school).id)})


def test_a_page_says_what_will_happen_and_then_it_does(olga, school, draft):
    """Mathematics moves from Monday to Wednesday: as many lessons come as go."""
    move_maths(olga, school, draft)
    page = foresee(olga, draft)
    assert "Появится 33 урока" in page.words and "Исчезнет 33 урока" in page.words
    assert "Останется 0 уроков" in page.words
    put_in_force(olga, page)
    assert flash_of(olga).startswith("Расписание действует с 21 сентября 2026. Уроки: добавлено 33, изменено ")
    assert not drafts(school)
    assert school.lesson(maths(school), date(2026, 9, 23)).number == 3
    assert school.lesson(maths(school), date(2026, 9, 14)).number == 1  # what was, stays
    page = olga.get("/admin/timetable")
    assert "Вступит в силу с 21 сентября 2026" in page.words
    assert "Действует сейчас с 1 сентября 2026 по 20 сентября 2026" in page.words


def test_another_day_is_counted_anew(olga, school, draft):
    move_maths(olga, school, draft)
    page = put_in_force(olga, foresee(olga, draft), status=200, valid_from="2027-05-17")  # not what was read
    assert "С 17 мая 2027" in page.words and "Исчезнет 2 урока" in page.words
    put_in_force(olga, page)
    assert school.lesson(maths(school), NEXT_MONDAY).number == 1
    assert school.lesson(maths(school), date(2027, 5, 19)).number == 3


def test_a_lesson_with_a_topic_stays_and_is_told(olga, school, draft):
    school.lesson(maths(school), NEXT_MONDAY).topic = "Дроби"
    school.session.flush()
    move_maths(olga, school, draft)
    page = foresee(olga, draft)
    assert "Останется 1 урок" in page.words
    put_in_force(olga, page)
    assert "Оставлено вне расписания, потому что заполнено: 1 урок." in flash_of(olga)


def test_what_is_already_in_force_need_not_come_into_force(olga, school, draft):
    page = foresee(olga, draft)
    assert "уже действует точно такое же расписание" in page.words
    assert not page.select("main button.primary")


def test_a_merged_lesson_is_confirmed(olga, school, draft):
    page = clash(olga, school, draft)
    olga.submit(page, "main form", {"sure": "1"})
    page = put_in_force(olga, foresee(olga, draft), status=422)
    assert "Подтвердите, что накладки задуманы" in page.find(id="sure-error").text
    assert drafts(school)
    put_in_force(olga, page, sure="1")
    assert school.lesson(maths(school), NEXT_MONDAY).number == 3


def test_a_class_in_two_places_never_comes_into_force(olga, school, draft):
    page = olga.submit(olga.get(class_url(school, draft)), "main form", {"c1-2-0": str(maths(school).id)})
    url = f"{draft}/teachers/{school.boris.id}"
    page = olga.submit(olga.get(url), "main form", {"c1-1-0": str(school.course("7А", "Русский").id)}, status=422)
    assert "весь класс в двух местах" in page.words
    olga.submit(page, "main form", {"sure": "1"})
    page = foresee(olga, draft)
    assert "Так нельзя" in page.words and not page.select("main button.primary")
    olga.post(f"{draft}/publish", {"seen": page.find(attrs={"name": "seen"})["value"], "sure": "1",
                                   "valid_from": "2026-09-21", "read": "2026-09-21"}, status=422)
    assert drafts(school)


def test_a_draft_changed_meanwhile_is_not_put_in_force(olga, as_, school, draft):
    move_maths(olga, school, draft)
    page = foresee(olga, draft)
    dina = as_(school.dina)
    dina.submit(dina.get(class_url(school, draft, "7Б")), "main form", {"c1-3-0": ""})
    page = put_in_force(olga, page, status=409)
    assert "тем временем изменили" in page.words and drafts(school)
    put_in_force(olga, page)
    assert not drafts(school)


@pytest.mark.parametrize(("valid_from", "sentence"), [
    ("2026-09-16", "не раньше сегодняшнего дня"), ("2027-06-01", "внутри учебного года"), ("", "Укажите дату"),
    ("вчера", "Укажите дату"),
])
def test_a_day_that_cannot_be(olga, school, draft, valid_from, sentence):
    move_maths(olga, school, draft)
    page = foresee(olga, draft, valid_from, status=422)
    assert sentence in page.find(id="valid_from-error").text
    assert page.find(id="valid_from")["value"] == valid_from
    assert drafts(school)


def test_an_empty_draft_does_not_come_into_force(olga, school):
    olga.submit(olga.get("/admin/timetable/new"), "main form", {"copied_from": ""})
    url = f"/admin/timetable/{drafts(school)[0].id}/publish"
    assert "нет ни одного урока" in olga.get(url).words
    olga.post(url, {"valid_from": "2026-09-21", "read": "2026-09-21"}, status=422)


def test_what_is_in_force_is_read_only(olga, school):
    version = school.session.scalars(select(TimetableVersion)).one()
    url = class_url(school, f"/admin/timetable/{version.id}")
    page = olga.get(url)
    assert "Математика Андреева А. А." in page.words and not page.select("main select")
    olga.post(url, {"seen": "", "c1-1-0": str(maths(school).id)}, status=422)
    olga.get(f"/admin/timetable/{version.id}/publish", status=404)
    olga.get(f"/admin/timetable/{version.id}/withdraw", status=404)


# Reading

def test_a_teacher_reads_the_own_week_and_a_class(as_, olga, school):
    anna = as_(school.anna)
    page = anna.get("/teacher/timetable")
    rows = [[cell.get_text(" ", strip=True).replace("\u00a0", " ") for cell in row.select("td")]
            for row in page.select("tbody tr")]
    assert rows[0] == ["7А Математика", "", "", "7А Математика", ""]
    assert rows[2][0] == "7Б Математика"
    page = anna.submit(page, "main form", {"class_id": str(school.school_class("1А").id)})
    assert page.h1.text == "1А: расписание уроков" and "Математика Ершова Е. Е." in page.words


def test_a_room_is_read(olga, school, draft):
    olga.submit(olga.get(class_url(school, draft)), "main form", {"r1-1-0": "205", "r2-1-0": "12, 14"})
    page = olga.get(f"{draft}/rooms")
    page = olga.submit(page, "main form", {"room": "14"})
    assert page.h1.text == "Кабинет 14: расписание уроков"
    assert "7А 14 Иностранный язык (английский), подгруппа 2, Борисов Б. Б." in page.words


def test_a_draft_is_nobodys_to_read_but_the_offices(as_, olga, school, draft):
    version = draft.split("/")[-1]
    as_(school.anna).get(f"/teacher/timetable?version={version}", status=404)
    as_(school.anna).get(draft, status=403)
    as_(school.inna).get(draft, status=403)


def test_a_timetable_to_come_is_offered(as_, olga, school, draft):
    move_maths(olga, school, draft)
    put_in_force(olga, foresee(olga, draft))
    page = as_(school.anna).get("/teacher/timetable")
    later = next(one for one in page.select("#version option") if "21" in one.text)
    page = as_(school.anna).submit(page, "main form", {"version": later["value"]})
    assert "ещё не действует" in page.words


@pytest.mark.parametrize("url", ["/teacher/timetable?class_id=99999", "/teacher/timetable?version=99999"])
def test_what_is_not_there_for_a_teacher(as_, school, url):
    as_(school.anna).get(url, status=404)


@pytest.mark.parametrize("path", ["/9", "/99999999999", "/{draft}/classes/9999", "/{draft}/teachers/9999",
                                  "/{draft}/teachers/{vera}"])
def test_what_is_not_there(olga, school, draft, path):
    olga.get("/admin/timetable" + path.format(draft=draft.split("/")[-1], vera=school.vera.id), status=404)


@pytest.mark.parametrize("path", ["", "/new", "/{draft}", "/{draft}/rooms", "/{draft}/classes/{class_id}",
                                  "/{draft}/teachers/{anna}", "/{draft}/withdraw", "/{draft}/publish"])
def test_statements(olga, school, draft, at_most, path):
    url = "/admin/timetable" + path.format(draft=draft.split("/")[-1], anna=school.anna.id,
                                           class_id=school.school_class("7А").id)
    with at_most(8):
        olga.get(url)


def test_statements_of_reading(as_, school, at_most):
    anna = as_(school.anna)
    with at_most(8):
        anna.get("/teacher/timetable")


def test_before_there_is_any_timetable(as_, school):
    with clock.freeze(NOW):
        for row in school.session.scalars(select(TimetableVersion)):
            row.published_at = None
        school.session.flush()
    assert "Расписания на этот учебный год ещё нет" in as_(school.anna).get("/teacher/timetable").words
