"""The command line: thin over services. Bad input ends non-zero with one clear Russian line."""

from __future__ import annotations

import click
from flask import Flask

from ejd import clock, schema
from ejd.access import Position
from ejd.archive.commands import archive
from ejd.backup.commands import backup, doctor, restore
from ejd.certification.commands import print_journal
from ejd.complaints import plainly
from ejd.compliance.commands import report
from ejd.credentials import passwords, second_factor
from ejd.credentials import queries as credentials_queries
from ejd.credentials import services as credentials
from ejd.credentials.commands import cards
from ejd.db import db, writing
from ejd.demo.commands import demo
from ejd.importing.commands import import_files
from ejd.news.commands import news
from ejd.privacy.commands import privacy
from ejd.refusal import Refused
from ejd.school import settings


def register(app: Flask) -> None:
    """Add the program's commands to `flask --app app …`."""
    app.cli.add_command(init)
    app.cli.add_command(director)
    app.cli.add_command(second_factor_off)
    app.cli.add_command(cards)
    app.cli.add_command(demo)
    app.cli.add_command(import_files)
    app.cli.add_command(print_journal)
    app.cli.add_command(news)
    app.cli.add_command(report)
    for command in (backup, restore, doctor, privacy, archive):
        app.cli.add_command(command)


@click.command("init", help="Подготовить базу: создать или обновить её, сделав копию.")
@click.option("--first", "full_name", metavar="ФИО",
              help="Завести первого пользователя: заместителя директора с одноразовым паролем.")
def init(full_name: str | None) -> None:
    """Prepare the database: create it, or bring it forward after a backup."""
    with plainly():
        changed = schema.bring_forward()
        click.echo("База готова." if changed else "База уже готова: менять нечего.")
        if full_name is not None:
            if credentials_queries.anybody_has_a_login(db.session):
                raise Refused("Войти уже есть кому: новые пароли выдают на страницах людей.")
            let_in(full_name, Position.DEPUTY)
        elif not credentials_queries.anybody_has_a_login(db.session):
            click.echo("Входить ещё некому. Первый пользователь: flask --app app init --first \"Фамилия Имя Отчество\"")


@click.command("director", help="Назначить директора в базе школы и выдать ему одноразовый пароль: в "
                                 "программе это делает только другой директор.")
@click.argument("full_name", metavar="ФИО")
def director(full_name: str) -> None:
    """Let a director in: in the program only a director could."""
    with plainly():
        if reason := schema.complaint():
            raise Refused(reason)
        let_in(full_name, Position.DIRECTOR)


@click.command("second-factor-off", help="Снять второй фактор: телефон и запасные коды потеряны. Войти можно будет "
                                         "одним паролем и настроить новый.")
@click.argument("login", metavar="ЛОГИН")
def second_factor_off(login: str) -> None:
    """For whoever has the server: in the program only the owner can, with a code."""
    with plainly():
        if reason := schema.complaint():
            raise Refused(reason)
        account = credentials_queries.account_by_login(db.session, login)
        if account is None or second_factor.of(db.session, account.id) is None:
            raise Refused(f"У логина «{login}» второй фактор не включён.")
        with writing():
            second_factor.switch_off(db.session, actor_id=None, account=account, now=clock.real_now())
    click.echo("Второй фактор снят.")


def let_in(full_name: str, position: Position) -> None:
    """Give a person of that name the position and a one-time password, and say both."""
    password, now = passwords.one_time_password(), clock.now()
    password_hash = passwords.hash_password(password)
    days = settings.load(db.session).value("card.days", on=None)
    with writing():
        account = credentials.let_leader_in(
            db.session, full_name=full_name, position=position, password_hash=password_hash, days=days,
            today=clock.today(), now=now, real_now=clock.real_now())
    click.echo(f"Логин: {account.login}")
    click.echo(f"Одноразовый пароль: {passwords.in_groups(password)} (сменить при первом входе)")
