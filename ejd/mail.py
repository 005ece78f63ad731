"""Letters by e-mail: the one seam to the server that takes them on (SMTP, settings EJD_SMTP_… of `ejd/config.py`).

At hand: `configured`, `send`, and `sending`, which answers letter by letter. What was refused is told in a sentence
without an address, fit for a log.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit, urlunsplit

from flask import current_app

from ejd import clock
from ejd.config import Smtp

PATIENCE = 15  # seconds, for each answer of the server
CONNECTIONS = 2  # a server that hangs up twice is left alone
NOT_CONFIGURED = "Отправка писем не настроена"
NO_ANSWER = "Почтовый сервер не отвечает"
REFUSED = "Почтовый сервер не принял письмо"
UNFIT = "Такое письмо не составить"


class Unreachable(str):
    """Why no letter at all can be handed over now: the fault of the line or the server, of no address."""


@dataclass(frozen=True, slots=True)
class Message:
    """A plain letter. `leave` is the address at which whoever gets it is left alone, by one click (RFC 8058)."""

    to: str
    subject: str
    text: str
    leave: str = ""


class WholeLinks(EmailPolicy):
    """A link in a header stays in one piece: the library would encode a long one, and no program reads it then."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


LINES = WholeLinks(linesep="\r\n")


def configured() -> bool:
    """Whether the installation knows a server for letters."""
    return _smtp() is not None


def send(messages: Sequence[Message]) -> list[str | None]:
    """Hand letters over; for each None, or why it was not taken on."""
    return list(sending(messages))


def sending(messages: Iterable[Message]) -> Iterator[str | None]:
    """The same letter by letter: each is asked for when its turn comes, and answered before the next is."""
    smtp, server, opened = _smtp(), None, 0
    lost: str | None = Unreachable(NOT_CONFIGURED) if smtp is None else None
    try:
        for message in messages:
            if smtp and server is None and lost is None:
                server, lost = _open(smtp) if opened < CONNECTIONS else (None, Unreachable(NO_ANSWER))
                opened += 1
            if smtp is None or server is None:
                yield lost
                continue
            answer, alive = _hand_over(server, smtp, message)
            if not alive:
                server.close()
                server = None
            yield answer
    finally:
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()


def composed(message: Message, sender: str) -> EmailMessage:
    """The letter with its headers; raises ValueError for what no header takes, a line break before all."""
    letter = EmailMessage(policy=LINES)
    letter["From"] = Address(addr_spec=sender)
    letter["To"] = Address(addr_spec=message.to)
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(clock.real_now())
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"
    if message.leave:
        letter["List-Unsubscribe"] = f"<{_ascii(message.leave)}>"
        if message.leave.startswith("https://"):  # RFC 8058 wants it so
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(message.text, cte="quoted-printable")
    return letter


def _ascii(link: str) -> str:
    """The link with a Cyrillic host as the network names it."""
    if " " in link or not link.isprintable():
        raise ValueError("a link in several pieces")
    parts = urlsplit(link)
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=(parts.hostname or "").encode("idna").decode("ascii") + port))


def _smtp() -> Smtp | None:
    smtp: Smtp | None = current_app.config["EJD"].smtp
    return smtp


def _open(smtp: Smtp) -> tuple[smtplib.SMTP | None, str | None]:
    """A connection that letters can be handed to, or why there is none."""
    name = smtp.sender.rpartition("@")[2]  # not this computer's name
    safely, server = ssl.create_default_context(), None
    try:
        server = (smtplib.SMTP_SSL(smtp.host, smtp.port, name, timeout=PATIENCE, context=safely) if smtp.tls else
                  smtplib.SMTP(smtp.host, smtp.port, name, timeout=PATIENCE))
        if smtp.starttls and not smtp.tls:
            server.starttls(context=safely)
        if smtp.user:
            server.login(smtp.user, smtp.password)
        return server, None
    except (smtplib.SMTPException, OSError) as error:
        if server is not None:
            server.close()
        return None, Unreachable(f"{NO_ANSWER} ({type(error).__name__})")


def _hand_over(server: smtplib.SMTP, smtp: Smtp, message: Message) -> tuple[str | None, bool]:
    """Why the letter was not taken on, or None; and whether the connection still holds."""
    try:
        letter = composed(message, smtp.sender)
    except (ValueError, LookupError):  # UnicodeError is a ValueError
        return UNFIT, True
    try:
        server.send_message(letter)
        return None, True
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        return f"{REFUSED} ({code})", True
    except smtplib.SMTPResponseException as refused:
        alive = refused.smtp_code != 421  # «closing the connection»
        return f"{REFUSED} ({refused.smtp_code})", alive
    except (smtplib.SMTPException, OSError) as error:
        return Unreachable(f"{NO_ANSWER} ({type(error).__name__})"), False
