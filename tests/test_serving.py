"""The server refuses what it must not serve, in one sentence that says what to do."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from ejd import config as configuration
from ejd import schema, serving
from ejd.application import create_app
from ejd.config import Config
from ejd.db import db, writing
from ejd.school.models import Setting
from tests.test_migrations import empty_database


@pytest.fixture
def config(app: Flask, tmp_path) -> Config:  # noqa: ANN001
    """An installation with an empty database of its own."""
    return Config(instance=tmp_path, database_url=empty_database(app, tmp_path), secret_key="x")


@pytest.fixture
def prepared(config: Config) -> Iterator[Config]:
    """The same after `flask init`."""
    with create_app(config).app_context():
        schema.bring_forward()
        yield config
        db.session.remove()
        db.engine.dispose()


def test_an_empty_database_is_not_served_and_the_command_is_named(config):
    assert "flask --app app init" in serving.why_not(config)


def test_a_prepared_database_is_served(prepared):
    assert serving.why_not(prepared) is None


def test_an_older_or_newer_schema_is_refused_naming_the_command(prepared):
    with writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert serving.why_not(prepared).startswith("База сделана другой версией программы")
    assert "flask --app app init" in serving.why_not(prepared)


@pytest.mark.parametrize("host, refused", [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True),
                                           ("192.168.1.5", True)])
def test_a_demo_database_is_served_on_loopback_only(prepared, host, refused):
    with writing():
        db.session.add(Setting(key="demo", valid_from=date(2026, 9, 1), value=json.dumps(True)))
    assert (serving.why_not(replace(prepared, host=host)) is not None) is refused


@pytest.mark.parametrize("reached, served", [
    ({"host": "127.0.0.1"}, True), ({"host": "::1"}, True), ({"host": "0.0.0.0"}, False), ({"host": "::"}, False),
    ({"host": "192.168.1.5", "trusted_proxies": 1}, True), ({"host": "0.0.0.0", "plain_http": True}, True),
    ({"host": "0.0.0.0", "tls_cert": "cert.pem", "tls_key": "key.pem"}, True),
    ({"host": "0.0.0.0", "tls_cert": "cert.pem"}, False), ({"tls_key": "key.pem"}, False)])
def test_beyond_loopback_it_is_tls_or_nothing(prepared, reached, served):
    reason = serving.why_not(replace(prepared, **reached))
    assert (reason is None) is served
    assert served or "EJD_TLS_CERT" in reason


@pytest.mark.parametrize("reached, address", [
    ({"host": "192.168.1.5", "plain_http": True}, "http://192.168.1.5:8000"), ({"host": "::1"}, "http://[::1]:8000"),
    ({"host": "0.0.0.0", "trusted_proxies": 1}, "http://0.0.0.0:8000"),
    ({"tls_cert": "cert.pem", "tls_key": "key.pem"}, "https://127.0.0.1:8000")])
def test_the_address_is_called_what_it_is(config, reached, address):
    assert serving.address(replace(config, **reached)) == address


def test_a_certificate_of_its_own_makes_tls_only(config):
    assert replace(config, tls_cert="cert.pem").tls_only and not config.tls_only


@pytest.mark.parametrize("value, host", [("", "127.0.0.1"), ("localhost", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"),
                                         ("::1", "::1")])
def test_where_to_listen_is_an_address(monkeypatch, tmp_path, value, host):
    monkeypatch.setenv("EJD_INSTANCE", str(tmp_path))
    monkeypatch.setenv("EJD_HOST", value)
    assert configuration.from_environment().host == host


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps folders of a user by other means")
def test_nobody_else_on_the_computer_reads_what_is_kept(app, tmp_path):
    before = os.umask(0o022)
    try:
        instance = tmp_path / "new" / "instance"
        with create_app(Config(instance=instance, database_url=f"sqlite:///{instance / 'ejd.sqlite'}",
                               secret_key="x")).app_context():
            schema.bring_forward()
            schema.back_up_sqlite()
            db.engine.dispose()
        kept = [instance, *instance.rglob("*")]
        assert {"ejd.sqlite", "backups"} <= {path.name for path in kept}
        assert [path for path in kept if path.stat().st_mode & 0o077] == []
    finally:
        os.umask(before)


def test_plain_http_beyond_loopback_is_warned_about(prepared, capsys):
    assert serving.why_not(replace(prepared, host="192.168.1.5", plain_http=True)) is None
    assert "идут по сети открыто" in capsys.readouterr().out


def test_an_address_that_is_taken_is_said_with_another_port_to_try():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = serving.taken(Config(instance=configuration.ROOT, database_url="", secret_key="x", port=port))
    assert "занят" in said and f"PORT={port + 1}" in said


@pytest.mark.parametrize("name, value", [("PORT", "восемь"), ("PORT", "-1"), ("EJD_TRUSTED_PROXIES", "x"),
                                         ("EJD_NOW", "вчера"), ("EJD_HOST", "school.local"),
                                         ("EJD_TLS_KEY", "нет.pem"), ("EJD_SMTP_FROM", "школа")])
def test_a_setting_that_cannot_be_read_is_named_with_an_example(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv("EJD_INSTANCE", str(tmp_path))
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"{name} – .*{value}"):
        configuration.from_environment()


def test_the_key_is_made_once_and_readable_by_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv("EJD_SECRET_KEY", raising=False)
    monkeypatch.setenv("EJD_INSTANCE", str(tmp_path))
    first, second = configuration.from_environment(), configuration.from_environment()
    assert first.secret_key == second.secret_key and len(first.secret_key) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_migrating_an_older_sqlite_database_leaves_a_copy_of_it_behind(app, tmp_path, config):
    if not config.database_url.startswith("sqlite"):
        config = replace(config, database_url=f"sqlite:///{tmp_path / 'own.sqlite'}")
    with create_app(config).app_context():
        schema.bring_forward()
        schema.back_up_sqlite()
        assert len(list((tmp_path / "backups").glob("before-migration-*.sqlite"))) == 1
        db.engine.dispose()
