"""Rows of control's breakdown as HTML: from one Python function, for a template's macros would take most of the page's
time (engineering 17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from ejd.compliance.breakdown import Part
from ejd.compliance.metrics import Figure, Tally
from ejd.documents.tables import in_words
from ejd.words import number, percent

NOTHING = '<span class="soft">0</span>'


def body(rows: Iterable[tuple[str, Tally, str]], parts: Sequence[Part], lists: str) -> Markup:
    """Table rows of name, figures and the query of the row's own lists; a count is a link to exactly those rows."""
    return Markup("\n".join(_row(name, tally, asking, parts, lists) for name, tally, asking in rows))  # noqa: S704


def _row(name: str, tally: Tally, asking: str, parts: Sequence[Part], lists: str) -> str:
    cells = "".join(_cell(part, tally, f"{lists}/{part.figure}?{escape(asking)}") for part in parts)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _cell(part: Part, tally: Tally, address: str) -> str:
    if part.figure is None:
        value = in_words(part.value(tally) or None)
        return f'<td class="num{"" if value else " nil"}" data-title="{part.title}">{value}</td>'
    many = part.count(tally)
    if not many:
        return f'<td class="num nil" data-title="{part.title}">{NOTHING}</td>'
    look = f' class="{part.look}"' if part.look else ""
    link = f'<a href="{address}"{look}>{number(many)}</a>'
    if part.figure is Figure.LATE and tally.share_late:
        link = f'<span>{link} <span class="soft">{percent(tally.share_late)}</span></span>'
    return f'<td class="num" data-title="{part.title}">{link}</td>'
