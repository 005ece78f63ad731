"""Дина orders the archive of the finished year and the export of all data; Галина is told (R54)."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.archive import packing, signing
from ejd.audit import leaving
from ejd.audit.models import BulkExport
from ejd.credentials import passwords
from ejd.credentials.models import Account
from ejd.school.models import SchoolYear

PAGE = "/admin/archive"
YEAR_OVER = date(2027, 6, 1)
PASSWORD = "пароль завуча"


@pytest.fixture
def dina(as_, school, session):
    visitor = as_(school.dina)
    account = session.scalars(select(Account).filter_by(person_id=school.dina.id)).one()
    account.password_hash = passwords.hash_password(passwords.as_typed(PASSWORD, one_time=False))
    session.commit()
    return visitor


def fetched(visitor, answer, tmp_path):
    page = visitor.get(answer.response.location)
    body = visitor.get(page.select_one("#job a.primary")["href"]).response.data
    path = tmp_path / "file.zip"
    path.write_bytes(body)
    return page, path


@pytest.fixture
def year(session):
    """The school year, closed when it was over."""
    year = session.scalars(select(SchoolYear)).one()
    year.closed_at = clock.at(YEAR_OVER, 9)
    session.commit()
    return year


def test_the_archive_of_a_finished_year_is_made_fetched_and_verified(dina, year, as_, school, app, tmp_path, at_most):
    with clock.freeze(clock.at(YEAR_OVER, 12)):
        with at_most(8):
            page = dina.get(PAGE)
        own = signing.own_key(Path(app.instance_path))
        assert signing.fingerprint(own) in page.words
        answer = dina.submit(page, "form[action$='/archive/year']", {"password": PASSWORD})
        page, path = fetched(dina, answer, tmp_path)
        assert "3 журнала и сводные ведомости" in page.words and "черновик" not in page.words
        checked = packing.check(path, key=signing.read_public(dina.get(f"{PAGE}/key.pem").response.data))
        assert checked.faults == () and checked.manifest["year"] == "2026/2027" and not checked.manifest["draft"]
        assert "архив учебного года" in as_(school.galina).get("/admin/exports").words


@pytest.mark.parametrize("form", ["csv", "json"])
def test_all_data_are_exported(dina, as_, school, tmp_path, form):
    answer = dina.submit(dina.get(PAGE), "form[action$='/archive/all']", {"password": PASSWORD, "form": form})
    page, path = fetched(dina, answer, tmp_path)
    assert "Паролей в файле нет" in page.words
    with zipfile.ZipFile(path) as opened:
        assert "Мамин-Сибиряк".encode() in opened.read(f"tables/person.{form}")
        assert b"argon2" not in opened.read(f"tables/account.{form}")
    assert "выгрузка всех данных школы" in as_(school.galina).get("/admin/exports").words


@pytest.mark.parametrize("what", ["year", "all"])
def test_without_the_password_nothing_leaves(dina, year, session, what):
    with clock.freeze(clock.at(YEAR_OVER, 12)):
        page = dina.submit(dina.get(PAGE), f"form[action$='/archive/{what}']", {"password": "не тот"}, status=422)
        assert "Пароль не подходит" in page.select_one(f"#password-{what}-error").text
        assert not session.scalars(select(BulkExport)).all()


def test_a_year_that_goes_on_is_not_taken(dina):
    page = dina.submit(dina.get(PAGE), "form[action$='/archive/year']", {"password": PASSWORD}, status=422)
    assert "ещё идёт: архив делают после 26 мая" in page.words


def test_what_is_open_is_named_and_a_draft_is_made_all_the_same(dina, tmp_path):
    with clock.freeze(clock.at(YEAR_OVER, 12)):
        page = dina.submit(dina.get(PAGE), "form[action$='/archive/year']", {"password": PASSWORD}, status=422)
        assert "Открыто: I четверть – 1А, 7А, 7Б" in page.words
        answer = dina.submit(page, "form[action$='/archive/year']", {"password": PASSWORD, "draft": "on"})
        page, path = fetched(dina, answer, tmp_path)
    assert "Это черновик" in page.words and "Архив 2026-2027, черновик.zip" in page.words
    assert packing.check(path).manifest["draft"] is True


@pytest.mark.parametrize(("data", "status"), [({}, 422), ({"year": "x"}, 422), ({"year": "999"}, 404)])
def test_garbage_is_answered(dina, data, status):
    dina.post(f"{PAGE}/year", data, status=status)
    dina.post(f"{PAGE}/all", {"form": "exe"}, status=404)


def test_more_than_a_few_a_day_are_refused(dina):
    for number in range(3):
        dina.post(f"{PAGE}/all", {"password": PASSWORD, "form": "csv", "key": f"form-key-{number}"})
    page = dina.post(f"{PAGE}/all", {"password": PASSWORD, "form": "csv", "key": "form-key-4"}, status=422)
    assert "За сутки уже 3" in page.words


def test_the_same_form_twice_is_one_export_and_told_once(dina, session):
    for _ in range(5):
        dina.post(f"{PAGE}/all", {"password": PASSWORD, "form": "csv", "key": "form-key-1"})
    assert [one.kind for one in leaving.unseen(session)] == [leaving.Leaving.ALL_DATA]


def test_the_office_makes_no_archive(as_, school):
    as_(school.olga).get(PAGE, status=403)
