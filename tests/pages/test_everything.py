"""Дина hands a person everything that is kept about them (R40), after the password once more."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd import clock
from ejd.audit.leaving import TOLD, Leaving
from ejd.audit.models import BulkExport
from tests.journal import records
from tests.privacy import PASSWORD, with_password


def page_of(person):
    return f"/admin/people/{person.id}/everything"


@pytest.fixture
def dina(as_, school):
    visitor = as_(school.dina)
    with_password(school, school.dina)
    return visitor


def test_the_page_says_what_is_in_it_and_the_paper_comes(dina, school):
    page = dina.get(page_of(school.vitya))
    assert "152-ФЗ" in page.words and "чужих имён нет" in page.words
    answer = dina.submit(page, "#form", {"password": PASSWORD, "act": "pdf"}, status=200).response
    words = " ".join(one.extract_text() for one in PdfReader(BytesIO(answer.data)).pages)
    assert "Волков Виктор Павлович" in words and answer.headers["Cache-Control"] == "no-store"
    assert records(school, "person.exported") == ['{"form":"pdf"}']
    assert [(one.kind, one.amount) for one in school.session.scalars(select(BulkExport))] == [("person", 1)]


def test_json_for_another_program(dina, school):
    answer = dina.post(page_of(school.anna), {"password": PASSWORD, "act": "json"}, status=200).response
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["person"]["name"] == "Андреева Анна Аркадьевна"


def test_without_the_password_nothing_leaves(dina, school):
    for given in ({}, {"password": "wrong password"}):
        page = dina.post(page_of(school.vitya), given | {"act": "pdf"}, status=422)
        assert page.select_one("#password-error")
    assert records(school, "person.exported") == []


def test_so_many_a_day(dina, school):
    most = TOLD[Leaving.PERSON][2]
    school.session.add_all([BulkExport(kind="person", amount=1, made_by_id=school.galina.id, made_at=clock.real_now())
                            for _ in range(most)])
    page = dina.post(page_of(school.vitya), {"password": PASSWORD, "act": "pdf"}, status=422)
    assert "За сутки уже" in page.words and records(school, "person.exported") == []


def test_others_do_not_reach_it(as_, school):
    as_(school.olga).get(page_of(school.vitya), status=403)  # marks are in it, the office sees none
    as_(school.igor).get(page_of(school.vitya), status=403)
    as_(school.dina).get("/admin/people/999999/everything", status=404)
    assert not as_(school.olga).get(f"/admin/people/{school.vitya.id}").select(f"a[href='{page_of(school.vitya)}']")
    assert as_(school.dina).get(f"/admin/people/{school.vitya.id}").select(f"a[href='{page_of(school.vitya)}']")
