"""Settings of the installation, by environment. The school's own settings live in its database."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import secrets
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SMTPS, SUBMISSION = 465, 587
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server that takes letters on. Port 465 is encrypted from the first byte, any other by STARTTLS."""

    host: str
    port: int
    sender: str  # the address that letters come from
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True

    @property
    def tls(self) -> bool:
        return self.port == SMTPS


@dataclass(frozen=True, slots=True)
class Config:
    """Where the installation keeps things and how it is reached."""

    instance: Path
    database_url: str = field(repr=False)  # it may have a password
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    plain_http: bool = False
    trusted_proxies: int = 0
    tls_cert: str = ""  # files in PEM
    tls_key: str = ""
    data_key: str = field(default="", repr=False)  # for passport data: 32 bytes in URL-safe Base64
    data_key_old: str = field(default="", repr=False)  # only while the key is being changed
    now: str = ""  # EJD_NOW: ISO time where a demo database's clock starts
    metrics_token: str = field(default="", repr=False)  # whoever knows it reads /metrics; none: there is no such page
    log_requests: bool = False  # a line a request, by the pattern of the route
    smtp: Smtp | None = None  # none: the program sends no letters

    @property
    def on_loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def tls_only(self) -> bool:
        """Whether browsers come by TLS: beyond this computer, by a certificate, and through a proxy on it."""
        return bool(self.tls_cert) or not self.plain_http and (not self.on_loopback or self.trusted_proxies > 0)


def keep_to_oneself() -> None:
    """Whatever this process writes is its own user's alone: databases, copies, lists, log files."""
    os.umask(0o077)


def make_folder(path: Path) -> None:
    """A folder that no other user of the computer looks into."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def database_url(instance: Path, given: str) -> str:
    """The SQLAlchemy address: SQLite in the instance folder unless another is given."""
    if not given:
        return f"sqlite:///{instance / 'ejd.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    return given


def secret_key(instance: Path) -> str:
    """The key kept beside the database, made on first use and readable by its owner only."""
    path = instance / "secret_key"
    if not path.exists():
        make_folder(instance)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")


def from_environment() -> Config:
    """Read EJD_* and PORT."""
    env = os.environ.get
    instance = Path(env("EJD_INSTANCE", str(ROOT / "instance"))).resolve()
    return Config(
        instance=instance,
        database_url=database_url(instance, env("EJD_DATABASE_URL", "")),
        secret_key=env("EJD_SECRET_KEY") or secret_key(instance),
        host=_host(),
        port=_number("PORT", 8000),
        plain_http=env("EJD_PLAIN_HTTP", "") == "1",
        metrics_token=env("EJD_METRICS_TOKEN", ""),
        log_requests=env("EJD_LOG", "") == "requests",
        trusted_proxies=_number("EJD_TRUSTED_PROXIES", 0),
        tls_cert=_file("EJD_TLS_CERT"),
        tls_key=_file("EJD_TLS_KEY"),
        data_key=_key("EJD_DATA_KEY"),
        data_key_old=_key("EJD_DATA_KEY_OLD"),
        now=_moment("EJD_NOW"),
        smtp=_smtp(),
    )


def _smtp() -> Smtp | None:
    env = os.environ.get
    host, sender, user = (env(f"EJD_SMTP_{name}", "") for name in ("HOST", "FROM", "USER"))
    if not (host or sender):
        return None
    if sender.count("@") != 1 or not sender.isascii() or not sender.isprintable() or " " in sender:
        sys.exit("EJD_SMTP_FROM – это адрес, от которого школа пишет, например EJD_SMTP_FROM=journal@school.example: "
                 f"«{sender}» не подходит.")
    if not host:
        return None
    starttls = env("EJD_SMTP_STARTTLS", "0" if host in LOOPBACK else "1") == "1"
    smtp = Smtp(host, _number("EJD_SMTP_PORT", SUBMISSION), sender, user, env("EJD_SMTP_PASSWORD", ""), starttls)
    if user and not (smtp.tls or starttls or host in LOOPBACK):
        sys.exit("EJD_SMTP_PASSWORD ушёл бы по сети открыто: уберите EJD_SMTP_STARTTLS=0 или возьмите порт "
                 f"EJD_SMTP_PORT={SMTPS}.")
    return smtp


def _host() -> str:
    value = os.environ.get("EJD_HOST") or "127.0.0.1"
    try:
        return "127.0.0.1" if value == "localhost" else str(ipaddress.ip_address(value))
    except ValueError:
        sys.exit(f"EJD_HOST – это адрес, например EJD_HOST=0.0.0.0 (все адреса этого компьютера): «{value}» не "
                 "подходит.")


def _file(name: str) -> str:
    value = os.environ.get(name, "")
    if value and not Path(value).is_file():
        sys.exit(f"{name} – это файл в формате PEM: «{value}» не найден или не читается.")
    return value and str(Path(value).resolve())


def _key(name: str) -> str:
    value = os.environ.get(name, "")
    try:
        fits = not value or len(base64.b64decode(value, altchars=b"-_", validate=True)) == KEY_BYTES
    except (ValueError, binascii.Error):
        fits = False
    if not fits:
        sys.exit(f"{name} – это ключ, который создаёт команда flask --app app privacy new-key: заданный не подходит.")
    return value


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        sys.exit(f"{name} – это число, например {name}={default}: «{value}» не подходит.")
    return int(value)


def _moment(name: str) -> str:
    value = os.environ.get(name, "")
    try:
        return value and datetime.fromisoformat(value).isoformat()
    except ValueError:
        sys.exit(f"{name} – это время, например {name}=2026-10-20T12:00: «{value}» не подходит.")
