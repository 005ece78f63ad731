"""Pulling the plug: whatever was acknowledged to a teacher is in the journal after `kill -9` of every process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server


@pytest.fixture
def fragile(demo: Server, tmp_path: Path):  # noqa: ANN201
    """A server of its own on a copy of the demo school."""
    demo.stop()  # so that the file is whole
    shutil.copy(demo.instance / "ejd.sqlite", tmp_path / "ejd.sqlite")
    demo.start()
    server = Server(tmp_path)
    server.start()
    yield server
    server.stop()


def kill_all(pid: int) -> None:
    """The first process and its children, at once and without a word."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in (str(pid), *children):
        os.kill(int(one), signal.SIGKILL)


def marks_in(html: str) -> list[str]:
    return re.findall(r"data-m=\"?(\d+)", html)


def mark(page: Page, url: str, token: str, number: int, seen: list[str]) -> bool:
    """Put one mark beside those seen, as the page's script does; whether it was acknowledged."""
    try:
        answer = page.request.post(url, form={
            "act": "put", "value": "5", "for": "k1", "key": f"kill-{number}", "view": "journal", "csrf_token": token,
            "seen": " ".join(seen)}, headers={"HX-Request": "true", "HX-Request-Type": "partial"}, timeout=5000)
    except PlaywrightError:  # the line went dead, which is what this is about
        return False
    seen[:] = marks_in(answer.text())
    return answer.status == 200


def test_no_acknowledged_mark_is_lost_in_three_kills(fragile, somebody):  # noqa: ANN001
    page = somebody(fragile).signs_in("teacher")
    page.get_by_role("link", name="7В, Литература").first.click()
    lesson = page.url.split("#")[0]
    pupil = page.locator("#grid tbody tr").first.get_attribute("id")[1:]
    cell = f"{lesson}/pupils/{pupil}"
    acknowledged: list[int] = []
    for kill in range(3):
        page.goto(lesson)
        token = page.locator("#grid").get_attribute("data-csrf")
        plug = threading.Timer(0.4, kill_all, [fragile.process.pid])
        plug.start()
        number, seen = 100 * kill, marks_in(page.locator(f"#r{pupil}").inner_html())
        while mark(page, cell, token, number, seen):
            acknowledged.append(number)
            number += 1
        plug.join()
        fragile.process.wait()
        fragile.start()
    assert len(acknowledged) > 10
    page.goto(lesson)
    row = page.locator(f"#r{pupil}")
    expect(row).to_be_visible()
    standing = len(marks_in(row.inner_html()))
    assert standing >= len(acknowledged)
    again = [mark(page, cell, page.locator("#grid").get_attribute("data-csrf"), number, []) for number in acknowledged]
    page.reload()
    assert all(again), "the same key again answers as the first time"
    assert len(marks_in(page.locator(f"#r{pupil}").inner_html())) == standing, "and puts nothing twice"
