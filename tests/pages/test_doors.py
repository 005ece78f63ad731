"""Signing in and out."""


def test_somebody_who_has_not_signed_in_is_asked_to(as_):
    answer = as_(None).get("/", status=302).response
    assert answer.location.startswith("/login")


def test_the_sign_in_page_keeps_the_house_style(as_):
    assert as_(None).get("/login").select_one("h1").text == "Вход"


def test_health_answers_when_the_database_does(as_):
    assert as_(None).get("/healthz").response.json == {"status": "ok"}
