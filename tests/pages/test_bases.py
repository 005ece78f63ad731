"""Ольга keeps on what basis the data of pupils are processed (R42)."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from ejd.privacy.models import Passport, ProcessingBasis
from ejd.school.models import Setting
from tests.journal import records
from tests.privacy import graduate, keep_passport, with_key
from tests.world import FIRST_DAY

REGISTER = "/admin/privacy"


def page_of(pupil):
    return f"/admin/people/{pupil.id}/basis"


def bases_of(school, pupil):
    school.session.expire_all()
    return school.session.scalars(select(ProcessingBasis).filter_by(pupil_id=pupil.id)).all()


def test_who_has_none_is_a_list(as_, school, at_most):
    olga = as_(school.olga)
    with at_most(8):
        page = olga.get(REGISTER)
    assert "13 учеников без основания" in page.words and len(page.select("#who tbody tr")) == 13
    only = olga.get(f"{REGISTER}?class={school.school_class('7Б').id}")
    assert [row.text for row in only.select("#who tbody th")] == [
        "Ершов Егор Андреевич", "Зимина Зоя Захаровна", "Петров Пётр Петрович"]


def test_receiving_the_service_is_noted_for_a_class_at_once(as_, school):
    olga, class_id = as_(school.olga), school.school_class("7Б").id
    page = olga.get(f"{REGISTER}?class={class_id}")
    for _ in range(2):  # sent twice
        olga.submit(page, "#service")
    [basis] = bases_of(school, school.zoya)
    assert (basis.kind, basis.from_on, basis.to_on) == ("service", FIRST_DAY, None)
    assert len(records(school, "basis.noted")) == 3 and bases_of(school, school.vitya) == []
    shown = olga.get(f"{REGISTER}?class={class_id}&kind=service")
    assert "получение услуги" in shown.select_one("#who").text


@pytest.mark.parametrize(("given", "status"), [("7Б", 404), ("-1", 404), ("999999", 303)])
def test_a_class_that_is_none_is_not_the_whole_school(as_, school, given, status):
    as_(school.olga).post(f"{REGISTER}/service", {"class": given}, status=status)
    assert school.session.scalars(select(ProcessingBasis)).all() == []


def test_a_signed_consent_has_its_number(as_, school):
    school.session.add(Setting(key="privacy.basis", valid_from=FIRST_DAY, value='"consent"'))
    olga = as_(school.olga)
    assert not olga.get(REGISTER).select("#service")  # each consent is a paper of its own
    page = olga.get(page_of(school.vitya))
    assert page.select_one("#kind option[selected]")["value"] == "consent"
    refused = olga.submit(page, "#form", {"number": "", "from_on": "2026-09-02"}, status=422)
    assert "номер" in refused.select_one("#number-error").text
    for _ in range(2):
        olga.submit(page, "#form", {"number": "12-с", "from_on": "2026-09-02"})
    assert [(one.kind, one.number) for one in bases_of(school, school.vitya)] == [("consent", "12-с")]
    assert "действует Подписанное согласие № 12-с с 2 сентября 2026" in olga.get(page_of(school.vitya)).words


def test_a_second_basis_waits_for_the_first_to_be_revoked(as_, school):
    olga, data = as_(school.olga), {"kind": "service", "from_on": "2026-09-01"}
    olga.post(page_of(school.vitya), data)
    page = olga.post(page_of(school.vitya), data | {"from_on": "2026-09-03"}, status=422)
    assert "сначала отзовите" in page.words and len(bases_of(school, school.vitya)) == 1


def test_a_revocation_says_first_what_it_does(app, as_, school, monkeypatch):
    ira = graduate(school)
    keep_passport(school, ira, with_key(app, monkeypatch))
    olga = as_(school.olga)
    olga.post(page_of(ira), {"kind": "service", "from_on": "2026-09-01"})
    [basis] = bases_of(school, ira)
    url = f"{REGISTER}/bases/{basis.id}/revoke"
    page = olga.get(url)
    assert "Отметки, посещаемость и задания школа записывает дальше" in page.words
    assert "Паспортные данные, если они внесены, стираются сразу" in page.words
    for day in ("2026-08-31", "2026-09-18", "", "вчера"):
        assert olga.submit(page, "#form", {"on": day}, status=422).select("#on-error")
    for _ in range(2):
        olga.submit(page, "#form", {"on": "2026-09-17"})
    assert bases_of(school, ira)[0].to_on.isoformat() == "2026-09-17"
    assert school.session.get(Passport, ira.id).sealed is None
    assert len(records(school, "basis.revoked")) == 1
    register = olga.get(REGISTER)
    assert "отозвано 17.09.2026" in register.words
    olga.submit(register, "#service")  # all but the one who took it back
    assert [one.to_on is None for one in bases_of(school, ira)] == [False]
    olga.post(page_of(ira), {"kind": "service", "from_on": "2026-09-17"})  # given again
    assert len(bases_of(school, ira)) == 2


def test_the_register_is_a_paper_and_a_workbook(as_, school):
    olga = as_(school.olga)
    olga.post(page_of(school.vitya), {"kind": "consent", "number": "7", "from_on": "2026-09-01"})
    paper = olga.get(REGISTER + "/register.pdf").response
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages)
    assert "Волков Виктор Павлович" in words and "подписанное согласие" in words
    sheet = load_workbook(BytesIO(olga.get(REGISTER + "/register.xlsx").response.data)).active
    assert any("Волков Виктор Павлович" in map(str, row) for row in sheet.iter_rows(values_only=True))


def test_the_pupil_s_page_tells_the_basis(as_, school, at_most):
    olga = as_(school.olga)
    assert "не записано" in olga.get(f"/admin/people/{school.vitya.id}").words
    olga.post(page_of(school.vitya), {"kind": "service", "from_on": "2026-09-01"})
    with at_most(8):
        page = olga.get(f"/admin/people/{school.vitya.id}")
    assert "получение услуги с 1 сентября 2026" in page.words
    assert not as_(school.igor).get(f"/admin/people/{school.vitya.id}").select(f"a[href='{page_of(school.vitya)}']")


def test_others_are_kept_out_and_a_teacher_has_no_basis(as_, school):
    as_(school.igor).get(REGISTER, status=403)
    as_(school.anna).get(REGISTER, status=403)
    as_(school.olga).get(page_of(school.anna), status=404)
    for data in ({}, {"kind": "?", "from_on": "2026-09-01"}, {"kind": "service", "from_on": "0001-01-01"}):
        as_(school.olga).post(page_of(school.vitya), data, status=422)
