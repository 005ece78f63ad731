"""Nobody raises themselves (R34): passwords, positions, children, journals, classes and lessons are given by others.

Ольга of the office, Игорь the IT man and Дина, the deputy head, try; Галина is the director.
"""

import re

import pytest

from ejd import clock
from ejd.credentials import passwords, services
from ejd.credentials.models import Account
from ejd.roster.models import ClassTeacher, Employment, Guardianship, TeachingAssignment
from tests.world import TODAY

FROM = {"from_on": "2026-09-17"}
PASSWORD = "лошадь батарейка"


@pytest.fixture(scope="module")
def hashed():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def let_in(session, hashed):
    """Give somebody a login with a password that works."""
    def give(person):
        account = services.create_account(session, actor_id=None, person=person, now=clock.real_now())
        account.password_hash, account.must_change = hashed, False
        session.commit()
        return account

    return give


def of(person, act=""):
    return f"/admin/people/{person.id}{act}"


def named(person):
    return {"last_name": person.last_name, "first_name": person.first_name, "patronymic": person.patronymic,
            "same": str(person.id)}


@pytest.mark.parametrize("whose", ["anna", "vera", "vitya", "eva"])
def test_it_gives_a_first_password_but_none_instead_of_one_that_works(as_, school, let_in, whose):
    person = getattr(school, whose)
    as_(school.igor).post(of(person, "/password"), status=200)
    let_in(person)
    page = as_(school.igor).get(of(person))
    assert not page.select(f"a[href='{of(person, '/password')}']")
    assert "канцелярия" in as_(school.igor).post(of(person, "/password"), status=403).words
    as_(school.olga).post(of(person, "/password"), status=200)


def test_it_renews_the_password_of_who_sees_no_marks(as_, school, let_in):
    let_in(school.olga)
    as_(school.igor).post(of(school.olga, "/password"), status=200)


def test_it_renews_a_card_that_has_lapsed(as_, school, session, let_in):
    let_in(school.vera).lapses_at = clock.real_now().replace(year=2025)
    session.commit()
    as_(school.igor).post(of(school.vera, "/password"), status=200)


def test_a_person_with_a_password_is_still_shown_in_few_statements(as_, school, let_in, at_most):
    let_in(school.anna)
    for reader in (school.olga, school.igor):
        visitor, url = as_(reader), of(school.anna)
        with at_most(8):
            visitor.get(url)


def test_the_person_sees_who_issued_a_password_and_when(as_, school, session):
    page = as_(school.olga).post(of(school.vera, "/password"), status=200)
    password = page.select_one(".figure").text
    login = session.query(Account).filter_by(person_id=school.vera.id).one().login
    visitor = as_(None)
    visitor.submit(visitor.get("/login"), "form", {"login": login, "password": password})
    page = visitor.get("/account/password")
    assert re.search(r"\d:\d\d, выдал: канцелярия", page.words)
    visitor.submit(page, "main form", {"current": password, "new": PASSWORD, "again": PASSWORD})
    assert "выдал: канцелярия" in visitor.get("/account").words


def test_whose_password_nobody_issued_is_told_nothing(as_, school):
    assert "Одноразовые пароли" not in as_(school.vera).get("/account").words


def test_the_office_is_no_guardian_of_a_stranger_s_child(as_, school, session):
    page = as_(school.olga).post(of(school.zoya, "/guardians/new"), {**named(school.olga), **FROM}, status=422)
    assert "Себя записать нельзя" in page.select_one("#last_name-error").text
    assert session.query(Guardianship).filter_by(guardian_id=school.olga.id).count() == 0
    as_(school.dina).post(of(school.zoya, "/guardians/new"), {**named(school.olga), **FROM})


def test_the_office_does_not_join_itself_with_a_guardian(as_, school, session):
    for keep, drop in ((school.olga, school.vera), (school.vera, school.olga)):
        page = as_(school.olga).post(of(keep, "/join"), {"other_id": drop.id, "sure": "1"}, status=422)
        assert "Себя записать нельзя" in page.words
    assert session.query(Guardianship).filter_by(guardian_id=school.vera.id).count() == 2


@pytest.mark.parametrize("position", ["teacher", "it"])
def test_the_office_gives_itself_no_position(as_, school, session, position):
    as_(school.olga).post(of(school.olga, "/positions/new"), {"position": position, **FROM}, status=422)
    as_(school.olga).post("/admin/staff/new", {"position": position, **named(school.olga), **FROM}, status=422)
    assert session.query(Employment).filter_by(person_id=school.olga.id).count() == 1


def test_the_office_gives_itself_no_journal_class_or_lesson(as_, school, session):
    me, visitor = school.olga.id, as_(school.olga)
    course, lesson = school.course("7А", "Математика"), school.lesson(school.course("7А", "Математика"), TODAY)
    class_url = f"/admin/classes/{course.class_id}"
    tries = (
        (f"/admin/courses/{course.id}/teacher", {"teacher_id": me, **FROM}),
        (class_url + "/load/new", {"teacher_id": me, "new_subject": "Химия", "hours": "1", "subgroup": "0", **FROM}),
        (class_url + "/teacher", {"teacher_id": me, **FROM}),
        ("/admin/lessons/substitute", {"substitute": me, "lesson": lesson.id, "day": TODAY.isoformat()}),
    )
    for url, data in tries:
        assert "Себя записать нельзя" in visitor.post(url, data, status=422).words, url
    session.expire_all()
    assert lesson.teacher_id == school.anna.id
    for table in (TeachingAssignment, ClassTeacher):
        assert session.query(table).filter_by(teacher_id=me).count() == 0
    for url, data in tries:
        as_(school.dina).post(url, data)


def test_a_deputy_becomes_no_director(as_, school, session, let_in):
    let_in(school.galina)
    page = as_(school.dina).post(of(school.dina, "/positions/new"), {"position": "director", **FROM}, status=422)
    assert "дело директора" in page.select_one("#position-error").text
    as_(school.dina).post(of(school.galina, "/password"), status=403)
    job = session.query(Employment).filter_by(person_id=school.galina.id).one()
    as_(school.dina).get(f"/admin/positions/{job.id}/end", status=403)
    as_(school.galina).post(of(school.anna, "/positions/new"), {"position": "director", **FROM})
    as_(school.galina).post(of(school.anna, "/password"), status=200)


@pytest.mark.parametrize("position", ["deputy", "inspector"])
def test_a_deputy_appoints_the_other_leaders(as_, school, position):
    as_(school.dina).post(of(school.anna, "/positions/new"), {"position": position, **FROM})
    as_(school.dina).post(of(school.anna, "/password"), status=200)


def end(visitor, session, person, **kw):
    job = session.query(Employment).filter_by(person_id=person.id, to_on=None).one()
    return visitor.post(f"/admin/positions/{job.id}/end", {"last_day": "2026-09-17"}, **kw)


def test_the_last_leader_who_can_sign_in_stays(as_, school, session, let_in):
    let_in(school.dina)  # Галина has no password yet
    page = end(as_(school.dina), session, school.dina, status=422)
    assert "не войдёт ни директор, ни завуч" in page.words
    let_in(school.galina)
    end(as_(school.dina), session, school.dina)


def test_a_leader_who_leaves_later_does_not_count(as_, school, session, let_in):
    let_in(school.dina), let_in(school.galina)
    session.query(Employment).filter_by(person_id=school.galina.id).one().to_on = TODAY.replace(day=30)
    end(as_(school.dina), session, school.dina, status=422)


def test_one_without_a_password_may_go(as_, school, session):
    end(as_(school.galina), session, school.dina)
