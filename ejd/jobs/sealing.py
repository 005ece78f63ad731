"""A result that only the browser which asked for it can open: the job is given a public key, the secret one never
stays on the server (X25519, HKDF, AES-256-GCM)."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ejd.refusal import Refused

KEY, NONCE = 32, 12
WRONG = "Файл открывается только в том браузере, в котором его заказали. Ничего не изменилось: закажите снова здесь."


def keys_of(session_token: str, form_key: str) -> tuple[str, str]:
    """A secret key for the browser's cookie, and the public one for the job. The same form of the same session, sent
    twice, has the same; of the token the server keeps a hash."""
    seed = HKDF(SHA256(), KEY, form_key.encode(), b"ejd job key").derive(session_token.encode())
    secret = X25519PrivateKey.from_private_bytes(seed)
    return secret.private_bytes_raw().hex(), secret.public_key().public_bytes_raw().hex()


def seal(public: str, content: bytes) -> bytes:
    """The content for whoever holds the secret key."""
    theirs, once = X25519PublicKey.from_public_bytes(bytes.fromhex(public)), X25519PrivateKey.generate()
    mine, nonce = once.public_key().public_bytes_raw(), os.urandom(NONCE)
    return mine + nonce + _cipher(once.exchange(theirs), mine).encrypt(nonce, content, None)


def unseal(secret: str, sealed: bytes) -> bytes:
    """Raises Refused when the key is missing or another one, or a byte was changed."""
    try:
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
        theirs, nonce, body = sealed[:KEY], sealed[KEY:KEY + NONCE], sealed[KEY + NONCE:]
        return _cipher(key.exchange(X25519PublicKey.from_public_bytes(theirs)), theirs).decrypt(nonce, body, None)
    except (InvalidTag, ValueError):
        raise Refused(WRONG) from None


def _cipher(shared: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY, salt, b"ejd job result").derive(shared))
