"""All data of the school out, and into an empty installation: the same school, row by row (R54)."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date

import pytest
from sqlalchemy import create_engine, func, insert, make_url, select, text

from ejd import clock
from ejd.access import Position
from ejd.application import create_app
from ejd.archive import codes, formats, glossary, signing, tables
from ejd.archive import export as exporting
from ejd.archive.bringing import bring_in, open_export
from ejd.audit import leaving, trail
from ejd.config import Config
from ejd.credentials.models import Account
from ejd.db import Base, db
from ejd.families.provision import Form, PaperKind
from ejd.families.wording import LetterKind
from ejd.homeroom.models import NoteKind
from ejd.jobs.models import Job
from ejd.journal.expecting import Awaiting, Presence
from ejd.journal.models import ExcuseState, Mark
from ejd.news.due import Often, Topic
from ejd.privacy.grounds import Basis
from ejd.refusal import Refused
from ejd.results.models import Period
from ejd.roster.models import CourseKind, MarkingScheme, Subject
from ejd.schedule.models import Lesson, LessonState
from ejd.schema import bring_forward, head
from ejd.school.models import TermScheme
from tests.certification import certified_copy
from tests.half_term import HalfTerm
from tests.homework import attach, give
from tests.world import NOW

FILES = "files"


@pytest.fixture
def filled(app, school, session, tmp_path):
    """The school after half a term, with a file, secrets, a re-taken mark and a moved lesson."""
    HalfTerm(school, 5).live()
    given = give(school, school.lesson(school.course("7А", "Математика"), date(2026, 9, 14)), [school.vitya])
    attach(school, given, "план.txt", "План\n".encode())
    certified_copy(school)
    for number, one in enumerate((school.anna, school.vera)):
        session.add(Account(person_id=one.id, login=f"one{number}", password_hash="$argon2id$hash", must_change=False,
                            created_at=NOW))
    session.add(Job(kind="cards", params="{}", owner_id=school.dina.id, key="job-key-12", made_at=NOW))
    first, *_, last = session.scalars(select(Lesson).order_by(Lesson.id)).all()
    first.moved_to_id, first.state = last.id, "moved"  # a row that refers to a later one
    session.add(Subject(name="\\N, «Наука» и\r\n\"жизнь\"\rбез конца\\", short_name="\\"))
    session.flush()
    return session


def taken_out(app, session, tmp_path, *, name="out.zip", **given):
    path = tmp_path / name
    with path.open("wb") as target:
        exporting.export(session, target, key=signing.own_key(tmp_path / "keys"), school="Школа № 12", now=NOW,
                         files=files_of(app), revision=head(), **given)
    return path


def files_of(app):
    from pathlib import Path

    return Path(app.instance_path) / FILES


def contents(path):
    """The files of an export, without what tells of the file itself."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.startswith(("manifest", "public"))}


def empty_installation(app, tmp_path, kind):
    """The address of a database without a table in it: of the run's kind, or SQLite."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if kind == "sqlite" or url.get_backend_name() == "sqlite":
        return f"sqlite:///{tmp_path / f'{kind}.sqlite'}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS ejd_second"))
        connection.execute(text("CREATE DATABASE ejd_second TEMPLATE template0 LOCALE 'C.UTF-8'"))
    engine.dispose()
    return url.set(database="ejd_second").render_as_string(hide_password=False)


def brought_in(app, tmp_path, path, kind, form):
    """The export after it was brought into an empty installation and taken out of that."""
    other = create_app(Config(instance=tmp_path / kind, secret_key="x",
                              database_url=empty_installation(app, tmp_path, kind)))
    with other.app_context():
        bring_forward()
        with clock.freeze(NOW):
            rows = bring_in(db.session, path, open_export(path, revision=head()), files=tmp_path / kind / FILES)
        db.session.commit()
        again = tmp_path / f"{kind}.zip"
        with again.open("wb") as target:
            out = exporting.export(db.session, target, key=signing.own_key(tmp_path / "keys"), school="Школа № 12",
                                   files=tmp_path / kind / FILES, revision=head(), form=form, secrets=True, now=NOW)
        assert rows == out
        db.session.add(Subject(name="Новый", short_name="Нов."))  # numbering goes on
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return again


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_empty_installation_becomes_the_same_school_on_either_database_and_back(app, filled, tmp_path, form):
    """Of the run's database into SQLite, and from there into one of the run's kind: every row of every table."""
    first = taken_out(app, filled, tmp_path, form=form, secrets=True)
    second = brought_in(app, tmp_path, first, "sqlite", form)
    assert contents(second) == contents(first)
    third = brought_in(app, tmp_path, second, "same", form)
    assert contents(third) == contents(first)
    told = contents(first)
    assert told[f"tables/mark.{form}"].count(b"\n") > 100
    assert sum(name.startswith("files/") for name in told) == 1


def test_every_table_of_the_school_goes_but_those_that_are_named(app, filled, tmp_path):
    told = contents(taken_out(app, filled, tmp_path, secrets=True))
    assert {name[7:-4] for name in told if name.startswith("tables/")} == set(Base.metadata.tables) - tables.NEVER
    for name in set(Base.metadata.tables) - tables.NEVER:
        rows = filled.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
        assert len(list(formats.read_csv(io.StringIO(told[f"tables/{name}.csv"].decode(), newline="")))) == rows, name


def test_secrets_stay_unless_they_are_asked_for(app, filled, tmp_path):
    told = contents(taken_out(app, filled, tmp_path))
    assert b"argon2id" not in b"".join(told.values()) and b"one0" in told["tables/account.csv"]
    assert not tables.SECRET & {name[7:-4] for name in told}
    assert b"argon2id" in b"".join(contents(taken_out(app, filled, tmp_path, secrets=True)).values())


def test_whatever_looks_like_a_secret_is_decided_about():
    """A new column with such a name has to be classified in ejd/archive/tables.py."""
    for name, table in Base.metadata.tables.items():
        for column in table.columns:
            if re.search(r"hash|token|sealed|secret|password", column.name):
                assert name in tables.NEVER | tables.SECRET or column.name in tables.EMPTIED.get(name, ()), column


def test_what_refers_to_a_row_that_never_goes_is_emptied():
    for name, table in Base.metadata.tables.items():
        for key in table.foreign_keys:
            if key.column.table.name in tables.NEVER and name not in tables.NEVER:
                assert key.parent.name in tables.OF_NEVER[name] and key.parent.nullable
            assert name in tables.SECRET | tables.NEVER or key.column.table.name not in tables.SECRET


def test_every_table_and_column_is_described(app, filled, tmp_path):
    told = contents(taken_out(app, filled, tmp_path))
    described = {one["table"]: one for one in json.loads(told["description.json"])}
    mark = {column["name"]: column for column in described["mark"]["columns"]}
    assert mark["lesson_id"]["refers_to"] == "lesson.id" and mark["received_on"]["kind"] == "date"
    assert mark["after_closing"] == {"name": "after_closing", "kind": "boolean", "may_be_empty": False,
                                     "refers_to": "", "meaning": "внесено в закрытый период по разрешению"}
    attendance = {column["name"]: column for column in described["attendance"]["columns"]}
    assert attendance["code"]["codes"]["б"] == "болезнь"
    assert described["account"]["columns"][3]["left_out"]
    assert all(set(Base.metadata.tables[name].columns.keys()) == {column["name"] for column in one["columns"]}
               for name, one in described.items())
    text = told["Описание.txt"].decode()
    assert "mark – Отметки: одна отметка ученика на уроке" in text
    assert "  lesson_id – урок (число, → lesson.id)" in text and "    cancelled – отменён" in text


def test_every_table_and_column_has_russian_words_and_none_too_many(app):
    columns = {f"{name}.{column.name}" for name, table in Base.metadata.tables.items() if name not in tables.NEVER
               for column in table.columns}
    assert Base.metadata.tables.keys() - tables.NEVER == glossary.TABLES.keys()
    assert [key for key in columns if not re.search("[а-яё]", glossary.said_of(*key.split(".")))] == []
    assert glossary.OF_TABLE.keys() <= columns and codes.CODES.keys() <= columns
    assert glossary.COLUMNS.keys() <= {key.split(".")[1] for key in columns - glossary.OF_TABLE.keys()}


@pytest.mark.parametrize(("column", "known"), [
    ("course.kind", CourseKind), ("course.scheme", MarkingScheme), ("employment.position", Position),
    ("excuse.state", ExcuseState), ("expectation.awaiting", Awaiting), ("attendance.code", Presence),
    ("lesson.state", LessonState), ("term.scheme", TermScheme), ("term_mark.period", Period),
    ("service_form.form", Form), ("service_paper.kind", PaperKind), ("note.kind", NoteKind),
    ("letter.kind", LetterKind), ("processing_basis.kind", Basis), ("news_address.often", Often),
    ("news_address.topics", Topic),
    ("bulk_export.kind", leaving.Leaving), ("audit_record.verb", trail.VERBS)])
def test_every_code_that_may_stand_there_has_its_words(column, known):
    assert {str(code) for code in known} == codes.CODES[column].keys()
    assert all(codes.CODES[column].values())


@pytest.mark.parametrize(("wrong", "said"), [("other version", "версией базы"), ("changed", "изменён или повреждён"),
                                             ("not empty", "только в новую установку")])
def test_what_does_not_fit_is_refused_and_nothing_is_there(app, filled, tmp_path, wrong, said):
    path = taken_out(app, filled, tmp_path, secrets=True)
    if wrong == "changed":
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.write_bytes(body)
    other = create_app(Config(instance=tmp_path / "other", database_url=f"sqlite:///{tmp_path / 'o.sqlite'}",
                              secret_key="x"))
    with other.app_context():
        bring_forward()
        if wrong == "not empty":
            db.session.execute(insert(Base.metadata.tables["subject"]).values(name="Химия", short_name="Хим."))
        with pytest.raises(Refused, match=said):
            manifest = open_export(path, revision="0001" if wrong == "other version" else head())
            bring_in(db.session, path, manifest, files=tmp_path / "other" / FILES)
        assert not (tmp_path / "other" / FILES).exists() and not db.session.scalars(select(Mark)).all()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("value", [
    "", None, "\\N", "\\", "\\\\N", "a,b;\"c\"", "две\nстроки", "\r", " x ", "}", "{", "true", "№ 5 ☺", 0, -7])
def test_a_value_reads_back_as_it_was(form, value):
    out = io.BytesIO()
    write, read = formats.FORMATS[form]
    assert write(out, ["id", "value"], [[1, value], [2, "x"]]) == 2
    rows = list(read(io.StringIO(out.getvalue().decode(), newline="")))
    assert len(rows) == 2 and str(rows[1]["value"]) == "x"
    assert rows[0]["value"] == (str(value) if form == "csv" and value is not None else value)
