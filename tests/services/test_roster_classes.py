"""Classes, enrolment and moves; teaching load and subgroups; members; scopes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd.refusal import Refused
from ejd.roster import classes, load, members, people, scopes, subgroups
from ejd.roster.models import Course, CourseMember, Enrolment, MarkingScheme, Subject, TeachingAssignment
from ejd.school.models import SchoolYear
from tests.services.test_roster_people import ACT, YESTERDAY, put_a_mark, verbs
from tests.world import CLASS_7A, FIRST_DAY, TODAY

TOMORROW = TODAY + timedelta(days=1)
ENGLISH = "Иностранный"


@pytest.fixture
def year(session, school):
    return session.scalars(select(SchoolYear)).one()


def spans(session, pupil):
    return session.execute(select(Enrolment.class_id, Enrolment.from_on, Enrolment.to_on).filter_by(
        pupil_id=pupil.id).order_by(Enrolment.from_on)).all()


def who(found):
    return [member.last_name for member in found]


@pytest.mark.parametrize(("grade", "scheme"), [(1, "quarters"), (9, "quarters"), (10, "half_years")])
def test_a_class_has_quarters_or_half_years_by_its_grade(session, year, grade, scheme):  # R15
    founded = classes.found_class(session, **ACT, year_id=year.id, grade=grade, letter="в")
    assert (founded.name, founded.term_scheme, founded.days_per_week) == (f"{grade}В", scheme, 5)


@pytest.mark.parametrize(("given", "field"), [
    ({"grade": 0, "letter": "А"}, "grade"), ({"grade": 12, "letter": "А"}, "grade"),
    ({"grade": 7, "letter": ""}, "letter"), ({"grade": 7, "letter": "1"}, "letter"),
    ({"grade": 7, "letter": "A"}, "letter"),  # a Latin look-alike of a class that is there
    ({"grade": 8, "letter": "А", "days_per_week": 7}, "days_per_week"),
    ({"grade": 8, "letter": "А", "term_scheme": "weeks"}, "term_scheme"),
    ({"grade": 8, "letter": "А", "bell_schedule_id": 999}, "bell_schedule_id"),
])
def test_a_class_that_cannot_be_is_refused_at_its_field(session, year, given, field):
    with pytest.raises(Refused) as refused:
        classes.found_class(session, **ACT, year_id=year.id, **given)
    assert refused.value.field == field


def test_a_class_opened_by_mistake_goes_and_one_with_pupils_stays(session, school, year):
    empty = classes.found_class(session, **ACT, year_id=year.id, grade=8, letter="А")
    classes.remove_class(session, **ACT, class_id=empty.id)
    with pytest.raises(Refused):
        classes.remove_class(session, **ACT, class_id=school.school_class("7А").id)


def test_a_move_ends_one_enrolment_the_day_before_and_begins_another(session, school):
    old, new = school.school_class("7А"), school.school_class("7Б")
    classes.move_pupil(session, **ACT, pupil_id=school.vitya.id, class_id=new.id, on=TODAY)
    assert spans(session, school.vitya) == [(old.id, FIRST_DAY, YESTERDAY), (new.id, TODAY, None)]
    assert verbs(session) == ["pupil.moved"]


def test_a_move_takes_the_pupil_out_of_the_old_class_s_subgroups(session, school):
    course = school.course("7А", ENGLISH, 2)
    assert "Волков" in who(members.members_of(session, course, first=TODAY, last=TODAY))
    classes.move_pupil(session, **ACT, pupil_id=school.vitya.id, class_id=school.school_class("7Б").id, on=TODAY)
    assert "Волков" not in who(members.members_of(session, course, first=TODAY, last=TODAY))
    assert "Волков" in who(members.members_of(session, course, first=FIRST_DAY, last=TODAY))


def test_a_move_before_a_mark_in_the_old_class_is_refused_with_its_day(session, school):
    put_a_mark(school, school.vitya, date(2026, 9, 15))
    move = {"pupil_id": school.vitya.id, "class_id": school.school_class("7Б").id}
    with pytest.raises(Refused, match="15.сентября.2026"):
        classes.move_pupil(session, **ACT, **move, on=date(2026, 9, 15))
    classes.move_pupil(session, **ACT, **move, on=date(2026, 9, 16))


def test_a_move_on_the_first_day_leaves_one_enrolment(session, school):
    new = school.school_class("7Б")
    classes.move_pupil(session, **ACT, pupil_id=school.vitya.id, class_id=new.id, on=FIRST_DAY)
    assert spans(session, school.vitya) == [(new.id, FIRST_DAY, None)]


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), date(2027, 6, 30)])
def test_a_move_outside_the_enrolment_or_the_year_is_refused(session, school, day):
    with pytest.raises(Refused) as refused:
        classes.move_pupil(session, **ACT, pupil_id=school.vitya.id, class_id=school.school_class("7Б").id, on=day)
    assert refused.value.field == "on"


@pytest.mark.parametrize("day", [date(2026, 1, 1), FIRST_DAY - timedelta(days=1), date(2027, 5, 27)])
def test_an_enrolment_outside_the_school_year_is_refused_with_its_days(session, school, day):
    newcomer = people.add_person(session, **ACT, last_name="Новиков", first_name="Иван")
    with pytest.raises(Refused, match="с 1\xa0сентября\xa02026 по 26\xa0мая\xa02027"):
        classes.enrol(session, **ACT, pupil_id=newcomer.id, class_id=school.school_class("7Б").id, from_on=day)


def test_a_subgroup_never_begins_before_the_class(session, school):
    course = school.course("7А", ENGLISH, 1)
    newcomer = people.add_person(session, **ACT, last_name="Новиков", first_name="Иван")
    classes.enrol(session, **ACT, pupil_id=newcomer.id, class_id=course.class_id, from_on=FIRST_DAY)
    subgroups.put_in_subgroups(session, **ACT, members=[(course.id, newcomer.id)], from_on=date(2026, 1, 1))
    assert session.scalar(select(CourseMember.from_on).filter_by(pupil_id=newcomer.id)) == FIRST_DAY


def test_who_left_is_a_pupil_to_the_last_day_and_may_come_back(session, school):
    classes.pupil_leaves(session, **ACT, pupil_id=school.vitya.id, last_day=YESTERDAY, reason="переезд")
    assert school.actor(school.vitya, YESTERDAY).is_pupil
    assert not school.actor(school.vitya).is_pupil
    class_id = school.school_class("7А").id
    classes.enrol(session, **ACT, pupil_id=school.vitya.id, class_id=class_id, from_on=TOMORROW)
    [vitya] = [m for m in members.members_of(session, school.course("7А", "Математика"), first=FIRST_DAY,
                                             last=TOMORROW) if m.pupil_id == school.vitya.id]
    assert (vitya.from_on, vitya.to_on) == (FIRST_DAY, None)
    assert [vitya.on(day) for day in (YESTERDAY, TODAY, TOMORROW)] == [True, False, True]


def test_nobody_is_enrolled_twice(session, school):
    with pytest.raises(Refused, match="уже учится в 7А"):
        classes.enrol(session, **ACT, pupil_id=school.vitya.id, class_id=school.school_class("7Б").id, from_on=TODAY)


def test_an_adult_of_the_school_is_not_enrolled(session, school):
    for adult in (school.vera, school.boris):
        with pytest.raises(Refused, match="это не ученик"):
            classes.enrol(session, **ACT, pupil_id=adult.id, class_id=school.school_class("7Б").id, from_on=TODAY)


def test_a_class_teacher_follows_another(session, school):
    class_id = school.school_class("7А").id
    appoint = {"class_id": class_id, "teacher_id": school.boris.id, "from_on": TODAY}
    assert classes.appoint_class_teacher(session, **ACT, **appoint) is True
    assert classes.appoint_class_teacher(session, **ACT, **appoint) is False
    assert school.actor(school.boris).own_classes == {class_id}
    assert school.actor(school.anna, YESTERDAY).own_classes == {class_id}
    assert not school.actor(school.anna).own_classes


def test_a_guardian_who_does_not_work_here_is_no_class_teacher(session, school):
    with pytest.raises(Refused, match="не работает"):
        classes.appoint_class_teacher(session, **ACT, class_id=school.school_class("7А").id,
                                      teacher_id=school.vera.id, from_on=TODAY)


def test_subjects_are_known_by_any_spelling_once_it_was_confirmed(session, school):
    english = session.scalars(select(Subject.id).where(Subject.name.startswith(ENGLISH))).one()
    load.alias_subject(session, **ACT, spelling="Английский язык", subject_id=english)
    found = load.ensure_subjects(session, **ACT, names=["английский  язык", "Англ. яз.", "Физика", "физика"])
    assert found["английский  язык"] == found["Англ. яз."] == english
    assert found["Физика"] == found["физика"]
    assert verbs(session) == ["subject.aliased", "subject.added"]


@pytest.mark.parametrize(("class_name", "subject", "scheme", "homework"), [
    ("1А", "Окружающий мир", MarkingScheme.MARKLESS, False),  # R14, R5
    ("7А", "Физика", MarkingScheme.FIVE_POINT, True),
    ("7А", "ОРКСЭ", MarkingScheme.MARKLESS, True),  # R14
    ("7А", "Разговоры о важном", MarkingScheme.FIVE_POINT, False),  # R5: an activity journal
])
def test_a_journal_is_prefilled_by_law(session, school, year, class_name, subject, scheme, homework):
    subject_id = load.ensure_subjects(session, **ACT, names=[subject])[subject]
    [course_id] = load.open_courses(session, **ACT, year_id=year.id, from_on=TODAY, courses=[
        load.NewCourse(school.school_class(class_name).id, subject_id, half_hours=1, teacher_id=school.anna.id)])
    course = session.get_one(Course, course_id)
    assert (course.scheme, course.homework_expected, course.half_hours) == (scheme, homework, 1)
    assert course_id in [card.id for card in scopes.courses_of_teacher(session, teacher_id=school.anna.id, today=TODAY)]


def test_a_journal_that_is_open_is_not_opened_again_but_a_retired_one_is(session, school, year):
    course = school.course("7Б", "Математика")
    again = load.NewCourse(course.class_id, course.subject_id, half_hours=8, teacher_id=school.boris.id)
    with pytest.raises(Refused, match="уже есть"):
        load.open_courses(session, **ACT, year_id=year.id, courses=[again], from_on=TODAY)
    load.retire_course(session, **ACT, course_id=course.id, on=TODAY)
    assert load.open_courses(session, **ACT, year_id=year.id, courses=[again], from_on=TODAY) == [course.id]
    assert (course.retired_on, course.half_hours) == (None, 8)


def test_a_journal_is_not_closed_before_its_last_mark(session, school):
    put_a_mark(school, school.vitya, date(2026, 9, 15))
    course = school.course("7А", "Математика")
    with pytest.raises(Refused, match="15.сентября.2026"):
        load.retire_course(session, **ACT, course_id=course.id, on=date(2026, 9, 15))
    load.retire_course(session, **ACT, course_id=course.id, on=TODAY)
    assert scopes.course_of_teacher(session, teacher_id=school.anna.id, course_id=course.id, today=TODAY) is None


def test_a_teacher_follows_another_from_a_day_on(session, school):
    course = school.course("7А", "Математика")
    assert load.assign_teacher(session, **ACT, course_id=course.id, teacher_id=school.boris.id, from_on=TODAY)
    assert not load.assign_teacher(session, **ACT, course_id=course.id, teacher_id=school.boris.id, from_on=TODAY)
    assert load.assign_teacher(session, **ACT, course_id=course.id, teacher_id=None, from_on=TOMORROW)
    rows = session.execute(select(TeachingAssignment.teacher_id, TeachingAssignment.from_on, TeachingAssignment.to_on)
                           .filter_by(course_id=course.id).order_by(TeachingAssignment.from_on)).all()
    assert rows == [(school.anna.id, FIRST_DAY, YESTERDAY), (school.boris.id, TODAY, TODAY), (None, TOMORROW, None)]


def test_only_what_differs_of_a_journal_is_a_change(session, school):
    course_id = school.course("7А", "Математика").id
    assert not load.change_course(session, **ACT, course_id=course_id, half_hours=8)
    assert load.change_course(session, **ACT, course_id=course_id, half_hours=9, homework_expected=False)
    with pytest.raises(Refused, match="половины часа"):
        load.change_course(session, **ACT, course_id=course_id, half_hours=0)


def test_a_pupil_is_in_one_subgroup_of_a_subject(session, school):
    first, second = school.course("7А", ENGLISH, 1), school.course("7А", ENGLISH, 2)
    move = {"members": [(first.id, school.vitya.id)], "from_on": TODAY}
    assert subgroups.put_in_subgroups(session, **ACT, **move) == 1
    assert subgroups.put_in_subgroups(session, **ACT, **move) == 0
    found = members.members_of_many(session, [first.id, second.id], first=TODAY, last=TODAY)
    assert "Волков" in who(found[first.id]) and "Волков" not in who(found[second.id])


def test_a_stranger_to_the_class_is_in_none_of_its_subgroups(session, school):
    with pytest.raises(Refused, match="своего класса"):
        subgroups.put_in_subgroups(session, **ACT, members=[(school.course("7А", ENGLISH, 1).id, school.zoya.id)],
                              from_on=TODAY)
    with pytest.raises(Refused, match="всего класса"):
        subgroups.put_in_subgroups(session, **ACT, members=[(school.course("7А", "Математика").id, school.vitya.id)],
                              from_on=TODAY)


def test_an_undivided_class_is_split_evenly_by_the_alphabet(session, school):
    one, two = school.course("7А", ENGLISH, 1), school.course("7А", ENGLISH, 2)
    session.query(CourseMember).delete()
    assert subgroups.split_by_alphabet(session, **ACT, class_id=one.class_id, subject_id=one.subject_id,
                                  from_on=FIRST_DAY) == len(CLASS_7A)
    found = members.members_of_many(session, [one.id, two.id], first=TODAY, last=TODAY)
    assert who(found[one.id]) == ["Абрамов", "Алиев", "Белова", "Волков"]
    assert who(found[two.id]) == ["Ёлкин", "Ким", "Мамин-Сибиряк", "Яковлева"]


def test_who_comes_later_fills_the_smaller_subgroup(session, school):
    one, two = school.course("7А", ENGLISH, 1), school.course("7А", ENGLISH, 2)
    session.query(CourseMember).filter_by(course_id=two.id, pupil_id=school.vitya.id).delete()
    late = people.add_person(session, **ACT, last_name="Абаев", first_name="Ян")
    classes.enrol(session, **ACT, pupil_id=late.id, class_id=one.class_id, from_on=TODAY)
    assert subgroups.split_by_alphabet(session, **ACT, class_id=one.class_id, subject_id=one.subject_id,
                                  from_on=FIRST_DAY) == 2
    found = members.members_of_many(session, [one.id, two.id], first=FIRST_DAY, last=TODAY)
    assert who(found[one.id])[0] == "Абаев" and found[one.id][0].from_on == TODAY
    assert [len(found[one.id]), len(found[two.id])] == [5, 4]


def test_members_of_a_class_are_in_russian_order_in_one_statement(session, school, at_most):
    course = school.course("7А", "Математика")
    with at_most(1):
        found = members.members_of(session, course, first=TODAY, last=TODAY)
    assert who(found) == [last_name for last_name, *_ in CLASS_7A]
    assert found[3].name == "Волков Виктор"


def test_members_of_many_journals_take_three_statements(session, school, at_most):
    ids = session.scalars(select(Course.id)).all()
    with at_most(3):
        found = members.members_of_many(session, ids, first=TODAY, last=TODAY)
    assert found.keys() == set(ids)
    for course in session.scalars(select(Course)):
        assert found[course.id] == members.members_of(session, course, first=TODAY, last=TODAY)


def test_a_teacher_reaches_the_own_journals_only(session, school):
    cards = scopes.courses_of_teacher(session, teacher_id=school.boris.id, today=TODAY)
    assert [card.title.replace("\u00a0", " ") for card in cards] == [
        "7А, Иностранный язык (английский), подгруппа 2", "7А, Русский язык"]
    mathematics = school.course("7А", "Математика").id
    ask = {"course_id": mathematics, "today": TODAY}
    assert scopes.course_of_teacher(session, teacher_id=school.boris.id, **ask) is None
    assert scopes.course_of_teacher(session, teacher_id=school.anna.id, **ask).class_name == "7А"


def test_a_guardian_reaches_the_own_children_only(session, school):
    assert [(child.name, child.class_name) for child in scopes.children_of(
        session, guardian_id=school.vera.id, today=TODAY)] == [("Волков Виктор", "7А"), ("Волкова Мария", "1А")]
