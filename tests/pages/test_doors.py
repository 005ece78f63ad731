"""Signing in and out, the first change of a password, throttling, sessions."""

from datetime import timedelta

import pytest

from ejd import clock
from ejd.credentials import passwords, services
from ejd.credentials.models import Account, SignedSession
from ejd.school.models import Setting


@pytest.fixture
def vera(school, session):
    """Вера's account with a one-time password from her card."""
    account = services.create_account(session, actor_id=None, person=school.vera, now=clock.real_now())
    services.issue_password(session, actor_id=None, account=account, days=90, now=clock.real_now(),
                            password_hash=passwords.hash_password("dfg73qwz92"))
    session.commit()
    return account


def sign_in(visitor, password, login="volkova.v", **kw):
    return visitor.submit(visitor.get("/login"), "form", {"login": login, "password": password}, **kw)


def test_somebody_who_has_not_signed_in_is_asked_to(as_):
    answer = as_(None).get("/account?tab=1", status=302).response
    assert answer.location == "/login?next=/account?tab%3D1"


def test_the_door_names_the_school_and_since_when_the_journal_is_kept(as_):
    words = as_(None).get("/login").words
    assert "Школа № 12" in words and "ведётся с 1 сентября 2026 года" in words


def test_the_door_of_a_school_that_has_set_nothing_yet(as_, session):
    session.query(Setting).filter(Setting.key.in_(("school.name", "launch.marks"))).delete()
    session.commit()
    assert "ведётся" not in as_(None).get("/login").words


def test_health_answers_when_the_database_does(as_):
    assert as_(None).get("/healthz").response.json == {"status": "ok"}


def test_a_one_time_password_must_be_changed_before_anything_else(as_, vera):
    visitor = as_(None)
    sign_in(visitor, "DFG7 3qwz 92")
    assert visitor.get("/parent/", status=302).response.location == "/account/password"
    page = visitor.get("/account/password")
    visitor.submit(page, "main form", {"current": "dfg73qwz92", "new": "лошадь батарейка", "again": "лошадь батарейка"})
    assert visitor.get("/", status=302).response.location == "/parent/"


def test_a_sign_in_page_that_outlived_its_cookie_is_shown_again(as_, school):
    visitor = as_(None)
    visitor.get("/login")
    page = visitor.post("/login", {"login": "volkova.v", "password": "x", "next": "/account", "beside": "1"},
                        status=400, csrf="of another cookie")
    assert page.h1.text == "Вход" and page.select_one("#login")["value"] == "volkova.v"
    assert "Введите пароль ещё раз" in page.select_one("[role=alert]").text
    assert page.select_one("[name=next]")["value"] == "/account" and page.select_one("[name=beside]")
    assert "password" in {field["name"] for field in page.select("form input:not([value])")}


def test_another_page_that_outlived_its_cookie_asks_to_be_read_again(as_, school):
    page = as_(school.vera).post("/logout", {}, status=400, csrf="of another cookie")
    assert "Страница устарела" in page.words


def test_who_is_signed_in_has_nothing_to_do_at_the_door(as_, school):
    visitor = as_(school.vera)
    assert visitor.get("/login", status=302).response.location == "/"
    assert visitor.get("/login?next=/account", status=302).response.location == "/account"
    assert visitor.get("/login?beside=1").h1.text == "Вход"


def test_only_who_was_signed_in_elsewhere_hears_of_other_devices(as_, vera, session):
    new = {"current": "dfg73qwz92", "new": "лошадь батарейка", "again": "лошадь батарейка"}
    here = as_(None)
    sign_in(here, "dfg73qwz92")
    here.post("/account/password", new)
    assert here.get("/parent/").select_one(".notice").text == "Пароль изменён."
    sign_in(as_(None), "лошадь батарейка")
    here.post("/account/password", {"current": "лошадь батарейка", "new": "кит и слон", "again": "кит и слон"})
    assert "На других устройствах войдите заново" in here.get("/parent/").select_one(".notice").text


def test_a_password_that_is_too_weak_is_explained_at_its_field(as_, vera):
    visitor = as_(None)
    sign_in(visitor, "dfg73qwz92")
    page = visitor.submit(visitor.get("/account/password"), "main form",
                          {"current": "dfg73qwz92", "new": "мяу", "again": "мяу"}, status=422)
    assert page.select_one("#new-error").text.startswith("Пароль короче")
    assert page.title.text.startswith("Ошибка:")


@pytest.mark.parametrize("again", ["dfg7 3qwz 92", "DFG73QWZ92"])
def test_the_one_time_password_does_not_become_the_own_one(as_, vera, again):
    """ASVS 6.4.1, R30: however it is written."""
    visitor = as_(None)
    sign_in(visitor, "dfg73qwz92")
    page = visitor.post("/account/password", {"current": "dfg73qwz92", "new": again, "again": again}, status=422)
    assert "такой же" in page.select_one("#new-error").text


def test_the_own_name_is_no_password(as_, vera):
    """ASVS 6.2.11."""
    visitor = as_(None)
    sign_in(visitor, "dfg73qwz92")
    page = visitor.post("/account/password", {"current": "dfg73qwz92", "new": "Волкова Вера 1987",
                                              "again": "Волкова Вера 1987"}, status=422)
    assert "приходят на ум" in page.select_one("#new-error").text


def test_messages_do_not_tell_whether_a_login_exists(as_, vera):
    known = sign_in(as_(None), "wrong", status=422).select_one("[role=alert]").text
    unknown = sign_in(as_(None), "wrong", login="nobody.x", status=422).select_one("[role=alert]").text
    assert known == unknown


def test_what_was_typed_as_login_is_kept(as_, vera):
    page = sign_in(as_(None), "wrong", status=422)
    assert page.select_one("#login")["value"] == "volkova.v"


@pytest.mark.parametrize("login", ["volkova.v", "nobody.x"])
def test_failed_attempts_slow_down_whether_or_not_the_login_exists(as_, vera, login):
    for _ in range(4):
        sign_in(as_(None), "wrong", login=login, status=422)
    page = sign_in(as_(None), "dfg73qwz92", login=login, status=429)
    assert "Повторите через" in page.select_one("[role=alert]").text


def test_a_lapsed_card_lets_nobody_in(as_, vera, session):
    vera.lapses_at = clock.real_now() - timedelta(minutes=1)
    session.commit()
    assert "новую карточку" in sign_in(as_(None), "dfg73qwz92", status=422).words


def test_signing_out_everywhere_ends_the_other_browser_too(as_, school):
    here, there = as_(school.boris), as_(school.boris)
    here.submit(here.get("/account"), "main form")
    assert there.get("/account", status=302).response.location.startswith("/login")


def test_a_login_that_is_shut_is_out_at_once(as_, school):
    """ASVS 7.4.2."""
    vera = as_(school.vera)
    vera.get("/parent/")
    as_(school.olga).post(f"/admin/people/{school.vera.id}/login", {"act": "close"})
    assert vera.get("/parent/", status=302).response.location.startswith("/login")


def test_a_session_left_idle_ends(as_, school, session):
    visitor = as_(school.boris)
    session.query(SignedSession).update({"last_seen_at": clock.real_now() - timedelta(hours=3)})
    session.commit()
    visitor.get("/account", status=302)


def test_use_of_a_session_is_noted_at_most_every_five_minutes(as_, school, session):
    visitor = as_(school.boris)
    session.query(SignedSession).update({"last_seen_at": clock.real_now() - timedelta(minutes=6)})
    session.commit()
    visitor.get("/account")
    assert session.query(SignedSession.last_seen_at).scalar() > clock.real_now() - timedelta(minutes=1)


def test_an_expired_session_in_a_fragment_gets_401_and_a_link(as_, school):
    page = as_(None).get("/account", status=401, htmx=True)
    assert page.response.headers["HX-Retarget"] == "#notices"
    assert page.select_one("a")["href"] == "/login?beside=1"


def test_signing_in_leads_only_inside(as_, school, session, vera):
    vera.must_change = False
    session.commit()
    for outside in ("https://example.org/", "//example.org", "/\\example.org"):
        visitor = as_(None)
        answer = visitor.post("/login", {"login": "volkova.v", "password": "dfg73qwz92", "next": outside})
        assert answer.response.location == "/parent/"


def test_a_teacher_who_is_a_parent_switches_by_a_link(as_, school):
    page = as_(school.eva).get("/teacher/")
    assert {a.text for a in page.select(".roles a")} == {"Учитель", "Родитель"}


def test_a_side_that_is_not_ones_own_shows_none_of_its_sections(as_, school):
    page = as_(school.zakhar).get("/teacher/", status=403)
    assert not page.select(".sections a") and "не для вашей роли" in page.words


def test_the_new_password_ends_sessions_elsewhere(as_, vera, session):
    here, there = as_(None), as_(None)
    sign_in(here, "dfg73qwz92")
    sign_in(there, "dfg73qwz92")
    here.post("/account/password", {"current": "dfg73qwz92", "new": "лошадь батарейка", "again": "лошадь батарейка"})
    there.get("/account", status=302)
    assert session.query(Account.must_change).filter_by(id=vera.id).scalar() is False
