"""What results («итоговые отметки») are offered, allowed and flagged: of a term, the year, the exam, the final ones
(R10–R15), and until which day they are set (R1's own deadline). Pure; exact fractions, nothing is rounded early.

A result is 5 4 3 2 (1), зач, незач, осв or н/а. The program offers, the teacher decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

from ejd.journal import grading
from ejd.words import counted

PASSED, FAILED, EXEMPT, NOT_CERTIFIED = "зач", "незач", "осв", "н/а"
FIVE_POINT, PASS_FAIL, MARKLESS = "five_point", "pass_fail", "markless"  # R14, as courses keep it
WITH_FINALS = (9, 11)
FINAL_YEARS = (10, 11)  # whose half-year and year marks make the final one of class 11


@dataclass(frozen=True, slots=True)
class Rules:
    """The school's settings as they bear on results."""

    thresholds: Mapping[str, int] = field(default_factory=lambda: {"5": 450, "4": 350, "3": 250})
    ones: bool = False
    year: str = "half_up"  # or by the thresholds
    final_9: str = "year_exam"  # or the year's mark
    final_11: str = "half_years"  # or the year's mark
    few: int = 3  # н/а needs fewer marks than this …
    missed: Fraction = Fraction(2, 3)  # … and so much of the lessons held missed (R13)


def half_up(mean: Fraction | None) -> str | None:
    """The nearest mark, a half goes up: 4,5 is 5 (R12)."""
    return None if mean is None else str(floor(mean + Fraction(1, 2)))


def offer_term(mean: Fraction | None, scheme: str, rules: Rules, *, passed: int = 0, failed: int = 0) -> str | None:
    """A term mark by the thresholds (R12); зач where it is зачёт and more of them stand than незач; without marks
    nothing (R14)."""
    if scheme == FIVE_POINT:
        return grading.suggestion(mean, rules.thresholds)
    return PASSED if scheme == PASS_FAIL and passed > failed else None


def mean_of(values: Iterable[str | None]) -> Fraction | None:
    """The plain mean of those results that are figures."""
    return grading.average(((value, 1) for value in values if value), grading.ARITHMETIC)


def offer_year(terms: Sequence[str | None], rules: Rules) -> str | None:
    """The year's mark from the term marks in their order (R12). Nothing while the last term is not set, and with н/а
    in a term; who came late has fewer terms."""
    if not terms or terms[-1] is None or NOT_CERTIFIED in terms:
        return None
    given = [value for value in terms if value not in (None, EXEMPT)]
    if given and all(value == PASSED for value in given):
        return PASSED
    mean = mean_of(given)
    return half_up(mean) if rules.year == "half_up" else grading.suggestion(mean, rules.thresholds)


def offer_final_9(years: Sequence[tuple[str | None, int]], exam: tuple[str | None, int], rules: Rules) -> str | None:
    """Class 9: the mean of the year's mark and the exam's, half up (R12); without an exam the year's alone.

    `years` has one mark with its weight; for a combined final, as of mathematics, one for each of its subjects.
    """
    marks = [*years]
    if rules.final_9 == "year_exam" and exam[0] is not None:
        marks.append(exam)
    if not years or any(value not in grading.FIGURES for value, _ in marks):
        return None
    return half_up(grading.average((value or "", weight) for value, weight in marks))


def offer_final_11(history: Sequence[tuple[str | None, int]], years: Sequence[tuple[str | None, int]],
                   rules: Rules) -> str | None:
    """Class 11: the mean of the half-year and year marks of classes 10 and 11, half up (R12), each with the weight of
    its subject. `years` are the year's marks of class 11: nothing is offered before they stand."""
    marks = history if rules.final_11 == "half_years" else years
    if not years or any(value not in grading.FIGURES for value, _ in years):
        return None
    if any(value in (NOT_CERTIFIED, FAILED) for value, _ in marks):
        return None
    return half_up(grading.average((value or "", weight) for value, weight in marks))


def values_of(scheme: str, rules: Rules) -> tuple[str, ...]:
    """The results that may be set (R10, R14)."""
    if scheme == MARKLESS:
        return ()
    figures = ("5", "4", "3", "2", "1") if rules.ones else ("5", "4", "3", "2")
    return (*(figures if scheme == FIVE_POINT else (PASSED, FAILED)), NOT_CERTIFIED, EXEMPT)


SPELLED = {"на": NOT_CERTIFIED, "н\\а": NOT_CERTIFIED, "н.а": NOT_CERTIFIED, "н а": NOT_CERTIFIED, "зачет": PASSED,
           "зачёт": PASSED, "незачет": FAILED, "незачёт": FAILED, "н/з": FAILED}


def read_value(typed: str) -> str:
    """What was typed, as results are written: «Н\\А», «на» and «н.а.» are н/а."""
    value = " ".join(typed.split()).casefold().rstrip(".")
    return SPELLED.get(value, value)


def spellings_of(allowed: Collection[str]) -> list[str]:
    """All that may be typed for the results allowed, for the keys to refuse at once what cannot become one."""
    return [*allowed, *(typed for typed, value in SPELLED.items() if value in allowed)]


def refusal_of_value(value: str, scheme: str, rules: Rules) -> str | None:
    """Why the value cannot be a result of this subject, or None."""
    allowed = values_of(scheme, rules)
    if value in allowed:
        return None
    if not allowed:
        return "По этому предмету отметок не ставят"
    shown = value if len(value) <= 12 else value[:12] + "…"
    return f"«{shown}» не подходит: здесь ставят {', '.join(allowed)}"


def may_be_not_certified(*, marks: int, held: int, missed: int, rules: Rules) -> bool:
    """Whether н/а needs nobody's word (R13): too few marks, and nearly all lessons held were missed."""
    return marks < rules.few and held > 0 and Fraction(missed, held) >= rules.missed


def refusal_of_not_certified(*, marks: int, held: int, missed: int, rules: Rules) -> str | None:
    """Why the teacher may not set н/а (R13), or None."""
    if may_be_not_certified(marks=marks, held=held, missed=missed, rules=rules):
        return None
    return (f"н/а ставят, когда отметок меньше {rules.few} и пропущено не меньше {rules.missed.numerator}/"
            f"{rules.missed.denominator} уроков. Здесь {counted(marks, 'отметка', 'отметки', 'отметок')}, "
            f"пропущено {missed} из {held}. Иначе н/а ставит завуч или директор, с причиной")


def is_different(value: str | None, suggested: str | None) -> bool:
    """Whether the deputy is shown that the teacher decided otherwise (R12)."""
    return None not in (value, suggested) and value != suggested and value not in (EXEMPT, NOT_CERTIFIED)


def warnings_of(*, marks: int, least: int, held: int, missed: int, rules: Rules) -> list[str]:
    """What the teacher should know before setting a term mark, in words (R13)."""
    told = []
    if may_be_not_certified(marks=marks, held=held, missed=missed, rules=rules):
        told.append(f"пропущено {missed} из {counted(held, 'урока', 'уроков', 'уроков')}: можно н/а")
    elif grading.is_sparse(marks, least):
        told.append(f"мало отметок: нужно не меньше {least}")
    return told


def due_day(school_days: Sequence[date], before: int) -> date | None:
    """The last day on which a result of the term is on time: so many school days before its last one (R1)."""
    if not school_days:
        return None
    return school_days[max(len(school_days) - 1 - before, 0)]
