"""A file sealed by a passphrase: read without it, or changed in one byte, it opens to nobody.

The key comes out of the passphrase by scrypt; the content goes in pieces of a megabyte, each sealed by AES-256-GCM with
its number and whether it is the last, so that pieces can be neither swapped nor cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ejd.refusal import Refused

MAGIC = b"EJD-SEALED-1\n"
SALT, PIECE, TAG = 16, 1024 * 1024, 16
WRONG = "Копия не открывается: пароль не тот, или файл повреждён"


def _key(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, last: bool) -> bytes:
    """Never twice under one key: the salt, and with it the key, is new for each file."""
    return number.to_bytes(11, "big") + bytes([last])


def seal(source: IO[bytes], target: IO[bytes], passphrase: str) -> None:
    """Write the sealed content of `source` into `target`."""
    salt = os.urandom(SALT)
    key = _key(passphrase, salt)
    target.write(MAGIC + salt)
    for number, (piece, last) in enumerate(_pieces(source, PIECE)):
        target.write(key.encrypt(_nonce(number, last), piece, MAGIC))


def unseal(source: IO[bytes], target: IO[bytes], passphrase: str) -> None:
    """Write the content of a sealed file. Raises Refused when the passphrase or a byte is wrong."""
    if source.read(len(MAGIC)) != MAGIC:
        raise Refused("Это не закрытая паролем копия")
    key = _key(passphrase, source.read(SALT))
    for number, (piece, last) in enumerate(_pieces(source, PIECE + TAG)):
        try:
            target.write(key.decrypt(_nonce(number, last), piece, MAGIC))
        except InvalidTag:
            raise Refused(WRONG) from None


def is_sealed(source: IO[bytes]) -> bool:
    """Whether the file begins as a sealed one; the reading place comes back to the start."""
    found = source.read(len(MAGIC)) == MAGIC
    source.seek(0)
    return found


def _pieces(source: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces with whether each is the last; an empty file is one empty piece."""
    piece = source.read(size)
    while True:
        following = source.read(size)
        yield piece, not following
        if not following:
            return
        piece = following
