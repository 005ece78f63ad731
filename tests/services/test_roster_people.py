"""People, guardians, positions: acts of the roster."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ejd.access import Position
from ejd.audit.models import AuditRecord
from ejd.journal.models import Mark
from ejd.refusal import Refused
from ejd.roster import people
from ejd.roster.models import ClassTeacher, Employment, Enrolment, Guardianship, Person, TeachingAssignment
from tests.world import FIRST_DAY, NOW, TODAY

ACT = {"actor_id": None, "now": NOW}
YESTERDAY = TODAY - timedelta(days=1)


def verbs(session):
    return session.scalars(select(AuditRecord.verb).order_by(AuditRecord.id)).all()


def put_a_mark(school, pupil, day=date(2026, 9, 15)):
    lesson = school.lesson(school.course("7А", "Математика"), day)
    school.session.add(Mark(lesson_id=lesson.id, pupil_id=pupil.id, kind_id=school.kind("oral").id, value="5",
                            received_on=day, entered_on=day, entered_at=NOW, entered_by_id=school.anna.id,
                            responsible_id=school.anna.id, days_taken=0, key=f"k{pupil.id}{day}", last_key="k"))
    school.session.flush()
    return lesson


def test_a_person_is_written_down_tidily_and_found_by_keys(session, school):
    one = people.add_person(session, **ACT, last_name="  Ёжикова ", first_name="Алёна", patronymic="Петровна")
    assert one.full_name == "Ёжикова Алёна Петровна"
    assert one.sort_key.startswith("ежикова")
    assert verbs(session) == ["person.added"]


def test_many_people_get_their_ids_in_the_order_given(session, school):
    given = [people.NewPerson(f"Фамилия{letter}", "Имя") for letter in "вба"]
    ids = people.add_people(session, **ACT, people=given)
    assert [session.get(Person, id).last_name for id in ids] == ["Фамилияв", "Фамилияб", "Фамилияа"]


def test_nobody_added_is_nothing_done(session, school):
    assert people.add_people(session, **ACT, people=[]) == []
    assert verbs(session) == []


@pytest.mark.parametrize(("given", "field"), [
    ({"last_name": " ", "first_name": "Анна"}, "last_name"),
    ({"last_name": "Иванова", "first_name": ""}, "first_name"),
    ({"last_name": "Иванова1", "first_name": "Анна"}, "last_name"),
    ({"last_name": "И" * 81, "first_name": "Анна"}, "last_name"),
    ({"last_name": "Иванова", "first_name": "Анна", "birth_date": TODAY + timedelta(days=1)}, "birth_date"),
    ({"last_name": "Иванова", "first_name": "Анна", "birth_date": date(1026, 9, 1)}, "birth_date"),
])
def test_a_bad_name_or_birth_date_is_refused_at_its_field(session, school, given, field):
    with pytest.raises(Refused) as refused:
        people.add_person(session, **ACT, **given)
    assert refused.value.field == field


def test_a_name_that_does_not_differ_is_no_change(session, school):
    same = {"last_name": "Волков", "first_name": "Виктор", "patronymic": " Павлович"}
    assert people.rename_person(session, **ACT, person_id=school.vitya.id, **same) is False
    assert people.rename_person(session, **ACT, person_id=school.vitya.id, **same | {"last_name": "Волков-Юдин"})
    assert verbs(session) == ["person.renamed"]
    assert "волков-юдин" in school.vitya.search_key


def test_a_birth_date_is_put_right(session, school):
    assert people.correct_birth_date(session, **ACT, person_id=school.vitya.id, birth_date=date(2013, 5, 5))
    assert school.vitya.birth_date == date(2013, 5, 5)


def test_a_pupil_entered_by_mistake_goes_without_a_trace_but_in_the_record(session, school):
    pupil = school.zoya
    people.remove_person(session, **ACT, person_id=pupil.id)
    assert session.get(Person, pupil.id) is None
    assert not session.scalars(select(Enrolment).filter_by(pupil_id=pupil.id)).all()
    assert verbs(session) == ["person.removed"]


def test_a_pupil_with_a_mark_stays(session, school):
    put_a_mark(school, school.vitya)
    with pytest.raises(Refused, match="связаны записи журнала"):
        people.remove_person(session, **ACT, person_id=school.vitya.id)


def test_a_teacher_with_load_or_a_class_stays(session, school):
    with pytest.raises(Refused, match="нагрузка"):
        people.remove_person(session, **ACT, person_id=school.boris.id)
    with pytest.raises(Refused, match="классный руководитель"):
        people.remove_person(session, **ACT, person_id=school.anna.id)


def test_a_guardian_is_appointed_once(session, school):
    appoint = {"guardian_id": school.zakhar.id, "pupil_id": school.vitya.id, "relation": "Отец"}
    people.appoint_guardian(session, **ACT, **appoint, from_on=TODAY)
    with pytest.raises(Refused, match="уже записан"):
        people.appoint_guardian(session, **ACT, **appoint, from_on=TODAY)
    assert session.scalars(select(Guardianship.relation).filter_by(
        guardian_id=school.zakhar.id, pupil_id=school.vitya.id)).all() == ["отец"]


def test_a_pupil_is_nobodys_guardian(session, school):
    with pytest.raises(Refused, match="только взрослый"):
        people.appoint_guardian(session, **ACT, guardian_id=school.zoya.id, pupil_id=school.vitya.id, from_on=TODAY)


def test_a_guardian_ends_and_the_history_stays(session, school):
    row = session.scalars(select(Guardianship).filter_by(guardian_id=school.vera.id, pupil_id=school.vitya.id)).one()
    people.end_guardianship(session, **ACT, guardianship=row, last_day=YESTERDAY)
    assert row.to_on == YESTERDAY
    assert school.vitya.id not in school.actor(school.vera).children
    assert school.masha.id in school.actor(school.vera).children


def test_one_person_may_hold_several_positions_but_each_once(session, school):
    people.employ(session, **ACT, person_id=school.anna.id, position=Position.DEPUTY, from_on=TODAY)
    assert {Position.TEACHER, Position.DEPUTY} <= school.actor(school.anna).positions
    with pytest.raises(Refused, match="уже занимает"):
        people.employ(session, **ACT, person_id=school.anna.id, position=Position.DEPUTY, from_on=TODAY)


def test_class_teacher_is_not_a_position_of_the_staff_list(session, school):
    with pytest.raises(Refused, match="на странице класса"):
        people.employ(session, **ACT, person_id=school.boris.id, position=Position.CLASS_TEACHER, from_on=TODAY)


def test_who_is_dismissed_leaves_vacancies_and_a_class_without_its_teacher(session, school):
    job = session.scalars(select(Employment).filter_by(person_id=school.anna.id)).one()
    people.dismiss(session, **ACT, employment=job, last_day=TODAY)
    course = school.course("7А", "Математика")
    spans = session.execute(select(TeachingAssignment.teacher_id, TeachingAssignment.from_on, TeachingAssignment.to_on)
                            .filter_by(course_id=course.id).order_by(TeachingAssignment.from_on)).all()
    tomorrow = TODAY + timedelta(days=1)
    assert spans == [(school.anna.id, FIRST_DAY, TODAY), (None, tomorrow, None)]
    assert session.scalars(select(ClassTeacher.to_on)).all() == [TODAY]
    assert not school.actor(school.anna, tomorrow).positions


def test_who_keeps_another_position_keeps_the_load(session, school):
    people.employ(session, **ACT, person_id=school.anna.id, position=Position.DEPUTY, from_on=TODAY)
    job = session.scalars(select(Employment).filter_by(person_id=school.anna.id, position="teacher")).one()
    people.dismiss(session, **ACT, employment=job, last_day=TODAY)
    assert session.scalars(select(TeachingAssignment).filter_by(teacher_id=None)).all() == []


def test_a_last_day_before_the_first_is_refused(session, school):
    job = session.scalars(select(Employment).filter_by(person_id=school.anna.id)).one()
    with pytest.raises(Refused, match="раньше первого"):
        people.dismiss(session, **ACT, employment=job, last_day=FIRST_DAY - timedelta(days=1))
