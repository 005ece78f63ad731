"""`python -m tests.e2e.pictures [folder] [--dark]` (`make pictures`): every page that a role of the demo school opens,
at 1366 and at 360 pixels, to be looked at: index.html in the folder (tests/e2e/pictures unless given) shows them all.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, Server, Visitor
from tests.e2e.walking import LOGINS, kind_of, walk

HERE = Path(__file__).resolve().parent / "pictures"
WIDTHS = (1366, 360)
TALLEST = 4000  # pixels: a longer list goes on as it began


class Sheet:
    """The pictures that were taken, shown on one page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown: list[str] = []

    def take(self, visitor: Visitor, login: str, width: int, address: str) -> None:
        page = visitor.page
        name = f"{login or 'nobody'}-{kind_of(address).strip('/').replace('/', '.') or 'home'}-{width}.png"
        tall = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
        page.screenshot(path=self.folder / name, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": tall})
        wide = "scrolls sideways" if visitor.scrolls_sideways() else ""
        print(f"{name}: {page.title()} {wide}".rstrip(), flush=True)
        self.shown.append(f'<figure><a href="{name}"><img src="{name}" loading="lazy" alt=""></a>'
                          f"<figcaption>{escape(login)} {width}: {escape(address)} <b>{wide}</b></figcaption></figure>")

    def write(self) -> None:
        (self.folder / "index.html").write_text(
            '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Все страницы</title><style>'
            "body{display:flex;flex-wrap:wrap;margin:8px;font:12px sans-serif}figure{margin:8px;width:300px}"
            "img{width:100%;max-height:420px;object-fit:cover;object-position:top;border:1px solid #888}b{color:#c00}"
            f"</style>{''.join(self.shown)}</html>", encoding="utf-8")


def take_all(server: Server, browser, folder: Path, *, dark: bool) -> None:  # noqa: ANN001
    sheet = Sheet(folder)
    for width in WIDTHS:
        for login in ("", *LOGINS):
            visitor = Visitor(browser, server, width=width, javascript=True)
            visitor.page.emulate_media(color_scheme="dark" if dark else "light")
            if login:
                visitor.signs_in(login)
                for address in walk(visitor.page):
                    sheet.take(visitor, login, width, address)
            else:
                visitor.page.goto("/login")
                sheet.take(visitor, login, width, "/login")
            visitor.context.close()
            sheet.write()
    print(f"{len(sheet.shown)} pictures: {folder / 'index.html'}")


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.e2e.pictures", description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=HERE)
    options.add_argument("--dark", action="store_true")
    given = options.parse_args()
    if CHROMIUM is None:
        sys.exit("Chromium не найден.")
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = Server(Path(home))
        server.command("demo")
        try:
            server.start()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "HOME": home})
            take_all(server, browser, given.folder, dark=given.dark)
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
