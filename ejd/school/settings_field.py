"""A setting as a field of a form. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Form = Mapping[str, str]
Kinds = Sequence[tuple[str, str]]  # code and name of the kinds of work that have a school's own limit
Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `options` make it a choice, fields of one `group` stand together under its words."""

    name: str
    title: str
    value: str = ""
    type: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    group: str = ""
