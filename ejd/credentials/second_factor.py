"""The second factor of whoever leads the school: a code of six figures that the phone makes anew every half minute
(TOTP, RFC 6238), or one of the spare codes that were written down.

The secret lies in the database sealed by a key made of the installation's secret key: a stolen copy of the database
gives no codes. For the same reason spare codes, too short for a plain hash, are kept as an HMAC under such a key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select

from ejd.audit import trail
from ejd.credentials import sessions
from ejd.credentials.models import Account, SecondFactor
from ejd.db import Session
from ejd.refusal import Refused

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off
NONCE = 12
SPARES = 8
WRONG = "Код не подходит. Он меняется каждые 30 секунд: введите тот, что на экране сейчас"
USED = "Этот код уже использован: дождитесь следующего, он появится не позже чем через 30 секунд"


def of(session: Session, account_id: int | None) -> SecondFactor | None:
    """The account's second factor once its first code was right."""
    return session.scalar(select(SecondFactor).where(SecondFactor.account_id == account_id,
                                                     SecondFactor.confirmed_at.is_not(None)))


def begin(session: Session, *, account: Account, key: str) -> None:
    """Make a new secret, which nothing asks for until a first code of it was right."""
    row = session.get(SecondFactor, account.id)
    if row is not None and row.confirmed_at is not None:
        raise Refused("Второй фактор уже включён")
    sealed = _seal(pyotp.random_base32(), account.id, key)
    if row is None:
        session.add(SecondFactor(account_id=account.id, sealed=sealed))
    else:
        row.sealed = sealed
    session.flush()


def secret_to_show(session: Session, *, account: Account, key: str) -> str | None:
    """The secret while it is being set up; afterwards nobody sees it again."""
    row = session.get(SecondFactor, account.id)
    return _unseal(row.sealed, account.id, key) if row is not None and row.confirmed_at is None else None


def address(secret: str, *, login: str, school: str) -> str:
    """What the QR code says to the application on the phone."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"ЭЖД {school}".strip())


def confirm(session: Session, *, account: Account, code: str, key: str, now: datetime,
            session_id: int | None = None) -> Sequence[str]:
    """Put the secret in force by its first right code; sessions that the password alone has opened end, but this one.
    Returns the spare codes, shown this once. Real time."""
    row = _locked(session, account.id)
    if row is None or row.confirmed_at is not None:
        raise Refused("Начните настройку сначала", field="code")
    row.last_step = _step(row, code, key, now)
    row.confirmed_at = now
    trail.record(session, now=now, actor_id=account.person_id, verb="second_factor.on", subject_id=account.id)
    sessions.end_all_sessions(session, account_id=account.id, now=now, but=session_id)
    return _new_spares(row, key)


def take(session: Session, *, account_id: int, code: str, key: str, now: datetime) -> None:
    """Use a right code up. Raises Refused. Real time."""
    row = _locked(session, account_id)
    if row is None or row.confirmed_at is None:
        raise Refused(WRONG, field="code")
    spares = json.loads(row.spare_hashes)
    if (spare := _hash_of(code, account_id, key)) in spares:
        row.spare_hashes = json.dumps([one for one in spares if one != spare])
    else:
        row.last_step = _step(row, code, key, now)


def renew_spares(session: Session, *, account: Account, key: str, now: datetime) -> Sequence[str]:
    """New spare codes; the former ones hold no more."""
    row = _locked(session, account.id)
    if row is None or row.confirmed_at is None:
        raise Refused("Второй фактор не включён")
    trail.record(session, now=now, actor_id=account.person_id, verb="second_factor.spares", subject_id=account.id)
    return _new_spares(row, key)


def spares_left(row: SecondFactor) -> int:
    return len(json.loads(row.spare_hashes))


def switch_off(session: Session, *, actor_id: int | None, account: Account, now: datetime,
               session_id: int | None = None) -> None:
    """The password alone lets in again, until a new one is set up; every session but this one ends. `actor_id` None:
    from the server's command line."""
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    trail.record(session, now=now, actor_id=actor_id, verb="second_factor.off", subject_id=account.id)
    sessions.end_all_sessions(session, account_id=account.id, now=now, but=session_id)


def _locked(session: Session, account_id: int) -> SecondFactor | None:
    return session.scalar(select(SecondFactor).where(SecondFactor.account_id == account_id).with_for_update()
                          .execution_options(populate_existing=True))


def _step(row: SecondFactor, code: str, key: str, now: datetime) -> int:
    """Which half minute the code belongs to; one is good once. Raises Refused."""
    totp = pyotp.TOTP(_unseal(row.sealed, row.account_id, key))
    given, present = re.sub(r"\s", "", code), int(now.timestamp()) // STEP
    steps = [step for step in range(present - DRIFT, present + DRIFT + 1)
             if given.isascii() and secrets.compare_digest(totp.at(step * STEP), given)]
    if not steps:
        raise Refused(WRONG, field="code")
    if steps[-1] <= row.last_step:
        raise Refused(USED, field="code")
    return steps[-1]


def _new_spares(row: SecondFactor, key: str) -> list[str]:
    codes = [f"{secrets.randbelow(10 ** 10):010}" for _ in range(SPARES)]
    row.spare_hashes = json.dumps([_hash_of(code, row.account_id, key) for code in codes])
    return [f"{code[:5]} {code[5:]}" for code in codes]


def _hash_of(code: str, account_id: int, key: str) -> str:
    figures = re.sub(r"[\s-]", "", code)
    return hmac.new(_derived(key, b"ejd spare codes"), f"{account_id} {figures}".encode(), hashlib.sha256).hexdigest()


def _seal(secret: str, account_id: int, key: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _cipher(key).encrypt(nonce, secret.encode(), str(account_id).encode())


def _unseal(sealed: bytes, account_id: int, key: str) -> str:
    try:
        return _cipher(key).decrypt(sealed[:NONCE], sealed[NONCE:], str(account_id).encode()).decode()
    except InvalidTag as broken:
        raise Refused("Ключ программы сменился: второй фактор снимают командой second-factor-off на сервере",
                      field="code") from broken


def _cipher(key: str) -> AESGCM:
    return AESGCM(_derived(key, b"ejd second factor"))


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, purpose).derive(key.encode())
