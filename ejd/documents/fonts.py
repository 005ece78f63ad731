"""PT Sans, shipped beside this file with its licence and embedded into every paper: nothing depends on what the
machine has installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).resolve().parent / "fonts"
REGULAR, BOLD = "PTSans", "PTSans-Bold"
FILES = {REGULAR: FOLDER / "PTSans-Regular.ttf", BOLD: FOLDER / "PTSans-Bold.ttf"}


@cache
def register() -> None:
    """Make the fonts known to ReportLab, once a process. Pages are written as they are: by default it turns them into
    printable letters, in Python, which takes as long as drawing them and makes every paper larger."""
    rl_config.useA85 = 0
    for name, path in FILES.items():
        pdfmetrics.registerFont(TTFont(name, path))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


@cache
def _known_to_letters() -> frozenset[int]:
    return frozenset(TTFont("letters", FOLDER / "PTSerif-Regular.ttf").face.charToGlyph)


def unprintable(text: str) -> str:
    """The first sign of the text that letters have no glyph for; empty when there is none."""
    return next((sign for sign in text if not sign.isspace() and ord(sign) not in _known_to_letters()), "")
