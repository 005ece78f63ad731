"""Which files are taken: by what their bytes are, which their name must agree with; and what a name may hold. Pure.

A file is shown to nobody in the page, only handed out to be saved: what a browser or an office program would run
(HTML, SVG, scripts, old Office files with macros) is not taken.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

HEAD = 4096  # bytes that tell what a file is
LONGEST_NAME = 120
MOST_PARTS, LONGEST_PART = 3_000, 1_000_000  # of a document that is a ZIP: parts, and bytes of the part that lists them
_OFFICE, _OPEN = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
CONTENT = "[Content_Types].xml"
_MACROS = re.compile(rb"macroenabled|vbaproject|ms-office\.activex")
_PDF = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}%PDF-")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, and signs that turn the direction of writing
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)  # names that Windows keeps


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the endings its name may have, and whether a file is one."""

    media_type: str
    endings: tuple[str, ...]
    holds: Callable[[bytes, IO[bytes]], bool]


def _begins(*signs: bytes, at: int = 0) -> Callable[[bytes, IO[bytes]], bool]:
    return lambda head, _stream: head[at:].startswith(signs)


def _office(folder: str) -> Callable[[bytes, IO[bytes]], bool]:
    return lambda head, stream: {CONTENT, folder} <= _parts(head, stream)


def _open_document(media_type: str) -> Callable[[bytes, IO[bytes]], bool]:
    said = b"mimetype" + media_type.encode()  # the first part of such a ZIP, not packed
    return lambda head, _stream: head.startswith(b"PK\x03\x04") and head[30:].startswith(said)


def _parts(head: bytes, stream: IO[bytes]) -> set[str]:
    """What an office file without macros holds, with the folders on top; only the list of its parts is unpacked."""
    if not head.startswith(b"PK\x03\x04"):
        return set()
    stream.seek(0)
    if stream.read().count(b"PK\x01\x02") > MOST_PARTS:  # each is read when the archive is opened
        return set()
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            names = packed.namelist()
            with packed.open(CONTENT) as part:
                listed = part.read(LONGEST_PART).lower().replace(b"\0", b"")  # UTF-16 too
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, ValueError, OSError, NotImplementedError, EOFError):
        return set()
    if _MACROS.search(listed) or any(name.lower().endswith("vbaproject.bin") for name in names):
        return set()
    return {*names, *(name.split("/")[0] + "/" for name in names if "/" in name)}


def _is_text(head: bytes, stream: IO[bytes]) -> bool:
    """Letters without control characters, in UTF-8 or the Windows encoding; a page or a drawing is no text."""
    stream.seek(0)
    body = stream.read()
    if re.match(rb"\s*<(!doctype|html|svg|\?xml|script)", head.removeprefix(b"\xef\xbb\xbf"), re.IGNORECASE):
        return False
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", body) or body.startswith((b"\xff\xfe", b"\xfe\xff"))


KINDS = (
    FileKind("application/pdf", ("pdf",), lambda head, _stream: _PDF.match(head) is not None),
    FileKind(_OFFICE + "wordprocessingml.document", ("docx",), _office("word/")),
    FileKind(_OFFICE + "spreadsheetml.sheet", ("xlsx",), _office("xl/")),
    FileKind(_OFFICE + "presentationml.presentation", ("pptx",), _office("ppt/")),
    *(FileKind(_OPEN + kind, (ending,), _open_document(_OPEN + kind))
      for kind, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))),
    FileKind("image/jpeg", ("jpg", "jpeg"), _begins(b"\xff\xd8\xff")),
    FileKind("image/png", ("png",), _begins(b"\x89PNG\r\n\x1a\n")),
    FileKind("image/webp", ("webp",), lambda head, _stream: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    FileKind("image/heic", ("heic", "heif"), _begins(*(b"ftyp" + brand for brand in (
        b"heic", b"heix", b"mif1", b"msf1", b"hevc")), at=4)),
    FileKind("audio/mpeg", ("mp3",), _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    FileKind("text/plain", ("txt",), _is_text),
)
ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)
IN_WORDS = "PDF, документы (docx, xlsx, pptx, odt, ods, odp), рисунки (jpg, png, webp, heic), звук (mp3), текст (txt)"


def kind_of(name: str, stream: IO[bytes]) -> FileKind | None:
    """The kind that both the name and the bytes say; None when they don't, or it is not taken."""
    ending = ending_of(name)
    kind = next((kind for kind in KINDS if ending in kind.endings), None)
    if kind is None:
        return None
    stream.seek(0)
    return kind if kind.holds(stream.read(HEAD), stream) else None


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def clean_name(name: str) -> str:
    """The name to keep: without folders, unseen signs and what file systems forbid, not too long; its ending stays."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if unicodedata.category(sign) in _UNSEEN else sign for sign in last)
    stem, dot, ending = " ".join(re.sub(r'[<>:"|?*]', "_", seen).split()).rpartition(".")
    stem, ending = (stem, ending.lower()) if dot else (ending, "")
    stem = stem.strip(" .")[:LONGEST_NAME - len(ending) - 1].rstrip(" .") or "файл"
    cleaned = f"{stem}.{ending}" if ending else stem
    return f"_{cleaned}" if _RESERVED.match(cleaned) else cleaned
