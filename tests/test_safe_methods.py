"""HEAD carries no token, so it may change nothing, whatever form it brings and whoever sends it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.credentials import passwords
from ejd.credentials.models import Account, SignedSession
from ejd.db import db
from ejd.school.models import Term
from tests.access_table import EVERYBODY
from tests.test_access_matrix import address

# What forms of many pages would take.
FORM = {"name": "Чужое", "q": "Волков", "last_name": "Чужой", "first_name": "Чужой", "current": "x", "grade": "5",
        "letter": "В", "from-1": "08:00", "to-1": "08:40", "starts_on": "2026-09-01", "ends_on": "2027-05-25",
        "on": "2026-09-18", "from_on": "2026-09-18", "last_day": "2026-09-18", "reason": "moved", "act": "put",
        "value": "5", "key": "head", "everywhere": "1", "login": "andreeva.a", "password": "лошадь батарейка"}


def everything() -> dict[str, list[tuple]]:
    """All rows of the database."""
    return {name: sorted((tuple(row) for row in db.session.execute(select(table))), key=str)
            for name, table in db.metadata.tables.items()}


@pytest.mark.parametrize("name", [None, *sorted(EVERYBODY)])
def test_head_changes_nothing(app, as_, school, name):
    visitor = as_(getattr(school, name) if name else None)
    urls = [address(app, rule, school) for rule in app.url_map.iter_rules() if rule.endpoint != "asset"]
    db.session.commit()
    before = everything()
    app.testing = False  # an error is then a 500
    try:
        for url in urls:
            assert visitor.open(url, method="HEAD", data=FORM).status_code < 500, url
    finally:
        app.testing = True
    db.session.expire_all()
    assert everything() == before


def test_head_signs_nobody_in(as_, school, session):
    session.add(Account(person_id=school.anna.id, login="andreeva.a", must_change=False, created_at=clock.real_now(),
                        password_hash=passwords.hash_password("лошадь батарейка")))
    session.commit()
    visitor = as_(None)
    assert visitor.open("/login", method="HEAD", data=FORM).status_code == 200
    assert session.scalar(select(func.count(SignedSession.id))) == 0
    assert visitor.open("/account").status_code == 302


def test_head_removes_no_terms(as_, school, session):
    terms = session.scalar(select(func.count(Term.id)))
    year_id = school.school_class("7А").year_id
    assert as_(school.dina).open(f"/admin/calendar/{year_id}/terms/quarters", method="HEAD").status_code == 200
    assert session.scalar(select(func.count(Term.id))) == terms
