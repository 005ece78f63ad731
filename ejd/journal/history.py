"""What happened in a cell, in words: every change of its marks and letters (R3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ejd import words
from ejd.journal.expecting import Presence
from ejd.journal.marking import MOVE_REASONS

MOVED_FROM = ("с другого урока", "от другого ученика", "с другой работы")


def entered(value: str, *, kind: str, retaken: str | None) -> str:
    """A new mark, or a re-take of what stood before (R11)."""
    if retaken is not None:
        return f"пересдача: {retaken} → {value}"
    return f"отметка {value} поставлена ({kind.lower()})"


def changed(what: str, before: str, after: str, *, value: str, reason: str, kinds: Mapping[str, str]) -> str:
    """One change of a mark as its history keeps it; `value` is what stands now, `kinds` names by code."""
    if what == "corrected":
        return f"исправлена: {before} → {after}"
    if what == "described":
        return f"отметка {value}, за что и вес: {_described(before, kinds)} → {_described(after, kinds)}"
    if what == "redated":
        return f"отметка {value}, день получения: {_day(before)} → {_day(after)}"
    if what == "moved":
        return f"отметка {value} перенесена сюда{_moved(before, after)}{_why(reason)}"
    return f"отметка {before} удалена"


def told_apart(said: str, after_closing: bool) -> str:
    """What was changed under a reopening says so (R8)."""
    return f"{said}, после закрытия" if after_closing else said


def letter(code: str | None, *, hidden: bool) -> str | None:
    """A letter as its reader may see it (R40)."""
    return Presence.EXCUSED.value if hidden and code == Presence.ILL else code


def presence(before: str | None, after: str | None) -> str:
    return f"посещаемость: {before or 'был'} → {after or 'был'}"


def _described(told: str, kinds: Mapping[str, str]) -> str:
    code, _, weight = told.rpartition(" ")
    return f"{kinds.get(code, code).lower()}, вес {weight}"


def _day(told: str) -> str:
    return words.day(date.fromisoformat(told))


def _moved(before: str, after: str) -> str:
    """From another lesson, pupil or work: the parts of its place that differ."""
    places = zip(MOVED_FROM, before.split("/"), after.split("/"), strict=False)
    parts = [name for name, one, other in places if one != other]
    return f" {parts[0]}" if parts else ""


def _why(reason: str) -> str:
    return f": {MOVE_REASONS[reason]}" if reason in MOVE_REASONS else ""
