"""What a command says when it can't go on: one clear Russian line, and a code that is not zero."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from sqlalchemy.exc import DBAPIError

from ejd import schema
from ejd.refusal import Refused
from ejd.school.settings import Settings
from ejd.working import know_the_school


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


def the_school() -> Settings:
    """What a command begins with: the database is this program's, zone and clock are the school's. Raises Refused."""
    if reason := schema.complaint():
        raise Refused(reason)
    return know_the_school()
