"""Values encrypted under the school's data key, which is not in the database (AES-256-GCM); each is bound to its row,
so that what is moved to another person's row does not open there."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ejd.refusal import Refused

KEY, NONCE = 32, 12
NO_KEY = ("Ключа данных на сервере нет: паспортные данные нельзя ни записать, ни прочесть. Администратор системы "
          "создаёт его командой flask --app app privacy new-key и задаёт в EJD_DATA_KEY.")
OTHER_KEY = ("Эти данные зашифрованы другим ключом, не тем, что задан в EJD_DATA_KEY. Администратору системы: верните "
             "прежний ключ или смените его командой flask --app app privacy rotate-key.")
SPOILT = "Запись повреждена и не открывается. Сотрите её и внесите данные снова."


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key, and the name by which rows know it: it tells nothing about the key."""

    id: str
    secret: bytes = field(repr=False)


def new_key() -> str:
    """A key as it stands in the environment."""
    return base64.urlsafe_b64encode(os.urandom(KEY)).decode("ascii")


def key_of(text: str) -> DataKey | None:
    """The key of the environment; None when none is given. Its form was checked when the environment was read."""
    if not text:
        return None
    secret = base64.urlsafe_b64decode(text)
    return DataKey(hashlib.sha256(b"ejd data key " + secret).hexdigest()[:16], secret)


def seal(key: DataKey, plain: bytes, *, bound_to: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key.secret).encrypt(nonce, plain, bound_to.encode())


def unseal(keys: Collection[DataKey | None], sealed: bytes, *, key_id: str, bound_to: str) -> bytes:
    """Raises Refused without the key of that name, or when the row was changed."""
    known = [key for key in keys if key is not None]
    key = next((one for one in known if one.id == key_id), None)
    if key is None:
        raise Refused(OTHER_KEY if known else NO_KEY)
    try:
        return AESGCM(key.secret).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except InvalidTag:
        raise Refused(SPOILT) from None
