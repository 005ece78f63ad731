"""What a new class or journal is prefilled with, by law and custom; every value can be changed by hand. Pure."""

from __future__ import annotations

from ejd.names import fold

FIRST_WITH_HALF_YEARS = 10  # R15
ETHICS = ("оркс", "основы религиозных культур")
ACTIVITIES = ("внеурочн", "разговоры о важном", "россия", "классный час")


def usual_term_scheme(grade: int) -> str:
    """Quarters for classes 1–9, half-years for 10–11 (R15)."""
    return "half_years" if grade >= FIRST_WITH_HALF_YEARS else "quarters"


def usual_marking_scheme(grade: int, subject: str) -> str:
    """No marks in class 1 and in ОРКСЭ (R14)."""
    return "markless" if grade == 1 or fold(subject).startswith(ETHICS) else "five_point"


def expects_homework(grade: int, subject: str) -> bool:
    """None is set in class 1, nor in activity journals (R5)."""
    return grade > 1 and not fold(subject).startswith(ACTIVITIES)
