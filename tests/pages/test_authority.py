"""Дина sends the authority its report: the figures of control, families and certification, on screen, paper and in
JSON (R60)."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from ejd import clock
from ejd.application import create_app
from ejd.compliance import authority
from ejd.compliance.authority_report import FIGURES, SchoolReport, read_json, to_json
from ejd.compliance.families import guardians_of
from ejd.config import Config
from ejd.credentials.holders import custom_of
from ejd.credentials.models import Account
from ejd.credentials.register import figures
from ejd.db import db
from ejd.roster.models import Person
from ejd.school.settings import load
from tests.half_term import FIRST, LAST, NOW, HalfTerm
from tests.journal import Hand
from tests.test_migrations import empty_database

DAYS = f"from={FIRST}&to={LAST}"


@pytest.fixture
def dina(as_, school):
    return as_(school.dina)


def test_each_page_tells_its_figures_and_how_they_are_counted(dina, at_most):
    pages = {"journals": "Отметки: внесено отметок", "families": "Семьи: на бумаге, отказ",
             "sheets": "Недельные листы: выдано в срок"}
    for part, word in pages.items():
        with at_most(8):
            page = dina.get(f"/admin/report?part={part}&{DAYS}")
        assert word in page.words and "Школа № 12" in page.words


@pytest.mark.parametrize("form", ["json", "xlsx", "pdf"])
def test_the_file_asks_what_its_three_pages_ask(dina, at_most, form):
    with at_most(3 * 7):
        dina.get(f"/admin/report.{form}?{DAYS}")


def test_the_file_has_what_control_shows(as_, school, dina):
    """A late mark and one in time, counted once each, as on the control page."""
    anna, lesson = Hand(school, school.anna), school.lesson(school.course("7А", "Математика"), date(2026, 9, 8))
    anna.puts(lesson, school.vitya, "5")  # nine days after
    anna.puts(school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)), school.vitya, "4")
    report = read_json(dina.get(f"/admin/report.json?{DAYS}").response.data)
    told = report.figures
    assert (report.school, report.first, report.last) == ("Школа № 12", FIRST, LAST)
    assert [told[f"marks_{name}"] for name in ("entered", "late", "on_time", "longest_delay")] == [2, 1, 1, 2]
    assert told["classes"] == 3 and told["guardians"] == told["guardians_electronic"] == 4


def test_a_whole_half_term_agrees_with_control(school, session):
    with clock.freeze(NOW):
        HalfTerm(school, seed=5).live()
        report = authority.report_for(session, first=FIRST, last=LAST, settings=load(session), today=clock.today(),
                                      now=clock.now(), real_now=clock.real_now())
    figures = report.figures
    assert list(figures) == list(FIGURES)
    assert figures["marks_entered"] == sum(figures[f"marks_{name}"] for name in ("on_time", "late", "before_control"))
    assert figures["homework_owed"] == sum(figures[f"homework_{name}"] for name in (
        "on_time", "late", "missing", "awaited"))
    assert figures["marks_late"] > 0 < figures["homework_missing"]


def test_no_name_of_anybody_leaves_in_it(dina, school, session):
    said = dina.get(f"/admin/report.json?{DAYS}").response.text
    assert not [person.last_name for person in session.query(Person) if person.last_name in said]


def test_on_paper_and_in_a_workbook(dina):
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(
        dina.get(f"/admin/report.pdf?{DAYS}").response.data)).pages)
    assert "Отчёт о ведении электронного журнала" in text and "1 сентября 2026" in text.replace("\xa0", " ")
    sheet = load_workbook(BytesIO(dina.get(f"/admin/report.xlsx?{DAYS}").response.data)).active
    assert "Отметки: внесено отметок" in {cell.value for cell in sheet["B"]}


@pytest.mark.parametrize(("asked", "says"), [
    ("from=вчера", "Дата записывается как"), ("from=2026-09-10&to=2026-09-01", "раньше первого")])
def test_a_span_that_makes_no_sense_is_said(dina, asked, says):
    assert says in dina.get(f"/admin/report?{asked}", status=422).words
    assert says in dina.get(f"/admin/report.json?{asked}", status=422).words


def test_an_unknown_form_of_file_is_not_there(dina):
    dina.get("/admin/report.doc", status=404)
    dina.get("/admin/report?part=чепуха")


def run(app, *words):
    return app.test_cli_runner().invoke(args=["report", *map(str, words)])


def school_file(tmp_path, name, *, first=FIRST, **figures):
    path = tmp_path / f"{name}.json"
    report = SchoolReport(name, first, LAST, LAST, dict.fromkeys(FIGURES, 0) | figures)
    path.write_text(to_json(report), encoding="utf-8")
    return path


def test_a_report_is_made_on_the_command_line(app, tmp_path):
    other = create_app(Config(instance=tmp_path, database_url=empty_database(app, tmp_path), secret_key="x"))
    out, days = tmp_path / "school.json", ("--first", FIRST, "--last", "30.09.2026")
    with other.app_context():
        assert "База пуста" in run(other, "make", *days, "--out", out).output
        other.test_cli_runner().invoke(args=["init"])
        said = run(other, "make", *days, "--out", out)
        assert said.exit_code == 0, said.output
        for words, complaint in ((("--first", LAST, "--last", FIRST, "--out", out), "раньше первого"),
                                 ((*days, "--out", tmp_path / "a.doc"), "кончается на .json")):
            refused = run(other, "make", *words)
            assert refused.exit_code != 0 and complaint in refused.output
        db.session.remove()
        db.engine.dispose()
    made = read_json(out.read_bytes())
    assert made.first == FIRST and not any(made.figures.values())


def test_several_schools_lie_side_by_side(app, tmp_path):
    one = school_file(tmp_path, "Школа № 5", marks_on_time=3, marks_late=1)
    other = school_file(tmp_path, "=Школа", first=date(2026, 9, 10), marks_on_time=2)
    out = tmp_path / "table.csv"
    said = run(app, "combine", one, other, "--out", out)
    assert said.exit_code == 0 and "за разные дни" in said.output
    rows = list(csv.DictReader(StringIO(out.read_bytes().decode("utf-8-sig")), delimiter=";"))
    by_school = {row["Школа"]: row for row in rows}
    assert by_school["Школа № 5"]["Отметки вовремя"].replace("\xa0", " ") == "75 %"
    assert by_school["Школа № 5"]["Отметки: с опозданием"] == "1" and "'=Школа" in by_school
    assert len(rows[0]) == len(set(rows[0])) == 4 + 6 + len(FIGURES)
    book = tmp_path / "table.xlsx"
    assert "за разные дни" not in run(app, "combine", one, "--out", book).output
    assert load_workbook(book).active["A5"].value == "Школа № 5"


def test_a_bad_file_is_named_and_nothing_is_written(app, tmp_path):
    good, bad, out = school_file(tmp_path, "Школа № 5"), tmp_path / "bad.json", tmp_path / "table.csv"
    bad.write_text(json.dumps(json.loads(good.read_text(encoding="utf-8")) | {"version": 7}), encoding="utf-8")
    twice = tmp_path / "twice.json"
    twice.write_bytes(good.read_bytes())
    for wrong, says in ((bad, "bad.json: другая версия"), (tmp_path / "no.json", "no.json: файл не читается"),
                        (twice, "twice.json: отчёт той же школы"), (good, "отчёт той же школы")):
        refused = run(app, "combine", good, wrong, "--out", out)
        assert refused.exit_code != 0 and says in refused.output and not out.exists()
    assert "кончается на" in run(app, "combine", good, "--out", tmp_path / "table.doc").output


def test_who_has_children_in_two_classes_signs_in_once(school, session, dina):
    """R60: Вера stands in the registers of 7А and 1А; the page of control says the same of her."""
    def told():
        return read_json(dina.get(f"/admin/report.json?{DAYS}").response.data).figures

    registers = figures(session, custom=custom_of(load(session)), today=clock.today(), real_now=clock.real_now())
    assert told()["logins_due"] == sum(one.people for one in registers) - 1
    assert told()["logins_used"] == 0
    account = Account(person_id=school.vera.id, login="vera", password_hash="одноразовый", created_at=clock.now())
    session.add(account)
    session.flush()
    for must_change in (True, False):
        account.must_change = must_change
        session.flush()
        assert told()["logins_used"] == (not must_change)
        _, guardians = guardians_of(session, year_id=school.school_class("7А").year_id, day=clock.today())
        hers = [row.signed_in for row in guardians if row.guardian_id == school.vera.id]
        assert hers == 2 * [not must_change]
