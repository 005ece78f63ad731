"""Criteria of a work: points, their sum and percent, and the mark that the school's scale suggests. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ejd.refusal import Refused

MOST_CRITERIA, MOST_POINTS = 12, range(1, 101)
_LINE = re.compile(r"(.*?)[\s:–—-]+([0-9]{1,3})(?:\s*балл\w*)?\.?")


@dataclass(frozen=True, slots=True)
class Sum:
    """The points of one pupil: their sum, out of how many."""

    points: int
    most: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.points, self.most)


def sum_of(points: Mapping[int, int], most: Mapping[int, int]) -> Sum | None:
    """By criterion. None while not every criterion has its points: half a sum would suggest a wrong mark."""
    if not most or points.keys() != most.keys():
        return None
    return Sum(sum(points.values()), sum(most.values()))


def suggestion(total: Sum | None, scale: Mapping[str, int]) -> str | None:
    """The mark by the scale, in percent; the teacher decides."""
    if total is None:
        return None
    return next((mark for mark in "543" if total.share * 100 >= scale[mark]), "2")


def in_words(scored: Sequence[tuple[str, int, int]]) -> str:
    """Criteria with points and most: «7 из 10 (Ход решения 5 из 6, Ответ 2 из 4)»."""
    parts = ", ".join(f"{title} {points} из {most}" for title, points, most in scored)
    total = f"{sum(points for _, points, _ in scored)} из {sum(most for _, _, most in scored)}"
    return f"{total} ({parts})" if len(scored) > 1 else total


def read_criteria(text: str) -> list[tuple[str, int]]:
    """Criteria as they are written, one a line: «Ход решения – 4». Raises Refused."""
    found: list[tuple[str, int]] = []
    for line in filter(None, (" ".join(line.split()) for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        if not match or not match[1] or int(match[2]) not in MOST_POINTS:
            raise Refused(f"«{line[:60]}»: напишите критерий и сколько за него баллов, от 1 до 100, например: "
                          "Ход решения – 4", field="criteria")
        found.append((match[1][:200], int(match[2])))
    if len(found) > MOST_CRITERIA:
        raise Refused(f"Критериев не больше {MOST_CRITERIA}", field="criteria")
    return found
