"""Text with a little markup that a school types itself: headings, paragraphs, lists, **bold**, *italics* and tables of
Markdown. There is no HTML, no link and no picture in it: whatever else is typed is text, and is escaped once, here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

RULES = ["heading", "list", "table", "emphasis", "escape", "newline"]
TAGS = frozenset({"p", "ul", "ol", "li", "strong", "em", "table", "thead", "tbody", "tr", "th", "td"})
LOWEST = 6  # heading
NARROWEST, MOST_COLUMNS, MOST_ROWS, DEEPEST_LIST = 4, 12, 100, 4  # the first in percent of the page
BLANK_ROWS = 12  # of a table that has a head only: a form to be filled in by hand
UNDERLINE = "\ue000"  # lines to write on are typed as underlines, which are no emphasis here
_BLANK = Markup("&nbsp;")

Filled = Callable[[str], str]


def html_of(text: str, filled: Filled, *, top: int = 1) -> Markup:
    """As HTML, made of known tags and escaped text only. `filled` puts values into a piece of text; `top` is the level
    of the highest heading."""
    return Markup("").join(_html(_parse(text), text.split("\n"), filled, top))


def words_of(text: str) -> str:
    """What a person reads in it, without markup."""
    pieces = (_words(token) for token in _parse(text) if token.type == "inline")
    return "\n".join(pieces)


def too_much(text: str) -> str | None:
    """What of the text would not fit a page, in words, or None."""
    tokens = _parse(text)
    rows = (group for closing, group in groupby(tokens, lambda token: token.type == "tr_close") if not closing)
    if any(sum(token.type == "th_open" for token in row) > MOST_COLUMNS for row in rows):
        return f"в таблице больше {MOST_COLUMNS} столбцов"
    types = [token.type for token in tokens]
    if types.count("tr_open") - types.count("table_open") > MOST_ROWS:  # heads are no rows
        return f"в таблицах больше {MOST_ROWS} строк"
    if any(token.level > 2 * DEEPEST_LIST for token in tokens if token.type == "list_item_open"):
        return f"список вложен глубже {DEEPEST_LIST} уровней"
    return None


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False}).enable(RULES)


def _parse(text: str) -> list[Token]:
    return _reader().parse(text.replace(UNDERLINE, "").replace("_", UNDERLINE))


def _words(inline: Token) -> str:
    return "".join(" " if one.tag == "br" or one.type == "softbreak" else one.content
                   for one in inline.children or ()).replace(UNDERLINE, "_")


def _html(tokens: list[Token], lines: list[str], filled: Filled, top: int) -> Iterator[Markup]:
    widths: list[int] = []
    column, rows = 0, 0
    for token in tokens:
        if token.type == "inline":
            yield from _inline(token, filled)
        elif token.hidden:
            continue  # paragraphs of a list whose points stand close together
        elif token.type == "table_open":
            widths, rows = _widths(lines[(token.map or [0])[0] + 1]), 0
            yield Markup('<div class="wide" tabindex="0"><table aria-label="Таблица">')
        elif token.type == "table_close":
            blank = Markup("") if rows else Markup("<tbody>{}</tbody>").format(_blank_rows(len(widths)))
            yield blank + Markup("</table></div>")
        elif token.type == "th_open":
            yield Markup('<th scope="col" width="{}%">').format(widths[column])
            column += 1
        else:
            if token.type == "tr_open":
                column = 0
            rows += token.type == "tbody_open"
            yield _tag(token, top)


def _tag(token: Token, top: int) -> Markup:
    """An opening or closing tag; a list goes on with the number that was typed."""
    tag = f"h{min(LOWEST, int(token.tag[1]) + top - 1)}" if token.type.startswith("heading") else token.tag
    if token.tag not in TAGS and not token.type.startswith("heading"):
        raise LookupError(f"{token.type} has no place in a letter")
    if token.nesting < 0:
        return Markup("</{}>").format(tag)
    start = token.attrGet("start") if tag == "ol" else None
    return Markup('<{} start="{}">').format(tag, start) if start else Markup("<{}>").format(tag)


def _inline(inline: Token, filled: Filled) -> Iterator[Markup]:
    """A line that was broken while typing goes on."""
    for is_text, pieces in groupby(inline.children or (), lambda one: one.type in {"text", "softbreak"}):
        if is_text:
            typed = "".join(one.content if one.type == "text" else "\n" for one in pieces)
            yield escape(filled(typed.replace(UNDERLINE, "_")))
        else:
            yield from (Markup("<br>") if one.type == "hardbreak" else _tag(one, 1) for one in pieces)


def _widths(delimiter: str) -> list[int]:
    """A column is as wide as the dashes typed under its head, and has some room in any case; in percent."""
    dashes = [max(1, len(part.strip())) for part in delimiter.strip().strip("|").split("|")]
    shared = 100 - NARROWEST * len(dashes)
    return [NARROWEST + shared * one // sum(dashes) for one in dashes]


def _blank_rows(columns: int) -> Markup:
    row = Markup("<tr>{}</tr>").format(Markup("").join([Markup("<td>{}</td>").format(_BLANK)] * columns))
    return row * BLANK_ROWS
