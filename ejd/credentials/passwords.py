"""Passwords: hashing with the parameters measured for this program, and one-time passwords (R30). No database."""

from __future__ import annotations

import gzip
import re
import secrets
from collections.abc import Collection
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash("nobody's password")

# Lower-case Latin letters and digits without look-alikes in either alphabet (R30): no l 1 i o 0, and
# no letters that a Cyrillic reader takes for а в е к м н о р с т у х.
ALPHABET = "dfgjqrsuvwz23456789"

# The commonest leaked ones that are long enough, in lower case (docs/dependencies.md).
COMMON = Path(__file__).with_name("common_passwords.txt.gz")
# What everybody thinks of first at the journal of a school.
NEAR_AT_HAND = ("пароль", "парол", "дневник", "журнал", "школа", "школ", "эжд", "класс", "ученик", "учитель",
                "директор", "завуч", "отметка", "оценка", "каникулы", "password", "passwd", "parol", "dnevnik",
                "zhurnal", "jurnal", "shkola", "school", "journal", "ejd", "admin", "klass", "qwerty", "йцукен")
_TO_LATIN_KEYS = str.maketrans("ёйцукенгшщзхъфывапролджэячсмитьбю", "`qwertyuiop[]asdfghjkl;'zxcvbnm,.")
LEAST_OF_OWN = 4  # signs that are left once these words and the own name are taken away
LONGEST_NUMBER = 12  # of a phone, a document, a date of birth


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes the same time when there is no hash."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)


def hash_anew(password_hash: str | None, password: str) -> str | None:
    """A hash of the right password by today's parameters where the kept one has older ones, else None."""
    return hash_password(password) if password_hash and needs_rehash(password_hash) else None


def one_time_password(length: int = 10) -> str:
    """A random password without look-alikes; shown in groups by `in_groups`."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def in_groups(password: str) -> str:
    """«dfg7 3qwz 92»: spaces are for reading and ignored at sign-in."""
    return " ".join(password[i:i + 4] for i in range(0, len(password), 4))


def as_typed(password: str, *, one_time: bool) -> str:
    """What the person meant: a one-time password is read out in groups, so spaces and case do not count."""
    return "".join(password.split()).lower() if one_time else password


def weakness(password: str, *, login: str, least: int, known: Collection[str] = ()) -> str | None:
    """Why a new password is not good enough, as a sentence, or None. `known`: words that others know of the person."""
    if len(password) < least:
        return f"Пароль короче {least} знаков: придумайте подлиннее, например три слова подряд"
    if len(password) > 200:
        return "Пароль длиннее 200 знаков"
    if len(set(password)) < 4:
        return "Пароль из одних и тех же знаков легко подобрать"
    if login and login.lower() in password.lower():
        return "Пароль не должен содержать логин"
    if not re.search(r"[^\d\s.,+()/–-]", password) and sum(map(str.isdigit, password)) <= LONGEST_NUMBER:
        return "Телефон, дату или номер документа легко подобрать: добавьте слова"
    if {password.lower(), password.lower().translate(_TO_LATIN_KEYS)} & _common():
        return "Этот пароль из списка самых частых, с него и начинают подбирать: придумайте другой"
    if _signs_of_own(password.lower(), known) < LEAST_OF_OWN:
        return "Имя, школа и слова вроде «пароль» или «дневник» приходят на ум первыми: добавьте другие слова"
    return None


@cache
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().split("\n"))


def _signs_of_own(password: str, known: Collection[str]) -> int:
    """How many letters are left without the words that come to mind first, and figures beyond a date or a phone."""
    words = {word.lower() for word in known if len(word) > 2} | set(NEAR_AT_HAND)
    for word in sorted(words | {word.translate(_TO_LATIN_KEYS) for word in words}, key=len, reverse=True):
        password = password.replace(word, " ")
    figures = sum(map(str.isdigit, password))
    return len(re.sub(r"[\W\d_]", "", password)) + max(0, figures - LONGEST_NUMBER)
