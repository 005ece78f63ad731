"""Every route × every named person. A route that is not in tests/access_table.py fails the test."""

from __future__ import annotations

import pytest

from tests.access_table import ALLOWED, EVERYBODY, EXAMPLES, PUBLIC

SHUT = {401, 403, 404}


def routes(app):
    """Endpoint, method and rule of every route that is not public."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC:
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule.endpoint, method, rule


def address(app, rule, school):
    values = {name: EXAMPLES[name](school) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=None)


def test_every_route_is_in_the_table(app):
    missing = {endpoint for endpoint, _, _ in routes(app)} - ALLOWED.keys()
    assert not missing, f"say in tests/access_table.py who may open {sorted(missing)}"


def test_the_table_names_only_routes_that_exist(app):
    assert ALLOWED.keys() <= {endpoint for endpoint, _, _ in routes(app)}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_each_person_gets_in_exactly_where_the_table_says(app, as_, school, name):
    app.testing = False  # an error is then a 500, and the test goes on to the next route
    try:
        wrong = []
        for endpoint, method, rule in routes(app):
            visitor = as_(getattr(school, name))  # anew: signing out is one of the routes
            url = address(app, rule, school)
            data = {"csrf_token": visitor.csrf()} if method == "POST" else None
            status = visitor.open(url, method=method, data=data).status_code
            let_in = status not in SHUT
            if status >= 500 or let_in != (name in ALLOWED[endpoint]):
                wrong.append(f"{method} {url} ({endpoint}): {status}")
        assert not wrong, f"{name}:\n" + "\n".join(wrong)
    finally:
        app.testing = True


def test_nobody_gets_in_without_signing_in(app, as_, school):
    for endpoint, method, rule in routes(app):
        visitor = as_(None)
        data = {"csrf_token": visitor.csrf()} if method == "POST" else None
        answer = visitor.open(address(app, rule, school), method=method, data=data)
        assert answer.status_code == 302 and "/login" in answer.location, endpoint
