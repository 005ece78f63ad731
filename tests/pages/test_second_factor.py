"""Дина is deputy head; the school asks its administration for a second factor: a password alone lets nobody in."""

import hashlib
from datetime import timedelta

import pyotp
import pytest

from ejd import clock
from ejd.credentials import passwords, second_factor
from ejd.credentials.models import Account, FailedAttempt
from ejd.refusal import Refused
from ejd.school import settings
from tests.visitor import Visitor
from tests.world import TODAY

PASSWORD = "three calm words"


@pytest.fixture
def key(app):
    return app.config["SECRET_KEY"]


@pytest.fixture
def required(school, session):
    settings.change(session, actor_id=None, key="second_factor", value=True, valid_from=TODAY, now=clock.now())
    session.commit()


@pytest.fixture
def account(school, session):
    now = clock.real_now()
    row = Account(person_id=school.dina.id, login="dina", must_change=False, created_at=now,
                  password_hash=passwords.hash_password(PASSWORD))
    session.add(row)
    session.commit()
    return row


def switched_on(session, account, key):
    """The secret of an account whose second factor is on, and its spare codes."""
    second_factor.begin(session, account=account, key=key)
    secret = second_factor.secret_to_show(session, account=account, key=key)
    spares = second_factor.confirm(session, account=account, code=pyotp.TOTP(secret).at(a_while_ago()), key=key,
                                   now=a_while_ago())
    session.commit()
    return pyotp.TOTP(secret), spares


def a_while_ago():
    return clock.real_now() - timedelta(minutes=5)


def at_the_door(app, password=PASSWORD):
    stranger = Visitor(app, None)
    return stranger, stranger.post("/login", {"login": "dina", "password": password}, status=200)


def code_now(totp):
    return totp.at(clock.real_now())


class TestTheSchoolAsksForIt:
    def test_a_leader_without_one_is_led_to_set_it_up(self, required, account, as_, school):
        page = as_(school.dina).get("/admin/", status=302)
        assert page.response.headers["Location"] == "/account/second-factor"

    def test_a_teacher_and_a_parent_are_not(self, required, as_, school):
        as_(school.anna).get("/teacher/")
        as_(school.vera).get("/parent/")

    def test_it_is_set_up_by_the_first_code(self, required, account, as_, school, session, key):
        dina = as_(school.dina)
        dina.post("/account/second-factor/begin", {"password": PASSWORD}, status=303)
        page = dina.get("/account/second-factor")
        secret = second_factor.secret_to_show(session, account=account, key=key)
        assert secret in page.words.replace(" ", "")
        assert dina.open("/account/second-factor/code.png").mimetype == "image/png"
        page = dina.post("/account/second-factor/confirm", {"code": "000000"}, status=422)
        assert "Код не подходит" in page.words
        page = dina.post("/account/second-factor/confirm", {"code": code_now(pyotp.TOTP(secret))}, status=200)
        assert len(page.select("ul.card li")) == 8
        dina.get("/admin/")
        dina.get("/account/second-factor/code.png", status=404)

    def test_beginning_needs_the_password(self, required, account, as_, school, session, key):
        page = as_(school.dina).post("/account/second-factor/begin", {"password": "another"}, status=422)
        assert "Пароль не подходит" in page.words
        assert second_factor.secret_to_show(session, account=account, key=key) is None


class TestSigningIn:
    def test_the_password_alone_lets_nobody_in(self, app, account, session, key):
        switched_on(session, account, key)
        stranger, page = at_the_door(app)
        assert "Код из приложения" in page.words
        stranger.get("/admin/", status=302)

    def test_the_right_code_lets_in_and_only_once(self, app, account, session, key):
        totp, _ = switched_on(session, account, key)
        code = code_now(totp)
        for expected in (302, 422):
            stranger, page = at_the_door(app)
            ticket = page.select_one("[name=ticket]")["value"]
            stranger.post("/login/code", {"ticket": ticket, "code": code}, status=expected)

    def test_a_code_used_already_is_told_apart_from_a_wrong_one(self, app, account, session, key):
        totp, _ = switched_on(session, account, key)
        code = code_now(totp)
        second_factor.take(session, account_id=account.id, code=code, key=key, now=clock.real_now())
        session.commit()
        stranger, page = at_the_door(app)
        ticket = page.select_one("[name=ticket]")["value"]
        page = stranger.post("/login/code", {"ticket": ticket, "code": code}, status=422)
        assert "Этот код уже использован: дождитесь следующего" in page.words
        page = stranger.post("/login/code", {"ticket": ticket, "code": "000000"}, status=422)
        assert "Код не подходит" in page.words and "уже использован" not in page.words

    def test_a_spare_code_lets_in_once(self, app, account, session, key):
        _, spares = switched_on(session, account, key)
        for expected in (302, 422):
            stranger, page = at_the_door(app)
            ticket = page.select_one("[name=ticket]")["value"]
            stranger.post("/login/code", {"ticket": ticket, "code": spares[3]}, status=expected)

    def test_where_one_was_going_is_kept(self, app, account, session, key):
        totp, _ = switched_on(session, account, key)
        stranger = Visitor(app, None)
        page = stranger.post("/login", {"login": "dina", "password": PASSWORD, "next": "/admin/control"}, status=200)
        fields = {one["name"]: one["value"] for one in page.select("input[type=hidden]")}
        page = stranger.post("/login/code", {**fields, "code": code_now(totp)}, status=302)
        assert page.response.headers["Location"] == "/admin/control"

    @pytest.mark.parametrize("ticket", ["", "x", "WzEsICJ4Il0.aaaa.bbbb"])
    def test_a_ticket_that_is_none_begins_again(self, app, account, session, key, ticket):
        switched_on(session, account, key)
        page = Visitor(app, None).post("/login/code", {"ticket": ticket, "code": "123456"}, status=422)
        assert "введите логин и пароль снова" in page.words

    def test_a_ticket_ends_with_the_password_it_was_given_for(self, app, account, session, key):
        totp, _ = switched_on(session, account, key)
        stranger, page = at_the_door(app)
        account.password_hash = passwords.hash_password("quite another one")
        session.commit()
        stranger.post("/login/code", {"ticket": page.select_one("[name=ticket]")["value"], "code": code_now(totp)},
                      status=422)

    def test_guessing_codes_is_slowed_down(self, app, account, session, key):
        switched_on(session, account, key)
        stranger, page = at_the_door(app)
        ticket = page.select_one("[name=ticket]")["value"]
        for _ in range(2):
            stranger.post("/login/code", {"ticket": ticket, "code": "000000"}, status=422)
        for _ in range(8):
            answer = stranger.open("/login/code", method="POST", data={
                "ticket": ticket, "code": "000000", "csrf_token": stranger.csrf()})
        assert answer.status_code == 429
        assert session.query(FailedAttempt).count() < 8


class TestSessionsOfThePasswordAlone:
    """ASVS 7.4.3: whoever had the password before has nothing any more."""

    def test_switching_it_on_ends_the_others(self, account, as_, school, session, key):
        here, there = as_(school.dina), as_(school.dina)
        here.post("/account/second-factor/begin", {"password": PASSWORD}, status=303)
        secret = second_factor.secret_to_show(session, account=account, key=key)
        here.post("/account/second-factor/confirm", {"code": code_now(pyotp.TOTP(secret))}, status=200)
        here.get("/account")
        there.get("/account", status=302)

    def test_so_does_switching_it_off(self, account, as_, school, session, key):
        totp, _ = switched_on(session, account, key)
        here, there = as_(school.dina), as_(school.dina)
        here.post("/account/second-factor/off", {"password": PASSWORD, "code": code_now(totp)}, status=303)
        here.get("/account")
        there.get("/account", status=302)


class TestMuchLeavingAtOnce:
    def test_cards_ask_for_the_code_too(self, account, as_, school, session, key):
        totp, _ = switched_on(session, account, key)
        dina = as_(school.dina)
        page = dina.get("/admin/cards")
        assert page.select_one("[name=code]")
        order = {"whose": "school", "password": PASSWORD, "key": "k" * 16}
        page = dina.post("/admin/cards", order, status=422)
        assert "Код не подходит" in page.words
        dina.post("/admin/cards", order | {"code": code_now(totp)}, status=303)


class TestALostPhone:
    def test_a_new_phone_begins_with_switching_it_off(self, account, as_, school, session, key):
        totp, _ = switched_on(session, account, key)
        dina = as_(school.dina)
        dina.post("/account/second-factor/off", {"password": PASSWORD, "code": "1"}, status=422)
        dina.post("/account/second-factor/off", {"password": PASSWORD, "code": code_now(totp)}, status=303)
        assert second_factor.of(session, account.id) is None

    def test_without_codes_the_server_takes_it_off(self, app, account, session, key):
        """`flask second-factor-off` (tests/test_cli.py)."""
        switched_on(session, account, key)
        second_factor.switch_off(session, actor_id=None, account=account, now=clock.real_now())
        session.commit()
        Visitor(app, None).post("/login", {"login": "dina", "password": PASSWORD}, status=302)


def test_a_stolen_database_gives_no_spare_codes(account, session, key):
    """ASVS 6.5.2: ten figures are found by trying from a plain hash; without the installation's key they are not."""
    _, spares = switched_on(session, account, key)
    kept = second_factor.of(session, account.id).spare_hashes
    for written in (spares[0], spares[0].replace(" ", "")):
        assert hashlib.sha256(written.encode()).hexdigest() not in kept
    with pytest.raises(Refused):
        second_factor.take(session, account_id=account.id, code=spares[0], key="another key", now=clock.real_now())
    second_factor.take(session, account_id=account.id, code=spares[0], key=key, now=clock.real_now())


def test_a_stolen_database_gives_no_codes(account, session, key):
    """The secret is sealed by a key that is not in it, for this account only."""
    totp, _ = switched_on(session, account, key)
    sealed = second_factor.of(session, account.id).sealed
    assert totp.secret.encode() not in sealed
    with pytest.raises(Refused):
        second_factor.take(session, account_id=account.id, code=code_now(totp), key="another key",
                           now=clock.real_now())
