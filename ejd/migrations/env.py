"""Alembic's environment: the application's own engine and metadata."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from ejd.db import Instant

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """A migration must stay true when the program's own column type changes, so it names the plain one."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def run() -> None:
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, compare_type=True,
                          render_as_batch=True, render_item=render_item)
        with context.begin_transaction():
            context.run_migrations()


run()
