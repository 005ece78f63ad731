"""What a pupil and a teacher leave behind: expected works (R4, R6), and joining two rows of one person (R33)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd.access import Position
from ejd.audit.models import AuditRecord
from ejd.credentials import services as credentials
from ejd.credentials.models import Account
from ejd.journal.models import Awaiting, DailySum, Expectation, Mark, Work
from ejd.office import joining
from ejd.refusal import Refused
from ejd.roster import classes, load, people, subgroups
from ejd.roster.models import Employment, Enrolment, Guardianship, Person, TeachingAssignment
from ejd.schedule.models import Lesson
from ejd.school.models import SchoolYear
from tests.services.test_roster_people import ACT, put_a_mark
from tests.world import FIRST_DAY, NOW, TODAY

EARLY, LATE = date(2026, 9, 8), date(2026, 9, 15)  # two lessons of mathematics in 7А


def expect(school, session, day, awaiting=Awaiting.TEACHER):
    """A declared work of mathematics at which Витя's mark is awaited."""
    lesson = school.lesson(school.course("7А", "Математика"), day)
    work = Work(lesson_id=lesson.id, kind_id=school.kind("test").id, author_id=school.anna.id, declared_at=NOW)
    session.add(work)
    session.flush()
    row = Expectation(work_id=work.id, pupil_id=school.vitya.id, awaiting=awaiting.value, received_on=day,
                      due_on=day + timedelta(days=7), responsible_id=school.anna.id)
    session.add(row)
    session.flush()
    return row


def test_nothing_is_expected_of_who_left_after_the_last_day(session, school):  # R4
    before, after = expect(school, session, EARLY), expect(school, session, LATE)
    owed = expect(school, session, date(2026, 9, 1) + timedelta(days=3), Awaiting.PUPIL)
    classes.pupil_leaves(session, **ACT, pupil_id=school.vitya.id, last_day=date(2026, 9, 14), reason="")
    session.expire_all()
    assert [row.awaiting for row in (before, after, owed)] == [Awaiting.TEACHER, Awaiting.RELEASED, Awaiting.RELEASED]


def test_nothing_is_expected_in_the_old_class_after_a_move(session, school):
    row = expect(school, session, LATE)
    classes.move_pupil(session, **ACT, pupil_id=school.vitya.id, class_id=school.school_class("7Б").id, on=LATE)
    session.expire_all()
    assert row.awaiting == Awaiting.RELEASED


def test_a_mark_in_the_old_subgroup_holds_a_pupil_back(session, school):
    one, two = school.course("7А", "Иностранный", 1), school.course("7А", "Иностранный", 2)
    lesson = school.lesson(two, LATE)
    session.add(Mark(lesson_id=lesson.id, pupil_id=school.vitya.id, kind_id=school.kind("oral").id, value="4",
                     received_on=LATE, entered_on=LATE, entered_at=NOW, entered_by_id=school.boris.id,
                     responsible_id=school.boris.id, days_taken=0, key="k", last_key="k"))
    session.flush()
    move = {"members": [(one.id, school.vitya.id)]}
    with pytest.raises(Refused, match="Волков Виктор Павлович.*15.сентября.2026"):
        subgroups.put_in_subgroups(session, **ACT, **move, from_on=LATE)
    assert subgroups.put_in_subgroups(session, **ACT, **move, from_on=LATE + timedelta(days=1)) == 1


def test_open_items_go_to_the_next_teacher_with_seven_days(session, school):  # R6
    row = expect(school, session, EARLY)
    load.assign_teacher(session, **ACT, course_id=school.course("7А", "Математика").id, teacher_id=school.boris.id,
                        from_on=TODAY)
    session.expire_all()
    assert row.responsible_id == school.boris.id
    assert row.due_on == TODAY + timedelta(days=7)


@pytest.fixture
def twice(session, school):
    """Ева's second row, spelt with ё: a guardian of Зоя, entered apart from the teacher."""
    other = people.add_person(session, **ACT, last_name="Ёршова", first_name="Ева", patronymic="Егоровна")
    people.appoint_guardian(session, **ACT, guardian_id=other.id, pupil_id=school.zoya.id, from_on=TODAY)
    return other


def test_everything_of_both_rows_belongs_to_one_person(session, school, twice):
    joining.join_people(session, **ACT, keep_id=school.eva.id, drop_id=twice.id)
    eva = school.actor(school.eva)
    assert {school.zoya.id, school.person("Ершов", "Егор").id} == eva.children
    assert Position.TEACHER in eva.positions
    assert not school.actor(twice).children
    assert session.scalars(select(AuditRecord.data).filter_by(verb="person.joined")).one() == (
        f'{{"dropped":{twice.id}}}')


def test_the_other_row_is_emptied_and_found_no_more(session, school, twice):
    joining.join_people(session, **ACT, keep_id=school.eva.id, drop_id=twice.id)
    assert (twice.full_name, twice.search_key) == ("", "") and twice.erased_at == NOW


def test_the_same_child_of_both_rows_stays_one_child(session, school, twice):
    people.appoint_guardian(session, **ACT, guardian_id=twice.id, pupil_id=school.person("Ершов", "Егор").id,
                            from_on=FIRST_DAY - timedelta(days=30))
    joining.join_people(session, **ACT, keep_id=school.eva.id, drop_id=twice.id)
    rows = session.scalars(select(Guardianship).filter_by(
        guardian_id=school.eva.id, pupil_id=school.person("Ершов", "Егор").id)).all()
    assert [row.from_on for row in rows] == [FIRST_DAY - timedelta(days=30)]


def test_two_teachers_rows_join_with_marks_load_and_sums(session, school):
    lesson = put_a_mark(school, school.vitya)
    sums = {"course_id": lesson.course_id, "received_on": lesson.day, "kind_id": school.kind("oral").id,
            "days_taken": 0, "over_limit": False}
    session.add_all([DailySum(responsible_id=school.anna.id, marks=1, **sums),
                     DailySum(responsible_id=school.boris.id, marks=2, **sums)])
    session.flush()
    joining.join_people(session, **ACT, keep_id=school.boris.id, drop_id=school.anna.id)
    boris, anna = school.boris.id, lesson.teacher_id
    assert anna == boris
    assert session.execute(select(DailySum.responsible_id, DailySum.marks)).all() == [(boris, 3)]
    assert session.scalars(select(Mark.responsible_id)).all() == [boris]
    assert session.scalars(select(Employment).filter_by(person_id=boris)).one().position == "teacher"
    assert len(session.scalars(select(TeachingAssignment).filter_by(teacher_id=boris)).all()) == 4
    assert not session.scalars(select(Lesson).join(Person, Person.id == Lesson.teacher_id).where(
        Person.last_name == "")).all()


def give_password(session, person):
    account = credentials.create_account(session, actor_id=None, person=person, now=NOW)
    credentials.issue_password(session, actor_id=None, account=account, password_hash="x", days=9, now=NOW)
    return account


def test_of_two_accounts_the_one_with_a_password_stays(session, school, twice):
    credentials.create_account(session, actor_id=None, person=school.eva, now=NOW)
    working = give_password(session, twice)
    joining.join_people(session, **ACT, keep_id=school.eva.id, drop_id=twice.id)
    assert session.scalars(select(Account.id).filter_by(person_id=school.eva.id)).all() == [working.id]


def test_two_working_passwords_two_pupils_or_parent_and_child_are_not_one_person(session, school, twice):
    give_password(session, school.eva)
    give_password(session, twice)
    for keep, drop, why in ((school.eva, twice, "пароль"), (school.vitya, school.masha, "ученики"),
                            (school.vera, school.vitya, "представитель другого"), (school.eva, school.eva, "та же"),
                            (school.boris, school.vitya, "разные люди")):
        with pytest.raises(Refused, match=why):
            joining.join_people(session, **ACT, keep_id=keep.id, drop_id=drop.id)


CLOSED = {
    "enrol": lambda school: classes.enrol(school.session, **ACT, pupil_id=people.add_person(
        school.session, **ACT, last_name="Новиков", first_name="Ян", patronymic="").id,
        class_id=school.school_class("7А").id, from_on=TODAY),
    "move": lambda school: classes.move_pupil(school.session, **ACT, pupil_id=school.vitya.id, on=TODAY,
                                              class_id=school.school_class("7Б").id),
    "leave": lambda school: classes.pupil_leaves(school.session, **ACT, pupil_id=school.vitya.id, last_day=TODAY,
                                                 reason=""),
    "class teacher": lambda school: classes.appoint_class_teacher(
        school.session, **ACT, class_id=school.school_class("7А").id, teacher_id=school.boris.id, from_on=TODAY),
    "load": lambda school: load.assign_teacher(school.session, **ACT, teacher_id=school.boris.id, from_on=TODAY,
                                               course_id=school.course("7А", "Математика").id),
}


@pytest.mark.parametrize("act", CLOSED)
def test_who_is_where_in_a_closed_year_does_not_change(session, school, act):  # R8
    session.scalars(select(SchoolYear)).one().closed_at = NOW
    session.flush()
    with pytest.raises(Refused, match="2026/2027 учебный год закрыт: его списки и нагрузка только для чтения"):
        CLOSED[act](school)


def test_after_the_end_of_a_closed_year_pupils_still_leave(session, school):
    year = session.scalars(select(SchoolYear)).one()
    year.closed_at = NOW
    session.flush()
    day = year.ends_on + timedelta(days=30)
    classes.pupil_leaves(session, **ACT, pupil_id=school.vitya.id, last_day=day, reason="")
    assert session.scalar(select(Enrolment.to_on).filter_by(pupil_id=school.vitya.id)) == day
