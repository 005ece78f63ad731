"""Serving the program: Granian, which runs on Linux and Windows (why: docs/dependencies.md)."""

from __future__ import annotations

import gc
import os
import socket
import sys
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from ejd import schema, working
from ejd.application import create_app
from ejd.config import ROOT, Config, from_environment
from ejd.db import db
from ejd.school import settings
from ejd.web import watching

# Two threads a process: one may wait for SQLite's writer while the other answers.
THREADS = 2


def serve() -> None:
    """Check that this database may be served here, then serve it until stopped."""
    config = from_environment()
    if reason := why_not(config) or taken(config):
        sys.exit(reason)
    gc.freeze()
    gc.enable()  # switched off by app.py; the processes that branch off have it on too
    # On Windows one socket can't be shared by processes: one process with more threads.
    workers, threads = (1, 2 * THREADS) if os.name == "nt" else (max(2, min(os.cpu_count() or 2, 4)), THREADS)
    watching.begin_anew(config)
    working.serve(config)
    print(f"ЭЖД работает: {address(config)} (остановить: Ctrl+C)", flush=True)
    Granian("ejd.serving:worker", factory=True, address=config.host, port=config.port, interface=Interfaces.WSGI,
            workers=workers, blocking_threads=threads, websockets=False, log_level=LogLevels.warning,
            respawn_failed_workers=True, workers_kill_timeout=10, working_dir=ROOT,
            ssl_cert=Path(config.tls_cert) if config.tls_cert else None,
            ssl_key=Path(config.tls_key) if config.tls_key else None).serve()


def worker() -> Flask:
    """The application in one of the server's processes. Ctrl+C is for the first process alone, which stops the others:
    a worker that got both signals at once was seen to hang."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    app = create_app()
    gc.collect()
    gc.freeze()  # a save is not held up by looking through what is there for good
    return app


def address(config: Config) -> str:
    """Where the program itself listens; a proxy in front has an address of its own."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"{'https' if config.tls_cert else 'http'}://{host}:{config.port}"


def taken(config: Config) -> str | None:
    """A sentence when another program already listens there, or None."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as trouble:
            return (f"Адрес {config.host}:{config.port} занят или недоступен ({trouble.strerror}). Другой порт: "
                    f"PORT={config.port + 1}")
    return None


def why_not(config: Config) -> str | None:
    """The sentence with which the server refuses to start, or None. Leaves no connection for the workers to share."""
    if reason := _unencrypted(config):
        return reason
    with create_app(config).app_context():
        try:
            reason = schema.complaint()
            is_demo = not reason and settings.load(db.session).value("demo", on=None)
        finally:
            db.session.remove()
            db.engine.dispose()
    if reason:
        return reason
    if is_demo and not config.on_loopback:
        return "Показательная база открывается только на этом компьютере: уберите EJD_HOST."
    if config.plain_http and not config.on_loopback and not config.tls_cert:
        print("Внимание: EJD_PLAIN_HTTP=1, пароли и отметки идут по сети открыто.", flush=True)
    return None


def _unencrypted(config: Config) -> str | None:
    """Beyond this computer passwords and marks go by TLS, unless somebody answers for it otherwise."""
    if bool(config.tls_cert) != bool(config.tls_key):
        return "Сертификат и ключ задаются вместе: EJD_TLS_CERT и EJD_TLS_KEY."
    if config.on_loopback or config.tls_cert or config.trusted_proxies or config.plain_http:
        return None
    return ("По сети пароли и отметки идут только по TLS: укажите сертификат (EJD_TLS_CERT и EJD_TLS_KEY) или "
            "поставьте впереди прокси с TLS (EJD_TRUSTED_PROXIES=1). Без шифрования, на свой риск: EJD_PLAIN_HTTP=1.")
