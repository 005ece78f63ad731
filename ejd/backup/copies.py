"""One copy of everything: the database first, attached files second (engineering 19), a manifest with checksums.

SQLite is copied by its own online backup while the program runs, PostgreSQL by pg_dump. A copy goes back into an empty
place of the same kind of database, by `restore`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from ejd import clock
from ejd.backup import sealing
from ejd.config import make_folder
from ejd.files.store import FOLDER
from ejd.refusal import Refused

MANIFEST, FILES = "manifest.json", FOLDER
NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
PREFIX, SUFFIX = "ejd-", ".tar.gz"
FORMAT = 1
DAMAGED = "Копия повреждена: {what}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy holds: of which moment and migration, each part with its SHA-256."""

    format: int
    made_at: str
    database: str  # sqlite, postgresql
    revision: str
    parts: dict[str, str]


def make(engine: Engine, *, instance: Path, folder: Path, revision: str, passphrase: str = "",
         now: datetime | None = None) -> Path:
    """Copy everything into a file of the folder; its path. Sealed when a passphrase is given."""
    make_folder(folder)
    now = now or clock.real_now()
    target = folder / f"{PREFIX}{now:%Y%m%d-%H%M%S}{SUFFIX}{'.sealed' if passphrase else ''}"
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        database = Path(scratch) / NAMES[engine.dialect.name]
        _dump(engine, database)
        parts = {database.name: database} | {f"{FILES}/{path.relative_to(instance / FILES).as_posix()}": path
                                             for path in _files(instance / FILES)}
        manifest = Manifest(FORMAT, now.isoformat(), engine.dialect.name, revision,
                            {name: _sum_of(path) for name, path in parts.items()})
        plain = Path(scratch) / "copy.tar.gz"
        with tarfile.open(plain, "w:gz", compresslevel=6) as tar:
            _add(tar, MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
            for name, path in parts.items():
                tar.add(path, name)
        finished = Path(scratch) / "finished"
        if passphrase:
            with plain.open("rb") as source, finished.open("wb") as sealed:
                sealing.seal(source, sealed, passphrase)
        else:
            plain.rename(finished)
        _to_disk(finished)
        finished.replace(target)
    return target


def keep_newest(folder: Path, count: int) -> list[Path]:
    """Remove all but the newest copies of the folder; those that went."""
    gone = copies_in(folder)[:-count] if count else []
    for path in gone:
        path.unlink()
    return gone


def copies_in(folder: Path) -> list[Path]:
    """The copies of a folder, the oldest first: their names tell the moment."""
    return sorted(path for path in folder.glob(f"{PREFIX}*{SUFFIX}*") if path.is_file())


def check(path: Path, *, passphrase: str = "") -> Manifest:
    """Read a whole copy and compare every checksum. Raises Refused when a byte differs."""
    with _unpacked(path, passphrase) as (manifest, _):
        return manifest


def restore(path: Path, engine: Engine, *, instance: Path, passphrase: str = "") -> Manifest:
    """Put a copy into an empty database and instance folder. Raises Refused when the place is not empty, the copy is of
    another kind of database, or a checksum differs; nothing is touched before all of them agree."""
    with _unpacked(path, passphrase) as (manifest, folder):
        if manifest.database != engine.dialect.name:
            raise Refused(f"Копия сделана с базы {manifest.database}, а настроена {engine.dialect.name}")
        if inspect(engine).get_table_names():
            raise Refused("База не пуста: копию возвращают только в пустую базу. Уберите прежнюю или укажите другую "
                          "(EJD_INSTANCE, EJD_DATABASE_URL)")
        if _files(instance / FILES):
            raise Refused(f"Папка {FILES} не пуста: копию возвращают только на пустое место")
        engine.dispose()
        _load(engine, folder / NAMES[manifest.database])
        if (folder / FILES).is_dir():
            shutil.copytree(folder / FILES, instance / FILES, dirs_exist_ok=True)
        return manifest


def _dump(engine: Engine, target: Path) -> None:
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _postgres("pg_dump", engine, "--format=custom", "--no-owner", f"--file={target}")


def _load(engine: Engine, dump: Path) -> None:
    if engine.dialect.name == "sqlite":
        place = Path(str(engine.url.database))
        for leftover in (place.with_name(place.name + "-wal"), place.with_name(place.name + "-shm"), place):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(dump, place)
        place.chmod(0o600)
    else:
        _postgres("pg_restore", engine, "--no-owner", "--exit-on-error", "--single-transaction",
                  f"--dbname={engine.url.database}", str(dump))


def _postgres(program: str, engine: Engine, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes by environment, never by the command line."""
    found = shutil.which(program)
    if found is None:
        raise Refused(f"Нет программы {program}: поставьте клиент PostgreSQL той же версии, что и сервер")
    url = engine.url
    where = {"PGHOST": url.host or url.query.get("host"), "PGPORT": url.port and str(url.port), "PGUSER": url.username,
             "PGPASSWORD": url.password, "PGDATABASE": url.database}
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False,
                          env=os.environ | {name: str(value) for name, value in where.items() if value})
    if done.returncode:
        raise Refused(f"{program} не справился: {' '.join(done.stderr.split())[:300]}")


@contextmanager
def _unpacked(path: Path, passphrase: str) -> Iterator[tuple[Manifest, Path]]:
    """The copy's manifest and a folder with its checked parts."""
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "copy.tar.gz"
        with _opened(path) as source, plain.open("wb") as target:
            if not sealing.is_sealed(source):
                shutil.copyfileobj(source, target)
            elif passphrase:
                sealing.unseal(source, target, passphrase)
            else:
                raise Refused("Копия закрыта паролем: укажите его файлом (--passphrase-file)")
        folder = Path(scratch) / "parts"
        try:
            with tarfile.open(plain, "r:gz") as tar:
                tar.extractall(folder, filter="data")
            manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError, TypeError) as error:
            raise Refused(DAMAGED.format(what="архив не читается")) from error
        _compare(manifest, folder)
        yield manifest, folder


def _compare(manifest: Manifest, folder: Path) -> None:
    if manifest.format != FORMAT:
        raise Refused(DAMAGED.format(what="сделана другой версией программы"))
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    if found != set(manifest.parts):
        raise Refused(DAMAGED.format(what="не те файлы, что в описи"))
    for name, expected in manifest.parts.items():
        if _sum_of(folder / name) != expected:
            raise Refused(DAMAGED.format(what=f"не сходится {name}"))


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError:
        raise Refused(f"Файл не читается: {path}") from None


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


