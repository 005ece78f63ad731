"""The turn of a school year: classes up, pupils after them, load and groups copied; the old year closed (R8)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.credentials.sessions import actor_of
from ejd.diary.queries import week_of
from ejd.importing import standing
from ejd.journal.models import TermClosing
from ejd.office import closing_year, new_year, queries_new_year
from ejd.office.moving_up import LEAVE, STAY, ClassMove, Turning, usual_name
from ejd.plans.models import Plan
from ejd.plans.services import NewTopic, fill_plan
from ejd.refusal import Refused
from ejd.roster import classes, groups
from ejd.roster.groups import NewGroup
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseKind,
    CourseMember,
    Enrolment,
    SchemeOfTerm,
    SchoolClass,
    TeachingAssignment,
)
from ejd.school.models import Term
from ejd.school.services import open_year
from tests.journal import Hand
from tests.world import FIRST_DAY, NOW

MAY = clock.at(date(2027, 5, 20), 12)
SUMMER = clock.at(date(2027, 6, 20), 12)
NEXT = date(2027, 9, 1)
EVE, JUNE = date(2027, 8, 31), date(2027, 6, 30)


@pytest.fixture
def years(school, session):
    open_year(session, actor_id=None, starts_on=NEXT, ends_on=date(2028, 5, 26), now=MAY)
    return queries_new_year.years_at(session, date(2027, 5, 20))


def moves(session, years, **more) -> tuple[ClassMove, ...]:
    named = more.pop("named", {})
    return tuple(ClassMove(row.id, row.grade, row.letter,
                           named.get(row.name, (row.grade + 1, row.letter) if usual_name(row.grade, "А") else None))
                 for row in queries_new_year.classes_before(session, years))


def turn(session, years, *, now: datetime = MAY, pupils=None, groups=True, named=None, leavers_on=JUNE):
    turning = Turning(years.old.id, years.new.id, leavers_on, moves(session, years, named=named or {}), pupils or {},
                      groups)
    return new_year.turn_year(session, actor_id=None, turning=turning, now=now)


def new_class(session, years, grade: int, letter: str) -> SchoolClass:
    return session.scalars(select(SchoolClass).filter_by(year_id=years.new.id, grade=grade, letter=letter)).one()


def class_on(session, pupil, day: date) -> str:
    row = session.scalars(select(SchoolClass).join(Enrolment, Enrolment.class_id == SchoolClass.id).where(
        Enrolment.pupil_id == pupil.id, Enrolment.from_on <= day,
        (Enrolment.to_on.is_(None)) | (Enrolment.to_on >= day))).one_or_none()
    return row.name if row else ""


def test_classes_go_up_and_pupils_after_them_on_the_first_day(school, session, years):
    turned = turn(session, years)
    assert (turned.classes, turned.placed, turned.left) == (3, 13, 0)
    assert new_class(session, years, 8, "А").follows_id == school.school_class("7А").id
    assert [class_on(session, school.vitya, day) for day in (date(2027, 5, 25), EVE, NEXT)] == ["7А", "7А", "8А"]


def test_until_then_the_school_goes_on_with_the_old_year(school, session, years):
    before = actor_of(session(), school.anna, date(2027, 5, 21))
    turn(session, years)
    assert actor_of(session(), school.anna, date(2027, 5, 21)) == before
    assert actor_of(session(), school.vitya, date(2027, 7, 1)).is_pupil
    assert actor_of(session(), school.anna, NEXT).own_classes == {new_class(session, years, 8, "А").id}
    week = week_of(session, pupil_id=school.vitya.id, monday=date(2026, 9, 14), today=date(2027, 6, 1), now=SUMMER,
                   settings=Hand(school, school.anna).settings)
    assert week.class_name == "7А"


def test_load_teachers_and_subgroups_are_copied(school, session, years):
    turned = turn(session, years)
    here = new_class(session, years, 8, "А")
    rows = session.execute(select(Course, TeachingAssignment.teacher_id).join(
        TeachingAssignment, TeachingAssignment.course_id == Course.id).where(Course.class_id == here.id)).all()
    assert turned.journals == 6 and len(rows) == 4
    maths = next(row for row in rows if row.Course.subject_id == school.course("7А", "Математика").subject_id)
    assert (maths.teacher_id, maths.Course.half_hours) == (school.anna.id, 8)
    old = {row.pupil_id for row in session.scalars(select(CourseMember).filter_by(
        course_id=school.course("7А", "Иностранный", 2).id))}
    two = next(row.Course for row in rows if row.Course.subgroup == 2)
    new = {(row.pupil_id, row.from_on) for row in session.scalars(select(CourseMember).filter_by(course_id=two.id))}
    assert new == {(pupil_id, NEXT) for pupil_id in old}


def test_the_second_class_is_marked_though_the_first_was_not(school, session, years):
    """R14, R5: usual in class 1 is usual in class 2."""
    turn(session, years)
    course = session.scalars(select(Course).filter_by(class_id=new_class(session, years, 2, "А").id)).one()
    assert (course.scheme, course.homework_expected) == ("five_point", True)


def test_the_old_year_s_load_ends_on_the_eve(school, session, years):
    turn(session, years)
    for table in (TeachingAssignment, ClassTeacher, CourseMember):
        assert session.scalars(select(table.to_on).where(table.from_on == FIRST_DAY).distinct()).all() == [EVE]


def test_the_same_again_changes_nothing(school, session, years):
    turn(session, years)
    tables = (SchoolClass, Course, Enrolment, CourseMember, TeachingAssignment, ClassTeacher)
    before = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    again = turn(session, years)
    assert (again.classes, again.journals, again.placed, again.left, again.groups) == (0, 0, 0, 0, 0)
    assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == before


def test_some_leave_and_some_stay_a_year(school, session, years):
    six = SchoolClass(year_id=years.old.id, grade=6, letter="А", term_scheme="quarters")
    session.add(six)
    session.flush()
    turned = turn(session, years, pupils={school.vitya.id: STAY, school.zoya.id: LEAVE})
    assert (turned.placed, turned.left) == (12, 1)
    assert class_on(session, school.vitya, NEXT) == "7А"
    assert [class_on(session, school.zoya, day) for day in (JUNE, EVE)] == ["7Б", ""]


def test_ninth_classes_are_joined_into_a_tenth_and_the_eleventh_leaves(school, session, years):
    for name, grade in (("7А", 9), ("7Б", 9), ("1А", 11)):
        school.school_class(name).grade = grade
    session.flush()
    turned = turn(session, years, pupils={school.zoya.id: LEAVE}, named={"9Б": (10, "А"), "11А": None})
    assert (turned.classes, turned.placed, turned.left) == (1, 10, 3)
    assert class_on(session, school.vitya, NEXT) == "10А"
    assert class_on(session, school.masha, JUNE) == "11А" and class_on(session, school.masha, NEXT) == ""
    assert new_class(session, years, 10, "А").term_scheme == "half_years"  # R15
    places = session.execute(select(Course.subject_id, Course.subgroup).filter_by(
        class_id=new_class(session, years, 10, "А").id)).all()
    assert len(places) == len(set(places)) == 4


def test_a_class_that_nobody_opens_is_told(school, session, years):
    with pytest.raises(Refused, match="класса 9Я в новом году нет") as refused:
        turn(session, years, pupils={school.vitya.id: (9, "Я")})
    assert refused.value.field == f"pupil-{school.vitya.id}"


@pytest.mark.parametrize("day", [date(2027, 5, 1), NEXT])
def test_leavers_stay_to_the_end_of_the_year(school, session, years, day):
    with pytest.raises(Refused) as refused:
        turn(session, years, leavers_on=day)
    assert refused.value.field == "leavers_on"


def test_groups_go_on_with_who_is_in_them_but_teaching_at_home_does_not(school, session, years):
    subject_id = school.course("7А", "Математика").subject_id
    for name, kind in (("Хор", CourseKind.ACTIVITY), ("На дому", CourseKind.HOME)):
        course = groups.open_group(session, actor_id=None, year_id=years.old.id, from_on=FIRST_DAY, now=NOW,
                                   group=NewGroup(name, subject_id, kind, teacher_id=school.eva.id))
        groups.put_members(session, actor_id=None, course_id=course.id, class_id=school.school_class("7Б").id,
                           pupil_ids={school.zoya.id}, from_on=FIRST_DAY, now=NOW)
    assert turn(session, years).groups == 1
    choir = session.scalars(select(Course).filter_by(year_id=years.new.id, class_id=None)).one()
    assert (choir.name, choir.kind, choir.scheme) == ("Хор", "activity", "markless")
    assert session.scalars(select(CourseMember.pupil_id).filter_by(course_id=choir.id)).all() == [school.zoya.id]


def test_schemes_of_terms_go_along(school, session, years):
    maths = school.course("7А", "Математика")
    first = session.scalars(select(Term).filter_by(year_id=years.old.id, scheme="quarters", number=1)).one()
    session.add(SchemeOfTerm(course_id=maths.id, term_id=first.id, scheme="pass_fail"))
    session.flush()
    turn(session, years)
    term = session.scalars(select(Term).join(SchemeOfTerm, SchemeOfTerm.term_id == Term.id)
                           .where(Term.year_id == years.new.id)).one()
    assert (term.scheme, term.number) == ("quarters", 1)


def test_trimesters_of_a_school_that_has_them_are_on_the_same_weekdays(school, session):
    year = queries_new_year.years_at(session, date(2027, 5, 20)).old
    for number, first, last in ((1, FIRST_DAY, date(2026, 11, 20)), (2, date(2026, 11, 30), date(2027, 2, 19)),
                                (3, date(2027, 3, 1), date(2027, 5, 26))):
        session.add(Term(year_id=year.id, scheme="trimesters", number=number, name=f"{number} триместр",
                         starts_on=first, ends_on=last))
    session.flush()
    new = new_year.open_next(session, actor_id=None, old=year, starts_on=NEXT, ends_on=date(2028, 5, 26), now=MAY)
    terms = session.scalars(select(Term).filter_by(year_id=new.id, scheme="trimesters").order_by(Term.number)).all()
    assert [(term.starts_on, term.ends_on) for term in terms] == [
        (NEXT, date(2027, 11, 19)), (date(2027, 11, 29), date(2028, 2, 18)), (date(2028, 2, 28), date(2028, 5, 26))]


def test_a_lesson_plan_goes_to_the_same_grade_a_year_later(school, session, years):
    """The plan of 7А is for who will be the seventh, not for who was."""
    six = SchoolClass(year_id=years.old.id, grade=6, letter="А", term_scheme="quarters")
    session.add(six)
    session.flush()
    maths = school.course("7А", "Математика")
    session.add(Course(year_id=years.old.id, class_id=six.id, subject_id=maths.subject_id))
    fill_plan(session, actor_id=None, course_id=maths.id, topics=[NewTopic("Дроби", 2)], now=NOW)
    turn(session, years)
    pairs = queries_new_year.plans_to_copy(session, years)
    seventh = session.scalars(select(Course).filter_by(class_id=new_class(session, years, 7, "А").id)).one()
    assert pairs == [(maths.id, seventh.id)]
    assert new_year.copy_plans(session, actor_id=None, pairs=pairs, now=MAY) == 1
    assert session.scalar(select(Plan.id).filter_by(course_id=seventh.id))
    assert queries_new_year.plans_to_copy(session, years) == []


def test_who_leaves_in_summer_was_never_in_the_next_class(school, session, years):
    turn(session, years)
    classes.pupil_leaves(session, actor_id=None, pupil_id=school.vitya.id, last_day=date(2027, 6, 10), reason="",
                         now=SUMMER)
    assert [class_on(session, school.vitya, day) for day in (date(2027, 6, 10), date(2027, 6, 11), NEXT)] == [
        "7А", "", ""]


def test_who_moves_in_may_moves_in_the_old_year(school, session, years):
    turn(session, years)
    classes.move_pupil(session, actor_id=None, pupil_id=school.vitya.id, class_id=school.school_class("7Б").id,
                       on=date(2027, 5, 24), now=MAY)
    assert [class_on(session, school.vitya, day) for day in (date(2027, 5, 23), date(2027, 5, 24), EVE, NEXT)] == [
        "7А", "7Б", "7Б", "8А"]


def test_lists_of_the_old_year_are_still_compared_with_the_old_year(school, session, years):
    turn(session, years)
    found = standing.read(session, year_name="2026/2027", today=date(2027, 5, 21))
    vitya = next(one for one in found.pupils if one.id == school.vitya.id)
    assert (vitya.class_key, vitya.enrolled) == ((7, "А"), True)
    assert found.class_teachers[school.school_class("7А").id] == school.anna.id
    assert {course.teacher_id for course in found.courses} == {school.anna.id, school.boris.id, school.eva.id}
    assert len(found.members[school.course("7А", "Иностранный", 1).id]) == 4


def closed(session, school, years) -> None:
    """Every term with lessons is closed."""
    for term_id, name, _ in closing_year.open_terms(session, years.old.id):
        session.add(TermClosing(class_id=school.school_class(name).id, term_id=term_id, closed_at=SUMMER,
                                closed_by_id=school.dina.id))
    session.flush()


def test_a_year_with_open_terms_is_not_closed(school, session, years):
    with pytest.raises(Refused, match="Не закрыто 3"):
        closing_year.close_year(session, actor_id=school.dina.id, year_id=years.old.id, now=SUMMER)


def test_a_year_that_runs_is_not_closed(school, session, years):
    closed(session, school, years)
    with pytest.raises(Refused, match="Учебный год идёт"):
        closing_year.close_year(session, actor_id=school.dina.id, year_id=years.old.id, now=MAY)


def test_a_closed_year_takes_no_mark_until_it_is_opened_again(school, session, years):
    closed(session, school, years)
    act = {"actor_id": school.dina.id, "year_id": years.old.id, "now": SUMMER}
    closing_year.close_year(session, **act)
    closing_year.close_year(session, **act)
    anna, row = Hand(school, school.anna), school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    with pytest.raises(Refused, match="год закрыт"):
        anna.puts(row, school.vitya, "5", at=SUMMER)
    closing_year.reopen_year(session, **act)
    with pytest.raises(Refused, match="Закрыто: I четверть"):
        anna.puts(row, school.vitya, "5", at=SUMMER)
    assert session.scalars(select(AuditRecord.verb).where(AuditRecord.verb.like("year.%")).order_by(
        AuditRecord.id)).all()[-2:] == ["year.closed", "year.reopened"]
