"""Every page of a role, found by following links: one address of each kind stands for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Page

NO_PAGE = re.compile(r"\.(pdf|xlsx|ics|zip|csv|json|png|pem)$|^/static/|/logout|^/session$|/files/|/scan$")
LOGINS = ("admin", "director", "teacher", "parent", "student")


def kind_of(address: str) -> str:
    """Figures and what follows the question mark are left out."""
    return re.sub(r"\d+(-W\d+)?", "N", address.split("?")[0])


def links_of(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href^='/']", "all => all.map(one => one.getAttribute('href'))")
    return [address.split("#")[0] for address in found]


def walk(page: Page) -> Iterator[str]:
    """The address of each page in turn, open in the browser of somebody who has just signed in."""
    here = re.sub(r"^https?://[^/]+", "", page.url)
    waiting, seen = [here, "/account"], set()
    while waiting:
        address = waiting.pop(0)
        if NO_PAGE.search(address.split("?")[0]) or kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = page.goto(address)
        assert answer is not None and answer.status < 400, f"{address}: {answer and answer.status}"
        waiting += links_of(page)
        yield address
