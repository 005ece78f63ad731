"""`flask --app app print-journal`: journals as files; one clear Russian line and a non-zero end on bad input (R51)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ejd import clock
from ejd.certification.commands import print_journal
from ejd.certification.models import PrintedJournal


@pytest.fixture
def run(app, school):
    def run(*options):
        result = app.test_cli_runner().invoke(print_journal, [str(one) for one in options])
        return result.exit_code, result.output

    with clock.freeze(clock.now()):
        yield run


def test_one_class_goes_into_the_file(run, session, tmp_path):
    code, told = run("--class", "7а", "--term", "1", "--out", tmp_path / "a" / "7А.pdf")
    assert code == 0 and "Готово: 1 журнал" in told.replace("\u00a0", " ")
    assert (tmp_path / "a" / "7А.pdf").read_bytes().startswith(b"%PDF")
    [row] = session.scalars(select(PrintedJournal)).all()
    assert row.printed_by_id is None and row.term_id is not None


def test_all_classes_go_into_the_folder(run, tmp_path):
    code, _ = run("--all", "--out", tmp_path)
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"Классный журнал {name}, год.pdf" for name in ("1А", "7А", "7Б")]


@pytest.mark.parametrize(("options", "told"), [
    (["--class", "7Щ"], "Класса 7Щ в 2026/2027 учебном году нет"),
    (["--class", "что-то"], "Класса что-то в 2026/2027 учебном году нет"),
    (["--class", "7А", "--year", "2001"], "Учебного года 2001 нет"),
    (["--class", "7А", "--term", "3"], "Этот период ещё не начался: печатать нечего"),
    (["--class", "7А", "--all"], "Назовите один класс (--class 7А) или все (--all)"),
    ([], "Назовите один класс (--class 7А) или все (--all)"),
])
def test_what_is_wrong_is_said_in_one_line(run, session, tmp_path, options, told):
    code, output = run(*options, "--out", tmp_path / "out.pdf")
    assert code != 0 and output.strip().splitlines()[-1] == told
    assert not session.scalars(select(PrintedJournal)).all()


def test_a_folder_is_no_file(run, tmp_path):
    code, output = run("--class", "7А", "--out", tmp_path)
    assert code != 0 and "папка" in output
