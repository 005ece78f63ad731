"""`flask --app app demo`: the demo school."""

from __future__ import annotations

import time

import click
from sqlalchemy import select

from ejd import schema
from ejd.complaints import Complaint, plainly
from ejd.db import db, writing
from ejd.roster.models import Person
from ejd.school import settings

LOGINS = (("admin", "завуч"), ("director", "директор"), ("teacher", "учитель и классный руководитель"),
          ("parent", "родитель двоих детей"), ("student", "ученик"))


@click.command("demo", help="Собрать в пустой базе показательную школу.")
@click.option("--if-empty", is_flag=True, help="Ничего не делать, если в базе уже кто-то есть.")
def demo(if_empty: bool) -> None:
    """Build the demo school in an empty database."""
    with plainly():
        schema.bring_forward()
    if db.session.scalar(select(Person.id).limit(1)) is not None:
        if not if_empty:
            raise Complaint("В базе уже есть люди: показательная школа собирается только в пустой базе.")
    else:
        _build()
    if settings.load(db.session).value("demo", on=None):
        click.echo("Показательная школа. Пароль у всех: demo. Логины:")
        for login, who in LOGINS:
            click.echo(f"  {login:9} {who}")


def _build() -> None:
    from ejd.demo import school

    begun = time.monotonic()

    def say(step: str) -> None:
        click.echo(f"  {time.monotonic() - begun:4.0f} с  {step}…")

    click.echo("Собираю показательную школу (один раз, около полуминуты):")
    with plainly(), writing():
        school.build(db.session, say)
    click.echo(f"  {time.monotonic() - begun:4.0f} с  готово")
