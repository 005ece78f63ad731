"""The demo school as `flask demo` makes it: whole, believable, with its planted latecomers, and only five logins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ejd.access import Position
from ejd.application import create_app
from ejd.config import Config
from ejd.credentials import passwords
from ejd.credentials.models import Account
from ejd.db import db
from ejd.demo import school as demo
from ejd.families.models import ServiceForm
from ejd.journal import sums
from ejd.journal.models import Expectation, Homework, Mark, Work
from ejd.roster.models import ClassTeacher, Course, Employment, Enrolment, Guardianship, Person, SchoolClass
from ejd.schedule.models import Lesson
from ejd.school import settings
from tests.test_migrations import empty_database


@pytest.fixture(scope="module")
def school(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo school in a database of its own, made by the command."""
    folder = tmp_path_factory.mktemp("demo")
    other = create_app(Config(instance=folder, database_url=empty_database(app, folder), secret_key="x"))
    with other.app_context():
        said = run(other)
        assert said.exit_code == 0, said.output
        yield other
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *words: str):  # noqa: ANN201
    return app.test_cli_runner().invoke(args=["demo", *words])


def share(condition) -> dict[tuple[str, str], float]:  # noqa: ANN001
    """Of each teacher's marks, the share that meets the condition, by surname and first name."""
    rows = db.session.execute(
        select(Person.last_name, Person.first_name, func.count(), func.count().filter(condition))
        .select_from(Mark).join(Person, Person.id == Mark.responsible_id).group_by(Person.id))
    return {(last, first): found / total for last, first, total, found in rows}


def test_the_whole_school_of_the_files_is_there(school):
    assert db.session.scalar(select(func.count()).select_from(SchoolClass)) == 36
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 921
    assert db.session.scalar(select(func.count()).select_from(Mark)) >= 60_000


def test_nothing_is_entered_after_the_schools_own_today(school):
    now = db.session.scalars(select(func.max(Mark.entered_at))).one()
    assert now <= demo.clock.at(demo.TODAY, demo.NOON)
    assert settings.load(db.session).value("demo.now", on=None) == "2026-10-20T12:00:00+03:00"


def test_the_planted_teacher_is_late_half_the_time_and_the_others_are_not(school):
    late = share(Mark.days_taken > 7)
    assert late[demo.VERY_LATE[:2]] > 0.4
    somewhat = [late[name[:2]] for name in demo.SOMEWHAT_LATE]
    assert all(0.05 < one < 0.25 for one in somewhat)
    punctual = late.keys() - {demo.VERY_LATE[:2]} - {name[:2] for name in demo.SOMEWHAT_LATE}
    assert all(late[name] == 0 for name in punctual)


def test_the_evening_class_gets_its_homework_late(school):
    rows = db.session.execute(
        select(SchoolClass.grade, SchoolClass.letter, func.count(),
               func.count().filter(Homework.published_at > Lesson.homework_due_at))
        .select_from(Homework).join(Lesson, Lesson.id == Homework.lesson_id)
        .join(Course, Course.id == Lesson.course_id).join(SchoolClass, SchoolClass.id == Course.class_id)
        .group_by(SchoolClass.id))
    late = {(grade, letter): found / total for grade, letter, total, found in rows}
    assert late.pop(demo.EVENING_CLASS) > 0.6
    assert max(late.values()) < 0.2


def test_lessons_of_the_ill_teacher_were_taught_by_another_or_cancelled(school):
    first, last = demo.ILL_DAYS
    ill, substitute = (demo.person_id(db.session, name) for name in (demo.ILL, demo.SUBSTITUTE))
    lessons = db.session.scalars(select(Lesson).where(Lesson.day.between(first, last))).all()
    replaced = {lesson.teacher_id for lesson in lessons if lesson.substitutes_id == ill}
    assert replaced == {substitute}
    assert all(lesson.state == "cancelled" for lesson in lessons if lesson.teacher_id == ill)


def test_something_is_awaited_overdue_and_owed(school):
    today = demo.TODAY
    found = {(awaiting, overdue) for awaiting, overdue in db.session.execute(
        select(Expectation.awaiting, Expectation.due_on < today).join(Work, Work.id == Expectation.work_id).distinct())}
    assert {("teacher", True), ("teacher", False)} <= found
    assert "pupil" in {awaiting for awaiting, _ in found}


def test_the_sums_that_control_stands_on_are_right(school):
    assert sums.recount(db.session) == []


def test_the_marks_of_a_class_look_like_a_class(school):
    rows = dict(db.session.execute(select(Mark.value, func.count()).group_by(Mark.value)).all())
    total = sum(rows.values())
    assert rows.keys() == {"5", "4", "3", "2"}
    assert 0.2 < rows["5"] / total < 0.4 and 0.4 < rows["4"] / total < 0.55 and rows["2"] / total < 0.08


def test_failed_papers_are_written_again(school):
    """R11: the first mark stays, the second names it."""
    first = aliased(Mark)
    values = db.session.execute(select(first.value, Mark.value, Mark.received_on > first.received_on)
                                .join(first, first.id == Mark.retakes_id)).all()
    assert len(values) > 20 and {(before, later) for before, _, later in values} == {("2", True)}
    assert {after for _, after, _ in values} == {"3", "4"}


def test_only_the_five_logins_exist_and_open_with_demo(school):
    accounts = {account.login: account for account in db.session.scalars(select(Account))}
    assert accounts.keys() == {"admin", "director", "teacher", "parent", "student"}
    assert all(passwords.verify(account.password_hash, "demo") and not account.must_change
               for account in accounts.values())


def test_the_five_are_who_they_say(school):
    who = dict(db.session.execute(select(Account.login, Account.person_id)).all())
    positions = dict(db.session.execute(select(Employment.person_id, Employment.position)).all())
    assert positions[who["admin"]] == Position.DEPUTY and positions[who["director"]] == Position.DIRECTOR
    children = set(db.session.scalars(select(Guardianship.pupil_id).filter_by(guardian_id=who["parent"])))
    assert len(children) == 2 and who["student"] in children
    own = db.session.scalars(select(ClassTeacher.class_id).filter_by(teacher_id=who["teacher"])).all()
    assert len(own) == 1


def test_some_families_are_served_on_paper_and_the_demos_own_reads(school):
    forms = dict(db.session.execute(select(ServiceForm.form, func.count()).group_by(ServiceForm.form)).all())
    assert forms.keys() == {"paper", "refused"} and 5 < forms["paper"] < 40 and 2 < forms["refused"] < 20
    parent = db.session.scalars(select(Account.person_id).filter_by(login="parent")).one()
    assert not db.session.scalars(select(ServiceForm).filter_by(guardian_id=parent)).all()


def test_the_command_again_says_why_not_and_if_empty_is_content(school):
    again = run(school)
    assert again.exit_code == 1 and again.output.strip().endswith("только в пустой базе.")
    content = run(school, "--if-empty")
    assert content.exit_code == 0 and "teacher" in content.output
