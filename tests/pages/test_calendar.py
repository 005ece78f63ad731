"""Ольга in the office keeps calendar, bells and weeks; after each change lessons follow and the page says how (R15)."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.journal.marks import NewMark, put_mark
from ejd.journal.models import TermClosing
from ejd.results.models import TermMark
from ejd.roster.models import SchoolClass
from ejd.schedule.models import Lesson
from ejd.schedule.services import remake_lessons
from ejd.school.models import Bell, BellSchedule, DayOff, MovedDay, SchoolYear, Term
from ejd.school.settings import load
from tests.world import NOW

NEXT_MONDAY = date(2026, 9, 21)


@pytest.fixture
def year_id(school) -> int:
    """The year's lessons are made until its end."""
    year_id = school.school_class("7А").year_id
    remake_lessons(school.session, actor_id=None, year_id=year_id, now=NOW)
    return year_id


@pytest.fixture
def olga(as_, school):
    return as_(school.olga)


def flash_of(visitor, url="/admin/calendar"):
    return visitor.get(url).select_one("#notices").get_text(" ", strip=True).replace("\u00a0", " ")


def lessons_on(school, day):
    return school.session.scalar(select(func.count()).select_from(Lesson).where(Lesson.day == day))


def count(school, model):
    return school.session.scalar(select(func.count()).select_from(model))


def test_the_calendar_shows_terms_and_days_off(olga, year_id):
    page = olga.get("/admin/calendar")
    assert "I четверть вт, 1 сентября – пт, 23 октября" in page.words
    assert "Осенние каникулы сб, 24 октября – вс, 1 ноября все" in page.words
    assert "Триместры не заведены" in page.words


def test_a_quarantine_takes_its_lessons_away_and_gives_them_back(olga, school, year_id):
    assert lessons_on(school, NEXT_MONDAY) == 4
    page = olga.get(f"/admin/calendar/{year_id}/days-off/new")
    olga.submit(page, "main form", {"name": "Карантин", "starts_on": "2026-09-21", "ends_on": "2026-09-25"})
    assert flash_of(olga) == "Сохранено: «Карантин». Уроки: убрано 15."
    assert lessons_on(school, NEXT_MONDAY) == 0
    row = school.session.scalars(select(DayOff).filter_by(name="Карантин")).one()
    olga.submit(olga.get(f"/admin/calendar/days-off/{row.id}"), "form[action$=remove]")
    assert flash_of(olga) == "Убрано из календаря: «Карантин». Уроки: добавлено 15."
    assert lessons_on(school, NEXT_MONDAY) == 4


def test_a_day_off_of_some_grades_leaves_the_others_their_lessons(olga, school, year_id):
    olga.submit(olga.get(f"/admin/calendar/{year_id}/days-off/new"), "main form", {
        "name": "Актированный день", "holidays": "0", "starts_on": "2026-09-21", "ends_on": "2026-09-21",
        "last_grade": "4"})
    assert lessons_on(school, NEXT_MONDAY) == 3


def test_a_quarantine_of_one_class_leaves_the_parallel_its_lessons(olga, as_, school, year_id):
    """7А has three lessons that Monday, 7Б one; Витя's family reads why the day is empty."""
    page = olga.get(f"/admin/calendar/{year_id}/days-off/new")
    olga.submit(page, "main form", {"name": "Карантин в 7А", "holidays": "0", "starts_on": "2026-09-21",
                                    "ends_on": "2026-09-21", "class_id": str(school.school_class("7А").id)})
    assert flash_of(olga) == "Сохранено: «Карантин в 7А». Уроки: убрано 2."
    assert "Карантин в 7А пн, 21 сентября 7А" in olga.get("/admin/calendar").words
    assert lessons_on(school, NEXT_MONDAY) == 2
    assert "Карантин в 7А" in as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary?week=2026-W39").words
    assert "Карантин" not in as_(school.zakhar).get(f"/parent/children/{school.zoya.id}/diary?week=2026-W39").words


def test_a_class_of_another_year_has_no_day_off_here(olga, school, year_id):
    olga.submit(olga.get("/admin/calendar/open"), "main form")
    other = school.session.scalars(select(SchoolYear.id).filter_by(name="2027/2028")).one()
    olga.post(f"/admin/calendar/{other}/days-off/new", {
        "name": "Карантин", "starts_on": "2027-09-06", "ends_on": "2027-09-07",
        "class_id": str(school.school_class("7А").id)}, status=404)


# Moved days

def move_saturday(olga, year_id, status=None, **data):
    """Saturday 26 September by Friday's timetable: four lessons of 7А (mathematics, and English in two subgroups)."""
    return olga.submit(olga.get(f"/admin/calendar/{year_id}/moved/new"), "main form",
                       {"day": "2026-09-26", "weekday": "5"} | data, status=status)


def test_a_saturday_is_taught_by_fridays_timetable_and_given_back(olga, as_, school, year_id):
    move_saturday(olga, year_id)
    assert flash_of(olga) == ("Перенос записан: 26 сентября 2026 учимся по расписанию пятницы. "
                              "Уроки: добавлено 3.")
    assert "сб, 26 сентября пятницы все" in olga.get("/admin/calendar").words
    assert school.lesson(school.course("7А", "Математика"), date(2026, 9, 26)).number == 3
    assert "26 сентября" in as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary?week=2026-W39").words
    page = olga.get(olga.get("/admin/calendar").find("a", string="сб, 26\u00a0сентября")["href"])
    assert "Эти уроки будут убраны" in page.words
    olga.submit(page, "main form")
    assert flash_of(olga) == "Перенос 26 сентября 2026 убран. Уроки: убрано 3."
    assert lessons_on(school, date(2026, 9, 26)) == 0


def test_a_weekday_moved_for_primary_school_only(olga, school, year_id):
    """Tuesday 22 September as a Monday for classes 1–4: 1А gets mathematics, 7А keeps its Tuesday."""
    before = lessons_on(school, date(2026, 9, 22))
    move_saturday(olga, year_id, day="2026-09-22", weekday="1", last_grade="4")
    assert lessons_on(school, date(2026, 9, 22)) == before + 1
    assert school.lesson(school.course("1А", "Математика"), date(2026, 9, 22)).number == 1


def test_a_lesson_with_a_topic_stays_on_a_moved_day_and_is_told(olga, school, year_id):
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 22))
    lesson.topic = "Дроби"
    school.session.flush()
    move_saturday(olga, year_id, day="2026-09-22", weekday="3")
    assert "Оставлено вне расписания, потому что заполнено: 1 урок." in flash_of(olga)
    assert school.session.get(Lesson, lesson.id) is not None


def test_the_same_day_moved_twice_is_one(olga, school, year_id):
    move_saturday(olga, year_id)
    move_saturday(olga, year_id)
    assert count(school, MovedDay) == 1
    page = move_saturday(olga, year_id, weekday="4", status=422)
    assert "перенос для этих классов уже есть" in page.find(id="day-error").text
    assert page.select_one("#weekday option[selected]")["value"] == "4"


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"day": ""}, "day", "Укажите дату"),
    ({"day": "2026-10-31"}, "day", "Осенние каникулы"),
    ({"day": "2026-09-25"}, "day", "и так пятница"),
    ({"first_grade": "девятый"}, "first_grade", "от 1 до 11"),
])
def test_a_wrong_moved_day_is_explained(olga, school, year_id, data, field, sentence):
    page = move_saturday(olga, year_id, status=422, **data)
    assert sentence in page.find(id=f"{field}-error").text
    assert count(school, MovedDay) == 0


def test_a_moved_day_that_has_come_stays(olga, school, year_id):
    move_saturday(olga, year_id)
    row = school.session.scalars(select(MovedDay)).one()
    with clock.freeze(clock.at(date(2026, 9, 26), 12)):
        page = olga.post(f"/admin/calendar/moved/{row.id}", {}, status=422)
        assert "уже наступил" in page.words and count(school, MovedDay) == 1
        assert not olga.get("/admin/calendar").find("a", string="сб, 26\u00a0сентября")


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"name": ""}, "name", "Назовите каникулы"),
    ({"name": "К" * 61}, "starts_on", "не длиннее 60"),
    ({"starts_on": ""}, "starts_on", "Укажите дату"),
    ({"ends_on": "31.02.2027"}, "ends_on", "Укажите дату"),
    ({"starts_on": "2026-09-26"}, "starts_on", "раньше, чем начинается"),
    ({"ends_on": "2027-06-01"}, "starts_on", "выходит за учебный год"),
    ({"first_grade": "двенадцатый"}, "first_grade", "от 1 до 11"),
    ({"first_grade": "5", "last_grade": "4"}, "starts_on", "сначала младший"),
    ({"starts_on": "2026-10-30", "ends_on": "2026-10-31"}, "starts_on", "пересекаются"),
])
def test_a_wrong_day_off_is_explained_and_nothing_is_lost(olga, school, year_id, data, field, sentence):
    given = {"name": "Карантин", "starts_on": "2026-09-21", "ends_on": "2026-09-25"} | data
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/days-off/new"), "main form", given, status=422)
    assert sentence in page.find(id=f"{field}-error").text
    assert page.find(id="ends_on")["value"] == given["ends_on"]
    assert count(school, DayOff) == 1 and lessons_on(school, NEXT_MONDAY) == 4


def test_holidays_that_have_begun_are_not_removed(olga, school, year_id):
    with clock.freeze(clock.at(date(2026, 10, 26), 12)):
        row = school.session.scalars(select(DayOff)).one()
        page = olga.get(f"/admin/calendar/days-off/{row.id}")
        assert "уже начались" in page.words and not page.select("form[action$=remove]")
        olga.post(f"/admin/calendar/days-off/{row.id}/remove", {}, status=422)
        assert count(school, DayOff) == 1


def test_a_longer_holiday_moves_its_last_day(olga, school, year_id):
    row = school.session.scalars(select(DayOff)).one()
    olga.submit(olga.get(f"/admin/calendar/days-off/{row.id}"), "main form", {"ends_on": "2026-11-03"})
    assert lessons_on(school, date(2026, 11, 2)) == 0
    assert school.session.scalars(select(DayOff.ends_on)).one() == date(2026, 11, 3)


def test_terms_are_changed_together(olga, school, year_id):
    url = f"/admin/calendar/{year_id}/terms/quarters"
    page = olga.submit(olga.get(url), "main form", {"ends_on-1": "2026-10-16"}, status=200)
    assert quarters(school)[0].ends_on == date(2026, 10, 23)  # nothing is saved before it is read
    olga.submit(page, "main form")
    assert quarters(school)[0].ends_on == date(2026, 10, 16)
    assert lessons_on(school, date(2026, 10, 19)) == 0  # between terms there are no lessons


def quarters(school):
    return school.session.scalars(select(Term).filter_by(scheme="quarters").order_by(Term.number)).all()


def test_new_dates_of_terms_say_what_they_will_do(olga, as_, school, year_id):
    """The first quarter ends on the 11th: the mark of the 15th is in none any more; lessons of Friday and of five
    weeks go."""
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    put_mark(school.session, settings=load(school.session), mark=NewMark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, value="5", key="k", actor_id=school.anna.id, at=NOW,
        kind_id=school.kind("oral").id))
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/terms/quarters"), "main form",
                       {"ends_on-1": "2026-09-11"}, status=200)
    assert "Исчезнет 78 уроков, в которых ещё ничего не записано" in page.words
    assert "Окажется в другом периоде или вне периодов 1 отметка" in page.words
    assert page.find(id="ends_on-1")["value"] == "2026-09-11"


def test_a_change_that_does_nothing_to_lessons_is_saved_at_once(olga, school, year_id):
    olga.submit(olga.get(f"/admin/calendar/{year_id}/terms/quarters"), "main form", {"name-1": "Первая четверть"})
    assert quarters(school)[0].name == "Первая четверть"


def test_a_term_with_a_mark_is_not_taken_away(olga, school, year_id):
    """R15: what was set for it stands."""
    course = school.course("7А", "Математика")
    school.session.add(TermMark(
        pupil_id=school.vitya.id, class_id=course.class_id, subject_id=course.subject_id, course_id=course.id,
        year_id=year_id, period="term", term_id=quarters(school)[3].id, value="5", entered_on=date(2026, 9, 17),
        entered_at=NOW, entered_by_id=school.anna.id))
    school.session.flush()
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/terms/quarters"), "main form",
                       {"starts_on-4": "", "ends_on-4": ""}, status=200)
    page = olga.submit(page, "main form", status=422)
    assert "«IV четверть» убрать нельзя" in page.words and len(quarters(school)) == 4


def test_a_closed_term_keeps_its_dates(olga, school, year_id):
    """R8"""
    school.session.add(TermClosing(class_id=school.school_class("7А").id, term_id=quarters(school)[0].id,
                                   closed_at=NOW, closed_by_id=school.dina.id))
    school.session.flush()
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/terms/quarters"), "main form",
                       {"ends_on-1": "2026-10-16"}, status=200)
    page = olga.submit(page, "main form", status=422)
    assert "«I четверть» уже закрыта" in page.words and quarters(school)[0].ends_on == date(2026, 10, 23)


def test_a_class_with_marks_for_its_terms_does_not_divide_the_year_anew(olga, school, year_id):
    school_class = school.school_class("7А")
    school.session.add(TermClosing(class_id=school_class.id, term_id=quarters(school)[0].id, closed_at=NOW,
                                   closed_by_id=school.dina.id))
    school.session.flush()
    page = olga.submit(olga.get("/admin/weeks"), "#by-class", {f"scheme-{school_class.id}": "half_years"}, status=422)
    assert "делить год иначе поздно" in page.find(id=f"scheme-{school_class.id}-error").text
    other = school.school_class("7Б")
    olga.submit(olga.get("/admin/weeks"), "#by-class", {f"scheme-{other.id}": "half_years"})
    assert school.session.get(SchoolClass, other.id).term_scheme == "half_years"


def test_a_school_that_lives_by_trimesters_enters_them(olga, school, year_id):
    url = f"/admin/calendar/{year_id}/terms/trimesters"
    page = olga.get(url)
    assert page.find(id="name-3")["value"] == "III триместр"
    olga.submit(page, "main form", {"starts_on-1": "2026-09-01", "ends_on-1": "2026-11-15",
                                    "starts_on-2": "2026-11-23", "ends_on-2": "2027-02-14",
                                    "starts_on-3": "2027-02-22", "ends_on-3": "2027-05-26"})
    assert school.session.scalar(select(func.count()).select_from(Term).filter_by(scheme="trimesters")) == 3


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"starts_on-2": "2026-10-23"}, "name-1", "кончается только 23\u00a0октября\u00a02026"),
    ({"starts_on-2": ""}, "starts_on-2", "Укажите дату"),
    ({"starts_on-1": "", "ends_on-1": ""}, "name-1", "по порядку с первого"),
    ({"name-2": " "}, "name-1", "Назовите период № 2"),
])
def test_wrong_terms_are_explained(olga, school, year_id, data, field, sentence):
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/terms/quarters"), "main form", data, status=422)
    assert sentence in page.find(id=f"{field}-error").text
    for name, typed in data.items():
        assert page.find(id=name)["value"] == typed
    assert school.session.scalar(select(func.count()).select_from(Term).filter_by(scheme="quarters")) == 4


def test_the_next_year_opens_prefilled(olga, school, year_id):
    page = olga.get("/admin/calendar/open")
    assert (page.find(id="starts_on")["value"], page.find(id="ends_on")["value"]) == ("2027-09-01", "2028-05-26")
    olga.submit(page, "main form")
    year = school.session.scalars(select(SchoolYear).filter_by(name="2027/2028")).one()
    assert "Зимние каникулы" in olga.get(f"/admin/calendar/{year.id}").words
    assert school.session.scalar(select(func.count()).select_from(Term).filter_by(year_id=year.id)) == 6


def test_moving_the_last_day_takes_lessons_along(olga, school, year_id):
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/dates"), "main form", {"ends_on": "2027-05-21"}, status=200)
    assert "Исчезнет 10 уроков" in page.words
    olga.submit(page, "main form")
    assert school.session.scalar(select(func.max(Lesson.day))) == date(2027, 5, 21)


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"ends_on": ""}, "ends_on", "Укажите дату"),
    ({"ends_on": "2026-08-01"}, "ends_on", "раньше, чем начинается"),
    ({"ends_on": "2027-03-01"}, "ends_on", "выходит за учебный год"),
    ({"starts_on": "2025-09-01"}, "starts_on", "начинается в 2026 году"),
])
def test_wrong_dates_of_the_year_are_explained(olga, school, year_id, data, field, sentence):
    page = olga.submit(olga.get(f"/admin/calendar/{year_id}/dates"), "main form", data, status=422)
    assert sentence in page.find(id=f"{field}-error").text
    assert school.session.scalars(select(SchoolYear.ends_on)).all() == [date(2027, 5, 26)]


# Bells and weeks

def bells_id(school):
    return school.session.scalars(select(BellSchedule.id)).first()


def test_new_times_move_lessons_to_come(olga, school, year_id):
    olga.submit(olga.get(f"/admin/bells/{bells_id(school)}"), "main form", {"from-1": "08:20", "to-1": "09:00"})
    assert flash_of(olga, "/admin/bells").startswith("Звонки «Основное» сохранены. Уроки: изменено ")
    course = school.course("7А", "Математика")
    begins = {day: f"{clock.local(school.lesson(course, day).starts_at):%H:%M}"
              for day in (date(2026, 9, 14), NEXT_MONDAY)}
    assert begins == {date(2026, 9, 14): "08:30", NEXT_MONDAY: "08:20"}


@pytest.mark.parametrize(("data", "field", "sentence"), [
    ({"from-2": "09:00"}, "from-1", "Урок 2 начинается в 09:00, а урок 1 кончается только в 09:10"),
    ({"from-2": ""}, "from-2", "Урок 2: укажите время"),
    ({"to-2": "25:00"}, "to-2", "Урок 2: укажите время"),
    # the timetable has a third lesson: without its bell nothing is saved
    ({"from-3": "", "to-3": ""}, "from-1", "Для урока № 3 нет звонка"),
])
def test_wrong_bells_are_explained_and_not_half_saved(olga, school, year_id, data, field, sentence):
    page = olga.submit(olga.get(f"/admin/bells/{bells_id(school)}"), "main form", data, status=422)
    assert sentence in page.find(id=f"{field}-error").text
    assert count(school, Bell) == 7
    assert school.session.scalars(select(Bell.starts_at).filter_by(number=2)).one() == time(9, 20)


def test_primary_school_gets_bells_of_its_own(olga, school, year_id):
    page = olga.get("/admin/bells/new")
    assert page.find(id="to-1")["value"] == "09:10"  # prefilled
    olga.submit(page, "main form", {
        "name": "Начальная школа", "from-1": "09:00", "to-1": "09:35", "from-2": "9.50", "to-2": "10:25",
        "from-3": "10:40", "to-3": "11:15"})
    school_class = school.school_class("1А")
    new = school.session.scalars(select(BellSchedule.id).filter_by(name="Начальная школа")).one()
    olga.submit(olga.get("/admin/weeks"), "#by-class", {f"bells-{school_class.id}": str(new)})
    lesson = school.lesson(school.course("1А", "Математика"), NEXT_MONDAY)
    assert f"{clock.local(lesson.starts_at):%H:%M}" == "09:00"
    assert flash_of(olga, "/admin/weeks").startswith("Изменено: 1 класс. Уроки: изменено ")


def test_a_grade_goes_to_the_second_shift_at_once(olga, school, year_id):
    """7А and 7Б change their bells together; 1А stays in the first shift."""
    olga.submit(olga.get("/admin/bells/new"), "main form", {
        "name": "Вторая смена", "from-1": "13:30", "to-1": "14:10", "from-2": "14:20", "to-2": "15:00",
        "from-3": "15:20", "to-3": "16:00"} | {f"{edge}-{number}": "" for edge in ("from", "to")
                                               for number in range(4, 8)})
    late = school.session.scalars(select(BellSchedule.id).filter_by(name="Вторая смена")).one()
    olga.submit(olga.get("/admin/weeks"), "#of-grade", {"grade": "7", "grade_bells": str(late)})
    assert flash_of(olga, "/admin/weeks").startswith("Изменено: 2 класса. Уроки: изменено ")
    begins = {name: f"{clock.local(school.lesson(school.course(name, 'Математика'), NEXT_MONDAY).starts_at):%H:%M}"
              for name in ("7А", "7Б", "1А")}
    assert begins == {"7А": "13:30", "7Б": "15:20", "1А": "08:30"}


@pytest.mark.parametrize("name", ["основное", " Основное "])
def test_two_schedules_of_bells_have_two_names(olga, school, year_id, name):
    page = olga.submit(olga.get("/admin/bells/new"), "main form", {"name": name}, status=422)
    assert "уже есть" in page.find(id="name-error").text


def test_a_class_without_trimesters_in_the_calendar_cannot_keep_them(olga, school, year_id):
    school_class = school.school_class("7А")
    page = olga.submit(olga.get("/admin/weeks"), "#by-class", {f"scheme-{school_class.id}": "trimesters",
                                                               f"days-{school_class.id}": "6"}, status=422)
    assert "7А: сначала заведите эти периоды" in page.find(id=f"scheme-{school_class.id}-error").text
    assert page.select_one(f"#days-{school_class.id} option[selected]")["value"] == "6"
    assert school.session.get(SchoolClass, school_class.id).days_per_week == 5


@pytest.mark.parametrize("url", ["/admin/calendar/open", "/admin/calendar/{year}/dates",
                                 "/admin/calendar/{year}/terms/half_years", "/admin/calendar/{year}/days-off/new",
                                 "/admin/calendar/{year}/moved/new", "/admin/bells/new", "/admin/bells/{bells}",
                                 "/admin/weeks"])
@pytest.mark.parametrize("junk", [{}, {"starts_on": "\x01", "name": "\x01", "from-1": "99:99", "first_grade": "9" * 40,
                                       "starts_on-1": "0000-00-00", "ends_on": "9999-12-31"}])
def test_garbage_is_refused_kindly(olga, school, year_id, url, junk):
    answer = olga.open(url.format(year=year_id, bells=bells_id(school)), method="POST",
                       data=junk | {"csrf_token": olga.csrf()})
    assert answer.status_code in {200, 302, 422}  # 200: what would happen is said first
    assert count(school, SchoolYear) == 1 and count(school, Term) == 6


@pytest.mark.parametrize("url", ["/admin/calendar/999", "/admin/calendar/99999999999999999999",
                                 "/admin/calendar/{year}/terms/weeks", "/admin/bells/999",
                                 "/admin/calendar/days-off/999"])
def test_what_is_not_there(olga, school, year_id, url):
    olga.get(url.format(year=year_id), status=404)


def test_it_keeps_no_calendar(as_, school):
    for person in (school.igor, school.inna, school.anna):
        as_(person).get("/admin/calendar", status=403)


@pytest.mark.parametrize("url", ["/admin/calendar", "/admin/bells", "/admin/weeks", "/admin/lessons"])
def test_statements(olga, year_id, at_most, url):
    with at_most(8):
        olga.get(url)


