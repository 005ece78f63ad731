"""Ольга keeps passport data of class 11 (R41): masked, every look in the record, erased when they are not needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ejd import clock
from ejd.privacy.models import Passport, ProcessingBasis
from ejd.roster.models import Enrolment
from tests.journal import records
from tests.privacy import TYPED, graduate, keep_passport, with_key
from tests.world import NOW, TODAY

LIST = "/admin/privacy/passports"


def page_of(pupil):
    return f"/admin/people/{pupil.id}/passport"


def test_ольга_writes_them_and_sees_them_masked(app, as_, school, monkeypatch, at_most):
    with_key(app, monkeypatch)
    ira, olga = graduate(school), as_(school.olga)
    olga.submit(olga.get(page_of(ira)), "#form", TYPED)
    with at_most(8):
        page = olga.get(page_of(ira))
    assert "••••" in page.words and "123445" not in page.words and "4523" not in page.response.text
    with at_most(8):
        listed = olga.get(LIST)
    assert "Иванова Ирина Игоревна" in listed.words and "•••• 45" in listed.words and "123445" not in listed.words
    assert records(school, "passport.seen") == []


def test_as_it_stands_in_the_passport_it_is_taken(app, as_, school, monkeypatch):
    with_key(app, monkeypatch)
    ira, olga = graduate(school), as_(school.olga)
    olga.submit(olga.get(page_of(ira)), "#form", TYPED | {"series": "45 23", "number": "№ 123 445", "code": "770 001"})
    shown = olga.submit(olga.get(page_of(ira)), "#look", status=200)
    assert all(part in shown.words for part in ("4523", "123445", "770-001"))
    page = olga.submit(olga.get(page_of(ira)), "#form", TYPED | {"series": "45 2"}, status=422)
    assert page.select_one("#series")["value"] == "45 2"


def test_a_look_is_a_post_and_is_in_the_record(app, as_, school, monkeypatch):
    ira = graduate(school)
    keep_passport(school, ira, with_key(app, monkeypatch))
    olga = as_(school.olga)
    shown = olga.submit(olga.get(page_of(ira)), "#look", status=200)
    assert "123445" in shown.words and shown.response.headers["Cache-Control"] == "no-store"
    olga.get(f"{LIST}/{ira.id}/look", status=405)
    assert len(records(school, "passport.seen")) == 1
    for page in (as_(school.galina).get(LIST + "/looks"), olga.get(page_of(ira))):
        assert "Орлова О. О." in page.words and "17 сентября 2026 в 12:00" in page.words


@pytest.mark.parametrize(("name", "status"), [("dina", 200), ("galina", 200), ("igor", 403), ("inna", 403),
                                              ("anna", 403)])
def test_the_administration_alone(app, as_, school, monkeypatch, name, status):
    ira = graduate(school)
    keep_passport(school, ira, with_key(app, monkeypatch))
    visitor = as_(getattr(school, name))
    visitor.get(page_of(ira), status=status)
    visitor.post(f"{LIST}/{ira.id}/look", status=status)
    assert len(records(school, "passport.seen")) == (status == 200)


def test_another_class_is_refused_with_the_reason(app, as_, school, monkeypatch):
    with_key(app, monkeypatch)
    olga = as_(school.olga)
    page = olga.get(page_of(school.vitya))
    assert "только об учениках 11 класса" in page.words and not page.select("#form")
    refused = olga.post(page_of(school.vitya), TYPED | {"version": "0"}, status=422)
    assert "только об учениках 11 класса" in refused.words
    assert school.session.get(Passport, school.vitya.id) is None
    olga.get(page_of(school.vera), status=404)  # no pupil


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(app, as_, school, monkeypatch):
    with_key(app, monkeypatch)
    ira, olga = graduate(school), as_(school.olga)
    page = olga.submit(olga.get(page_of(ira)), "#form", TYPED | {"number": "12", "issued_on": "вчера"}, status=422)
    assert "шесть цифр" in page.select_one("#number-error").text
    assert page.select_one("#issued_on-error") and page.select_one("#series")["value"] == "4523"
    assert page.select_one("#issued_by")["value"] == TYPED["issued_by"]


def test_the_older_form_is_stale_and_the_same_once_more_is_harmless(app, as_, school, monkeypatch):
    with_key(app, monkeypatch)
    ira, olga = graduate(school), as_(school.olga)
    page = olga.get(page_of(ira))
    olga.submit(page, "#form", TYPED)
    olga.submit(page, "#form", TYPED)
    stale = olga.submit(page, "#form", TYPED | {"number": "999999"}, status=409)
    assert "уже изменил" in stale.words and stale.select_one("#number")["value"] == "999999"
    assert len(records(school, "passport.entered")) == 1


def test_the_pupil_s_page_leads_there_in_class_11_alone(as_, school):
    ira, olga = graduate(school), as_(school.olga)
    assert olga.get(f"/admin/people/{ira.id}").select(f"a[href='{page_of(ira)}']")
    assert not olga.get(f"/admin/people/{school.vitya.id}").select(f"a[href='{page_of(school.vitya)}']")
    assert not as_(school.igor).get(f"/admin/people/{ira.id}").select(f"a[href='{page_of(ira)}']")


def test_without_a_key_the_page_says_what_it_must_do(as_, school):
    olga, ira = as_(school.olga), graduate(school)
    for page in (olga.get(LIST), olga.get(page_of(ira)), olga.post(page_of(ira), TYPED, status=422)):
        assert "EJD_DATA_KEY" in page.words and "privacy new-key" in page.words
    assert not olga.get(page_of(ira)).select("#form")


def test_erased_by_hand_they_are_gone(app, as_, school, monkeypatch):
    ira = graduate(school)
    keep_passport(school, ira, with_key(app, monkeypatch))
    olga, url = as_(school.olga), f"{LIST}/{ira.id}/erase"
    olga.submit(olga.get(url), "#form")
    assert school.session.get(Passport, ira.id).sealed is None
    assert "Данные стёрты 17 сентября" in olga.get(page_of(ira)).words
    olga.get(url, status=404)
    olga.post(f"{LIST}/{ira.id}/look", status=404)
    olga.submit(olga.get(page_of(ira)), "#form", TYPED)  # a mistake is mended
    assert school.session.get(Passport, ira.id).erased_at is None


def test_a_pupil_who_left_is_a_task_of_the_head_page(app, as_, school, monkeypatch):
    ira, here = graduate(school), graduate(school, full=("Ильин", "Олег", ""))
    key = with_key(app, monkeypatch)
    keep_passport(school, ira, key)
    keep_passport(school, here, key)
    school.session.execute(update(Enrolment).where(Enrolment.pupil_id == ira.id).values(to_on=TODAY))
    dina = as_(school.dina)
    assert "стереть паспортные" not in dina.get("/admin/").words
    with clock.freeze(NOW + timedelta(days=1)):
        dina = as_(school.dina)
        assert "Пора стереть паспортные данные: 1 выпускник" in dina.get("/admin/").words
        page = dina.get(LIST + "/erase")
        assert "Иванова" in page.words and "Ильин" not in page.words
        dina.submit(page, "#form")
        assert "стереть паспортные" not in dina.get("/admin/").words
    assert school.session.get(Passport, ira.id).sealed is None
    assert school.session.get(Passport, here.id).sealed is not None
    assert records(school, "passport.erased") == ['{"why":"due"}']


def test_after_a_revocation_they_are_not_entered_again(app, as_, school, monkeypatch):
    """R42: until a new basis is noted."""
    with_key(app, monkeypatch)
    ira, olga = graduate(school), as_(school.olga)
    school.session.add(ProcessingBasis(pupil_id=ira.id, kind="consent", number="1", from_on=TODAY, to_on=TODAY,
                                       noted_at=NOW))
    school.session.flush()
    page = olga.get(page_of(ira))
    assert "отозвано" in page.words and page.select_one("#form") is None
    assert "отозвано" in olga.post(page_of(ira), {**TYPED, "version": "0"}, status=422).words
    school.session.add(ProcessingBasis(pupil_id=ira.id, kind="consent", number="2", from_on=TODAY, noted_at=NOW))
    school.session.flush()
    olga.submit(olga.get(page_of(ira)), "#form", TYPED)
