"""A mail server that really receives, and the addresses that people of the world have left."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask

from ejd.config import Smtp
from ejd.credentials.models import Account
from ejd.credentials.sessions import token_hash
from ejd.news.models import NewsAddress
from ejd.news.services import leave_secret
from ejd.roster.models import Person
from ejd.school.models import Setting
from tests.world import FIRST_DAY, NOW, World

SITE = "https://journal.school12.example/"


@dataclass
class Postbox:
    """Every letter that came, in order; `refuses` are addresses that nobody lives at."""

    letters: list[EmailMessage] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)

    @property
    def to(self) -> list[str]:
        return [str(letter["To"]) for letter in self.letters]

    @property
    def last(self) -> str:
        """What the last letter says."""
        return str(self.letters[-1].get_content())

    def link(self, beginning: str) -> str:
        """The path of a link in the last letter."""
        found = re.search(rf"{re.escape(SITE)}({beginning}\S+)", self.last)
        assert found, self.last
        return "/" + found[1]


@dataclass(frozen=True)
class _Door:
    """What the server calls when a letter comes."""

    box: Postbox

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if address in self.box.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.box.letters.append(letter)
        return "250 OK"


@contextmanager
def receiving(app: Flask) -> Iterator[Postbox]:
    """A server on this computer that the program hands its letters to."""
    box, port = Postbox(), free_port()
    server = Controller(_Door(box), hostname="127.0.0.1", port=port)
    server.start()
    try:
        with handing_to(app, port):
            yield box
    finally:
        server.stop()


@contextmanager
def handing_to(app: Flask, port: int) -> Iterator[None]:
    """The program hands its letters to this port of the computer, whoever listens there."""
    before = app.config["EJD"]
    app.config["EJD"] = replace(before, smtp=Smtp("127.0.0.1", port, "journal@school12.example", starttls=False))
    try:
        yield
    finally:
        app.config["EJD"] = before


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def name_the_site(school: World) -> None:
    """The school says where its journal is found."""
    school.session.add(Setting(key="school.address", valid_from=FIRST_DAY, value=f'"{SITE}"'))
    school.session.commit()


def gave(school: World, person: Person, *, told_until: datetime = NOW, **more: Any) -> NewsAddress:
    """The person's address, confirmed: told at once of everything and of nothing at night, unless said otherwise."""
    if school.session.query(Account).filter_by(person_id=person.id).one_or_none() is None:
        school.session.add(Account(person_id=person.id, login=f"p{person.id}", must_change=False, created_at=NOW))
    email = f"p{person.id}@mail.example"
    said = {"topics": "marks,missing,homework,notes", "often": "once", "confirmed_at": NOW, "email": email} | more
    row = NewsAddress(person_id=person.id, told_until=told_until,
                      leave_hash=token_hash(leave_secret("for tests only", person.id, email)), **said)
    school.session.add(row)
    school.session.commit()
    return row
