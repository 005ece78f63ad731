"""A form sent after the session ended comes back after signing in, to the same person."""

import io
from datetime import date

import pytest

from ejd import clock
from ejd.credentials import passwords, services
from ejd.credentials.models import SignedSession
from ejd.schedule.models import Lesson
from tests.homework import PDF

PASSWORD = "лошадь батарейка"


@pytest.fixture
def accounts(school, session):
    """Анна and Борис with passwords of their own."""
    for person in (school.anna, school.boris):
        account = services.create_account(session, actor_id=None, person=person, now=clock.real_now())
        account.password_hash, account.must_change = passwords.hash_password(PASSWORD), False
    session.commit()


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))


def send_topic_too_late(visitor, session, lesson):
    """The topic is typed, but meanwhile the session has ended."""
    session.query(SignedSession).update({"ended_at": clock.real_now()})
    session.commit()
    return visitor.post(f"/teacher/lessons/{lesson.id}", {"topic": "Дроби и проценты", "homework": ""}, status=401)


def test_what_was_typed_is_saved_after_signing_in(as_, school, session, accounts, lesson):
    anna = as_(school.anna)
    page = send_topic_too_late(anna, session, lesson)
    assert "Набранное не пропало" in page.words
    page = anna.submit(page, "main form", {"login": "andreeva.a", "password": PASSWORD}, status=200)
    assert "Дроби и проценты" in page.words
    anna.submit(page, "main form")
    assert session.get(Lesson, lesson.id).topic == "Дроби и проценты"


def test_the_homework_that_was_typed_is_shown_again(as_, school, session, accounts, lesson):
    fields = form_with_topic(as_(school.anna), lesson) | {"topic": "", "homework": "№ 12, 14"}
    anew = as_(None)
    page = anew.send_as_it_stands(f"/teacher/lessons/{lesson.id}", fields, status=401)
    page = anew.submit(page, "main form", {"login": "andreeva.a", "password": PASSWORD}, status=200)
    assert [item.text for item in page.select("main li")] == ["№ 12, 14"]


def test_a_wrong_password_loses_nothing(as_, school, session, accounts, lesson):
    anna = as_(school.anna)
    page = send_topic_too_late(anna, session, lesson)
    page = anna.submit(page, "main form", {"login": "andreeva.a", "password": "wrong"}, status=422)
    page = anna.submit(page, "main form", {"login": "andreeva.a", "password": PASSWORD}, status=200)
    assert "Дроби и проценты" in page.words


def test_another_person_is_not_handed_the_form(as_, school, session, accounts, lesson):
    anna = as_(school.anna)
    page = send_topic_too_late(anna, session, lesson)
    answer = anna.submit(page, "main form", {"login": "borisov.b", "password": PASSWORD})
    assert answer.response.location == "/teacher/"


def form_with_topic(anna, lesson):
    page = anna.get(f"/teacher/lessons/{lesson.id}")
    form = page.select_one(f'form[action="/teacher/lessons/{lesson.id}"]')
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")} | {
        "topic": "Дроби и проценты", "homework": ""}


def test_a_form_whose_cookie_is_gone_comes_back_too(as_, school, session, accounts, lesson):
    fields = form_with_topic(as_(school.anna), lesson)
    anew = as_(None)  # the same browser, once its cookies are gone
    page = anew.send_as_it_stands(f"/teacher/lessons/{lesson.id}", fields, status=401)
    page = anew.submit(page, "main form", {"login": "andreeva.a", "password": PASSWORD}, status=200)
    anew.submit(page, "main form")
    assert session.get(Lesson, lesson.id).topic == "Дроби и проценты"


def test_who_signed_in_again_in_another_tab_is_asked_once_more(as_, school, session, accounts, lesson):
    fields = form_with_topic(as_(school.anna), lesson)
    page = as_(school.anna).send_as_it_stands(f"/teacher/lessons/{lesson.id}", fields, status=400)
    assert "Дроби и проценты" in page.words


def test_a_form_of_somebody_else_is_not_kept_for_who_is_signed_in(as_, school, session, accounts, lesson):
    fields = form_with_topic(as_(school.anna), lesson)
    page = as_(school.boris).send_as_it_stands(f"/teacher/lessons/{lesson.id}", fields, status=400)
    assert "Дроби и проценты" not in page.words


def test_a_forged_form_is_not_offered(as_, school, session, accounts):
    answer = as_(None).post("/login", {"login": "andreeva.a", "password": PASSWORD, "held": "WzEsIi8iLFtdXQ.x.y"})
    assert answer.response.location == "/teacher/"


def test_a_form_that_may_bring_files_comes_back_as_browsers_send_it(as_, school, session, accounts, lesson):
    """Even when no file was chosen, a browser sends an empty one; what was chosen can't be kept, what was typed is."""
    for file in ((io.BytesIO(b""), ""), (io.BytesIO(PDF), "план.pdf")):
        fields = form_with_topic(as_(school.anna), lesson) | {"files": file}
        page = as_(None).client.post(f"/teacher/lessons/{lesson.id}", data=fields, content_type="multipart/form-data")
        assert page.status_code == 401 and "Набранное не пропало" in page.text


def test_of_a_stranger_not_even_the_fields_of_a_long_form_are_read(app, as_, school, session, accounts, lesson,
                                                                   monkeypatch):
    """More than a form without files is taken apart only for who is signed in."""
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2_000)
    fields = form_with_topic(as_(school.anna), lesson)
    read = []
    monkeypatch.setattr("werkzeug.formparser.FormDataParser.parse", lambda *given, **_: read.append(given))
    fields["files"] = (io.BytesIO(PDF + b"0" * 3_000), "план.pdf")
    answer = as_(None).client.post(f"/teacher/lessons/{lesson.id}", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 302 and "/login" in answer.location and not read


def test_files_alone_are_chosen_again(as_, school, session, accounts):
    page = as_(school.olga).get("/admin/import")
    fields = {field["name"]: field["value"] for field in page.select("main form input[type=hidden]")}
    answer = as_(None).client.post("/admin/import", data=fields | {"files": (io.BytesIO(b"x"), "a.csv")},
                                   content_type="multipart/form-data")
    assert answer.status_code == 400 and "Набранное" not in answer.text
