"""`flask archive`: make, verify, export, import, key (R54). Bad input ends non-zero with one clear line."""

from __future__ import annotations

import stat
from datetime import date

import pytest
from flask_migrate import upgrade
from sqlalchemy import delete, select

from ejd import clock
from ejd.application import create_app
from ejd.config import Config
from ejd.db import db
from ejd.journal.models import WorkKind
from ejd.roster.models import Person
from ejd.schedule.models import Lesson
from ejd.schema import MIGRATIONS, bring_forward, current
from ejd.school.models import SchoolYear
from tests.world import build_world


def installation(folder):
    return create_app(Config(instance=folder, secret_key="x", database_url=f"sqlite:///{folder / 'ejd.sqlite'}"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The school of the tests in an installation of its own, its year over after one day."""
    folder = tmp_path_factory.mktemp("installed")
    app = installation(folder)
    with app.app_context():
        bring_forward()
        db.session.execute(delete(WorkKind))
        build_world()
        year = db.session.scalars(select(SchoolYear)).one()
        year.ends_on = year.starts_on
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def run(app, *words):
    return app.test_cli_runner().invoke(args=["archive", *map(str, words)])


def told(said):
    return said.output.replace("\xa0", " ")


@pytest.fixture(scope="module")
def everything(installed, tmp_path_factory):
    path = tmp_path_factory.mktemp("out") / "all.zip"
    said = run(installed, "export", "--out", path)
    assert said.exit_code == 0 and "Паролей в файле нет" in said.output
    return path


def test_an_export_is_whole_and_for_its_owner_alone(installed, everything):
    assert stat.S_IMODE(everything.stat().st_mode) == 0o600
    said = run(installed, "verify", everything)
    assert said.exit_code == 0 and "Архив цел: Школа № 12" in said.output and "Отпечаток ключа" in said.output


def test_a_changed_byte_ends_it_non_zero_and_names_the_file(installed, everything, tmp_path):
    body = bytearray(everything.read_bytes())
    body[body.index("Мамин-Сибиряк".encode())] ^= 1
    (tmp_path / "changed.zip").write_bytes(body)
    said = run(installed, "verify", tmp_path / "changed.zip")
    assert said.exit_code == 1
    assert "tables/person.csv: изменён" in told(said) and "Архив не цел: 1 ошибка" in told(said)


def test_it_comes_into_an_empty_installation_once(everything, tmp_path):
    other = installation(tmp_path)
    with other.app_context():
        said = run(other, "import", everything)
        assert said.exit_code == 0 and "Загружено" in said.output
        assert db.session.scalars(select(Person).filter_by(last_name="Мамин-Сибиряк")).one()
        db.session.remove()
        again = run(other, "import", everything)
        assert again.exit_code == 1 and "База не пуста" in again.output
        db.session.remove()
        db.engine.dispose()


def test_an_older_database_is_not_brought_forward_to_be_filled(everything, tmp_path):
    other = installation(tmp_path)
    with other.app_context():
        upgrade(directory=str(MIGRATIONS), revision="0001")
        said = run(other, "import", everything)
        assert said.exit_code == 1 and "другой версией программы" in said.output
        assert current() == "0001"
        db.session.remove()
        db.engine.dispose()


def test_a_stranger_knows_the_file_by_the_schools_public_key(installed, everything, tmp_path):
    said = run(installed, "key")
    (tmp_path / "school.pem").write_text(said.output.partition("Отпечаток")[0], encoding="ascii")
    other = installation(tmp_path / "other")
    with other.app_context():
        assert "сравните отпечаток" in run(other, "verify", everything).output
        assert run(other, "verify", everything, "--key", tmp_path / "school.pem").exit_code == 0
        run(other, "key")  # now it has a key of its own
        said = run(other, "verify", everything)
        assert said.exit_code == 1 and "подписано другим ключом" in said.output


@pytest.fixture
def closed(installed):
    """The installation's year, closed for the while of a test."""
    year = db.session.scalars(select(SchoolYear)).one()
    year.closed_at = clock.at(year.ends_on, 23)
    db.session.commit()
    yield year
    year = db.session.scalars(select(SchoolYear)).one()
    year.closed_at = None
    db.session.commit()


def test_a_year_is_archived_by_the_year_it_began_in(installed, closed, tmp_path):
    said = run(installed, "make", "--year", "2026", "--out", tmp_path / "year.zip")
    assert said.exit_code == 0, said.output
    assert "3 класса" in told(said) and "черновик" not in told(said)
    assert run(installed, "verify", tmp_path / "year.zip").exit_code == 0


def test_a_draft_is_called_so(installed, tmp_path):
    said = run(installed, "make", "--year", "2026", "--out", tmp_path / "year.zip")
    assert said.exit_code == 1 and "Открыто: I четверть – 1А, 7А, 7Б" in told(said)
    said = run(installed, "make", "--year", "2026", "--out", tmp_path / "year.zip", "--draft")
    assert said.exit_code == 0 and "Это черновик. Учебный год 2026/2027 не закрыт" in told(said)
    assert [one.name for one in tmp_path.iterdir()] == ["year (черновик).zip"]
    assert run(installed, "verify", tmp_path / "year (черновик).zip").output.startswith("ЧЕРНОВИК.")


@pytest.mark.parametrize(("words", "said"), [
    (("make", "--year", "1999", "--out", "new.zip"), "Учебного года 1999/2000 в базе нет"),
    (("make", "--year", "2026", "--out", "there.zip"), "уже есть"),
    (("export", "--out", "no/such/folder/all.zip"), "не записать"),
    (("expire", "--year", "1999"), "Учебного года 1999/2000 в базе нет"),
    (("expire", "--year", "2026", "--archive", "there.zip"), "журналы хранят до 31 декабря 2031"),
    (("verify", "nothing.zip"), "не читается"),
    (("verify", "there.zip"), "не открывается"),
    (("verify", "there.zip", "--key", "there.zip"), "нет открытого ключа"),
    (("verify", "there.zip", "--key", "nothing.pem"), "Ключ не читается"),
    (("import", "there.zip"), "изменён или повреждён"),
])
def test_bad_input_is_said_in_one_line(installed, tmp_path, words, said):
    (tmp_path / "there.zip").write_bytes(b"not a zip")
    answer = run(installed, *(str(tmp_path / word) if word.endswith((".zip", ".pem")) else word for word in words))
    assert answer.exit_code == 1 and said in told(answer), answer.output
    assert not list(tmp_path.glob("*.part"))


def test_what_has_outlived_its_time_is_shown_first_and_goes_by_yes(installed, closed, tmp_path):
    path = tmp_path / "year.zip"
    assert run(installed, "make", "--year", "2026", "--out", path).exit_code == 0
    assert "журналы до 31.12.2031, сводные ведомости до 31.12.2051 – ничего не удаляется" in told(
        run(installed, "expire"))
    with clock.freeze(clock.at(date(2032, 1, 1), 12)):
        assert "пора удалить: журналы" in told(run(installed, "expire"))
        assert "Назовите архив" in run(installed, "expire", "--year", "2026").output
        said = run(installed, "expire", "--year", "2026", "--archive", path)
        assert said.exit_code == 0 and "Уроки: " in said.output and "повторите с --yes" in said.output
        assert db.session.scalars(select(Lesson)).first() is not None
        said = run(installed, "expire", "--year", "2026", "--archive", path, "--yes")
        assert said.exit_code == 0 and "2026/2027: журналы удалены из базы" in told(said)
        assert db.session.scalars(select(Lesson)).first() is None
        assert "журналы удалены, сводные ведомости до 31.12.2051" in told(run(installed, "expire"))
