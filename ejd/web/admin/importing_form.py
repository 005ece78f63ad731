"""What the pages of loading send: files, what a sheet is, and answers. Whatever else comes is no answer."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from ejd.importing.planning import Correction
from ejd.importing.preview import Decisions
from ejd.importing.reading import MOST_BYTES, Upload
from ejd.importing.recognising import Kind, Meaning
from ejd.web.given import day_in, number_in

ANSWER, COLUMN = "answer-", "column-"


def files_given() -> list[Upload]:
    """The files sent; of one that is too long only enough to say so."""
    return [Upload(file.filename or "", file.read(MOST_BYTES + 1)) for file in request.files.getlist("files")
            if file.filename]


def correction_given() -> tuple[int, Correction | None]:
    """The sheet's number and what it is."""
    sheet, kind = number_in(request.form, "sheet"), request.form.get("kind", "")
    if sheet is None or kind not in list(Kind):
        return 0, None
    columns = {int(name.removeprefix(COLUMN)): Meaning(value) for name, value in request.form.items()
               if name.removeprefix(COLUMN).isdecimal() and name.startswith(COLUMN) and len(name) < 12
               and value in list(Meaning)}
    return sheet, Correction(Kind(kind), columns)


def decisions_given() -> Decisions:
    """The answers by question, what is ticked, and the day."""
    return Decisions(
        answers={name.removeprefix(ANSWER): value for name, value in request.form.items() if name.startswith(ANSWER)},
        accepted=frozenset(request.form.getlist("accepted")), left=frozenset(request.form.getlist("left")),
        since=day_in(request.form, "since"))


def since_error(form: Mapping[str, str]) -> str | None:
    """A day that was typed but is none."""
    return "Дата записывается как 01.09.2026" if form.get("since", "").strip() and not day_in(form, "since") else None
