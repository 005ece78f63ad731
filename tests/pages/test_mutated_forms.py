"""Every form of the program as it stands on its page, with some of its fields spoilt, missing or sent twice: whatever
comes, the program answers with a sentence, never with an error of its own.

The forms are found by opening every page of the URL map as somebody who may; an address that takes forms and stands on
no page (a cell sends it) gets fields of other forms. What one form has done is taken back before the next."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from ejd.db import db
from tests.access_table import ALLOWED, EXAMPLES, PUBLIC
from tests.test_access_matrix import address
from tests.visitor import Visitor

# Whoever of them may open a page opens it, the first named first; one of them may open each.
PEOPLE = ("dina", "galina", "anna", "vera", "vitya", "olga", "igor", "eva")
# What must be there for pages to have their forms.
NEEDED = ("note_id", "homework_id", "excuse_id", "work_id", "group_id", "topic_id", "remark_id")
OF_CELLS = ("value", "act", "key", "version", "mark", "kind", "day", "pupil", "lesson", "for", "reason", "comment")
TEXTS = st.one_of(st.sampled_from(["", " ", "0", "-1", "1", "9" * 40, "2026-02-30", "9999-12-31", "0001-01-01",
                                   "<b>'\"", "Ы" * 3000, "5,5", "on", "None", "\u202e", "\U0001f600", "2026-W54"]),
                  st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
FILES = st.tuples(st.binary(max_size=40), st.sampled_from(["", "a", "план.xlsx", "../a.csv", "\x01.pdf", "a.zip"]))
ACTS = st.sampled_from(["spoil", "spoil", "drop", "twice"])
FILE = object()  # stands for a file that nobody chose


def forms_of(page):
    """Every form of a page: where it goes, how, and its fields as they stand."""
    for form in page.select("form"):
        fields = [(field["name"], FILE if field.get("type") == "file" else _value(field))
                  for field in form.select("[name]") if field["name"] != "csrf_token"]
        buttons = [button["formaction"] for button in form.select("[formaction]")]
        for action in {form.get("action"), *buttons}:
            yield action, form.get("method", "get").upper(), fields


def _value(field):
    if field.name != "select":
        return field.get("value") or field.text.strip()
    return next((option.get("value", option.text) for option in field.select("option")), "")


def who_opens(endpoint):
    return next((name for name in PEOPLE if name in ALLOWED.get(endpoint, ())), None)


def test_somebody_opens_each_page(app):
    """The list of people above is long enough."""
    assert not [rule.endpoint for rule in app.url_map.iter_rules()
                if ALLOWED.get(rule.endpoint) and not who_opens(rule.endpoint)]


@contextmanager
def taken_back(app):
    """What is saved inside is gone after it."""
    db.session.commit()
    savepoint = db._app_engines[app][None].begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        savepoint.rollback()


@pytest.mark.parametrize("name", PEOPLE)
def test_no_spoilt_form_breaks_the_program(app, as_, school, name):
    for needed in NEEDED:
        EXAMPLES[needed](school)
    person = getattr(school, name)
    forms = all_forms(app, as_(person), school, name)
    names = sorted({field for _, fields in forms.values() for field, _ in fields if field != "sender"} | set(OF_CELLS))
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and who_opens(rule.endpoint) == name and ("POST", rule.endpoint) not in forms:
            forms["POST", rule.endpoint] = (address(app, rule, school), [(field, "") for field in names])
    db.session.commit()
    for (method, _endpoint), (action, fields) in forms.items():
        with taken_back(app):
            break_it(as_(person), method, action, fields)


def all_forms(app, visitor: Visitor, school, name):
    """By method and endpoint; of forms that go to the same place the longest."""
    found: dict[tuple[str, str], tuple[str, list]] = {}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or who_opens(rule.endpoint) != name:
            continue
        url = address(app, rule, school)
        db.session.commit()
        answer = visitor.open(url)
        assert answer.status_code < 500, url
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        for action, method, fields in forms_of(BeautifulSoup(answer.text, "html.parser")):
            endpoint, _ = adapter.match((action or url).partition("?")[0].partition("#")[0], method=method)
            if endpoint not in PUBLIC and endpoint != "auth.sign_out" and (
                    len(fields) > len(found.get((method, endpoint), ("", []))[1])):
                found[method, endpoint] = (action or url, fields)
    return found


def break_it(visitor: Visitor, method, action, fields):
    @settings(max_examples=5, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(st.data())
    def broken(data):
        given_ = list(fields)
        for _ in range(data.draw(st.integers(1, 4)) if given_ else 0):
            if not given_:
                break
            place = data.draw(st.integers(0, len(given_) - 1))
            act = data.draw(ACTS)
            spoilt = data.draw(FILES if given_[place][1] is FILE else TEXTS)
            given_[place:place if act == "twice" else place + 1] = (
                [] if act == "drop" else [(given_[place][0], spoilt)])
        if method == "GET":
            answer = visitor.open(action, query_string=MultiDict(
                (field, value) for field, value in given_ if isinstance(value, str)))
        else:
            answer = visitor.open(action, method="POST", data=MultiDict(
                [*((field, _sent(value)) for field, value in given_), ("csrf_token", visitor.csrf())]))
        assert answer.status_code < 500, (action, given_)

    broken()


def _sent(value):
    if value is FILE:
        return BytesIO(b""), ""
    return (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value
