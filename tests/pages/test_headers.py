"""What every answer says to the browser besides the page: nothing is kept, framed, guessed or led away."""

from urllib.parse import urlsplit

import pytest
from flask import request

from ejd.application import create_app
from ejd.config import Config
from tests.privacy import PASSWORD, with_password
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
    assert answer.headers.get("Strict-Transport-Security") == (
        "max-age=31536000; includeSubDomains" if by_tls else None)  # ASVS 3.4.1


@pytest.mark.parametrize(("hops", "seen"), [(0, "192.0.2.7"), (1, "192.0.2.1")])
def test_a_visitor_says_nothing_of_his_own_address(tmp_path, hops, seen):
    """ASVS 4.1.3: without a proxy the header is nothing, with one it is the last address, which the proxy wrote."""
    app = create_app(Config(instance=tmp_path, database_url="sqlite://", secret_key="x", trusted_proxies=hops))
    addresses = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: addresses.append(request.remote_addr))
    app.test_client().get("/static/0/gone.css", environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
                          headers={"X-Forwarded-For": "127.0.0.1, 192.0.2.1"})
    assert addresses == [seen]


def test_every_cookie_is_bound_to_tls_and_to_this_host(app, as_, school, monkeypatch):
    """ASVS 3.3.1: the key of a finished paper too, which belongs to one page alone."""
    dina = as_(school.dina)
    with_password(school, school.dina)
    order = {"whose": "school", "password": PASSWORD, "key": "k" * 16}
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    answer = dina.open("/admin/cards", method="POST", base_url="https://localhost", data=order | {
        "csrf_token": dina.csrf()}, headers={"Referer": "https://localhost/admin/cards"})
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if "ejd_job_" in one]
    assert cookie.startswith("__Secure-ejd_job_") and "Secure" in cookie and "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_methods_that_nothing_uses_are_refused(as_, school, method):
    """ASVS 13.4.4; a header or a field that asks for another method changes nothing."""
    assert as_(school.anna).open("/teacher/", method=method).status_code == 405
    asked = as_(school.anna).open("/teacher/?_method=DELETE", headers={"X-HTTP-Method-Override": method})
    assert asked.status_code == 200


@pytest.mark.parametrize("name", ["anna", "dina", "galina", "vera", "vitya"])
def test_no_form_is_taken_without_its_token(app, as_, school, name):
    """ASVS 3.5.1. The one exception stands in docs/security.md: leaving the news, by the secret in its address."""
    visitor, taken = as_(getattr(school, name)), []
    for endpoint, method, rule in routes(app):
        if method == "POST":
            url = address(app, rule, school)
            for data in ({}, {"csrf_token": "IjEyMyI.aaaaaa.bbbbbb"}):
                if visitor.open(url, method="POST", data=data).status_code not in {400, 403, 404}:
                    taken.append(endpoint)
    assert not taken


def test_what_the_installation_keeps_secret_is_not_told_by_accident(tmp_path):
    """ASVS 16.2.5."""
    told = repr(Config(instance=tmp_path, database_url="postgresql://ejd:hush1@db/ejd", secret_key="hush2",
                       metrics_token="hush3", data_key="hush4"))
    assert "hush" not in told


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(as_):
    [cookie] = as_(None).open("/login").headers.getlist("Set-Cookie")
    assert cookie.startswith("ejd=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "Expires" not in cookie and "Domain" not in cookie
