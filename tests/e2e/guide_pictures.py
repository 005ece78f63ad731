"""`python -m tests.e2e.guide_pictures`: the pictures of the guides, taken of the demo school into static/help."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, ROOT, Server, Visitor

FOLDER = ROOT / "static" / "help"
COLOURS = 32  # a palette this small keeps a page of text readable
LARGEST = 60 * 1024


@dataclass(frozen=True, slots=True)
class Shot:
    """Who opens what: addresses and links of the page before, one after another."""

    name: str
    login: str
    steps: tuple[str, ...]
    width: int = 1000
    height: int = 640


PARENT = ("/parent/", "main a[href*='/diary']")
JOURNAL = ("/teacher/journals", "main .rows a")
SHOTS = (
    Shot("sign-in", "", ("/login",), 360, 420),
    Shot("week", "parent", PARENT, 360, 720),
    Shot("marks", "parent", (*PARENT, "a[href$='/marks']"), 720, 640),
    Shot("absences", "parent", (*PARENT, "a[href$='/absences']"), 720, 560),
    Shot("today", "teacher", ("/teacher/",), 1000, 560),
    Shot("lesson", "teacher", ("/teacher/", "main table a")),
    Shot("journal", "teacher", JOURNAL),
    Shot("works", "teacher", (*JOURNAL, "a[href$='/works']")),
    Shot("own-class", "teacher", ("/teacher/journals", "main a[href*='/classes/']")),
    Shot("meeting", "teacher", ("/teacher/journals", "main a[href*='/classes/']", "a[href$='/meeting']"), 1000, 760),
    Shot("wording", "admin", ("/admin/letters/memo/edit",), 1100, 700),
    Shot("control", "admin", ("/admin/control",)),
    Shot("closing", "admin", ("/admin/closing",)),
)


def small(png: bytes) -> bytes:
    kept = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        kept, "PNG", optimize=True)
    return kept.getvalue()


def take(visitor: Visitor, shot: Shot) -> None:
    if shot.login:
        visitor.signs_in(shot.login)
    for step in shot.steps:
        if step.startswith("/"):
            visitor.page.goto(step)
        elif visitor.page.locator(step).count():
            visitor.page.locator(step).first.click()
        visitor.page.wait_for_load_state()
    body = small(visitor.page.screenshot())
    assert len(body) <= LARGEST, f"{shot.name}: {len(body)} bytes"
    (FOLDER / f"{shot.name}.png").write_bytes(body)
    print(f"{shot.name}: {visitor.page.title()}, {len(body) / 1024:.0f} KB", flush=True)


def main() -> None:
    if CHROMIUM is None:
        sys.exit("Chromium не найден.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = Server(Path(home))
        server.command("demo")
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "HOME": home})
        for shot in SHOTS:
            visitor = Visitor(browser, server, width=shot.width, javascript=True)
            visitor.page.set_viewport_size({"width": shot.width, "height": shot.height})
            take(visitor, shot)
            visitor.context.close()
        browser.close()
        server.stop()


if __name__ == "__main__":
    main()
