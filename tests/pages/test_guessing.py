"""Whoever guesses a password is slowed down, and holds up nobody but that device or, of strangers, that address."""

from datetime import timedelta

import pytest

from ejd import clock
from ejd.credentials import passwords, services
from ejd.credentials.models import FailedAttempt, SignedSession

PASSWORD = "лошадь батарейка"
SCHOOL, HOME = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def vera(school, session):
    """Вера's account with a password of her own."""
    account = services.create_account(session, actor_id=None, person=school.vera, now=clock.real_now())
    account.password_hash, account.must_change = passwords.hash_password(PASSWORD), False
    session.commit()
    return account


def sign_in(visitor, password, *, status, login="volkova.v", address=SCHOOL):
    return visitor.post("/login", {"login": login, "password": password}, status=status,
                        environ_base={"REMOTE_ADDR": address})


def guess_wrongly(visitor, times, **kw):
    for _ in range(times):
        sign_in(visitor, "wrong", status=422, **kw)


def set_back(session, delta):
    """Let every failure so far have happened that much earlier."""
    for row in session.query(FailedAttempt):
        row.at -= delta
    session.commit()


def test_a_pupil_at_the_schools_address_does_not_hold_a_colleague_out(as_, vera):
    hers, his = as_(None), as_(None)
    sign_in(hers, PASSWORD, status=302)
    guess_wrongly(his, 4)
    sign_in(his, "wrong", status=429)
    sign_in(hers, PASSWORD, status=302)


def test_neither_do_many_addresses_at_once(as_, vera):
    hers = as_(None)
    sign_in(hers, PASSWORD, status=302)
    for number in range(20):
        guess_wrongly(as_(None), 1, address=f"192.0.2.{number}")
    sign_in(as_(None), PASSWORD, status=429, address=HOME)
    sign_in(hers, PASSWORD, status=302, address=HOME)


def test_the_persons_own_device_is_slowed_down_too(as_, vera):
    hers = as_(None)
    sign_in(hers, PASSWORD, status=302)
    guess_wrongly(hers, 4)
    sign_in(hers, PASSWORD, status=429, address=HOME)  # the device counts, wherever it is


def test_the_right_password_makes_good_what_was_typed_wrongly(as_, vera):
    hers = as_(None)
    for _ in range(3):
        guess_wrongly(hers, 3)
        sign_in(hers, PASSWORD, status=302)


def test_a_device_is_ones_own_only_for_who_has_signed_in_on_it(as_, vera, school, session):
    services.create_account(session, actor_id=None, person=school.boris, now=clock.real_now())
    session.commit()
    hers = as_(None)
    sign_in(hers, PASSWORD, status=302)
    guess_wrongly(as_(None), 4, login="borisov.b")
    sign_in(hers, "wrong", status=429, login="borisov.b")


def test_slowing_down_does_not_tell_which_logins_exist(as_, vera):
    """Many wrong logins from the school's address, where Вера has signed in before."""
    sign_in(as_(None), PASSWORD, status=302)
    for number in range(40):
        guess_wrongly(as_(None), 1, login=f"nobody{number}")
    for login in ("volkova.v", "nobody.x"):
        sign_in(as_(None), "wrong", status=429, login=login)


def test_the_wait_passes(as_, vera, session):
    visitor = as_(None)
    guess_wrongly(visitor, 4)
    set_back(session, timedelta(seconds=3))
    sign_in(visitor, PASSWORD, status=302)


def test_the_cookie_of_a_device_names_nothing_and_cannot_be_made_up(as_, vera, session):
    hers, his = as_(None), as_(None)
    [cookie] = [line for line in sign_in(hers, PASSWORD, status=302).response.headers.getlist("Set-Cookie")
                if line.startswith("ejd_device=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=34560000" in cookie
    device = hers.client.get_cookie("ejd_device").value
    assert device.split(".")[0] not in session.query(SignedSession.device_hash).one()[0]
    guess_wrongly(his, 4)
    his.client.set_cookie("ejd_device", "made-up" + device)
    sign_in(his, PASSWORD, status=429)


def test_a_device_keeps_its_cookie_when_another_person_signs_in_on_it(as_, vera):
    visitor = as_(None)
    sign_in(visitor, PASSWORD, status=302)
    device = visitor.client.get_cookie("ejd_device").value
    sign_in(visitor, PASSWORD, status=302)
    assert visitor.client.get_cookie("ejd_device").value == device


def change_password(visitor, current, *, status):
    return visitor.post("/account/password", {"current": current, "new": "скворец на ветке",
                                              "again": "скворец на ветке"}, status=status)


def test_the_present_password_cannot_be_guessed_in_an_open_session(as_, vera, school):
    visitor = as_(school.vera)
    for _ in range(4):
        change_password(visitor, "wrong", status=422)
    page = change_password(visitor, PASSWORD, status=429)
    assert page.select_one("#current-error").text.startswith("Слишком много попыток")


def test_strangers_do_not_hold_up_the_change_of_a_password(as_, vera):
    hers = as_(None)
    sign_in(hers, PASSWORD, status=302)
    guess_wrongly(as_(None), 4)
    change_password(hers, PASSWORD, status=302)


def test_signing_in_over_a_session_ends_it(as_, vera, school, session):
    visitor = as_(school.boris)
    sign_in(visitor, PASSWORD, status=302)
    ended = session.query(SignedSession.ended_at.is_not(None)).order_by(SignedSession.id).all()
    assert [row[0] for row in ended] == [True, False]
    assert visitor.get("/account").select_one(".facts").text.count("volkova.v") == 1
