"""Files on their way in with a form, and out to be saved: read outside the write transaction, handed out as bare
attachments that no page can run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, g, request, send_file
from flask.typing import ResponseReturnValue

from ejd import clock
from ejd.db import db
from ejd.files import store
from ejd.files.kinds import ENDINGS, ending_of
from ejd.files.models import StoredFile
from ejd.files.store import MEGABYTE, Received, Sent
from ejd.journal.queries_homework import FileToHand
from ejd.refusal import Refused
from ejd.web.saving import release
from ejd.web.security import takes_long_body
from ejd.words import counted

FILES = store.FOLDER  # the field of a form too
LONGEST_BODY = 60 * MEGABYTE
HANDED_OUT = "default-src 'none'; sandbox"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def register(app: Flask) -> None:
    """What a server that was killed left half received goes at the next start."""
    store.sweep(Path(app.instance_path) / FILES, now=clock.real_now())


def takes_files(view: View) -> View:
    """Declare that the form of a view brings files."""
    return takes_long_body(view, LONGEST_BODY)


@contextmanager
def files_given() -> Iterator[Sequence[Received]]:
    """The files of the form, read and recognised while no lock is held; what is not kept inside is gone after it.
    Raises Refused."""
    sent = [Sent(file.filename, file.stream) for file in request.files.getlist(FILES) if file.filename]
    if len(sent) > most_files():
        raise Refused(f"К заданию можно приложить не больше {counted(most_files(), 'файла', 'файлов', 'файлов')}",
                      field=FILES)
    if sent:
        release()
    with store.receiving(_folder(), sent, longest=megabytes() * MEGABYTE, field=FILES) as received:
        yield received


def keep_all(received: Sequence[Received]) -> list[tuple[str, StoredFile]]:
    """Each file under its name, kept for good with the transaction."""
    return [(file.name, store.keep(db.session, folder=_folder(), file=file, now=clock.now())) for file in received]


def hand_out(file: FileToHand) -> Response:
    """The file to be saved, never shown in the page."""
    path = store.path_of(_folder(), file.sha256)
    if path is None:
        abort(404, "Этого файла на сервере школы больше нет. Попросите учителя приложить его снова.")
    response = send_file(path, mimetype=file.media_type, etag=False)
    plain = f"file.{ending_of(file.name)}"  # for programs that know no other
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}")
    response.headers["Content-Security-Policy"] = HANDED_OUT
    response.headers["Cache-Control"] = "no-store"
    return response


def discard(hashes: Iterable[str]) -> None:
    """Remove files that nothing names any more, once that is saved."""
    for path in store.untouched(_folder(), hashes, now=clock.real_now()):
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a form says of the files that may be attached."""

    most: int
    megabytes: int
    endings: str  # for the field's `accept`


def limits() -> Limits:
    return Limits(most_files(), megabytes(), ",".join(f".{ending}" for ending in ENDINGS))


def most_files() -> int:
    return int(g.settings.value("files.most", on=None))


def megabytes() -> int:
    """The largest size of one file."""
    return int(g.settings.value("files.megabytes", on=None))


def _folder() -> Path:
    return Path(current_app.instance_path) / FILES
