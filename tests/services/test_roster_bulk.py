"""Acts on many people take a fixed number of statements, however many they are."""

from sqlalchemy import select

from ejd.access import Position
from ejd.roster import classes, load, people, subgroups
from ejd.roster.models import CourseMember, Employment, Enrolment, Guardianship
from ejd.school.models import SchoolYear
from tests.services.test_roster_people import ACT
from tests.world import TODAY

MANY = 300


def test_membership_of_many_is_written_in_few_statements(session, school, at_most):
    year = session.scalars(select(SchoolYear)).one()
    founded = classes.found_class(session, **ACT, year_id=year.id, grade=5, letter="А")
    everybody = [people.NewPerson("Иванова", "Анна", "Петровна")] * MANY
    pupils, adults = (people.add_people(session, **ACT, people=everybody) for _ in range(2))
    [subject] = load.ensure_subjects(session, **ACT, names=["Физика"]).values()
    one, two = load.open_courses(session, **ACT, year_id=year.id, from_on=TODAY, courses=[
        load.NewCourse(founded.id, subject, subgroup) for subgroup in (1, 2)])
    with at_most(20):
        people.employ_many(session, **ACT, from_on=TODAY, staff=[
            people.NewEmployment(adult, Position.TEACHER) for adult in adults])
        classes.enrol_many(session, **ACT, from_on=TODAY, pairs=[(pupil, founded.id) for pupil in pupils])
        people.appoint_guardians(session, **ACT, from_on=TODAY, guardians=[
            people.NewGuardian(adult, pupil) for adult, pupil in zip(adults, pupils, strict=True)])
        subgroups.put_in_subgroups(session, **ACT, from_on=TODAY, members=[
            (two if index % 2 else one, pupil) for index, pupil in enumerate(pupils)])
    for table, column in ((Enrolment, Enrolment.pupil_id), (Guardianship, Guardianship.pupil_id),
                          (CourseMember, CourseMember.pupil_id), (Employment, Employment.person_id)):
        wanted = adults if table is Employment else pupils
        assert sorted(session.scalars(select(column).where(column.in_(wanted)))) == sorted(wanted)
