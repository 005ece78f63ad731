"""A polite visitor: opens pages as a named person and checks the house style of each page on the way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from ejd import clock
from ejd.credentials import sessions
from ejd.credentials.models import Account
from ejd.db import db
from ejd.roster.models import Person

_READ: set[int] = set()  # skeletons of pages whose syntax is right


class Page(BeautifulSoup):
    """A parsed answer; `response` is the answer itself."""

    response: TestResponse

    @property
    def words(self) -> str:
        """What a person reads, in one line with plain spaces."""
        return re.sub(r"\s+", " ", self.get_text(" ")).strip()


class Visitor:
    """One browser of one person. Every full page it opens must keep the house style."""

    def __init__(self, app: Flask, person: Person | None) -> None:
        self.client: FlaskClient = app.test_client()
        if person is not None:
            self._sign_in(person)

    def _sign_in(self, person: Person) -> None:
        account = db.session.query(Account).filter_by(person_id=person.id).one_or_none()
        now = clock.real_now()
        if account is None:
            account = Account(person_id=person.id, login=f"p{person.id}", must_change=False, created_at=now)
            db.session.add(account)
            db.session.flush()
        token = sessions.open_session(db.session, account_id=account.id, now=now, hours=12)
        db.session.commit()
        with self.client.session_transaction() as stored:
            stored["_user_id"] = token
            stored["_fresh"] = True

    def get(self, url: str, *, status: int = 200, htmx: bool = False, **kw: Any) -> Page:
        return self._open("GET", url, status, htmx, **kw)

    def post(self, url: str, data: dict[str, Any] | None = None, *, status: int | None = None,
             htmx: bool = False, **kw: Any) -> Page:
        """Post a form. Without htmx the usual good answer is a redirect (303 or 302), with it 200."""
        token = kw.pop("csrf", None) or self.csrf()
        return self._open("POST", url, status, htmx, data={**(data or {}), "csrf_token": token}, **kw)

    def send_as_it_stands(self, url: str, fields: dict[str, Any], *, status: int) -> Page:
        """Post a form exactly as a page that was left open holds it, its old CSRF token included."""
        return self._open("POST", url, status, False, data=fields)

    def submit(self, page: Page, form: str, data: dict[str, Any] | None = None, **kw: Any) -> Page:
        """Fill in and send a form found on the page by CSS selector, so that a missing field fails."""
        element = page.select_one(form)
        assert element is not None, f"no form {form} on the page"
        given = dict(data or {})
        fields: dict[str, Any] = {}
        for field in element.select("input[name], select[name], textarea[name], button[name]"):
            name = str(field["name"])
            if name in given:
                fields[name] = given.pop(name)
            elif (value := _value_of(field)) is not None:
                fields[name] = value
        assert not given, f"the form has no fields {sorted(given)}"
        method = str(element.get("method", "get")).upper()
        send = self.post if method == "POST" else self.get
        return send(str(element.get("action")), fields, **kw) if method == "POST" else send(
            str(element.get("action")), query_string=fields, **kw)

    def csrf(self) -> str:
        """A token made for this visitor's session, as a form on any of its pages would carry."""
        return Context().run(self._make_csrf)

    def _make_csrf(self) -> str:
        with self.client.session_transaction() as stored, self.client.application.test_request_context():
            session.update(stored)
            token = generate_csrf()
            stored.update(session)
        return token

    def open(self, url: str, **kw: Any) -> TestResponse:
        """A bare request, as a stranger to this test's application context (and its `g`) would make it."""
        return Context().run(self.client.open, url, buffered=True, **kw)

    def _open(self, method: str, url: str, status: int | None, htmx: bool, **kw: Any) -> Page:
        headers = dict(kw.pop("headers", {}))
        if htmx:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        if kw.get("content_type") == "multipart/form-data":
            kw["data"], kw["content_type"] = _packed(kw["data"])
        db.session.commit()
        response = self.open(url, method=method, headers=headers, **kw)
        db.session.expire_all()
        wanted = {status} if status else ({200} if htmx or method == "GET" else {302, 303})
        assert response.status_code in wanted, (
            f"{method} {url}: {response.status_code}, expected {sorted(wanted)}\n"
            + re.sub(r"\s+", " ", BeautifulSoup(response.text, "html.parser").get_text(" "))[:1500]
            if response.mimetype == "text/html" else f"{method} {url}: {response.status_code}, expected {wanted}")
        is_html = response.mimetype == "text/html"
        page = Page(response.text if is_html else "", "lxml" if is_html and not htmx else "html.parser")
        page.response = response
        if is_html and not htmx and response.status_code not in {301, 302, 303}:
            check_house_style(response.text, page)
        return page


def _packed(data: dict[str, Any]) -> tuple[bytes, str]:
    """A form with files as a browser sends it; files are (stream, name)."""
    fields: MultiDict[str, Any] = MultiDict()
    for name, given in data.items():
        for value in given if isinstance(given, list) else [given]:
            fields.add(name, FileStorage(value[0], value[1]) if isinstance(value, tuple) else value)
    boundary, body = encode_multipart(fields)
    return body, f"multipart/form-data; boundary={boundary}"


def _value_of(field: Tag) -> str | None:
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return str(chosen.get("value", chosen.text)) if chosen else None
    if field.name == "textarea":
        return field.text
    if field.get("type") in {"checkbox", "radio"}:
        return str(field.get("value", "on")) if field.has_attr("checked") else None
    if field.name == "button" or field.get("type") == "file":
        return None  # a button is sent by who presses it
    return str(field.get("value", ""))


class Doorman:
    """Lets named people in: `as_(school.anna).get("/teacher/")`."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, person: Person | None) -> Visitor:
        return Visitor(self._app, person)


def check_house_style(html: str, page: Page) -> None:
    """Strict HTML5, one h1 that the title begins with, unique ids, labelled inputs, captioned tables,
    forms with an action and a CSRF field, Russian quotes, nothing inline."""
    _check_syntax(html)
    tags = page.find_all(True)
    of_name: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        of_name[tag.name].append(tag)
    headings = of_name["h1"]
    assert len(headings) == 1, "a page has exactly one h1"
    assert page.title is not None
    heading = _plain(headings[0].text)
    title = _plain(page.title.text).removeprefix("Ошибка: ")
    assert title.startswith(heading), f"title «{title}» does not begin with h1 «{heading}»"
    ids = [str(tag["id"]) for tag in tags if "id" in tag.attrs]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})[:5]}"
    labelled = {label["for"] for label in of_name["label"] if label.get("for")}
    for field in (*of_name["input"], *of_name["select"], *of_name["textarea"]):
        assert field.get("type") == "hidden" or _has_label(field, labelled), f"no label: {field}"
    for table in of_name["table"]:
        assert table.caption or table.get("aria-label") or table.get("aria-labelledby"), "a table without caption"
    assert all(th.get("scope") for th in of_name["th"]), "a th without scope"
    for form in of_name["form"]:
        assert form.get("action"), "a form without action"
        if str(form.get("method", "get")).lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), f"no CSRF field: {form.get('action')}"
    assert not of_name["style"] and all(script.get("src") for script in of_name["script"]), "inline style or script"
    inline = [name for tag in tags for name in tag.attrs if name == "style" or name.startswith("on")]
    assert not inline, f"inline style or handler: {inline}"
    words = page.body.get_text(" ") if page.body else ""
    assert '"' not in words, f"straight quotes: …{words[max(0, words.find(chr(34)) - 30):][:60]}"
    assert " - " not in words, f"hyphen for a dash: …{words[max(0, words.find(' - ') - 30):][:60]}"
    for link in (*of_name["a"], *of_name["form"]):
        if "nofollow" in (link.get("rel") or ()):  # typed by a person
            continue
        address = urlsplit(str(link.get("href") or link.get("action") or ""))
        assert not address.netloc, f"a link out of the house: {address.geturl()}"


def _check_syntax(html: str) -> None:
    """Strict HTML5. What was read once is not read again: texts and values, escaped by now, can't break a page whose
    tags are the same."""
    skeleton = hash(re.sub(r'(?<=>)[^<]+|(?<==")[^"]+', "", html))
    if skeleton not in _READ:
        html5lib.HTMLParser(strict=True).parse(html)
        _READ.add(skeleton)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _has_label(field: Tag, labelled: Collection[Any]) -> bool:
    return bool(field.get("aria-label") or field.get("aria-labelledby") or field.find_parent("label")
                or field.get("id") in labelled)
