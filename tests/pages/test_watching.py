"""Whoever runs the server sees how it does: figures behind a token, a line a request, nothing of anybody in either."""

import json

import pytest

from ejd.application import create_app
from ejd.config import Config
from ejd.db import db


@pytest.fixture
def watched(tmp_path):
    app = create_app(Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'ejd.sqlite'}", secret_key="x",
                            metrics_token="the token", log_requests=True))
    with app.app_context():
        db.create_all()
        db.session.remove()
        yield app.test_client()
        db.engine.dispose()


def test_figures_are_there_for_who_knows_the_token(watched):
    watched.get("/login")
    watched.get("/parent/children/123?login=volkova.v")
    answer = watched.get("/metrics", headers={"Authorization": "Bearer the token"})
    assert answer.status_code == 200 and answer.mimetype == "text/plain"
    assert 'ejd_request_seconds_count{route="auth.sign_in",status="200"} 1.0' in answer.text
    assert "ejd_jobs_waiting 0.0" in answer.text
    assert "/children" not in answer.text and "volkova" not in answer.text


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer another", "the token2", "Bearer тайна"])
def test_for_anybody_else_there_is_no_such_page(watched, given):
    headers = {"Authorization": given.encode().decode("latin-1")} if given else {}
    assert watched.get("/metrics", headers=headers).status_code == 404


def test_without_a_token_there_is_no_such_page_at_all(as_):
    as_(None).get("/metrics", status=404)


def test_a_line_a_request_names_the_route_and_nobody(watched, capsys):
    watched.post("/login", data={"login": "volkova.v", "password": "секрет"})
    watched.get("/parent/children/123/diary?week=2026-W37")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [(one["method"], one["route"], one["status"]) for one in lines] == [
        ("POST", "auth.sign_in", 400), ("GET", "parent.diary", 302)]
    assert {key for one in lines for key in one} == {"at", "method", "route", "status", "ms", "process"}
