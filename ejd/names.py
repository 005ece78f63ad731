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
_CLASS = re.compile(r"(1[01]|[1-9])[\s\-–—.]*[«\"'“„]?\s*([^\W\d_])\s*[»\"'”“]?(?:\s*(?:класс|кл\.?))?")
LONGEST = 80
SON_OF = {"оглы", "оглу", "улы", "уулу", "углы", "кызы", "гызы", "кизи"}  # the last word of some patronymics


def tidy(text: str) -> str:
    """One line without double, no-break or outer spaces, in composed Unicode."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def in_full(last_name: str, first_name: str, patronymic: str = "") -> str:
    """«Фамилия Имя Отчество»; a patronymic may be missing (R40)."""
    return " ".join(part for part in (last_name, first_name, patronymic) if part)


def with_initials(last_name: str, first_name: str, patronymic: str = "") -> str:
    """«Фамилия И. О.», as on a timetable."""
    return "\u00a0".join((last_name, *(f"{part[0]}." for part in (first_name, patronymic) if part))).strip()


def without_look_alikes(word: str) -> str:
    """Latin look-alikes turned Cyrillic, in words that have a Cyrillic letter besides."""
    return word.translate(_LOOK_ALIKES) if _CYRILLIC.search(word) else word


def as_name(part: str) -> str:
    """A surname, first name or patronymic as it is kept: Latin look-alikes mended, СПЛОШНЫЕ and строчные words turned
    into names. A small word beside a name is meant so: «фон Берг», «Рашид оглы»."""
    words = [without_look_alikes(word) for word in tidy(part).split(" ")]
    is_written = any(word[:1].isupper() and not word.isupper() for word in words)
    for index, word in enumerate(words):
        if fold(word) in SON_OF:
            words[index] = word.lower()
        elif len(word) > 1 and (word.isupper() or (word.islower() and not is_written)):
            words[index] = "-".join(piece.capitalize() for piece in word.split("-"))
    return " ".join(words)


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


def search_words(text: str) -> list[str]:
    """What somebody typed into a search box, in words as `search_key` holds them; look-alikes count as Cyrillic."""
    return _WORD.findall(fold(text.translate(_LOOK_ALIKES)))


def class_name(text: str) -> tuple[int, str] | None:
    """Grade and letter, however it is written: 7А, 7 «а», 7-А, «7A» with a Latin letter; None when it is no class."""
    found = _CLASS.fullmatch(tidy(text).upper().replace("КЛАСС", "класс").replace("КЛ", "кл"))
    return (int(found[1]), class_letter(found[2])) if found else None


def class_letter(text: str) -> str:
    """A class's letter as it is kept: a Cyrillic capital when it looks like one."""
    return tidy(text).upper().translate(_LOOK_ALIKES)


def fault_of_name(last_name: str, first_name: str, patronymic: str = "") -> tuple[str, str] | None:
    """The field and why it can't be a name, or None. A patronymic may be missing (R40)."""
    fields = (("last_name", "Фамилия", last_name, "Впишите фамилию"), ("first_name", "Имя", first_name, "Впишите имя"),
              ("patronymic", "Отчество", patronymic, ""))
    for field, title, value, missing in fields:
        if not value and missing:
            return field, missing
        if len(value) > LONGEST:
            return field, f"{title} длиннее {LONGEST} знаков"
        if value and not all(char.isalpha() or char in " -'’.()ʼ" for char in value):
            return field, f"{title} пишется буквами: «{value[:40]}» не подходит"
    return None
