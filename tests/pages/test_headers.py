"""What every answer says to the browser besides the page: nothing is kept, framed, guessed or led away."""

from urllib.parse import urlsplit

import pytest

from ejd.application import create_app
from ejd.config import Config
from tests.test_access_matrix import address, routes

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                               "object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What somebody attached: nothing in it runs, even when a browser opens it.
FILES = {"teacher.lesson_file", "parent.homework_file", "student.homework_file", "teacher.pupil_homework_file",
         "teacher.own_class_file", "admin.journal_file", "teacher.paper_scan", "admin.paper_scan"}
OF_A_FILE = {"Content-Security-Policy": "default-src 'none'; sandbox"}


@pytest.mark.parametrize("name", ["anna", "dina", "vera", "vitya"])
def test_every_page_carries_the_headers(app, as_, school, name):
    """Also those that only say no."""
    app.testing = False
    try:
        visitor, wrong = as_(getattr(school, name)), []
        for endpoint, method, rule in routes(app):
            if method == "GET":
                answer = visitor.open(address(app, rule, school))
                promised = HEADERS | (OF_A_FILE if endpoint in FILES and answer.status_code == 200 else {})
                wrong += [f"{endpoint}: {header}: {answer.headers.getlist(header)}"
                          for header, value in promised.items() if answer.headers.getlist(header) != [value]]
        assert not wrong, "\n".join(wrong)
    finally:
        app.testing = True


@pytest.mark.parametrize("url", ["/login", "/healthz", "/nothing/here", "/account", "/static/0/gone.css", "/teacher"])
@pytest.mark.parametrize("header", HEADERS)
def test_what_anybody_may_ask_for_carries_them_too(as_, url, header):
    assert as_(None).open(url).headers.getlist(header) == [HEADERS[header]]


@pytest.mark.parametrize("url", ["/teacher", "/teacher/?a=1", "//teacher", "/login/", "/account", "/parent"])
def test_no_redirect_names_a_host(as_, school, url):
    for person in (None, school.anna):
        location = as_(person).open(url, headers={"Host": "evil.com"}).headers.get("Location", "/")
        parts = urlsplit(location)
        assert not parts.scheme and not parts.netloc and location.startswith("/"), location


def test_a_missing_slash_is_added(as_, school):
    assert as_(school.anna).open("/teacher?day=1").location == "/teacher/?day=1"


@pytest.mark.parametrize("inside", ["/account", "/teacher/?a=%D0%B9", "/parent"])
def test_after_signing_in_a_page_is_gone_on_with(app, inside):
    assert next_after(app, inside) == inside


@pytest.mark.parametrize("outside", [
    "/logout", "/nothing", "https://example.org/", "//example.org", "///example.org", "/\\example.org",
    "/\t/example.org", "/\n/example.org", "javascript:alert(1)", "account", ""])
def test_anything_else_is_not(app, outside):
    assert next_after(app, outside) == ""


def next_after(app, address):
    from ejd.web.sign_in_page import safe_next

    with app.test_request_context("/login", query_string={"next": address}):
        return safe_next()


@pytest.mark.parametrize(("reached", "by_tls"), [
    ({}, False),
    ({"host": "0.0.0.0"}, True),
    ({"host": "0.0.0.0", "plain_http": True}, False),
    ({"trusted_proxies": 1}, True),  # a proxy on the same computer speaks TLS to the world
])
def test_cookies_travel_by_tls_alone_where_there_is_tls(tmp_path, reached, by_tls):
    app = create_app(Config(instance=tmp_path, database_url="sqlite://", secret_key="x", **reached))
    assert app.config["SESSION_COOKIE_SECURE"] is by_tls
    assert app.config["SESSION_COOKIE_NAME"] == ("__Host-ejd" if by_tls else "ejd")
    answer = app.test_client().get("/static/0/gone.css")
    assert ("Strict-Transport-Security" in answer.headers) is by_tls


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(as_):
    [cookie] = as_(None).open("/login").headers.getlist("Set-Cookie")
    assert cookie.startswith("ejd=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "Expires" not in cookie and "Domain" not in cookie
