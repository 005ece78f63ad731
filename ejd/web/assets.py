"""Static files by content hash: read once at start, compressed once, cached by browsers for ever.

A file is served at /static/<hash of the whole tree>/<name>, so a change of any file changes every address,
also of files that style sheets name relatively.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from ejd.config import ROOT

STATIC = ROOT / "static"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    zipped: bytes | None
    content_type: str


def read_assets(folder: Path) -> tuple[str, dict[str, Asset]]:
    """The tree's digest (10 hex digits) and its files by name relative to `folder`."""
    digest, assets = hashlib.sha256(), {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, body = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(name.encode() + b"\0" + body)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind in {"image/svg+xml", "application/javascript"}:
            kind += "; charset=utf-8"
            zipped = gzip.compress(body, 9, mtime=0)
            assets[name] = Asset(body, zipped if len(zipped) < len(body) else None, kind)
        else:
            assets[name] = Asset(body, None, kind)
    return digest.hexdigest()[:10], assets


def register(app: Flask) -> None:
    version, assets = read_assets(STATIC)

    @app.get("/static/<version>/<path:name>", endpoint="asset")
    def asset(version: str, name: str) -> Response:
        found = assets.get(name) or abort(404)
        zipped = found.zipped if "gzip" in request.headers.get("Accept-Encoding", "") else None
        response = Response(zipped or found.body, content_type=found.content_type)
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = FOR_EVER
        response.headers["Vary"] = "Accept-Encoding"
        return response

    @app.template_global()
    def static_url(name: str) -> str:
        if name not in assets:
            raise LookupError(f"no static file {name}")
        return f"/static/{version}/{name}"
