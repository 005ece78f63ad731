"""axe-core finds nothing wrong on any page of the demo school, at 1366 and at 360 pixels, in light and in dark.

Pages are found by following links, one of each kind of address; those of a role are walked as that role.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.walking import walk

AXE = (Path(__file__).resolve().parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DARK = {"type": "rule", "values": ["color-contrast"]}
LOOK = """([rules]) => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(found =>
  found.violations.map(one => one.id + ': ' + one.help + ' ' +
    one.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + node.html.slice(0, 120)).join(' | ')))"""
FEWEST = {"admin": 60, "teacher": 30, "parent": 8, "student": 6}


def complaints_of(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    page.evaluate(AXE)
    found = page.evaluate(LOOK, [RULES])
    page.emulate_media(color_scheme="dark")
    found += [f"dark, {one}" for one in page.evaluate(LOOK, [DARK])]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("width", (1366, 360))
@pytest.mark.parametrize("login", FEWEST)
def test_no_page_of_a_role_has_anything_that_axe_finds(demo, somebody, login, width):
    visitor = somebody(demo, width=width)
    page = visitor.signs_in(login)
    seen, wrong = [], []
    for address in walk(page):
        seen.append(address)
        wrong += [f"{address}: {one}" for one in complaints_of(page)]
    assert not wrong, f"{len(wrong)} of {len(seen)} pages\n" + "\n".join(wrong)
    assert len(seen) >= FEWEST[login], seen


def test_the_sign_in_page_too(demo, somebody):
    page = somebody(demo, width=360).page
    page.goto("/login")
    assert complaints_of(page) == []
