"""Journals to look into (R33, R34): the administration that may see marks, and a class teacher for the own class."""

from __future__ import annotations

from datetime import date

import pytest

from ejd import clock
from ejd.journal.homework import NewHomework, publish_homework
from ejd.journal.lesson_record import NewTopic, record_topics
from ejd.journal.marks import NewMark, put_mark
from ejd.roster import groups
from ejd.roster.models import Course
from ejd.school.settings import load
from tests.homework import PDF, attach

DAY = date(2026, 9, 7)


@pytest.fixture
def russian(school):
    """Борис's journal in Анна's class, with one mark."""
    course = school.course("7А", "Русский")
    lesson = school.lesson(course, DAY)
    put_mark(school.session, settings=load(school.session), mark=NewMark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, value="5", key="read-only-1", actor_id=school.boris.id,
        at=lesson.ends_at, kind_id=school.kind("oral").id))
    return course


def assert_only_to_read(page, school):
    assert page.select_one(f"#r{school.vitya.id} b").text == "5"
    assert not page.select("main form, main button, main input, #keys, script[src*=app]")
    assert not page.select("#grid tbody a") and not page.select_one("#grid").get("data-cell")
    assert "Только для чтения" in page.words


def test_deputy_director_and_inspector_look_into_any_journal(as_, school, russian):
    for person in (school.dina, school.galina, school.inna):
        page = as_(person).get(f"/admin/courses/{russian.id}/journal")
        assert page.h1.text == "7А, Русский язык"
        assert_only_to_read(page, school)


def test_a_day_opens_its_term_and_each_lesson_has_its_anchor(as_, school, russian):
    page = as_(school.dina).get(f"/admin/courses/{russian.id}/journal?day={DAY}")
    assert page.select_one("[aria-current=page]").text == "I четверть"
    assert page.select_one(f"#l{school.lesson(russian, DAY).id}")
    page = as_(school.dina).get(f"/admin/courses/{russian.id}/journal?day=2026-12-01")
    assert page.select_one("nav[aria-label=Период] [aria-current=page]").text == "II четверть"


def test_who_sees_no_marks_sees_no_journal(as_, school, russian):
    for person in (school.olga, school.igor, school.anna, school.vera):
        as_(person).get(f"/admin/courses/{russian.id}/journal", status=403)
    for person in (school.olga, school.igor):
        page = as_(person).get(f"/admin/classes/{school.school_class('7А').id}/load")
        assert not page.select("a[href$=journal]")


def test_class_page_load_and_journal_lead_to_it(as_, school, russian):
    address = f"/admin/courses/{russian.id}/journal"
    dina = as_(school.dina)
    page = dina.get(f"/admin/classes/{school.school_class('7А').id}")
    assert page.find("a", string="смотреть отметки")["href"] == f"/admin/classes/{school.school_class('7А').id}/load"
    assert dina.get(f"/admin/classes/{school.school_class('7А').id}/load").select_one(f"a[href='{address}']")
    assert dina.get(f"/admin/courses/{russian.id}").select_one(f"a[href='{address}']")


def test_a_class_teacher_looks_into_every_journal_of_the_own_class(as_, school, russian):
    anna = as_(school.anna)
    journals = anna.get("/teacher/journals")
    own = anna.get(journals.find("a", string="все его журналы")["href"])
    assert "Борисов Борис Борисович" in own.words
    page = anna.get(own.find("a", string="Русский язык")["href"])
    assert page.h1.text == "7А, Русский язык"
    assert_only_to_read(page, school)


@pytest.fixture
def lesson(school, russian):
    """Борис's lesson with a topic and homework with a file."""
    lesson = school.lesson(russian, DAY)
    session, now, boris = school.session(), clock.now(), school.boris.id
    record_topics(session, topics=[NewTopic(lesson_id=lesson.id, text="Причастие", actor_id=boris, at=now)])
    [homework] = publish_homework(session, settings=load(session), homework=[NewHomework(
        lesson.id, "упр. 12", boris, now, "to-read-1", minutes=20)])
    attach(school, homework, "план.pdf", PDF)
    session.commit()
    return lesson


@pytest.mark.parametrize("reader", ["anna", "dina", "inna"])
def test_a_lesson_is_read_with_its_homework_and_files(as_, school, lesson, at_most, reader):
    visitor = as_(getattr(school, reader))
    journal = (f"/teacher/classes/{school.school_class('7А').id}/journals/{lesson.course_id}" if reader == "anna"
               else f"/admin/courses/{lesson.course_id}/journal")
    head = visitor.get(journal).select_one(f"#l{lesson.id} a")
    with at_most(8):
        page = visitor.get(head["href"])
    for said in ("Причастие", "упр. 12", "20 мин", "Борисов", "7А, Русский язык"):
        assert said in page.words
    assert not page.select("main form, main button, main input")
    assert visitor.get(page.find("a", string="план.pdf")["href"]).response.data == PDF
    visitor.get(page.find("a", string="К журналу")["href"])


def test_a_lesson_of_another_journal_or_class_is_not_there(as_, school, lesson):
    anna, dina = as_(school.anna), as_(school.dina)
    other = school.lesson(school.course("7Б", "Математика"), DAY)
    seven_a, seven_b = school.school_class("7А").id, school.school_class("7Б").id
    for rest in (f"{lesson.course_id}/lessons/{other.id}", f"{other.course_id}/lessons/{other.id}",
                 f"{lesson.course_id}/lessons/{lesson.id}/files/999"):
        anna.get(f"/teacher/classes/{seven_a}/journals/{rest}", status=404)
    anna.get(f"/teacher/classes/{seven_b}/journals/{other.course_id}/lessons/{other.id}", status=404)
    as_(school.boris).get(f"/teacher/classes/{seven_a}/journals/{lesson.course_id}/lessons/{lesson.id}", status=404)
    dina.get(f"/admin/courses/{other.course_id}/lessons/{lesson.id}", status=404)
    dina.get(f"/admin/courses/{other.course_id}/lessons/{other.id}/files/1", status=404)
    as_(school.olga).get(f"/admin/courses/{lesson.course_id}/lessons/{lesson.id}", status=403)
    page = dina.get(f"/admin/courses/{other.course_id}/lessons/{other.id}")
    assert "ещё не записана" in page.words and "ещё не записано" in page.words


def test_another_class_is_not_theirs(as_, school, russian):
    seven_a, seven_b = school.school_class("7А").id, school.school_class("7Б").id
    of_b = school.course("7Б", "Математика")
    anna = as_(school.anna)
    anna.get(f"/teacher/classes/{seven_b}", status=404)
    anna.get(f"/teacher/classes/{seven_b}/journals/{of_b.id}", status=404)
    anna.get(f"/teacher/classes/{seven_a}/journals/{of_b.id}", status=404)
    as_(school.boris).get(f"/teacher/classes/{seven_a}", status=404)
    as_(school.boris).get(f"/teacher/classes/{seven_a}/journals/{russian.id}", status=404)
    assert "классный руководитель" not in as_(school.boris).get("/teacher/journals").words


def test_a_journal_without_lessons_says_so(as_, school):
    course = school.course("7А", "Русский")
    empty = Course(year_id=course.year_id, class_id=course.class_id, subgroup=3, half_hours=2,
                   subject_id=school.course("7А", "Иностранный", 1).subject_id)
    school.session.add(empty)
    school.session.commit()
    assert as_(school.dina).get(f"/admin/courses/{empty.id}/journal").select_one(".empty")
    as_(school.dina).get("/admin/courses/999999/journal", status=404)


def test_statements(as_, school, russian, at_most):
    dina, anna, seven_a, of_boris = as_(school.dina), as_(school.anna), school.school_class("7А").id, russian.id
    with at_most(8):
        dina.get(f"/admin/courses/{of_boris}/journal")
    with at_most(8):
        anna.get(f"/teacher/classes/{seven_a}/journals/{of_boris}")
    with at_most(8):
        anna.get(f"/teacher/classes/{seven_a}")


def test_groups_of_the_classes_pupils_are_told_and_stay_shut(as_, school, at_most):
    """Pupils of other classes sit there too: the journal is their teacher's alone."""
    seven_a, first = school.school_class("7А"), date(2026, 9, 1)
    course = groups.open_group(school.session, actor_id=None, year_id=seven_a.year_id, from_on=first, now=clock.now(),
                               group=groups.NewGroup("Робототехника 7-х", school.course("7А", "Математика").subject_id,
                                                     teacher_id=school.boris.id))
    groups.put_members(school.session, actor_id=None, course_id=course.id, class_id=seven_a.id, from_on=first,
                       pupil_ids=[school.vitya.id], now=clock.now())
    anna = as_(school.anna)
    with at_most(8):
        page = anna.get(f"/teacher/classes/{seven_a.id}/journals")
    assert "Робототехника 7-х" in page.words
    anna.get(f"/teacher/classes/{seven_a.id}/journals/{course.id}", status=404)
