"""The command line's own doors: preparing a database and letting the first person in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ejd.access import Act, Position, may
from ejd.application import create_app
from ejd.clock import freeze, now, today
from ejd.config import ROOT, Config
from ejd.credentials import passwords, second_factor
from ejd.credentials.models import Account, SecondFactor
from ejd.credentials.sessions import actor_of
from ejd.db import db, writing
from ejd.journal.models import WorkKind
from ejd.roster.models import Employment, Person
from tests.postbox import gave, name_the_site, receiving
from tests.test_migrations import empty_database
from tests.world import World


@pytest.fixture
def empty(app: Flask, tmp_path) -> Iterator[Flask]:  # noqa: ANN001
    """The program on an empty database of its own."""
    other = create_app(Config(instance=tmp_path, database_url=empty_database(app, tmp_path), secret_key="x"))
    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *words: str):  # noqa: ANN201
    return app.test_cli_runner().invoke(args=list(words))


def test_init_makes_the_tables_and_the_usual_kinds_of_work_and_says_what_to_do_next(empty):
    said = run(empty, "init")
    assert said.exit_code == 0 and "--first" in said.output
    assert {"oral", "test", "homework"} <= set(db.session.scalars(select(WorkKind.code)))
    assert "менять нечего" in run(empty, "init").output


def test_the_first_person_is_a_deputy_head_with_a_one_time_password(empty):
    said = run(empty, "init", "--first", " Зимина  Вера Павловна").output
    login, password = (line.split(": ")[1] for line in said.splitlines()[-2:])
    account = db.session.scalars(select(Account)).one()
    assert account.login == login == "zimina.v" and account.must_change  # R30
    assert passwords.verify(account.password_hash, passwords.as_typed(password.split(" (")[0], one_time=True))
    actor = actor_of(db.session, db.session.scalars(select(Person)).one(), today())
    assert actor.positions == {Position.DEPUTY} and may(actor, Act.IMPORT_LISTS)


def test_a_list_of_staff_knows_the_first_person_by_name(empty, tmp_path):
    run(empty, "init", "--first", "Зимина Вера Павловна")
    staff = tmp_path / "staff.csv"
    staff.write_text("ФИО;Должность\nЗимина  Вера Павловна;Заместитель директора\nЮдин Ян Львович;Учитель физики\n",
                     encoding="utf-8")
    run(empty, "import", str(staff))
    people = db.session.scalars(select(Person).order_by(Person.sort_key)).all()
    assert [person.last_name for person in people] == ["Зимина", "Юдин"]
    assert actor_of(db.session, people[0], today()).positions == {Position.DEPUTY}


def test_nobody_gets_a_second_first_login(empty):
    run(empty, "init", "--first", "Зимина Вера Павловна")
    again = run(empty, "init", "--first", "Чужой Человек")
    assert again.exit_code == 1 and "Войти уже есть кому" in again.output


def test_a_director_is_let_in_on_the_server_and_again_when_the_password_is_lost(empty):
    assert "База пуста" in run(empty, "director", "Громова Галина").output
    run(empty, "init", "--first", "Зимина Вера Павловна")
    for _ in range(2):
        assert "Логин: gromova.g" in run(empty, "director", "Громова Галина").output
    galina = db.session.scalars(select(Person).filter_by(last_name="Громова")).one()
    assert actor_of(db.session, galina, today()).positions == {Position.DIRECTOR}


def test_a_second_factor_is_taken_off_on_the_server(empty):
    run(empty, "init", "--first", "Зимина Вера Павловна")
    assert "второй фактор не включён" in run(empty, "second-factor-off", "zimina.v").output
    account = db.session.scalars(select(Account)).one()
    with writing():
        second_factor.begin(db.session, account=account, key="x")
        db.session.get(SecondFactor, account.id).confirmed_at = now()
    assert "Второй фактор снят" in run(empty, "second-factor-off", "zimina.v").output
    assert second_factor.of(db.session, account.id) is None


@pytest.mark.parametrize("name", ["", "Зимина", "1 2 3"])
def test_a_name_that_is_none_is_refused_in_one_line(empty, name):
    said = run(empty, "init", "--first", name)
    assert said.exit_code == 1 and "Traceback" not in said.output
    assert db.session.scalar(select(Person.id)) is None


def test_a_command_on_a_database_that_does_not_answer_ends_with_one_line(tmp_path):
    url = "postgresql+psycopg://127.0.0.1:9/nothing?connect_timeout=2"
    other = create_app(Config(instance=tmp_path, database_url=url, secret_key="x"))
    said = run(other, "init")
    assert said.exit_code == 1 and said.output.strip().startswith("База данных не отвечает")


COMMANDS = ("init", "director", "second-factor-off", "import", "cards", "print-journal", "backup", "restore",
            "archive", "report", "doctor", "news", "privacy", "demo")


def test_the_readme_lists_every_command(empty):
    flask_own = {"run", "shell", "routes", "db"}
    assert empty.cli.commands.keys() - flask_own == set(COMMANDS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| \w", readme[readme.index("## Command line"):readme.index("## Settings of")],
                      re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_in_russian(empty, command):
    said = run(empty, command, "--help")
    assert said.exit_code == 0 and re.search("[А-я]{4}.*[.:]", said.output)


def test_news_says_what_is_missing_and_then_how_many_went(empty):
    """R40: by a timetable of one's own; a server that does not answer is a code that is not zero."""
    run(empty, "init")
    assert "EJD_SMTP_HOST" in run(empty, "news").output
    with receiving(empty) as box:
        without_site = run(empty, "news")
        assert without_site.exit_code and "Не указан адрес сайта" in without_site.output
        school = World(db.session)
        name_the_site(school)
        vera = Person(last_name="Волкова", first_name="Вера", sort_key="волкова вера", search_key="волкова вера")
        db.session.add(vera)
        db.session.flush()
        db.session.add(Employment(person_id=vera.id, position=Position.DEPUTY.value, from_on=today()))
        gave(school, vera, topics="", items_often="daily", items_told_on=None)
        moment = datetime.combine(today(), time(12), UTC) + timedelta(days=today().isoweekday() == 7)
        with freeze(moment):
            said = run(empty, "news")
            assert (said.exit_code, said.output, box.to) == (0, "Отправлено: 1\xa0письмо.\n", ["p1@mail.example"])
            assert run(empty, "news").output == "Отправлено: 0\xa0писем.\n"
        box.refuses.add("p1@mail.example")
        with freeze(moment + timedelta(days=8 - moment.isoweekday())):
            refused = run(empty, "news")
            assert refused.exit_code and "не принято: 1 (Почтовый сервер не принял письмо" in refused.output
