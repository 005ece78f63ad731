"""How names are compared, ordered and searched, whatever a file or a keyboard made of them. Pure.

Ordering and searching never rest on a database's collation: SQLite puts Ёлкин before Андреев and knows no
Cyrillic letter case, PostgreSQL may run in C.UTF-8.
"""

from __future__ import annotations

import re
import unicodedata

# Latin letters that look like Cyrillic ones: typed by habit in class names and surnames.
_LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук")
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CYRILLIC = re.compile("[А-Яа-яЁё]")


def tidy(text: str) -> str:
    """One line without double, no-break or outer spaces, in composed Unicode."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def without_look_alikes(word: str) -> str:
    """Latin look-alikes turned Cyrillic, in words that have a Cyrillic letter besides."""
    return word.translate(_LOOK_ALIKES) if _CYRILLIC.search(word) else word


def fold(text: str) -> str:
    """The form in which two spellings of one name are equal: case, ё/е, spaces and look-alikes do not count."""
    words = (without_look_alikes(word) for word in tidy(text).replace("\u2010", "-").split(" "))
    return " ".join(words).casefold().replace("ё", "е")


def sort_key(last_name: str, first_name: str, patronymic: str = "") -> str:
    """Alphabetical as Russian lists are: ё among е; parts apart by a character below every letter."""
    return "\x1f".join(fold(part) for part in (last_name, first_name, patronymic))


def search_key(last_name: str, first_name: str, patronymic: str = "") -> str:
    """Any part of the name is found in it: « фамилия имя отчество» folded, a space before each word."""
    words = _WORD.findall(fold(f"{last_name} {first_name} {patronymic}"))
    return "".join(f" {word}" for word in words)
