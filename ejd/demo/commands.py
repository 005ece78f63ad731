"""`flask --app app demo`: the demo school."""

from __future__ import annotations

import click


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Ничего не делать, если база уже есть.")
def demo(if_empty: bool) -> None:
    """Build the demo school in an empty database."""
    raise click.ClickException("Показательная школа ещё не собирается.")
