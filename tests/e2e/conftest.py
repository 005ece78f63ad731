"""Journeys in a real browser against the real server on a demo school of its own, made once a run."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
WAIT = 10_000  # ms
expect.set_options(timeout=WAIT)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser nothing here proves anything: say so, and fail where it must not be missing."""
    if CHROMIUM is None and any("e2e" in item.path.parts for item in items):
        pytest.exit("\n*** CHROMIUM НЕ НАЙДЕН: проверки в браузере НЕ ВЫПОЛНЕНЫ (Debian: apt-get install chromium) ***",
                    returncode=1 if os.environ.get("CI") else 0)


class Server:
    """`python app.py` on an instance folder and a free port."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> str:
        """Run `flask --app app …`; what it said."""
        return subprocess.run([sys.executable, "-m", "flask", "--app", "app", *words], cwd=ROOT, env=self._env(),
                              check=True, capture_output=True, encoding="utf-8").stdout

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=self._env())
        deadline = time.monotonic() + 60
        while not self._answers():
            assert time.monotonic() < deadline and self.process.poll() is None, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _env(self) -> dict[str, str]:
        env = {key: value for key, value in os.environ.items() if not key.startswith("EJD_")}
        return {**env, "EJD_INSTANCE": str(self.instance), "EJD_SECRET_KEY": "for tests only", "PORT": str(self.port)}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo school, served."""
    server = Server(tmp_path_factory.mktemp("demo"))
    server.command("demo")
    server.start()
    yield server
    server.stop()


def copied(demo: Server, folder: Path) -> Server:
    """A server of its own on a copy of the demo school, as it stands now; not started."""
    with (contextlib.closing(sqlite3.connect(demo.instance / "ejd.sqlite")) as live,
          contextlib.closing(sqlite3.connect(folder / "ejd.sqlite")) as copy):
        live.backup(copy)
    return Server(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "HOME": home})
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, server: Server, *, width: int, javascript: bool) -> None:
        self.server = server
        self.context = browser.new_context(viewport={"width": width, "height": 768}, base_url=server.address,
                                           java_script_enabled=javascript, locale="ru-RU")
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.extend(
            [said.text] if "Content Security Policy" in said.text else []))

    def signs_in(self, login: str, password: str = "demo") -> Page:
        self.page.goto("/login")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        self.page.click("main form button")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self.page

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"))

    def tab(self) -> Page:
        return self.context.new_page()


@pytest.fixture
def somebody(browser: Browser):  # noqa: ANN201
    """`somebody(server, width=360, javascript=False)` is a visitor; whatever broke in their page fails the test."""
    visitors: list[Visitor] = []

    def come(server: Server, *, width: int = 1366, javascript: bool = True) -> Visitor:
        visitors.append(Visitor(browser, server, width=width, javascript=javascript))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.context.close()
    assert not [error for visitor in visitors for error in visitor.errors]
