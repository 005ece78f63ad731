"""The school's own key: with it a file says that it is this school's, whoever keeps it and however long (Ed25519).

The secret half lies in the instance folder, made when it is first wanted; the public half goes with every file.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from ejd.config import make_folder
from ejd.refusal import Refused

KEY_FILE = "archive_key.pem"


def own_key(instance: Path) -> Ed25519PrivateKey:
    """The school's key; readable by the server's own user only."""
    path = instance / KEY_FILE
    if not path.exists():
        make_folder(instance)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        aside = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(made)
        try:
            os.link(aside, path)  # of two processes at once the first one's key stays
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"В {KEY_FILE} лежит ключ другого вида: нужен Ed25519")
    return key


def public_pem(key: Ed25519PrivateKey | Ed25519PublicKey) -> bytes:
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public(pem: bytes) -> Ed25519PublicKey | None:
    """The key, or None when these bytes are none."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def fingerprint(key: Ed25519PrivateKey | Ed25519PublicKey) -> str:
    """What people compare by eye: 8 groups of 4 signs."""
    digest = sha256(public_pem(key)).hexdigest()[:32]
    return " ".join(digest[place:place + 4] for place in range(0, 32, 4))


def is_signed(key: Ed25519PublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body)
    except InvalidSignature:
        return False
    return True
