"""What a person typed, made fit to keep: composed, without control characters, of bounded length. Pure."""

from __future__ import annotations

import re
import unicodedata

from ejd.refusal import Refused
from ejd.words import counted

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
KEY_LENGTH = 40
OLD_PAGE = "Страница устарела: обновите её и повторите"


def one_line(text: str, *, longest: int, field: str) -> str:
    """A line without double or outer spaces. Raises Refused when it is too long."""
    return _bounded(_SPACES.sub(" ", _CONTROL.sub("", unicodedata.normalize("NFC", text))).strip(), longest, field)


def lines(text: str, *, longest: int, field: str) -> str:
    """Text whose lines stay as typed, without outer space."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _bounded(_CONTROL.sub("", plain).strip(), longest, field)


def key_of(key: str) -> str:
    """The key a save was made with (a repeated save is harmless). Refused when there is none."""
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise Refused(OLD_PAGE)
    return key


def _bounded(text: str, longest: int, field: str) -> str:
    if len(text) > longest:
        raise Refused(f"Слишком длинно: не больше {counted(longest, 'знака', 'знаков', 'знаков')}", field=field)
    return text
