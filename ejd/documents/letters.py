"""Letters and forms that a school may word: HTML templates of `templates/letters/` made into PDF by xhtml2pdf.

A letter reads the fonts beside this module and nothing else, neither from the disk nor from the network. Whatever the
maker of the PDF warns of is an error: a letter with black squares for words is worse than none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ejd import words
from ejd.documents.fonts import FOLDER

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"


class NoLetter(RuntimeError):
    """The template asks for something that a letter may not have, or that can't be drawn."""


def render_letter(template: str, values: Mapping[str, Any]) -> bytes:
    """The letter `templates/letters/{template}.html` with these values as PDF. Raises NoLetter."""
    from xhtml2pdf import pisa  # half a second, so only when a letter is asked for
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    html = _letters().get_template(f"{template}.html").render(values)
    body = BytesIO()
    with _warnings_heard() as heard:
        done = pisa.CreatePDF(html, dest=body, encoding="utf-8", resource_policy=ResourceAccessPolicy.server(
            FOLDER, allow_remote=False))
    if done.err or done.warn or heard:
        raise NoLetter("; ".join(heard) or f"{template}: {done.err} errors, {done.warn} warnings")
    return body.getvalue()


@cache
def _letters() -> Environment:
    """Every value is escaped, and one that is missing is an error."""
    letters = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                          trim_blocks=True, lstrip_blocks=True)
    letters.globals |= {"fonts": FOLDER.as_uri(), "blank": "_" * 30}  # to be filled in by hand
    letters.filters |= {"long_date": words.long_date, "day_year": words.day_year, "counted": words.counted}
    return letters


@contextmanager
def _warnings_heard() -> Iterator[list[str]]:
    """What xhtml2pdf and ReportLab warn of in this thread."""
    heard: list[str] = []
    here = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == here:
                heard.append(record.getMessage())

    ear, makers = Ear(logging.WARNING), [logging.getLogger(name) for name in ("xhtml2pdf", "reportlab")]
    for maker in makers:
        maker.addHandler(ear)
    try:
        yield heard
    finally:
        for maker in makers:
            maker.removeHandler(ear)
