"""A finished year as one file that opens without the program, and is verified later (R54)."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd import clock
from ejd.archive import facts, packing, signing
from ejd.archive.year import SUMMARY_FILE, make_year
from ejd.journal.models import Mark, TermClosing
from ejd.refusal import Refused
from ejd.results.models import TermMark
from ejd.roster.models import SchoolClass
from ejd.school.models import SchoolYear
from tests.certification import certified_copy, quarter
from tests.half_term import HalfTerm
from tests.journal import Hand

YEAR_OVER = date(2027, 6, 1)


@pytest.fixture
def lived(school, session):
    """A year with half a term of marks, an illness, a result, and a topic that looks like a formula."""
    HalfTerm(school, 5).live()
    anna = Hand(school, school.anna)
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 14))
    anna.notes(school.lesson(school.course("7А", "Математика"), date(2026, 9, 17)), school.vitya, "б",
               at=clock.at(date(2026, 9, 29), 10))
    anna.writes_topic(lesson, "=1+1; «Дроби»", at=clock.at(date(2026, 9, 29), 10))
    term = quarter(school)
    session.add(TermMark(pupil_id=school.vitya.id, class_id=school.school_class("7А").id,
                         subject_id=school.course("7А", "Математика").subject_id,
                         year_id=term.year_id, period="term", term_id=term.id, value="4", suggested="4",
                         entered_on=date(2026, 10, 20), entered_at=clock.at(date(2026, 10, 20), 12),
                         entered_by_id=school.anna.id))
    certified_copy(school)
    session.get_one(SchoolYear, term.year_id).closed_at = clock.at(YEAR_OVER, 11)
    session.flush()
    return session

def archived(session, school, tmp_path):
    path = tmp_path / "year.zip"
    with clock.freeze(clock.at(YEAR_OVER, 12)), path.open("wb") as target:
        made = make_year(session, target, year_id=quarter(school).year_id, key=signing.own_key(tmp_path / "keys"),
                         now=clock.now(), tell=lambda done, total: None)
    assert made.classes == 3 and not made.draft
    return path


def rows_of(opened, name):
    text = opened.read(f"Данные/{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def text_of(pdf):
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_it_opens_without_the_program_and_holds_what_the_school_knows(lived, school, tmp_path):
    path = archived(lived, school, tmp_path)
    with zipfile.ZipFile(path) as opened:
        assert {name for name in opened.namelist() if name.startswith("Журналы")} == {
            f"Журналы, хранить 5 лет/{name}.pdf" for name in ("1А", "7А", "7Б")}
        journal = text_of(opened.read("Журналы, хранить 5 лет/7А.pdf"))
        assert "Мамин-Сибиряк" in journal and "Математика" in journal
        assert "7А" in text_of(opened.read("Журнал заверений.pdf"))
        marks = rows_of(opened, "Отметки")
        assert len(marks) == len(lived.scalars(select(Mark)).all()) > 100
        assert sum(row["Отменена"] == "" for row in marks) == len(
            lived.scalars(select(Mark).where(Mark.withdrawn_at.is_(None))).all())
        assert {row["Ученик"] for row in marks} >= {"Волков Виктор Павлович"}
        [topic] = [row for row in rows_of(opened, "Уроки") if "=1+1" in row["Тема"]]
        assert topic["Тема"] == "'=1+1; «Дроби»" and topic["Дата"] == "14.09.2026" and topic["Класс"] == "7А"
        assert [row["Отметка"] for row in rows_of(opened, "Итоговые отметки")] == ["4"]
        assert {row["Отметка"] for row in rows_of(opened, "Посещаемость")} >= {"у"}
        assert "б" not in {row["Отметка"] for row in rows_of(opened, "Посещаемость")}  # R40
        assert len(rows_of(opened, "Ученики")) == 13 and rows_of(opened, "Исправления")
        described = opened.read("Описание.txt").decode()
        for one in facts.TABLES:
            assert f"{one.name}.csv" in described and all(name in described for name, _ in one.columns)


def test_it_is_verified_and_any_changed_byte_is_found_in_its_file(lived, school, tmp_path):
    path = archived(lived, school, tmp_path)
    own = signing.own_key(tmp_path / "keys").public_key()
    assert packing.check(path, key=own).faults == ()
    body = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as opened:
        for info in opened.infolist():
            place = info.header_offset + 30 + len(info.filename.encode()) + info.file_size // 2
            changed = bytearray(body)
            changed[place] ^= 1
            copy = tmp_path / "changed.zip"
            copy.write_bytes(changed)
            assert any(fault.startswith(info.filename) for fault in packing.check(copy, key=own).faults), info.filename


def test_summary_sheets_are_taken_out_and_kept_on_as_a_signed_file_of_their_own(lived, school, tmp_path):
    with (zipfile.ZipFile(archived(lived, school, tmp_path)) as opened, (tmp_path / "sheets.zip").open("wb") as out,
          opened.open("Сводные ведомости, хранить 25 лет.zip") as inner):
        shutil.copyfileobj(inner, out)
    checked = packing.check(tmp_path / "sheets.zip", key=signing.own_key(tmp_path / "keys").public_key())
    assert checked.faults == () and checked.manifest["what"] == "summary_sheets"
    assert checked.manifest["rows"] == {"Ученики": 13, "Итоговые отметки": 1, "Исправления итоговых отметок": 0,
                                        "Поведение": 0}
    with zipfile.ZipFile(tmp_path / "sheets.zip") as sheets:
        assert "Волков" in text_of(sheets.read("Сводные ведомости/7А.pdf"))
        assert [row["Отметка"] for row in rows_of(sheets, "Итоговые отметки")] == ["4"]
        assert "Итоговые отметки.csv" in sheets.read("Описание.txt").decode()


def refused(session, school, day):
    with clock.freeze(clock.at(day, 12)), pytest.raises(Refused) as reason:
        make_year(session, io.BytesIO(), year_id=quarter(school).year_id, key=None, now=clock.now(), tell=None)
    return str(reason.value).replace("\xa0", " ")


def test_a_year_that_goes_on_is_not_archived(session, school):
    assert "ещё идёт: архив делают после 26 мая 2027" in refused(session, school, date(2027, 5, 26))


def test_a_year_that_is_over_but_open_is_not_archived_and_what_is_open_is_named(session, school):
    HalfTerm(school, 5)
    assert "Открыто: I четверть – 1А, 7А, 7Б" in refused(session, school, YEAR_OVER)
    term = quarter(school)
    for one in session.scalars(select(SchoolClass).filter_by(year_id=term.year_id)).all():
        session.add(TermClosing(class_id=one.id, term_id=term.id, closed_at=clock.at(YEAR_OVER, 9),
                                closed_by_id=school.dina.id))
    session.flush()
    assert "все его периоды закрыты: закройте год" in refused(session, school, YEAR_OVER)


def test_a_draft_is_made_of_an_open_year_and_says_what_it_is(session, school, tmp_path):
    path = tmp_path / "draft.zip"
    with clock.freeze(clock.at(YEAR_OVER, 12)), path.open("wb") as target:
        made = make_year(session, target, year_id=quarter(school).year_id, key=signing.own_key(tmp_path / "keys"),
                         now=clock.now(), tell=lambda done, total: None, draft=True)
    assert made.draft
    with zipfile.ZipFile(path) as opened, zipfile.ZipFile(io.BytesIO(opened.read(SUMMARY_FILE))) as sheets:
        for one in (opened, sheets):
            manifest = json.loads(one.read("manifest.json"))
            assert manifest["draft"] is True and manifest["closed"] is False
            assert "ЧЕРНОВИК: год не закрыт" in one.read("Описание.txt").decode()


@pytest.mark.parametrize(("value", "told"), [
    (None, ""), (date(2026, 9, 1), "01.09.2026"), ("=1+1", "'=1+1"), ("@x", "'@x"), ("-", "'-"), ("5", "5"), (7, 7),
    ("а;б", "а;б"), (clock.at(date(2026, 9, 1), 8, 30), "01.09.2026 08:30")])
def test_a_cell_reads_as_a_person_reads_it_and_is_never_a_formula(value, told):
    assert facts.in_cell(value) == told
