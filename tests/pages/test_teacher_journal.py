"""The journal of a course: pupils × lessons of a term on one page, light enough for every day."""

from __future__ import annotations

import gzip
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ejd import clock, names
from ejd.journal.attendance import NewPresence, Taken, record_attendance, take_attendance
from ejd.journal.marks import NewMark, put_marks
from ejd.journal.models import Exemption, Mark
from ejd.journal.works import NewWork, declare_works
from ejd.roster.models import Enrolment, Person
from ejd.schedule.models import Lesson
from ejd.school.models import Setting, Term
from ejd.school.settings import load
from tests.world import FIRST_DAY


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


@pytest.fixture
def url(maths):
    return f"/teacher/courses/{maths.id}/journal"


def put(school, maths, day, value, *, pupil=None, entered=None, key=None, work_id=None):
    lesson = school.lesson(maths, day)
    pupil = pupil or school.vitya
    at = clock.at(entered, 12) if entered else lesson.ends_at
    put_marks(school.session, settings=load(school.session), marks=[NewMark(
        lesson_id=lesson.id, pupil_id=pupil.id, value=value, key=key or f"{day}{pupil.id}{value}",
        actor_id=school.anna.id, at=at, work_id=work_id)])
    school.session.commit()


def cell(page, school, maths, day, pupil=None):
    """A pupil's cell on a day, found as the script finds it: by the column's head and the row's id."""
    heads = [head["id"] for head in page.select("#grid thead tr:nth-of-type(2) th")]
    column = heads.index(f"l{school.lesson(maths, day).id}")
    return page.select_one(f"#r{(pupil or school.vitya).id}").select("td")[column]


def test_the_grid_holds_the_class_and_every_lesson_of_the_term(as_, school, maths, url):
    page = as_(school.anna).get(url)
    assert [row.th.text for row in page.select("#grid tbody tr")][:5] == [
        "Абрамов Алексей", "Алиев Тимур", "Белова Дарья", "Волков Виктор", "Ёлкин Егор"]
    lessons = school.session.scalars(select(Lesson.id).filter_by(course_id=maths.id).order_by(Lesson.starts_at)).all()
    assert [head["id"] for head in page.select("#grid thead tr:nth-of-type(2) th")] == [f"l{i}" for i in lessons]
    assert "сентябрь" in page.words and "октябрь" in page.words


def test_marks_average_and_density_stand_in_the_row(as_, school, maths, url):
    """R11: 5·2 and 3·1 give 4.33."""
    work = declare_works(school.session, settings=load(school.session), works=[NewWork(
        lesson_id=school.lesson(maths, date(2026, 9, 8)).id, kind_id=school.kind("test").id,
        actor_id=school.anna.id, at=clock.at(date(2026, 9, 8), 9))])[0]
    put(school, maths, date(2026, 9, 8), "5", work_id=work.id)
    put(school, maths, date(2026, 9, 10), "3")
    page = as_(school.anna).get(url)
    row = page.select_one(f"#r{school.vitya.id}")
    assert row.select_one(".avg").text == "4,33"
    assert cell(page, school, maths, date(2026, 9, 8)).b.text == "5"
    assert "к/р" in page.select_one(f"#l{school.lesson(maths, date(2026, 9, 8)).id}").text


def test_a_marks_id_is_told_from_the_first_of_its_column(as_, school, maths, url):
    """Short names, for a page of 1,800 cells: the head's id and the distance make the id of the mark."""
    day, kim = date(2026, 9, 8), school.person("Ким", "Софья")
    put(school, maths, day, "5")
    put(school, maths, date(2026, 9, 10), "3")
    put(school, maths, day, "4", pupil=kim)
    page = as_(school.anna).get(url)
    first = int(page.select_one(f"#l{school.lesson(maths, day).id}")["data-m"])
    mark = school.session.scalars(select(Mark).filter_by(pupil_id=kim.id)).one()
    distance, version = cell(page, school, maths, day, kim).b["data-m"].split(".")
    assert (first + int(distance), int(version)) == (mark.id, 1) and distance.startswith("+")


def test_few_marks_for_the_lessons_held_are_a_warning(as_, school, maths, url):
    """R13: 4 hours a week ask for 7 marks a quarter, so for 2 after 10 of 24 lessons."""
    page = as_(school.anna).get(url)
    assert page.select_one(f"#r{school.vitya.id} .den abbr.few")
    for day in (date(2026, 9, 8), date(2026, 9, 10)):
        put(school, maths, day, "4")
    assert not as_(school.anna).get(url).select_one(f"#r{school.vitya.id} .den abbr.few")


def test_a_merged_and_a_remote_lesson_are_told_in_the_head_and_on_the_page(as_, school, maths, url):
    lesson = school.lesson(maths, date(2026, 9, 15))
    lesson.remote, lesson.merged_into_id = True, school.lesson(school.course("7А", "Русский"), date(2026, 9, 14)).id
    school.session.flush()
    anna = as_(school.anna)
    head = anna.get(url).select_one(f"#l{lesson.id} a")
    assert head["title"].endswith("урок, вместе с другим уроком, дистанционно") and head.text.startswith("15*")
    words = anna.get(f"/teacher/lessons/{lesson.id}").words
    assert "Вместе с другим уроком. Дистанционно" in words


def test_a_late_mark_has_a_corner_with_words(as_, school, maths, url):
    put(school, maths, date(2026, 9, 3), "4", entered=date(2026, 9, 12))
    put(school, maths, date(2026, 9, 4), "5", entered=date(2026, 9, 11))
    page = as_(school.anna).get(url)
    assert "опоздание 2\u00a0дня" in cell(page, school, maths, date(2026, 9, 3)).select_one("b.late i").text
    assert not cell(page, school, maths, date(2026, 9, 4)).select("b.late"), "the seventh day is on time"


def test_paper_names_term_and_teacher_and_tells_late_marks_in_words(as_, school, maths, url):
    put(school, maths, date(2026, 9, 3), "4", entered=date(2026, 9, 12))
    page = as_(school.anna).get(url)
    paper = " ".join(piece.text.replace("\u00a0", " ") for piece in page.select(".print-only"))
    assert "I четверть, учитель – Андреева Анна Аркадьевна" in paper
    assert "Волков Виктор: 4 – получена 3 сентября, срок до 10 сентября, внесена 12 сентября" in paper


def test_an_absentee_shows_the_letter_and_what_is_owed(as_, school, maths, url):
    """R4: an absentee owes the work; the others are awaited from the teacher."""
    lesson, settings = school.lesson(maths, date(2026, 9, 15)), load(school.session)
    declare_works(school.session, settings=settings, works=[NewWork(
        lesson_id=lesson.id, kind_id=school.kind("test").id, actor_id=school.anna.id, at=lesson.ends_at)])
    record_attendance(school.session, settings=settings, rows=[NewPresence(
        lesson.id, school.vitya.id, "н", "k", school.anna.id, lesson.ends_at)])
    take_attendance(school.session, settings=settings, lessons=[Taken(lesson.id, school.anna.id, lesson.ends_at)])
    school.session.commit()
    page = as_(school.anna).get(url)
    away = cell(page, school, maths, date(2026, 9, 15))
    assert [piece.text for piece in away.select("abbr")] == ["н", "•"]
    assert away.select_one(".owes")["title"].startswith("работа не сдана")
    awaited = cell(page, school, maths, date(2026, 9, 15), school.person("Ким", "Софья"))
    assert awaited.select_one(".awaited")["title"] == "ждёт отметки до 22\u00a0сентября"


def test_days_outside_the_pupils_stay_are_grey(as_, school, maths, url):
    enrolment = school.session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one()
    enrolment.from_on = date(2026, 9, 14)
    school.session.commit()
    page = as_(school.anna).get(url)
    assert "x" in cell(page, school, maths, date(2026, 9, 10)).get("class", [])
    assert not cell(page, school, maths, date(2026, 9, 15)).get("class")


def test_another_term_is_a_link_away_and_an_unknown_one_is_this_one(as_, school, url):
    anna = as_(school.anna)
    second = school.session.scalars(select(Term).filter_by(scheme="quarters", number=2)).one()
    page = anna.get(f"{url}?term={second.id}")
    assert "В этом периоде нет уроков" in page.words
    assert anna.get(f"{url}?term=99999").select_one("nav [aria-current=page]").text == "I четверть"
    assert anna.get(f"{url}?term=garbage").select_one("nav [aria-current=page]").text == "I четверть"


def test_without_javascript_the_date_leads_to_the_lesson_and_it_to_the_cell(as_, school, maths, url):
    anna = as_(school.anna)
    lesson = school.lesson(maths, date(2026, 9, 15))
    page = anna.get(url)
    there = anna.get(page.select_one(f"#l{lesson.id} a")["href"])
    assert anna.get(there.select_one(f"#r{school.vitya.id} th a")["href"]).select("form")


def test_names_are_escaped(as_, school, url):
    vitya = school.vitya
    vitya.last_name = "<b>Волков&"
    school.session.commit()
    assert "<b>Волков& Виктор" in as_(school.anna).get(url).words


def test_colleagues_do_not_learn_that_the_journal_exists(as_, school, url):
    as_(school.boris).get(url, status=404)
    as_(school.anna).get("/teacher/courses/999999/journal", status=404)


def test_other_roles_are_shut_out(as_, school, url):
    for person in (school.vera, school.vitya, school.dina):
        as_(person).get(url, status=403)


def test_the_list_names_own_journals_only(as_, school):
    page = as_(school.anna).get("/teacher/journals")
    assert [link.text for link in page.select("main .rows a")] == ["7А Математика", "7Б Математика"]
    assert "Русский" not in page.words


def before_launch(school):
    school.session.execute(update(Setting).where(Setting.key == "launch.marks").values(value='"2026-10-19"'))
    school.session.commit()


def test_before_the_launch_a_mark_is_awaited_without_a_day(as_, school, maths, url):
    """R7: nothing of it is ever overdue."""
    lesson, settings = school.lesson(maths, date(2026, 9, 15)), load(school.session)
    declare_works(school.session, settings=settings, works=[
        NewWork(lesson.id, school.kind("test").id, school.anna.id, lesson.ends_at)])
    take_attendance(school.session, settings=settings, lessons=[Taken(lesson.id, school.anna.id, lesson.ends_at)])
    before_launch(school)
    with clock.freeze(clock.at(date(2026, 10, 19), 9)):
        page = as_(school.anna).get(url)
    assert not page.select("#grid .overdue")
    assert {sign["title"] for sign in page.select("#grid .awaited")} == {"ждёт отметки"}


def test_an_exemption_stands_softly_in_empty_cells_of_its_days(as_, school, maths, url):
    """R10"""
    put(school, maths, date(2026, 9, 15), "5")
    school.session.add(Exemption(pupil_id=school.vitya.id, course_id=maths.id, from_on=date(2026, 9, 14),
                                 to_on=date(2026, 9, 17)))
    school.session.commit()
    page = as_(school.anna).get(url)
    said = [cell(page, school, maths, day).text for day in map(date.fromisoformat, (
        "2026-09-11", "2026-09-15", "2026-09-17", "2026-09-18"))]
    assert said == ["", "5", "осв", ""]
    assert not cell(page, school, maths, date(2026, 9, 17), school.person("Ким", "Софья")).text


def test_a_big_journal_is_light(as_, school, maths, url, at_most):
    """30 pupils × 60 lessons with 700 marks: at most 8 statements, at most 8 KB on the wire."""
    fill(school, maths)
    anna = as_(school.anna)
    with at_most(8):
        page = anna.get(url)
    assert len(page.select("#grid tbody tr")) == 30 and len(page.select("#grid thead tr:nth-of-type(2) th")) == 60
    assert len(page.select("#grid b")) >= 700
    assert len(gzip.compress(page.response.data, 6)) <= 8 * 1024


def fill(school, maths):
    """Make the class 30 pupils and the term 60 lessons, each pupil with a mark at two lessons of five."""
    session, class_id = school.session, school.school_class("7А").id
    for number in range(22):
        full = (f"Фамилия{number:02}", "Имя", "")
        person = Person(last_name=full[0], first_name=full[1], sort_key=names.sort_key(*full),
                        search_key=names.search_key(*full))
        session.add(person)
        session.flush()
        session.add(Enrolment(pupil_id=person.id, class_id=class_id, from_on=FIRST_DAY))
    there = {(lesson.day, lesson.number) for lesson in session.scalars(select(Lesson).filter_by(course_id=maths.id))}
    days = (FIRST_DAY + timedelta(days=offset) for offset in range(53))
    free = [(day, number) for day in days for number in (4, 5) if (day, number) not in there and day.isoweekday() < 6]
    for day, number in free[:60 - len(there)]:
        starts = clock.at(day, 12)
        session.add(Lesson(course_id=maths.id, day=day, number=number, starts_at=starts,
                           ends_at=starts + timedelta(minutes=40), teacher_id=school.anna.id))
    session.flush()
    lessons = session.scalars(select(Lesson).filter_by(course_id=maths.id).order_by(Lesson.starts_at)).all()
    pupils = session.scalars(select(Enrolment.pupil_id).filter_by(class_id=class_id)).all()
    end = max(lesson.ends_at for lesson in lessons)
    put_marks(session, settings=load(session), marks=[
        NewMark(lesson.id, pupil_id, "5432"[(place + number) % 4], f"k{lesson.id}.{pupil_id}", school.anna.id,
                end if (place * 7 + number) % 40 == 0 else lesson.ends_at)
        for place, lesson in enumerate(lessons) for number, pupil_id in enumerate(pupils)
        if (place * 3 + number * 2) % 5 < 2])
    session.commit()
