"""Groups over several classes on the administration's pages, and their journals on everybody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.roster import groups
from ejd.roster.groups import NewGroup
from ejd.roster.models import Course, CourseKind, CourseMember, SchemeOfTerm, Subject
from ejd.schedule.models import Lesson
from ejd.school.models import Term
from tests.journal import Hand
from tests.world import FIRST_DAY, NOW, TODAY

GIVEN = {"name": "Олимпиадная математика", "kind": "elective", "subject": "Математика", "hours": "2",
         "scheme": "five_point", "term_scheme": "half_years", "from_on": "2026-09-01"}


@pytest.fixture
def group(school) -> Course:
    """«Олимпиадная математика» of Анна's: Витя of 7А and Зоя of 7Б; a lesson this morning."""
    course = groups.open_group(
        school.session, actor_id=None, now=NOW, year_id=school.school_class("7А").year_id, from_on=FIRST_DAY,
        group=NewGroup("Олимпиадная математика", school.course("7А", "Математика").subject_id,
                       kind=CourseKind.ELECTIVE, teacher_id=school.anna.id))
    for name, pupil in (("7А", school.vitya), ("7Б", school.zoya)):
        groups.put_members(school.session, actor_id=None, now=NOW, course_id=course.id, from_on=FIRST_DAY,
                           class_id=school.school_class(name).id, pupil_ids={pupil.id})
    starts = clock.at(TODAY, 8, 30)
    school.session.add(Lesson(course_id=course.id, day=TODAY, number=1, starts_at=starts, teacher_id=school.anna.id,
                              ends_at=starts + timedelta(minutes=40), homework_due_at=starts + timedelta(hours=2)))
    school.session.flush()
    return course


def lesson(school, group) -> Lesson:
    return school.session.scalars(select(Lesson).filter_by(course_id=group.id)).one()


def test_a_group_is_opened_and_filled_class_by_class(as_, school, session):
    visitor = as_(school.olga)
    page = visitor.get("/admin/groups")
    assert "Групп пока нет" in page.words
    answer = visitor.submit(visitor.get("/admin/groups/new"), "#form", GIVEN)
    where = answer.response.location
    page = visitor.get(f"{where}/members", query_string={"class_id": school.school_class("7А").id})
    assert len(page.select("input[name=pupil]")) == 8
    visitor.post(f"{where}/members", {"class_id": school.school_class("7А").id, "from_on": "2026-09-01",
                                      "pupil": [school.vitya.id]})
    visitor.post(f"{where}/members", {"class_id": school.school_class("7Б").id, "from_on": "2026-09-01",
                                      "pupil": [school.zoya.id]})
    page = visitor.get(where)
    assert "Волков Виктор Павлович" in page.words and "Зимина Зоя Захаровна" in page.words
    assert "2 ученика" in page.words
    assert "факультатив" in visitor.get("/admin/groups").words


@pytest.mark.parametrize(("wrong", "field"), [
    ({"name": ""}, "name"), ({"kind": "club"}, "kind"), ({"subject": ""}, "subject"), ({"hours": "много"}, "hours"),
    ({"scheme": "six"}, "scheme"), ({"term_scheme": "weeks"}, "term_scheme"), ({"teacher_id": "999"}, "teacher_id"),
    ({"from_on": ""}, "from_on"), ({"from_on": "2030-01-01"}, "from_on"), ({"hours": "99"}, "hours"),
    ({"bell_schedule_id": "77"}, "bell_schedule_id"), ({"name": "Я" * 300}, "name"),
])
def test_a_group_that_cannot_be_is_explained_at_its_field(as_, school, session, wrong, field):
    page = as_(school.olga).post("/admin/groups/new", GIVEN | wrong, status=422)
    assert page.select_one(f"#{field}-error")
    assert session.scalar(select(Course.id).where(Course.class_id.is_(None))) is None


def test_members_that_cannot_be_are_explained_and_the_ticks_stay(as_, school, group):
    visitor, url = as_(school.olga), f"/admin/groups/{group.id}/members"
    here = school.school_class("7А").id
    page = visitor.post(url, {"class_id": here, "pupil": [school.vitya.id], "from_on": "вчера"}, status=422)
    assert page.select_one("#from_on-error") and len(page.select("input[checked]")) == 1
    page = visitor.post(url, {"class_id": here, "pupil": [school.zoya.id], "from_on": "2026-09-17"}, status=422)
    assert "обновите страницу" in page.words
    assert "Выберите класс" in visitor.post(url, {"class_id": "777", "from_on": "2026-09-17"}, status=422).words


def test_a_class_s_journal_is_no_group(as_, school):
    as_(school.olga).get(f"/admin/groups/{school.course('7А', 'Математика').id}", status=404)


def test_a_group_is_called_otherwise(as_, school, group):
    visitor = as_(school.olga)
    visitor.submit(visitor.get(f"/admin/groups/{group.id}"), "#form", {"name": "Клуб Архимеда"})
    assert visitor.get(f"/admin/groups/{group.id}").select_one("h1").text == "Клуб Архимеда, Математика"
    assert visitor.post(f"/admin/groups/{group.id}", {"name": ""}, status=422).select_one("#name-error")


def test_its_teacher_keeps_it_like_any_journal(as_, school, group, at_most):
    visitor, of_lesson = as_(school.anna), f"/teacher/lessons/{lesson(school, group).id}"
    of_group = f"/teacher/courses/{group.id}/journal"
    assert "Олимпиадная математика Математика" in visitor.get("/teacher/journals").words
    with at_most(8):
        page = visitor.get(of_group)
    assert "Волков Виктор" in page.words and "Зимина Зоя" in page.words
    with at_most(8):
        page = visitor.get(of_lesson)
    assert "Зимина Зоя" in page.words
    assert "Олимпиадная математика" in visitor.get("/teacher/").words


def test_another_teacher_does_not_learn_of_it(as_, school, group):
    as_(school.boris).get(f"/teacher/courses/{group.id}/journal", status=404)


def test_a_member_s_family_sees_its_lessons_a_classmate_s_does_not(as_, school, group):
    def of_thursday(guardian, pupil) -> int:
        page = as_(guardian).get(f"/parent/children/{pupil.id}/diary")
        return sum(row.get_text().count("Математика") for row in page.select(".day") if "17" in row.get_text())

    with_group = of_thursday(school.vera, school.vitya)
    groups.put_members(school.session, actor_id=None, now=NOW, course_id=group.id, from_on=FIRST_DAY,
                       class_id=school.school_class("7А").id, pupil_ids=set())
    assert with_group == of_thursday(school.vera, school.vitya) + 1


def test_the_administration_finds_it_in_lists_and_control(as_, school, group):
    visitor = as_(school.dina)
    assert "Олимпиадная математика" in visitor.get(f"/admin/people/{school.anna.id}").words
    day = visitor.get("/admin/lessons", query_string={"day": "2026-09-17", "whole": "1"})
    assert "Олимпиадная математика" in day.words
    visitor.get("/admin/control")
    assert "Состав группы" in visitor.get(f"/admin/courses/{group.id}").words
    assert "Волков Виктор" in visitor.get(f"/admin/courses/{group.id}/journal").words


def test_a_journal_of_a_group_is_closed_and_its_page_stays(as_, school, group):
    visitor = as_(school.olga)
    visitor.post(f"/admin/courses/{group.id}/retire", {"on": "2026-09-18"})
    assert "Закрыт" in visitor.get(f"/admin/groups/{group.id}").words


def test_terms_and_schemes_are_put_on_the_journal_s_page(as_, school, session):
    """R14, R15."""
    visitor, maths = as_(school.olga), school.course("7А", "Математика")
    first = session.scalars(select(Term).filter_by(scheme="quarters", number=1)).one()
    page = visitor.get(f"/admin/courses/{maths.id}")
    visitor.submit(page, "form[action$=schemes]", {f"term-{first.id}": "pass_fail"})
    assert session.scalar(select(SchemeOfTerm.scheme).filter_by(course_id=maths.id)) == "pass_fail"
    assert "I четверть: зачёт" in visitor.get(f"/admin/courses/{maths.id}").words
    visitor.submit(visitor.get(f"/admin/courses/{maths.id}"), "form[action$=schemes]", {"term_scheme": "half_years"})
    page = visitor.get(f"/admin/courses/{maths.id}")
    assert "II полугодие" in page.words and "III четверть" not in page.words


@pytest.mark.parametrize(("wrong", "said"), [
    ({"term_scheme": "weeks"}, "Выберите четверти"), ({"term_scheme": "trimesters"}, "сначала заведите"),
])
def test_schemes_that_cannot_be_are_explained(as_, school, session, wrong, said):
    maths = school.course("7А", "Математика")
    page = as_(school.olga).post(f"/admin/courses/{maths.id}/schemes", wrong, status=422)
    assert said in page.select_one("#term_scheme-error").text
    assert maths.term_scheme is None


def test_pages_take_few_statements(as_, school, group, at_most):
    visitor = as_(school.olga)
    urls = ("/admin/groups", "/admin/groups/new", f"/admin/groups/{group.id}", f"/admin/courses/{group.id}",
            f"/admin/groups/{group.id}/members?class_id={school.school_class('7А').id}")
    for url in urls:
        with at_most(8):
            visitor.get(url)


def test_the_office_changes_the_inspector_only_looks(as_, school, group):
    page = as_(school.inna).get(f"/admin/groups/{group.id}")
    assert not page.select("form[action*=groups]")
    as_(school.inna).post(f"/admin/groups/{group.id}/members", {}, status=403)


def test_a_new_subject_comes_with_its_group(as_, school, session):
    visitor = as_(school.olga)
    visitor.post("/admin/groups/new", GIVEN | {"subject": "", "new_subject": "Шахматы", "kind": "activity"})
    assert session.scalar(select(Subject.id).filter_by(name="Шахматы"))
    course = session.scalars(select(Course).where(Course.class_id.is_(None))).one()
    assert (course.scheme, course.homework_expected) == ("markless", False)
    assert session.scalar(select(CourseMember.id).filter_by(course_id=course.id)) is None


def test_no_page_of_a_journal_or_a_lesson_breaks_on_a_group(app, as_, school, group):
    """Every page with a journal or a lesson in its address, opened by who may, of a group instead of a class."""
    values = {"course_id": group.id, "lesson_id": lesson(school, group).id, "pupil_id": school.vitya.id,
              "group_id": group.id, "code": "year"}
    people = {"teacher": as_(school.anna), "admin": as_(school.dina)}
    broken, opened = [], 0
    for rule in app.url_map.iter_rules():
        who = people.get(rule.endpoint.partition(".")[0])
        if who and "GET" in rule.methods and rule.arguments & {"course_id", "lesson_id"} and (
                rule.arguments <= values.keys()):
            with app.test_request_context():
                url = app.url_map.bind("localhost").build(rule.endpoint, {n: values[n] for n in rule.arguments})
            status = who.open(url, follow_redirects=True).status_code
            opened += status == 200
            if status not in (200, 403, 404, 422):
                broken.append(f"{url}: {status}")
    assert opened > 5 and not broken


def test_a_refusal_because_of_marks_leads_to_the_journal_they_stand_in(as_, school, session, group):
    """Home teaching that began back in time: the class's marks are moved first."""
    maths = school.course("7А", "Математика")
    home = Course(year_id=maths.year_id, subject_id=maths.subject_id, name="Дома", kind="home", half_hours=6,
                  scheme="five_point")
    session.add(home)
    anna = Hand(school, school.anna)
    anna.puts(school.lesson(maths, date(2026, 9, 15)), school.vitya, "4")
    session.commit()
    page = as_(school.olga).post(f"/admin/groups/{home.id}/members", {
        "class_id": maths.class_id, "pupil": school.vitya.id, "from_on": "2026-09-14"}, status=422)
    assert "есть отметка за 15 сентября" in page.words
    assert page.select_one(f"a[href='/admin/courses/{maths.id}/journal#r{school.vitya.id}']")
