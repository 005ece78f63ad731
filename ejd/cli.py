"""The command line: thin over services. Each command's text is in `--help`; bad input ends with one Russian line."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the program's commands to `flask --app app …`."""
