"""Long work and its page: Дина, the deputy, asks for something that takes time; what she gets nobody else does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ejd import clock, working
from ejd.jobs import results, services
from ejd.jobs.kinds import Made, Regular, job
from ejd.jobs.models import Job, JobState
from ejd.refusal import Refused

KEY = "a key of the form"
ASK = "/account/password"  # where the test puts a button that begins secret work


@job("test.letters", "Письма")
def letters(session, one, tell):
    tell(1, 2)
    if services.params_of(one).get("refused"):
        raise Refused("Писать некому: в классе никого нет")
    return Made("Письма.pdf", b"%PDF letters", "Писем: 2")


@job("test.broken", "Сломанное")
def broken(session, one, tell):
    raise ZeroDivisionError("Иванов".upper())


def promised(session, *, actor, promise, now, real_now):
    return f"Вступило в силу: {promise['people']}"


@job("test.secrets", "Тайное", fulfil=promised)
def secrets(session, one, tell):
    return Made("Тайное.pdf", b"%PDF secret", "Готово", promise={"people": 3})


@pytest.fixture
def instance(app):
    yield Path(app.instance_path)
    for path in (Path(app.instance_path) / results.FOLDER).glob("*.result"):
        path.unlink()


@pytest.fixture
def begun(app, school, session):
    """A job of Дина's, begun and run, as a view would begin it."""

    def begin(kind, *, waits=False, **params):
        one = services.start(session, kind=kind, params={"back": "/admin/", **params}, owner_id=school.dina.id,
                             key=KEY, now=clock.real_now())
        if waits:
            session.info.pop(services.ON_COMMIT)
        session.commit()
        return one.id

    return begin


def url(job_id, act=""):
    return f"/jobs/{job_id}{act}"


def test_the_result_waits_for_who_asked(as_, school, instance, begun, at_most):
    job_id, dina = begun("test.letters"), as_(school.dina)
    with at_most(8):
        page = dina.get(url(job_id))
    assert "Писем: 2" in page.words and "Скачать «Письма.pdf»" in page.words
    answer = dina.get(url(job_id, "/file")).response
    assert answer.data == b"%PDF letters" and answer.mimetype == "application/pdf"


def test_nobody_else_learns_that_it_exists(as_, school, instance, begun):
    job_id = begun("test.letters")
    for stranger in (school.olga, school.anna, school.vera):
        as_(stranger).get(url(job_id), status=404)
        as_(stranger).get(url(job_id, "/file"), status=404)


def test_while_it_waits_the_page_refreshes_itself_without_javascript(as_, school, begun):
    page = as_(school.dina).get(url(begun("test.letters", waits=True)))
    assert page.select_one("noscript") and "ждёт очереди" in page.words and page.select_one("progress")


def test_progress_is_told_in_numbers(as_, school, session, begun):
    job_id = begun("test.letters", waits=True)
    services.take(session, job_id=job_id, now=clock.real_now())
    services.tell(session, job_id=job_id, done=1200, total=2500)
    page = as_(school.dina).get(url(job_id), htmx=True)
    assert page.select_one("progress")["value"] == "1200" and "1 200 из 2 500" in page.words
    assert page.select_one("#job")["hx-get"] == url(job_id)


def test_a_refusal_is_told_in_its_own_words(as_, school, begun):
    assert "Писать некому" in as_(school.dina).get(url(begun("test.letters", refused=True))).words


def test_an_error_is_told_without_names(as_, school, begun, caplog):
    words = as_(school.dina).get(url(begun("test.broken"))).words
    assert "в программе ошибка" in words and "ИВАНОВ" not in words + caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_the_same_key_is_the_same_job(school, session, begun):
    assert begun("test.letters") == begun("test.letters")
    with pytest.raises(Refused):
        services.start(session, kind="test.letters", params={}, owner_id=school.olga.id, key=KEY, now=clock.real_now())


def test_what_a_stopped_server_left_running_begins_again(app, school, session, instance, begun):
    job_id = begun("test.letters", waits=True)
    assert services.take(session, job_id=job_id, now=clock.real_now())
    assert services.take(session, job_id=job_id, now=clock.real_now()) is None  # one worker alone
    services.begin_again(session)
    session.commit()
    working.enqueue_waiting(app)
    session.expire_all()
    assert session.get(Job, job_id).state == JobState.DONE


def test_a_rolled_back_transaction_begins_nothing(app, school, session):
    services.start(session, kind="test.letters", params={}, owner_id=school.dina.id, key=KEY, now=clock.real_now())
    session.rollback()
    session.commit()
    assert services.ON_COMMIT not in session.info and not session.query(Job).filter_by(key=KEY).count()


def test_after_a_day_the_file_is_gone_and_the_page_says_so(as_, school, session, instance, begun):
    job_id = begun("test.letters")
    session.get(Job, job_id).ended_at -= timedelta(hours=25)
    session.commit()
    assert "Файла уже нет" in as_(school.dina).get(url(job_id)).words
    as_(school.dina).get(url(job_id, "/file"), status=422)
    working.sweep(instance)
    assert results.files(instance) == set()


class TestSealed:
    """What has passwords in it: encrypted on the server, for one browser, once."""

    @pytest.fixture
    def dina(self, app, as_, school, instance, monkeypatch):
        """Дина's browser, in which she has asked for the secrets, behind the button of her account page."""
        from ejd.web.following import begin_job

        monkeypatch.setitem(app.view_functions, "auth.change_password",
                            lambda: begin_job("test.secrets", {}, key=KEY, back="/admin/"))
        visitor = as_(school.dina)
        visitor.page = visitor.post(ASK).response.location
        return visitor

    def test_the_file_is_fetched_once_and_the_promise_kept(self, dina, instance):
        page = dina.get(dina.page)
        answer = dina.submit(page, "#job form", status=200).response
        assert answer.data == b"%PDF secret"
        assert "Вступило в силу: 3" in dina.get(dina.page).words
        again = dina.post(dina.page + "/file", status=422)
        assert "выдаётся один раз" in again.words and results.files(instance) == set()

    def test_on_the_server_it_cannot_be_read(self, dina, instance, session):
        [job_id] = results.files(instance)
        lying = (instance / results.FOLDER / f"{job_id}.result").read_bytes()
        assert b"secret" not in lying and b"people" not in lying
        cookie = dina.client.get_cookie(f"ejd_job_{job_id}", path=f"/jobs/{job_id}")
        assert cookie.http_only and cookie.value not in session.get(Job, job_id).params

    def test_another_browser_of_hers_gets_nothing_and_loses_nothing(self, dina, as_, school, instance):
        page = as_(school.dina).post(dina.page + "/file", status=422)
        assert "в том браузере" in page.words
        assert dina.submit(dina.get(dina.page), "#job form", status=200).response.data == b"%PDF secret"

    def test_a_form_sent_twice_still_opens_it(self, dina, instance):
        assert dina.post(ASK).response.location == dina.page
        assert dina.submit(dina.get(dina.page), "#job form", status=200).response.data == b"%PDF secret"

    def test_an_ordinary_address_never_gives_it(self, dina):
        dina.get(dina.page + "/file", status=422)

    def test_after_an_hour_nothing_has_changed(self, dina, instance, session):
        [job_id] = results.files(instance)
        session.get(Job, job_id).ended_at -= timedelta(minutes=61)
        session.commit()
        assert "Никому ничего не изменено" in dina.get(dina.page).words
        assert "хранится час" in dina.post(dina.page + "/file", status=422).words
        working.sweep(instance)
        assert results.files(instance) == set()

    def test_it_is_never_kept_open(self, instance):
        plain = Job(id=1, kind="test.secrets", params="{}")
        with pytest.raises(ValueError):
            results.keep(instance, plain, Made("x.pdf", b"x"))


def test_what_is_due_again_and_again_is_done_when_due(app, school, monkeypatch):
    done = []
    monkeypatch.setattr(working, "REGULAR", [Regular(10, lambda session: done.append("letters"))])
    monkeypatch.setattr(working, "_done_at", {})
    working.every_minute(app)
    working.every_minute(app)
    assert done == ["letters"]
