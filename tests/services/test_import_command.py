"""`flask --app app import`: stops with the list of what is asked, ends non-zero with one clear line on bad input."""

import pytest
from sqlalchemy import func, select

from ejd.importing.commands import import_files
from ejd.roster.models import Person

HEADER = "Класс;ФИО;Дата рождения;Пол;Мать"
LEV = "7Б;Лев Ян Львович;05.11.2012;м;"
OLEG = "7Б;Волков Олег Павлович;05.11.2011;м;Волкова Вера Викторовна"


@pytest.fixture
def run(app, school, tmp_path):
    """Run the command with files given as lines; its exit code and what it said."""

    def run(*lines, options=(), name="list.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        result = app.test_cli_runner().invoke(import_files, [str(path), *options])
        return result.exit_code, result.output

    return run


def people(session):
    return session.scalar(select(func.count()).select_from(Person))


def test_a_list_goes_in_and_the_counts_are_told(run, session, school):
    code, told = run(HEADER, LEV)
    assert code == 0
    assert "Ученики: новых 1" in told and "хранить нельзя, не загружаются: Пол" in told
    assert school.person("Лев", "Ян")


def test_what_is_proposed_stops_it_with_the_list(run, session):
    before = people(session)
    code, told = run(HEADER, OLEG)
    assert code != 0 and "Волкова Вера Викторовна: " in told and "--accept-proposed" in told
    assert people(session) == before


def test_what_is_proposed_is_taken_when_said_so(run, session):
    before = people(session)
    code, _ = run(HEADER, OLEG, options=["--accept-proposed"])
    assert code == 0
    assert people(session) == before + 1


def test_rejections_are_told_with_their_place(run):
    code, told = run(HEADER, LEV, "7Б;Ли;05.11.2012;м;")
    assert code == 0
    assert "list.csv, строка 3, «ФИО»: «Ли» – не полное имя" in told


def test_only_a_preview_writes_nothing(run, session):
    before = people(session)
    assert run(HEADER, LEV, options=["--preview"])[0] == 0
    assert people(session) == before


@pytest.mark.parametrize("line", ["", "\0\0\0", "Борщ;Соль"])
def test_bad_input_ends_non_zero_with_one_clear_line(run, session, line):
    before = people(session)
    code, told = run(line)
    assert code == 1 and "Ничего не записано" in told and "Traceback" not in told
    assert people(session) == before


def test_a_file_that_is_not_there_is_told_in_one_line(app, school, tmp_path):
    result = app.test_cli_runner().invoke(import_files, [str(tmp_path / "нет.xlsx")])
    assert result.exit_code == 1 and "нет.xlsx не найден" in result.output


def test_the_same_again_says_so(run):
    run(HEADER, LEV)
    assert "менять нечего" in run(HEADER, LEV)[1]
