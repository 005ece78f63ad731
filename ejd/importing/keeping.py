"""Files between preview and confirmation: in a folder of their own, owned by who sent them, gone after a day.

Several server processes share the folder. Names of people are in the files alone; nothing is logged.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ejd.importing.planning import Correction
from ejd.importing.reading import Upload, safe_name
from ejd.importing.recognising import Kind, Meaning

KEPT_FOR = timedelta(hours=24)
MOST_KEPT = 5  # unfinished ones of one person
_TOKEN = re.compile(r"[0-9a-f]{32}")
_ABOUT, _REPORT = "about.json", "report.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """One upload on its way."""

    token: str
    folder: Path
    owner_id: int
    at: datetime
    names: tuple[str, ...]
    corrections: dict[int, Correction] = field(default_factory=dict)

    def files(self) -> list[Upload]:
        return [Upload(name, (self.folder / f"{number}.bin").read_bytes()) for number, name in enumerate(self.names)]


def keep(root: Path, *, owner_id: int, files: Sequence[Upload], now: datetime) -> str:
    """Put the files aside; the token they are found by."""
    for old in _of_owner(root, owner_id)[MOST_KEPT - 1:]:
        discard(old)
    token = secrets.token_hex(16)
    folder = root / token
    folder.mkdir(parents=True, mode=0o700)
    for number, file in enumerate(files):
        (folder / f"{number}.bin").write_bytes(file.body)
    _write(Kept(token, folder, owner_id, now, tuple(safe_name(file.name) for file in files)))
    return token


def find(root: Path, *, token: str, owner_id: int, now: datetime) -> Kept | None:
    """The upload of this person; None when there is none, it is somebody else's, or a day has passed."""
    if not _TOKEN.fullmatch(token):
        return None
    kept = _read(root / token)
    return kept if kept and kept.owner_id == owner_id and now - kept.at < KEPT_FOR else None


def correct(kept: Kept, sheet: int, correction: Correction) -> None:
    """Keep what a person said a sheet is."""
    kept.corrections[sheet] = correction
    with suppress(FileNotFoundError):  # dropped in another window meanwhile
        _write(kept)


def finish(kept: Kept, report: dict[str, Any]) -> None:
    """Drop the files once they are written down; what was written stays to be read for the rest of the day."""
    (kept.folder / _REPORT).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    for number in range(len(kept.names)):
        (kept.folder / f"{number}.bin").unlink(missing_ok=True)


def report_of(kept: Kept) -> dict[str, Any] | None:
    """What `finish` was told, when this upload is through."""
    path = kept.folder / _REPORT
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def discard(kept: Kept) -> None:
    shutil.rmtree(kept.folder, ignore_errors=True)


def sweep(root: Path, *, now: datetime) -> None:
    """Remove what is older than a day or can't be read any more."""
    for folder in root.iterdir() if root.is_dir() else ():
        kept = _read(folder)
        if kept is None or now - kept.at >= KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)


def _of_owner(root: Path, owner_id: int) -> list[Kept]:
    """The newest first."""
    found = [kept for folder in (root.iterdir() if root.is_dir() else ()) if (kept := _read(folder))]
    return sorted((kept for kept in found if kept.owner_id == owner_id), key=lambda kept: kept.at, reverse=True)


def _write(kept: Kept) -> None:
    """Replaced in one step: another process may be reading."""
    about = {"owner": kept.owner_id, "at": kept.at.isoformat(), "names": kept.names, "corrections": {
        sheet: {"kind": said.kind.value, "columns": {index: meaning.value for index, meaning in said.columns.items()}}
        for sheet, said in kept.corrections.items()}}
    fresh = kept.folder / f"{_ABOUT}.{secrets.token_hex(4)}"
    fresh.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    fresh.replace(kept.folder / _ABOUT)


def _read(folder: Path) -> Kept | None:
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        corrections = {int(sheet): Correction(Kind(said["kind"]), {
            int(index): Meaning(meaning) for index, meaning in said["columns"].items()})
            for sheet, said in about["corrections"].items()}
        return Kept(folder.name, folder, about["owner"], datetime.fromisoformat(about["at"]), tuple(about["names"]),
                    corrections)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
