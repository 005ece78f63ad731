"""What the pages show of 7А, read from their HTML by the headings of tables, in the words of plain_recount.py."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Page

Row = dict[str, str]


def opened(page: Page, address: str) -> BeautifulSoup:
    """A page as its person gets it; nothing is clicked, for only what it shows is asked."""
    answer = page.request.get(address)
    assert answer.status == 200, (address, answer.status)
    return BeautifulSoup(answer.text(), "html5lib")


def words(piece: Tag | None) -> str:
    return re.sub(r"\s+", " ", piece.get_text(" ").replace("\u00ad", "")).strip() if piece else ""


def lines(page: BeautifulSoup, *headings: str) -> dict[str, Row]:
    """The table that has these headings: by the row's own heading, its cells by the column's. A total is a line too."""
    for table in page.select("table"):
        heads = [words(head) for head in table.select("thead tr")[0].find_all("th")]
        if all(heading in heads for heading in headings):
            return {words(row.th): dict(zip(heads, map(words, row.find_all(["th", "td"])), strict=False))
                    for row in table.select("tbody tr")}
    raise AssertionError(f"no table with {headings}: {words(page.main)[:500]}")


def number(shown: str) -> int:
    """«–» and nothing are nought; of «3 2,3 %» the first."""
    found = re.match(r"\d+", shown)
    return int(found.group()) if found else 0


def two_places(value: Fraction | None) -> str:
    """4,33, a half goes up."""
    if value is None:
        return ""
    hundredths = floor(value * 100 + Fraction(1, 2))
    return f"{hundredths // 100},{hundredths % 100:02}"


def percent(part: int, whole: int) -> str:
    """62,5 %"""
    tenths = floor(Fraction(part, whole) * 1000 + Fraction(1, 2))
    return f"{tenths // 10},{tenths % 10} %".replace(",0 %", " %")


def cell(td: Tag) -> tuple[str, list[str], str]:
    """A cell of the journal: the letter, the marks, and the sign of what is awaited."""
    letter = "".join(piece.get_text() for piece in td.select("abbr[data-v]:not(.soft)"))
    marks = [str(next(piece.strings)) for piece in td.select("b[data-m]")]
    return letter, sorted(marks), "".join(piece.get_text() for piece in td.select("abbr[data-w]"))


def grid(page: BeautifulSoup) -> dict[str, list[Tag]]:
    """The rows of a journal or of a lesson's sheet: by pupil, the cells."""
    return {words(row.th): row.find_all("td") for row in page.select("table.grid tbody tr")}
