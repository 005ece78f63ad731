"""Addresses in what a person typed become links; all else is text, whatever signs it holds."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"https?://[^\s<>\"'«»“”„]+", re.IGNORECASE)
_LINK = Markup('<a class="url" href="{0}" rel="noopener noreferrer nofollow">{0}</a>')
_CLOSING = {")": "(", "]": "["}


def linked(text: str) -> Markup:
    """The text with its http and https addresses as links; the full stop behind one is not its part."""
    if "://" not in text:  # nearly all of them
        return escape(text)
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        address = _trimmed(found[0])
        parts += [escape(text[end:found.start()]), _LINK.format(address)]
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence that it stands in; a bracket stays when it was opened inside."""
    while address:
        last = address[-1]
        if last in ".,;:!?…" or (last in _CLOSING and address.count(last) > address.count(_CLOSING[last])):
            address = address[:-1]
        else:
            break
    return address
