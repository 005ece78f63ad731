"""The command line: thin over services. Bad input ends non-zero with one clear Russian line."""

from __future__ import annotations

import click
from flask import Flask

from ejd import schema


def register(app: Flask) -> None:
    """Add the program's commands to `flask --app app …`."""
    from ejd.demo.commands import demo

    app.cli.add_command(init)
    app.cli.add_command(demo)


@click.command("init")
def init() -> None:
    """Prepare the database: create it, or bring it forward after a backup."""
    changed = schema.bring_forward()
    click.echo("База готова." if changed else "База уже готова: менять нечего.")
