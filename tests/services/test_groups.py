"""Groups over several classes: who is in their journals, teaching at home; terms and schemes of a journal (R14,
R15)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.diary.by_subject import marks_of
from ejd.diary.queries import week_of
from ejd.journal import occasions
from ejd.journal.queries import journal_page
from ejd.refusal import Refused
from ejd.roster import classes, groups, queries_classes
from ejd.roster.groups import NewGroup
from ejd.roster.members import member_of, members_of, members_of_many
from ejd.roster.models import Course, CourseKind, CourseMember, MarkingScheme, Subject
from ejd.roster.schemes import put_schemes, terms_of_course
from ejd.schedule.models import Lesson
from ejd.school.models import Term, TermScheme
from tests.journal import Hand
from tests.world import FIRST_DAY, NOW, TODAY

ACT = {"actor_id": None, "now": NOW}
MONDAY = date(2026, 9, 14)


def opened(school, name="Олимпиадная математика", *, subject="Математика", teacher=None, **more) -> Course:
    subject_id = school.session.scalar(select(Subject.id).where(Subject.name.startswith(subject)))
    return groups.open_group(school.session, **ACT, year_id=school.school_class("7А").year_id, from_on=FIRST_DAY,
                             group=NewGroup(name, subject_id, teacher_id=(teacher or school.eva).id, **more))


def put(school, course, class_name, *pupils, on=FIRST_DAY) -> groups.Moves:
    return groups.put_members(school.session, **ACT, course_id=course.id, from_on=on,
                              class_id=school.school_class(class_name).id, pupil_ids={one.id for one in pupils})


def lesson(school, course, day, number=6) -> Lesson:
    starts = clock.at(day, 7 + number, 55)
    row = Lesson(course_id=course.id, day=day, number=number, starts_at=starts, ends_at=starts + timedelta(minutes=40),
                 teacher_id=school.eva.id)
    school.session.add(row)
    school.session.flush()
    return row


def names(session, course, day=TODAY) -> list[str]:
    return [member.name for member in members_of(session, course, first=day, last=day)]


def test_a_group_joins_pupils_of_several_classes(school, session):
    course = opened(school)
    assert put(school, course, "7А", school.vitya).joined == 1
    assert put(school, course, "7Б", school.zoya).joined == 1
    assert names(session, course) == ["Волков Виктор", "Зимина Зоя"]


def test_who_is_ticked_no_more_leaves_the_day_before(school, session):
    course = opened(school)
    put(school, course, "7А", school.vitya)
    put(school, course, "7Б", school.zoya)
    assert put(school, course, "7А", on=TODAY) == groups.Moves(0, 1)
    assert names(session, course) == ["Зимина Зоя"]
    assert names(session, course, TODAY - timedelta(days=1)) == ["Волков Виктор", "Зимина Зоя"]


def test_the_same_again_changes_nothing(school, session):
    course = opened(school)
    put(school, course, "7А", school.vitya)
    assert put(school, course, "7А", school.vitya, on=TODAY) == groups.Moves(0, 0)
    assert session.scalar(select(CourseMember.from_on).filter_by(course_id=course.id)) == FIRST_DAY


def test_who_has_a_mark_in_the_group_does_not_leave_before_it(school, session):
    course = opened(school)
    put(school, course, "7А", school.vitya)
    Hand(school, school.eva).puts(lesson(school, course, TODAY - timedelta(days=1)), school.vitya, "5")
    with pytest.raises(Refused, match="есть отметка за 16"):
        put(school, course, "7А", on=TODAY - timedelta(days=2))
    put(school, course, "7А", on=TODAY)


def test_a_pupil_of_another_class_is_refused(school):
    with pytest.raises(Refused, match="в классе нет"):
        put(school, opened(school), "7А", school.zoya)


@pytest.mark.parametrize(("given", "field"), [
    ({"name": " "}, "name"), ({"name": "Я" * 121}, "name"), ({"half_hours": 0}, "hours"),
    ({"bell_schedule_id": 77}, "bell_schedule_id"), ({"teacher": "vera"}, "teacher_id"),
])
def test_a_group_that_cannot_be_is_refused_at_its_field(school, given, field):
    given = {**given, **({"teacher": school.vera} if "teacher" in given else {})}
    with pytest.raises(Refused) as refused:
        opened(school, given.pop("name", "Хор"), **given)
    assert refused.value.field == field


def test_the_same_group_twice_is_refused(school):
    opened(school)
    with pytest.raises(Refused, match="уже есть"):
        opened(school)


def test_a_pupil_who_leaves_school_leaves_groups_too(school, session):
    course = opened(school)
    put(school, course, "7А", school.vitya)
    mark = Hand(school, school.eva).puts(lesson(school, course, TODAY, 1), school.vitya, "5")
    with pytest.raises(Refused, match="есть отметка"):
        classes.pupil_leaves(session, **ACT, pupil_id=school.vitya.id, last_day=TODAY - timedelta(days=1), reason="")
    assert mark.withdrawn_at is None
    classes.pupil_leaves(session, **ACT, pupil_id=school.vitya.id, last_day=TODAY, reason="")
    assert names(session, course, TODAY + timedelta(days=1)) == []


def test_an_activity_has_neither_marks_nor_homework(school, session):
    course = opened(school, "Разговоры о важном", kind=CourseKind.ACTIVITY)
    put(school, course, "7А", school.vitya)
    assert (course.scheme, course.homework_expected) == ("markless", False)
    with pytest.raises(Refused, match="отметок не ставят"):
        Hand(school, school.eva).puts(lesson(school, course, TODAY - timedelta(days=1)), school.vitya, "5")


class TestAtHome:
    """Витя is taught mathematics at home from 14 September on."""

    @pytest.fixture
    def home(self, school):
        course = opened(school, "Волков Виктор, на дому", kind=CourseKind.HOME)
        put(school, course, "7А", school.vitya, on=MONDAY)
        return course

    def test_the_class_s_journal_of_the_subject_has_him_only_before(self, school, session, home):
        maths = school.course("7А", "Математика")
        assert "Волков Виктор" in names(session, maths, MONDAY - timedelta(days=1))
        assert "Волков Виктор" not in names(session, maths, MONDAY)
        assert names(session, home) == ["Волков Виктор"]
        assert "Волков Виктор" in names(session, school.course("7А", "Русский"))
        one = member_of(session, maths, pupil_id=school.vitya.id, first=FIRST_DAY, last=TODAY)
        assert one.to_on == MONDAY - timedelta(days=1)

    def test_many_journals_say_the_same_as_one(self, school, session, home):
        found = members_of_many(session, session.scalars(select(Course.id)).all(), first=FIRST_DAY, last=TODAY)
        for course in session.scalars(select(Course)):
            assert found[course.id] == members_of(session, course, first=FIRST_DAY, last=TODAY)

    def test_marks_stand_at_home_not_in_the_class(self, school, home):
        anna, eva = Hand(school, school.anna), Hand(school, school.eva)
        with pytest.raises(Refused, match="не было в списке"):
            anna.puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)), school.vitya, "5")
        assert eva.puts(lesson(school, home, date(2026, 9, 15)), school.vitya, "5").value == "5"
        assert anna.puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 11)), school.vitya, "4")

    def test_the_list_of_a_lesson_agrees_with_the_page(self, school, session, home):
        maths = school.course("7А", "Математика")
        for day in (date(2026, 9, 11), date(2026, 9, 15)):
            row = school.lesson(maths, day)
            facts = occasions.lock_lessons(session, [row.id])
            lists = occasions.Lists(session, facts.values())
            assert sorted(lists.on(facts[row.id])) == sorted(
                member.pupil_id for member in members_of(session, maths, first=day, last=day))

    def test_a_work_of_the_class_expects_nothing_of_him(self, school, home):
        anna = Hand(school, school.anna)
        row = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
        anna.declares(row)
        anna.takes_attendance(row)
        page = marks_of(school.session, pupil_id=school.vitya.id, number=1, today=TODAY, now=NOW,
                        settings=anna.settings)
        assert [one.expected for one in page.subjects if one.subject == "Математика"] == [()]

    def test_the_diary_shows_the_lessons_at_home_in_place_of_the_class_s(self, school, session, home):
        lesson(school, home, date(2026, 9, 15))
        week = week_of(session, pupil_id=school.vitya.id, monday=MONDAY, today=TODAY, now=NOW,
                       settings=Hand(school, school.eva).settings)
        shown = [(day.day, one.number) for day in week.days for one in day.lessons if one.subject == "Математика"]
        assert shown == [(date(2026, 9, 15), 6)]

    def test_the_subgroup_of_the_subject_is_left(self, school, session):
        english = opened(school, "Английский на дому", subject="Иностранный", kind=CourseKind.HOME)
        put(school, english, "7А", school.vitya, on=MONDAY)
        two = school.course("7А", "Иностранный", 2)
        assert "Волков Виктор" in names(session, two, FIRST_DAY)
        assert "Волков Виктор" not in names(session, two)
        undivided = queries_classes.class_page(session, class_id=school.school_class("7А").id, day=TODAY).undivided
        assert undivided == []

    def test_a_mark_of_the_class_after_the_day_is_refused(self, school):
        Hand(school, school.anna).puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)),
                                       school.vitya, "5")
        course = opened(school, "На дому", kind=CourseKind.HOME)
        with pytest.raises(Refused, match="есть отметка за 15"):
            put(school, course, "7А", school.vitya, on=MONDAY)

    def test_a_second_pupil_needs_a_journal_of_his_own(self, school, home):
        with pytest.raises(Refused, match="одного ученика"):
            put(school, home, "7Б", school.zoya)

    def test_who_comes_back_is_in_the_class_again(self, school, session, home):
        put(school, home, "7А", on=TODAY)
        assert "Волков Виктор" in names(session, school.course("7А", "Математика"))
        assert names(session, home) == []


def term(session, scheme: str, number: int) -> Term:
    return session.scalars(select(Term).filter_by(scheme=scheme, number=number)).one()


def test_a_journal_of_one_hour_is_marked_by_half_years(school, session):
    """R15: a class × subject may differ from its class."""
    maths = school.course("7А", "Математика")
    assert [one.name for one in terms_of_course(session, maths.id)][0] == "I четверть"
    put_schemes(session, **ACT, course_id=maths.id, term_scheme=TermScheme.HALF_YEARS, of_terms={})
    page = journal_page(session, course_id=maths.id, term_id=None, settings=Hand(school, school.anna).settings,
                        today=TODAY, now=NOW)
    assert page.term.name == "I полугодие"


def test_a_term_marked_by_credits_refuses_figures(school, session):
    """R14: the scheme is a property of class × subject × term."""
    maths = school.course("7А", "Математика")
    put_schemes(session, **ACT, course_id=maths.id, term_scheme=None,
                of_terms={term(session, "quarters", 1).id: MarkingScheme.PASS_FAIL})
    anna, row = Hand(school, school.anna), school.lesson(maths, date(2026, 9, 15))
    with pytest.raises(Refused, match="зач или незач"):
        anna.puts(row, school.vitya, "5")
    assert anna.puts(row, school.vitya, "зач").value == "зач"


def test_another_term_keeps_the_usual_scheme(school, session):
    maths = school.course("7А", "Математика")
    put_schemes(session, **ACT, course_id=maths.id, term_scheme=None,
                of_terms={term(session, "quarters", 2).id: MarkingScheme.MARKLESS})
    assert Hand(school, school.anna).puts(school.lesson(maths, date(2026, 9, 15)), school.vitya, "5").value == "5"
    facts = occasions.lock_lessons(session, [lesson(school, maths, date(2026, 11, 10)).id])
    assert [one.scheme for one in facts.values()] == ["markless"]


def test_schemes_of_terms_that_the_journal_no_longer_has_say_nothing(school, session):
    maths = school.course("7А", "Математика")
    put_schemes(session, **ACT, course_id=maths.id, term_scheme=None,
                of_terms={term(session, "quarters", 1).id: MarkingScheme.MARKLESS})
    maths.term_scheme = "half_years"
    session.flush()
    assert Hand(school, school.anna).puts(school.lesson(maths, date(2026, 9, 15)), school.vitya, "5").value == "5"


def test_the_diary_shows_a_half_year_s_marks_of_such_a_subject(school, session):
    maths, anna = school.course("7А", "Математика"), Hand(school, school.anna)
    put_schemes(session, **ACT, course_id=maths.id, term_scheme=TermScheme.HALF_YEARS, of_terms={})
    anna.puts(school.lesson(maths, date(2026, 9, 15)), school.vitya, "5")
    november = date(2026, 11, 12)
    with clock.freeze(clock.at(november, 12)):
        page = marks_of(session, pupil_id=school.vitya.id, number=2, today=november, now=clock.now(),
                        settings=anna.settings)
    [maths_of_page] = [one for one in page.subjects if one.subject == "Математика"]
    assert (maths_of_page.term, [mark.value for _, mark in maths_of_page.marks]) == ("I полугодие", ["5"])
    russian = next(one for one in page.subjects if one.subject == "Русский язык")
    assert russian.term == ""


def test_saving_a_mark_asks_no_more_for_it(school, session, at_most):
    maths = school.course("7А", "Математика")
    lesson_id, pupil_id = school.lesson(maths, date(2026, 9, 15)).id, school.vitya.id
    put_schemes(session, **ACT, course_id=maths.id, term_scheme=TermScheme.HALF_YEARS, of_terms={})
    with at_most(1):
        facts = occasions.lock_lessons(session, [lesson_id])
    with at_most(1):
        assert occasions.Lists(session, facts.values(), [pupil_id]).has(facts[lesson_id], pupil_id)
