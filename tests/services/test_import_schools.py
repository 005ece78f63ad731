"""A whole school from its files, in two forms: the same 921 people either way; twice the same changes nothing."""

import json
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from ejd import clock
from ejd.application import create_app
from ejd.audit.models import AuditRecord
from ejd.config import Config
from ejd.db import begin_as_writer, db
from ejd.demo import school as demo
from ejd.importing import services
from ejd.importing.reading import Upload
from ejd.refusal import Refused, Stale
from ejd.roster.models import (
    ClassTeacher,
    Course,
    CourseMember,
    Employment,
    Enrolment,
    Guardianship,
    Person,
    SchoolClass,
    TeachingAssignment,
)
from ejd.schedule.models import Lesson, Slot
from ejd.school.models import SchoolYear, Term
from ejd.words import number

DATA = Path(__file__).parent.parent / "data"
SCHOOLS = {"school-a": demo.FILES, "school-b": DATA / "school-b"}  # one school's files in two forms
AUGUST = clock.at(date(2026, 8, 25), 12)
COUNTS = json.loads((DATA / "school-b" / "counts.json").read_text(encoding="utf-8"))


def files(school):
    return [Upload(path.name, path.read_bytes()) for path in sorted(SCHOOLS[school].iterdir())
            if path.suffix != ".json"]


def prepare(session, school):
    return services.prepare(session, files=files(school), today=date(2026, 8, 25), now=AUGUST)


def load(session, school):
    preview = services.accepting(prepare(session, school))
    services.confirm(session, actor_id=None, preview=preview, decisions=preview.decisions, now=AUGUST)
    session.commit()


@contextmanager
def database(app, folder, name):
    """A session in an empty database beside the run's own."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        address = f"sqlite:///{folder / name}.sqlite"
    else:
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C.UTF-8'"))
        admin.dispose()
        address = url.replace("/ejd_test", f"/{name}")
    other = create_app(Config(instance=folder, database_url=address, secret_key="x"))
    with other.app_context():
        db.create_all()
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session, clock.freeze(AUGUST):
        yield session
    engine.dispose()


@pytest.fixture(scope="module")
def school_a(app, tmp_path_factory):
    with database(app, tmp_path_factory.mktemp("a"), "ejd_import_a") as session:
        load(session, "school-a")
        yield session


@pytest.fixture(scope="module")
def school_b(app, tmp_path_factory):
    with database(app, tmp_path_factory.mktemp("b"), "ejd_import_b") as session:
        load(session, "school-b")
        yield session


def test_two_hands_at_once_do_not_double_anybody(app, tmp_path):
    """The second waits for the first, then finds the school changed."""
    with database(app, tmp_path, "ejd_import_twice") as first:
        engine, told = first.get_bind(), []
        given = Upload("list.csv", "Класс;ФИО;Дата рождения\n7А;Лев Ян;05.11.2013\n7А;Ли Ян;06.11.2013".encode())
        preview = services.prepare(first, files=[given], today=date(2026, 8, 25), now=AUGUST)
        first.rollback()

        def second_hand():
            begin_as_writer(True)
            with Session(engine) as second:
                try:
                    services.confirm(second, actor_id=None, preview=preview, decisions=preview.decisions, now=AUGUST)
                except Stale as stale:
                    told.append(stale)

        begin_as_writer(True)
        services.confirm(first, actor_id=None, preview=preview, decisions=preview.decisions, now=AUGUST)
        other = Thread(target=second_hand)
        other.start()
        other.join(0.5)
        assert other.is_alive()  # it waits
        first.commit()
        begin_as_writer(False)
        other.join(20)
        assert len(told) == 1
        assert count(first, Enrolment) == 2


@pytest.fixture(scope="module")
def empty(app, tmp_path_factory):
    """A database in which nothing is written: questions alone are asked in it."""
    with database(app, tmp_path_factory.mktemp("empty"), "ejd_import_empty") as session:
        yield session


@pytest.fixture(scope="module")
def asked(empty):
    """What school A asks before anything is written, with what is proposed ticked."""
    return services.proposed(prepare(empty, "school-a"))


@pytest.fixture(scope="module")
def again(school_b):
    """School B's files once more."""
    return services.accepting(prepare(school_b, "school-b"))


def count(session, table, *where):
    return session.scalar(select(func.count()).select_from(table).where(*where))


def people(session):
    """Everybody as the lists tell them: pupils with class and birth date, guardians with child, staff with position."""
    pupils = session.execute(
        select(Person.sort_key, Person.birth_date, SchoolClass.grade, SchoolClass.letter)
        .join(Enrolment, Enrolment.pupil_id == Person.id).join(SchoolClass, SchoolClass.id == Enrolment.class_id))
    guardian = select(Person.sort_key, Guardianship.pupil_id).join(
        Guardianship, Guardianship.guardian_id == Person.id).subquery()
    ties = session.execute(select(guardian.c.sort_key, Person.sort_key, Person.birth_date)
                           .join(Person, Person.id == guardian.c.pupil_id))
    staff = session.execute(select(Person.sort_key, Employment.position).join(Employment))
    return tuple(sorted(map(tuple, rows), key=str) for rows in (pupils, ties, staff))


@pytest.mark.parametrize("name", ["school_a", "school_b"])
def test_what_comes_out_is_what_the_counts_say(request, name):
    session = request.getfixturevalue(name)
    by_class = {f"{grade}{letter}": number for grade, letter, number in session.execute(
        select(SchoolClass.grade, SchoolClass.letter, func.count()).join(Enrolment).group_by(
            SchoolClass.grade, SchoolClass.letter))}
    names = session.scalars(select(Person.sort_key).where(Person.id.in_(select(Guardianship.guardian_id))))
    whole_lessons = (select(Slot.weekday, Slot.number, Course.class_id).join(Course, Course.id == Slot.course_id)
                     .distinct().subquery())
    assert by_class == COUNTS["pupils_by_class"]
    assert count(session, Enrolment) == COUNTS["pupils"]
    assert count(session, Guardianship) == COUNTS["guardian_mentions"]
    assert len(set(names)) == COUNTS["guardian_names"]
    assert count(session, Enrolment, Enrolment.pupil_id.not_in(select(Guardianship.pupil_id))) == COUNTS[
        "pupils_without_guardian"]
    assert count(session, Employment) == COUNTS["staff"]
    assert count(session, Course, Course.half_hours > 1) == COUNTS["load"]
    assert count(session, Slot) == COUNTS["lesson_group_slots"]
    assert count(session, whole_lessons) == COUNTS["lessons_a_week"]
    assert count(session, ClassTeacher) == COUNTS["classes"]
    assert count(session, CourseMember) == 1151
    assert count(session, Lesson) > 30_000


def test_both_forms_of_the_files_give_the_same_people(school_a, school_b):
    assert people(school_a) == people(school_b)


def test_the_same_files_again_change_nothing(school_b, again):
    before = count(school_b, AuditRecord)
    assert again.nothing
    assert all(not (section.new or section.changed or section.left) for section in again.sections)
    assert sum(section.unchanged for section in again.sections) > 4_000
    report = services.confirm(school_b, actor_id=None, preview=again, decisions=again.decisions, now=AUGUST)
    assert not report.changed_anything
    assert count(school_b, AuditRecord) == before


def test_the_second_time_as_many_are_unchanged_as_there_are(school_b, again):
    told = {section.title: section for section in again.sections}
    assert told["Представители"].unchanged == len(set(school_b.scalars(select(Guardianship.guardian_id))))
    assert told["Представители"].detail == f"связей с детьми: {number(COUNTS['guardian_mentions'])}"


def test_the_calendar_counts_as_much_new_as_unchanged_after(empty, again):
    [first] = [one for one in prepare(empty, "school-b").sections if one.title == "Календарь"]
    [second] = [one for one in again.sections if one.title == "Календарь"]
    assert len(first.new) == second.unchanged


def test_the_other_form_of_the_same_school_changes_nothing_either(school_b):
    preview = prepare(school_b, "school-a")
    assert preview.nothing and not preview.questions and not preview.proposals


def test_terms_follow_the_calendar_and_half_years_follow_the_quarters(school_b):
    year = school_b.scalars(select(SchoolYear)).one()
    halves = {term.number: (term.starts_on, term.ends_on) for term in
              school_b.scalars(select(Term).filter_by(scheme="half_years"))}
    assert (year.name, year.starts_on, year.ends_on) == ("2026/2027", date(2026, 9, 1), date(2027, 5, 26))
    assert halves == {1: (date(2026, 9, 1), date(2026, 12, 30)), 2: (date(2027, 1, 11), date(2027, 5, 26))}


def test_a_vacancy_of_half_an_hour_is_a_journal_without_a_teacher(school_b):
    course = school_b.scalars(select(Course).filter_by(half_hours=1)).one()
    assignment = school_b.scalars(select(TeachingAssignment).filter_by(course_id=course.id)).one()
    assert assignment.teacher_id is None


def test_a_teacher_who_is_a_parent_is_one_person_when_said_so(school_b):
    parents_at_work = school_b.scalars(select(Person).where(
        Person.id.in_(select(Employment.person_id)), Person.id.in_(select(Guardianship.guardian_id)))).all()
    assert {person.last_name for person in parents_at_work} == {"Потапова", "Сафонова", "Акимова"}


def test_what_must_not_be_kept_is_dropped_and_said_so(again):
    [sheet] = [sheet for sheet in again.sheets if sheet.file == "pupils.csv"]
    assert sheet.dropped == ["Пол", "Телефон", "СНИЛС"]
    assert not any("973 602" in sample for sample in sheet.samples)


def test_questions_and_proposals_are_asked_before_anything_is_written(empty, asked):
    assert len(asked.proposals) > 100
    told = " ".join(question.title for question in asked.questions)
    assert all(name in told for name in ("Дмитриева Любовь Марковна", "Цой Владимир Игоревич",
                                         "Сафонова Анна Петровна"))
    assert "Емельянова Полина Владимировна" not in told  # another child's surname: left apart
    with pytest.raises(Refused, match="Ответьте"):
        services.confirm(empty, actor_id=None, preview=asked, decisions=asked.decisions, now=AUGUST)
    assert count(empty, Person) == 0


def test_a_guardian_who_was_not_confirmed_stays_two_people(asked):
    refused = asked.proposals[0]
    preview = asked.decided(services.Decisions(accepted=asked.decisions.accepted - {refused.key}))
    assert len(preview.plan.adults.who) > len(asked.plan.adults.who)


def test_files_may_come_one_by_one(app, tmp_path):
    """In any order that the lists rest on one another; until the timetable comes all of them hold from September."""
    with database(app, tmp_path, "ejd_import_one_by_one") as session:
        for name in ("pupils.csv", "staff.xlsx", "calendar.xlsx", "bells.xlsx", "load.xlsx", "subgroups.xlsx",
                     "timetable.xlsx"):
            upload = Upload(name, (DATA / "school-b" / name).read_bytes())
            with clock.freeze(clock.at(date(2026, 9, 3), 12)):
                preview = services.accepting(services.prepare(
                    session, files=[upload], today=date(2026, 9, 3), now=clock.now()))
                assert preview.rejections == []
                services.confirm(session, actor_id=None, preview=preview, decisions=preview.decisions, now=clock.now())
        assert count(session, Enrolment, Enrolment.from_on == date(2026, 9, 1)) == COUNTS["pupils"]
        assert count(session, Slot) == COUNTS["lesson_group_slots"]
        assert count(session, Lesson, Lesson.day < date(2026, 9, 3)) > 300
        assert count(session, ClassTeacher) == COUNTS["classes"]
