"""The administration's first page: what is still to do, by position, each task a link to where it is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from ejd import clock
from ejd.journal.attendance import Taken, take_attendance
from ejd.journal.marks import NewMark, put_mark
from ejd.journal.works import NewWork, declare_works
from ejd.office.to_do import Figures, Standing, Task, to_do
from ejd.roster.models import ClassTeacher, CourseMember, TeachingAssignment
from ejd.roster.queries_classes import Undivided
from ejd.schedule.models import Lesson, TeacherAbsence, TimetableVersion
from ejd.school.models import Bell, SchoolYear, Setting, Term
from ejd.school.settings import load
from tests.world import TODAY

YEAR = SchoolYear(name="2026/2027")
SET_UP = Figures(bells=7, classes=3, pupils=60, courses=30, timetables=1)


def tasks(figures=SET_UP, *, year=YEAR, undivided=(), launched=TODAY):
    return [one.task for one in to_do(Standing(year, figures, undivided), launched)]


@pytest.mark.parametrize(("given", "expected"), [
    ({}, []),
    ({"year": None, "figures": Figures()}, [Task.OPEN_YEAR]),
    ({"figures": Figures()}, [Task.BELLS, Task.CLASSES]),
    ({"figures": Figures(bells=7, classes=3)}, [Task.LOAD]),
    ({"figures": Figures(bells=7, classes=3, courses=9), "launched": None}, [Task.TIMETABLE]),
    ({"launched": None}, [Task.LAUNCH]),
    ({"undivided": (Undivided(1, 2, "Информатика", 24),)}, [Task.SUBGROUPS]),
    ({"figures": Figures(bells=7, classes=3, courses=30, timetables=1, without_class_teacher=1, vacancies=2,
                         untimed=1, untaught=4, without_guardian=1)},
     [Task.CLASS_TEACHERS, Task.VACANCIES, Task.UNTIMED, Task.UNTAUGHT, Task.GUARDIANS]),
])
def test_what_is_to_do_comes_in_order(given, expected):
    assert tasks(**given) == expected


def links(page):
    return {" ".join(link.text.split()): link["href"] for link in page.select("main li a")}


def test_the_office_sees_what_is_open_and_where_to_mend_it(as_, school):
    school.session.execute(delete(ClassTeacher))
    school.session.scalars(select(TeachingAssignment).filter_by(
        course_id=school.course("7Б", "Математика").id)).one().teacher_id = None
    course = school.course("7А", "Иностранный", 1)
    member = school.session.scalars(select(CourseMember).filter_by(course_id=course.id)).first()
    member.to_on = date(2026, 9, 1)
    school.lesson(school.course("7Б", "Математика"), date(2026, 9, 21)).teacher_id = None
    school.session.flush()
    page = as_(school.olga).get("/admin/")
    found = links(page)
    assert found["Без классного руководителя 3 класса"] == "/admin/classes"
    assert "Без учителя 1 журнал: назначьте или ведите заменами" in found
    assert found["На ближайшую неделю без учителя 1 урок: назовите замену"] == "/admin/lessons?teacher_id=0"
    divided = found["Не все ученики разделены на подгруппы по 1 предмету класса: 1 место без подгруппы"]
    assert divided == f"/admin/classes/{course.class_id}/subgroups/{course.subject_id}"
    assert "По расписанию 2 урока" in page.words and "3 класса и 13 учеников" in page.words


def test_a_new_school_is_led_step_by_step(as_, school):
    for model in (Lesson, Bell):
        school.session.execute(delete(model))
    for version in school.session.scalars(select(TimetableVersion)):
        version.published_at = None
    school.session.execute(delete(Setting).where(Setting.key.startswith("launch.")))
    school.session.flush()
    found = links(as_(school.dina).get("/admin/"))
    assert found["Добавьте звонки: без них нет времени уроков"] == "/admin/bells"
    assert "Расписания нет, поэтому нет и уроков" in found
    assert not [title for title in found if title.startswith("Назовите день начала контроля")]


def test_everybody_sees_only_what_they_may_open(as_, school):
    sections = {person: set(links(as_(getattr(school, person)).get("/admin/")).values())
                for person in ("dina", "olga", "igor", "inna")}
    assert "/admin/settings" in sections["dina"] and "/admin/settings" not in sections["olga"]
    assert "/admin/control" in sections["inna"] and "/admin/lessons" not in sections["inna"]
    assert "/admin/access" in sections["igor"] and "/admin/control" not in sections["igor"]
    for person, addresses in sections.items():
        for address in addresses:
            as_(getattr(school, person)).get(address, status=302 if address == "/admin/closing" else 200)


def test_who_controls_is_told_what_is_late_this_term(as_, school):
    assert not [title for title in links(as_(school.dina).get("/admin/")) if "четверть" in title]
    settings = load(school.session)
    course = school.course("7А", "Математика")
    early, test = school.lesson(course, date(2026, 9, 1)), school.lesson(course, date(2026, 9, 4))
    put_mark(school.session, settings=settings, mark=NewMark(
        lesson_id=early.id, pupil_id=school.vitya.id, value="4", key="late-on-home", actor_id=school.anna.id,
        at=early.ends_at + timedelta(days=9), kind_id=school.kind("oral").id))
    declare_works(school.session, settings=settings, works=[NewWork(
        lesson_id=test.id, kind_id=school.kind("test").id, actor_id=school.anna.id, at=test.ends_at)])
    take_attendance(school.session, settings=settings, lessons=[Taken(test.id, school.anna.id, test.ends_at)])
    for person in (school.dina, school.galina, school.inna):
        told = links(as_(person).get("/admin/"))
        assert told["I четверть, отметки: 1 с опозданием, 8 не выставлено в срок"] == "/admin/control"
    assert not [title for title in links(as_(school.olga).get("/admin/")) if "четверть" in title]


def test_teachers_away_and_terms_that_are_over_are_told(as_, school):
    school.session.add(TeacherAbsence(teacher_id=school.anna.id, from_on=TODAY, to_on=TODAY, noted_at=clock.now()))
    school.session.flush()
    waiting = school.session.query(Lesson).filter_by(day=TODAY, teacher_id=school.anna.id, state="planned").count()
    told = links(as_(school.dina).get("/admin/"))
    [sentence] = [one for one in told if "ждут замены" in one]
    assert waiting and f"ждут замены {waiting} " in sentence and told[sentence] == "/admin/substitutions"
    assert not [one for one in told if "пора закрыть" in one]
    term = school.session.scalars(select(Term).filter_by(scheme=school.school_class("7А").term_scheme, number=1)).one()
    term.ends_on = TODAY - timedelta(days=7)
    school.session.flush()
    told = links(as_(school.dina).get("/admin/"))
    [sentence] = [one for one in told if "пора закрыть" in one]
    assert told[sentence] == "/admin/closing"
    assert {"/admin/timetable", "/admin/groups", "/admin/plans", "/admin/assessments", "/admin/missed",
            "/admin/new-year"} <= set(told.values())


def test_statements(as_, school, at_most):
    dina = as_(school.dina)
    with at_most(8):
        dina.get("/admin/")
