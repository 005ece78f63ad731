"""The guides of «Справочные материалы»: Markdown in templates/help, in sections, with pictures of the program between
the paragraphs (`python -m tests.e2e.guide_pictures` takes them)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import snowballstemmer
from markupsafe import Markup

from ejd.access import Actor, Role
from ejd.config import ROOT
from ejd.documents.markup import html_of, words_of
from ejd.names import fold, search_words
from ejd.web.assets import STATIC

TEXTS = ROOT / "templates" / "help"
TITLES = {"family": "Родителям и ученикам", "teacher": "Учителям", "administration": "Администрации"}
READERS = {"family": frozenset(Role), "teacher": frozenset({Role.TEACHER, Role.ADMIN}),
           "administration": frozenset({Role.ADMIN})}
_PICTURE = re.compile(r"^!\[(.+)\]\(([a-z-]+\.png)\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Picture:
    alt: str
    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture, or text."""

    html: Markup = Markup("")
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str
    title: str
    pieces: tuple[Piece, ...]
    folded: str


@dataclass(frozen=True, slots=True)
class Guide:
    name: str
    title: str
    sections: tuple[Section, ...]


def guides_for(actor: Actor) -> list[Guide]:
    """Families read theirs, teachers that of families too, the administration all."""
    return [_read(name) for name, readers in READERS.items() if name == "family" or readers & set(actor.roles)]


def found_in(guides: list[Guide], typed: str) -> list[tuple[Guide, Section]]:
    """The sections in which every word that was typed stands, whatever its ending; none when it has no word."""
    stem = snowballstemmer.stemmer("russian").stemWord
    words = [stem(word) for word in search_words(typed)]
    return [(guide, section) for guide in guides for section in guide.sections
            if words and all(word in section.folded for word in words)]


@cache
def _read(name: str) -> Guide:
    text = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    parts = [part.split("\n", 1) for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]
    sections = (_section(number, title, body) for number, (title, body) in enumerate(parts, 1))
    return Guide(name, TITLES[name], tuple(sections))


def _section(number: int, title: str, body: str) -> Section:
    words, pieces = [title], []
    texts = _PICTURE.split(body)  # text, alt, file, text, alt, file, … text
    for index in range(0, len(texts), 3):
        if texts[index].strip():
            pieces.append(Piece(html_of(texts[index], str, top=3)))
            words.append(words_of(texts[index]))
        if index + 2 < len(texts):
            pieces.append(Piece(picture=_picture(texts[index + 1], texts[index + 2])))
    return Section(f"s{number}", title, tuple(pieces), fold(" ".join(words)))


def _picture(alt: str, file: str) -> Picture:
    """Width and height stand in the head of a PNG; the page shows a picture no wider than its text."""
    head = (STATIC / "help" / file).read_bytes()[16:24]
    return Picture(alt, file, int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big"))
