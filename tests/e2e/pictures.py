"""`python -m tests.e2e.pictures [folder]`: every main page of the demo school at 1366 and at 360 pixels, to be looked
at. The folder is tests/e2e/pictures unless given."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, Server, Visitor

HERE = Path(__file__).resolve().parent / "pictures"
WIDTHS = (1366, 360)
# login: its pages, by address or by a link of the page before
WALKS: dict[str, tuple[str, ...]] = {
    "": ("/login",),
    "admin": ("/admin/", "/admin/control", "main table a", "/admin/staff", "/admin/classes", "main table a",
              "/admin/search", "/admin/import", "/admin/calendar", "/admin/bells", "/admin/weeks",
              "/admin/lessons", "/admin/settings", "/admin/access", "/account", "/admin/timetable", "/admin/absences",
              "/admin/substitutions", "/admin/assessments", "/admin/plans", "/admin/results", "/admin/closing",
              "main table th a", "/admin/attendance", "/admin/missed", "/admin/groups"),
    "teacher": ("/teacher/", "main table a", "/teacher/journals", "main .rows a", "a[href$='/results']",
                "/teacher/journals", "main .rows a", "a[href$='/works']", "/teacher/plans", "main table th a",
                "/teacher/assessments", "/teacher/timetable", "/teacher/journals", "main a[href*='/classes/']",
                "a[href$='/achievement']", "a[href$='/summary']", "/teacher/journals", "main a[href*='/classes/']",
                "a[href$='/absences']", "a[href$='/missed']", "a[href$='/notes']", "a[href$='/weeks']"),
    "parent": ("/parent/", "main a[href*='/diary']", "a[href$='/marks']", "a[href$='/results']",
               "a[href$='/absences']", "a[href$='/notes']"),
    "student": ("/student/", "a[href$='/marks']", "a[href$='/results']", "a[href$='/absences']"),
}


def take(visitor: Visitor, folder: Path, name: str) -> None:
    page: Page = visitor.page
    wide = " (scrolls sideways)" if visitor.scrolls_sideways() else ""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    print(f"{name}: {page.title()}{wide}", flush=True)


def walk(visitor: Visitor, login: str, steps: tuple[str, ...], folder: Path) -> None:
    for number, step in enumerate(steps):
        if step.startswith("/"):
            answer = visitor.page.goto(step)
            if answer is None or answer.status != 200:
                print(f"{step}: {answer.status if answer else 'no answer'}")
                continue
        else:
            visitor.page.locator(step).first.click()
        width = visitor.page.viewport_size["width"] if visitor.page.viewport_size else 0
        take(visitor, folder, f"{login or 'nobody'}-{number}-{width}")


def main() -> None:
    if CHROMIUM is None:
        sys.exit("Chromium не найден.")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = Server(Path(home))
        server.command("demo")
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "HOME": home})
        for width in WIDTHS:
            for login, steps in WALKS.items():
                visitor = Visitor(browser, server, width=width, javascript=True)
                if login:
                    visitor.signs_in(login)
                walk(visitor, login, steps, folder)
                visitor.context.close()
        browser.close()
        server.stop()


if __name__ == "__main__":
    main()
