"""A signed file of files: a zip that anything opens, in which every byte is accounted for.

Nothing in it is compressed and nothing depends on the moment, so from its files the zip can be built again byte by
byte: what the checksums do not cover, the comparison does. docs/archive.md tells the format.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ejd.archive import signing
from ejd.refusal import Refused

MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.pem"
SEALS = (MANIFEST, SIGNATURE, PUBLIC_KEY)  # the last of the file, in this order
FORMAT = 1
AT_ONCE = 1024 * 1024
UNIX, VERSION = 3, 20


class Pack:
    """A file that is being packed: `file` adds one by one, `seal` ends it."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self.files: dict[str, dict[str, Any]] = {}

    @contextmanager
    def file(self, name: str) -> Iterator[Writer]:
        with self._zip.open(_entry(name), "w") as out:
            writer = Writer(out)
            yield writer
        self.files[name] = {"size": writer.size, "sha256": writer.digest.hexdigest()}

    def add(self, name: str, body: bytes) -> None:
        with self.file(name) as out:
            out.write(body)

    def seal(self, key: Ed25519PrivateKey, **said: Any) -> None:
        """Write what is in it, and sign that."""
        manifest = {"format": FORMAT, **said, "key": signing.fingerprint(key), "files": self.files}
        body = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
        for name, part in zip(SEALS, (body, b64encode(key.sign(body)) + b"\n", signing.public_pem(key)), strict=True):
            with self._zip.open(_entry(name), "w") as out:
                out.write(part)
        self._zip.close()


class Writer:
    """Bytes into a file of the pack, counted and summed."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self.size, self.digest = out, 0, sha256()

    def write(self, body: bytes) -> int:
        self.size += len(body)
        self.digest.update(body)
        return self._out.write(body)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file says of itself, and what is wrong with it: a sentence for each part."""

    manifest: dict[str, Any]
    key: Ed25519PublicKey | None
    faults: tuple[str, ...]


def check(path: Path, *, key: Ed25519PublicKey | None = None) -> Checked:
    """Read every byte of a file. With a key, it must be the one that signed. Raises Refused when it is no such file."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _check(packed, path, key)
    except OSError as error:
        raise Refused(f"Файл не читается: {error.strerror or error}") from None
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError):
        return Checked({}, None, (f"{path.name}: оглавление архива повреждено, файл не открывается",))


def _check(packed: zipfile.ZipFile, path: Path, key: Ed25519PublicKey | None) -> Checked:
    names = [info.filename for info in packed.infolist()]
    seals = {name: _body(packed, name) for name in SEALS}
    faults = [f"{name}: {'нет в архиве' if name not in names else 'изменён'}"
              for name, body in seals.items() if body is None]
    manifest = _manifest(seals[MANIFEST])
    public = signing.read_public(seals[PUBLIC_KEY] or b"")
    if not faults and (manifest is None or public is None):
        faults.append(f"{MANIFEST if manifest is None else PUBLIC_KEY}: изменён")
    elif not faults:
        faults += _signature_faults(seals, manifest or {}, public, key)
    files = (manifest or {}).get("files", {})
    faults += [fault for name, known in files.items() if (fault := _fault(packed, names, name, known))]
    faults += [f"{name}: лишний, в описи его нет" for name in dict.fromkeys(names)
               if manifest is not None and name not in files and name not in SEALS]
    faults += [f"{name}: записан дважды" for name in dict.fromkeys(names) if names.count(name) > 1]
    if not faults and not _built_alike(packed, path, list(files)):
        faults.append(f"{path.name}: между файлами архива есть чужие байты")
    return Checked(manifest or {}, public, tuple(faults))


def _signature_faults(seals: dict[str, bytes | None], manifest: dict[str, Any], public: Ed25519PublicKey | None,
                      key: Ed25519PublicKey | None) -> list[str]:
    assert public is not None
    if key is not None and signing.public_pem(key) != signing.public_pem(public):
        return [f"{PUBLIC_KEY}: подписано другим ключом, его отпечаток {signing.fingerprint(public)}"]
    try:
        signature = b64decode(seals[SIGNATURE] or b"")
    except ValueError:
        return [f"{SIGNATURE}: изменён"]
    if b64encode(signature) + b"\n" != seals[SIGNATURE] or signing.public_pem(public) != seals[PUBLIC_KEY]:
        return [f"{SIGNATURE} или {PUBLIC_KEY}: записан иначе"]
    if not signing.is_signed(public, signature, seals[MANIFEST] or b""):
        return [f"{MANIFEST}: подпись не сходится, опись, подпись или ключ изменены"]
    return [] if manifest.get("key") == signing.fingerprint(public) else [f"{PUBLIC_KEY}: ключ не тот, что в описи"]


def _manifest(body: bytes | None) -> dict[str, Any] | None:
    try:
        manifest = json.loads(body or b"")
    except ValueError:
        return None
    good = isinstance(manifest, dict) and manifest.get("format") == FORMAT and isinstance(manifest.get("files"), dict)
    return manifest if good else None


def _fault(packed: zipfile.ZipFile, names: list[str], name: str, known: dict[str, Any]) -> str | None:
    if name not in names:
        return f"{name}: нет в архиве"
    digest, size = sha256(), 0
    try:
        with packed.open(name) as part:
            while chunk := part.read(AT_ONCE):
                digest.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return f"{name}: изменён"
    return None if {"size": size, "sha256": digest.hexdigest()} == known else f"{name}: изменён"


def _body(packed: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return packed.read(name)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return None


def _built_alike(packed: zipfile.ZipFile, path: Path, files: list[str]) -> bool:
    """Whether the zip built again from its parts is the same, byte by byte."""
    with tempfile.TemporaryFile() as again:
        with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as built:
            for name in (*files, *SEALS):
                with packed.open(name) as part, built.open(_entry(name), "w") as out:
                    while chunk := part.read(AT_ONCE):
                        out.write(chunk)
        again.seek(0)
        with path.open("rb") as found:
            while True:
                mine, theirs = again.read(AT_ONCE), found.read(AT_ONCE)
                if mine != theirs:
                    return False
                if not mine:
                    return True


def _entry(name: str) -> zipfile.ZipInfo:
    """A file's head, the same on every computer at any moment."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system, info.create_version, info.external_attr = UNIX, VERSION, 0o600 << 16
    return info
