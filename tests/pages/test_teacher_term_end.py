"""What the end of the first quarter asks of Анна, who teaches mathematics in 7А and leads the class, and of Борис
(R62); the digest carries the same counts."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.journal.models import TermClosing
from ejd.news.open_items import open_items
from ejd.remarks.own_items import OwnKind, own_items
from ejd.remarks.services import NewRemark, answer_remark, make_remark
from ejd.results.models import TermMark
from ejd.roster.models import Course, CourseKind, CourseMember, TeachingAssignment
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear, Term
from ejd.school.settings import load
from tests.certification import quarter

IN_TERM, LAST_WEEK, WEEK_AFTER = date(2026, 10, 15), date(2026, 10, 16), date(2026, 10, 27)


def on(day, hour=14):
    return clock.freeze(clock.at(day, hour))


def waits(school, person, class_ids=()):
    return own_items(school.session, teacher_id=person.id, class_ids=class_ids, today=clock.today())[0]


def told(page):
    return [" ".join(li.get_text(" ").replace("\xa0", " ").split()) for li in page.select("#term-end + ul li")]


def set_mark(school, pupil, course, **period):
    school.session.add(TermMark(
        pupil_id=pupil.id, class_id=course.class_id, year_id=course.year_id, value="5", subject_id=course.subject_id,
        entered_on=clock.today(), entered_at=clock.now(), entered_by_id=school.anna.id, **period))
    school.session.flush()


def close(school, class_name):
    school.session.add(TermClosing(
        class_id=school.school_class(class_name).id, term_id=quarter(school).id, closed_at=clock.now(),
        closed_by_id=school.dina.id, early=False, blocked=0, blocked_works=0))
    school.session.flush()


def test_a_week_before_the_end_the_missing_results_of_the_own_journals_are_named(as_, school, at_most):
    with on(IN_TERM):
        assert not as_(school.anna).get("/teacher/").select("#term-end")
    with on(LAST_WEEK):
        anna = as_(school.anna)
        with at_most(8):
            page = anna.get("/teacher/")
        assert told(page)[:2] == ["7А, Математика, I четверть: не выставлено 8 отметок",
                                  "7Б, Математика, I четверть: не выставлены 3 отметки"]
        link = page.select_one("#term-end + ul a")["href"]
        assert "I четверть" in anna.get(link).words
        set_mark(school, school.vitya, school.course("7А", "Математика"), period="term", term_id=quarter(school).id)
        assert told(anna.get("/teacher/"))[0].startswith("7А, Математика, I четверть: не выставлено 7 отметок")


def test_a_teacher_of_a_subgroup_is_asked_for_its_pupils_only(school):
    with on(LAST_WEEK):
        found = {item.title: item.count for item in waits(school, school.boris) if item.kind is OwnKind.RESULTS}
    assert found == {"7А, Русский язык": 8, "7А, Иностранный язык (английский), подгруппа\xa02": 4}


def group_of(school, teacher, pupil, kind):
    """A journal of mathematics with one pupil and one lesson, of no class."""
    maths = school.course("7А", "Математика")
    group = Course(year_id=maths.year_id, subject_id=maths.subject_id, kind=kind.value, name="Олимпиадная")
    school.session.add(group)
    school.session.flush()
    at = clock.at(date(2026, 9, 15), 15)
    school.session.add_all([
        CourseMember(course_id=group.id, pupil_id=pupil.id, from_on=date(2026, 9, 1)),
        TeachingAssignment(course_id=group.id, teacher_id=teacher.id, from_on=date(2026, 9, 1)),
        Lesson(course_id=group.id, day=date(2026, 9, 15), number=7, starts_at=at, ends_at=at)])
    school.session.flush()
    return group


def test_a_group_over_several_classes_is_asked_for_until_the_pupils_class_is_closed(school):
    """R62: what is closed is no open item; results of a group are shut with the pupil's own class."""
    group = group_of(school, school.boris, school.vitya, CourseKind.ELECTIVE)

    def asked():
        return [item.count for item in waits(school, school.boris) if item.course_id == group.id]

    with on(WEEK_AFTER):
        assert asked() == [1]
        close(school, "7Б")
        assert asked() == [1]
        close(school, "7А")
        assert asked() == []


def test_of_a_pupil_taught_at_home_only_the_teacher_at_home_is_asked(school):
    """He is not in the class's journal of the subject meanwhile."""
    at_home = group_of(school, school.boris, school.vitya, CourseKind.HOME)
    with on(LAST_WEEK):
        assert [item.count for item in waits(school, school.boris) if item.course_id == at_home.id] == [1]
        assert [item.count for item in waits(school, school.anna) if item.kind is OwnKind.RESULTS] == [7, 3]


def test_who_is_marked_in_no_journal_is_asked_for_nothing(school):
    """R14: class 1 has no marks."""
    with on(LAST_WEEK):
        assert [item.title for item in waits(school, school.eva) if item.kind is OwnKind.RESULTS] == [
            "7А, Иностранный язык (английский), подгруппа\xa01"]


def test_the_closing_that_comes_is_told_until_it_has_come(as_, school):
    with on(LAST_WEEK):
        page = told(as_(school.anna).get("/teacher/"))
    # The last lessons stand on Friday the ninth and on Monday the twelfth: six weeks of them.
    assert page[-1].startswith("I четверть: журналы закроют не раньше 19 октября 7")
    with on(WEEK_AFTER):
        assert "журналы могут закрыть с 19 октября" in told(as_(school.anna).get("/teacher/"))[-1]
        for name in ("7А", "7Б"):
            close(school, name)
        assert waits(school, school.anna) == []  # and nobody can set results any more


def test_a_remark_on_the_class_waits_for_its_answer_on_the_class_teachers_page(as_, school):
    lesson = school.lesson(school.course("7А", "Русский"), date(2026, 9, 16))
    remark = make_remark(school.session, remark=NewRemark(
        "Нет темы", school.dina.id, clock.now(), "remark-key", lesson_id=lesson.id))
    anna = as_(school.anna)
    page = anna.get("/teacher/")
    assert told(page) == ["7А: 1 замечание по журналам класса ждёт ответа"]
    assert "Нет темы" in anna.get(page.select_one("#term-end + ul a")["href"]).words
    answer_remark(school.session, actor_id=school.boris.id, remark_id=remark.id, version=1, text="Записал",
                  now=clock.now())
    assert told(anna.get("/teacher/")) == []


@pytest.mark.parametrize(("day", "asked"), [(date(2027, 5, 18), False), (date(2027, 5, 19), True),
                                            (date(2027, 7, 25), True), (date(2027, 7, 26), False)])
def test_the_years_results_are_asked_for_at_the_end_of_the_year(school, day, asked):
    with on(day):
        found = [item for item in waits(school, school.anna, [school.school_class("7А").id])
                 if item.term_id is None and item.kind in (OwnKind.RESULTS, OwnKind.CLASS_YEAR)]
        own = [item.count for item in found if item.kind is OwnKind.RESULTS]
    assert own == ([8, 3] if asked else [])
    assert bool(found) is asked


def test_of_a_closed_year_nothing_is_asked(school):
    with on(date(2027, 5, 28)):
        school.session.scalars(select(SchoolYear)).one().closed_at = clock.now()
        school.session.flush()
        assert waits(school, school.anna, [school.school_class("7А").id]) == []


def test_the_years_results_of_the_class_are_counted_for_its_teacher(as_, school):
    with on(date(2027, 5, 20)):
        anna = as_(school.anna)
        page = anna.get("/teacher/")
        assert "7А: не выставлены 24 годовые отметки" in told(page)  # three subjects
        for link in page.select("#term-end + ul a"):
            anna.get(link["href"])


def test_results_of_a_half_year_journal_are_asked_for_when_the_half_year_ends(school):
    course = school.course("7А", "Математика")
    course.term_scheme = "half_years"
    school.session.flush()
    half = school.session.scalars(select(Term).filter_by(scheme="half_years", number=1)).one()
    with on(LAST_WEEK):
        assert course.id not in {item.course_id for item in waits(school, school.anna)}
    with on(date(2026, 12, 24)):
        assert [(item.term_id, item.count) for item in waits(school, school.anna) if item.course_id == course.id] == [
            (half.id, 8)]


def test_the_digest_carries_the_counts(school):
    with on(LAST_WEEK):
        found = dict(open_items(school.session, person_ids=[school.anna.id], settings=load(school.session),
                                today=clock.today(), now=clock.now())[school.anna.id])
    assert found["итоговые отметки ваших журналов не выставлены"] == 11
    assert found["закрытие периода скоро, классов"] == 2


def test_a_remark_on_the_own_journal_in_the_own_class_is_told_once(as_, school):
    """Анна answers it herself: it stands among the administration's remarks and is not one of the class besides."""
    for name, day in (("Математика", date(2026, 9, 15)), ("Русский", date(2026, 9, 16))):
        lesson = school.lesson(school.course("7А", name), day)
        make_remark(school.session, remark=NewRemark("Нет темы", school.dina.id, clock.now(), f"{day}-key",
                                                     lesson_id=lesson.id))
        counts = dict(open_items(school.session, person_ids=[school.anna.id], settings=load(school.session),
                                 today=clock.today(), now=clock.now())[school.anna.id])
        assert counts["замечания администрации"] == 1
        assert counts.get("замечания по журналам класса без ответа", 0) == (name == "Русский")
    assert told(as_(school.anna).get("/teacher/")) == ["7А: 1 замечание по журналам класса ждёт ответа"]
