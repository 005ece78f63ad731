"""A file as an answer, under a name that may be Russian."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(body: bytes, kind: str, name: str) -> Response:
    """The whole file, to be saved; browsers that know no Russian names call it by its ending alone."""
    plain = f"file.{name.rpartition('.')[2]}"
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, content_type=kind, headers={"Content-Disposition": named})
