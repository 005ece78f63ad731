"""How files shorten subjects: «Физ-ра», «Англ. яз.», «ВиС». Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ejd import names

# What neither the beginnings of words nor their first letters tell.
_KNOWN: dict[str, tuple[str, ...]] = {
    "физ-ра": ("физическая культура",), "физра": ("физическая культура",), "физкультура": ("физическая культура",),
    "физо": ("физическая культура",), "изо": ("изобразительное искусство",),
    "рисование": ("изобразительное искусство",),
    "обж": ("обзр", "основы безопасности и защиты родины", "основы безопасности жизнедеятельности"),
    "обзр": ("обзр", "основы безопасности и защиты родины"),
    "общество": ("обществознание",), "общ-во": ("обществознание",), "общ-е": ("обществознание",),
    "инф-ка": ("информатика",), "мат-ка": ("математика",), "лит-ра": ("литература",), "физ-ка": ("физика",),
    "геогр-я": ("география",), "ист-я": ("история",), "технология": ("труд (технология)",),
    "труды": ("труд (технология)",), "тех-я": ("труд (технология)",), "окружайка": ("окружающий мир",),
    "вер. и стат.": ("вероятность и статистика",), "тв": ("вероятность и статистика",),
    "английский": ("иностранный язык (английский)", "английский язык"), "чтение": ("литературное чтение",),
    "инд. проект": ("индивидуальный проект",), "родной яз.": ("родной язык",),
}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def is_short(said: str) -> bool:
    """Whether the spelling is an abbreviation on its face, so that it may mean a subject of another name."""
    return "." in said or key(said) in _KNOWN


def key(said: str) -> str:
    """A spelling as it is compared and remembered."""
    return names.fold(re.sub(r"\.(?=\S)", ". ", said)).replace("( ", "(").strip()


def meant(said: str, subjects: Iterable[str]) -> list[str]:
    """The subjects among those offered that the spelling can mean: an equal one alone, else a known abbreviation's,
    else those whose words begin so or whose first letters it is."""
    offered = {key(subject): subject for subject in subjects}
    wanted = key(said)
    if wanted in offered:
        return [offered[wanted]]
    if known := [offered[full] for full in _KNOWN.get(wanted, _KNOWN.get(wanted.rstrip("."), ())) if full in offered]:
        return known[:1]
    return [subject for full, subject in offered.items() if _begins(wanted, full) or _first_letters(wanted, full)]


def _begins(said: str, full: str) -> bool:
    """Each word said begins another word of the full name: «англ. яз.», «труд», «лит. чтение»."""
    left = _WORD.findall(full)
    for word in _WORD.findall(said):
        match = next((one for one in left if one.startswith(word)), None)
        if match is None:
            return False
        left.remove(match)
    return bool(_WORD.search(said))


def _first_letters(said: str, full: str) -> bool:
    """«вис» for «вероятность и статистика»."""
    return len(said) > 1 and said.replace(".", "").replace(" ", "") == "".join(w[0] for w in _WORD.findall(full))
