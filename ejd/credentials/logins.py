"""How a login is made from a name: Latin letters a person can read out. Pure."""

from __future__ import annotations

from collections.abc import Container

_LATIN = dict(zip(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    ("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
     "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"), strict=True))


def in_latin(text: str) -> str:
    """«Мамин-Сибиряк» → mamin-sibiryak; whatever is neither a letter, a digit nor a hyphen falls away."""
    letters = (_LATIN.get(char, char) for char in text.casefold())
    return "".join(char for char in "".join(letters) if char.isascii() and (char.isalnum() or char == "-"))


def login_for(last_name: str, first_name: str, taken: Container[str]) -> str:
    """volkova.v, or volkova.v2 when that is taken."""
    base = f"{in_latin(last_name)[:24] or 'user'}.{in_latin(first_name)[:1] or 'x'}"
    login, number = base, 1
    while login in taken:
        number += 1
        login = f"{base}{number}"
    return login
