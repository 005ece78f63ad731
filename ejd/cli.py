"""The command line: thin over services. Bad input ends non-zero with one clear Russian line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from ejd import schema
from ejd.refusal import Refused


class Complaint(click.ClickException):
    """One line for the person at the keyboard, without click's English beginning."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, err=True, file=file)


@contextmanager
def plainly() -> Iterator[None]:
    """What a command may run into, said in one line."""
    try:
        yield
    except Refused as refused:
        raise Complaint(str(refused)) from None
    except DBAPIError:
        raise Complaint(schema.NO_ANSWER) from None


def register(app: Flask) -> None:
    """Add the program's commands to `flask --app app …`."""
    from ejd.demo.commands import demo
    from ejd.importing.commands import import_files

    app.cli.add_command(init)
    app.cli.add_command(demo)
    app.cli.add_command(import_files)


@click.command("init")
def init() -> None:
    """Prepare the database: create it, or bring it forward after a backup."""
    with plainly():
        changed = schema.bring_forward()
    click.echo("База готова." if changed else "База уже готова: менять нечего.")
