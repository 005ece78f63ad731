"""How journals are marked: what a new class or journal is prefilled with by law and custom, and which terms (R15) and
which scheme (R14) hold for a journal, as SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from ejd.names import fold
from ejd.roster.models import Course, SchemeOfTerm, SchoolClass
from ejd.school.models import Term, TermScheme

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


def terms_scheme() -> Any:
    """Which terms a journal has (R15): its own, else its class's, else quarters. `SchoolClass` is joined outside."""
    return func.coalesce(Course.term_scheme, SchoolClass.term_scheme, TermScheme.QUARTERS.value)


def scheme_on(day: Any) -> Any:
    """How the journal is marked on a day: the scheme of that term, else the usual one (R14). A scalar; `Course` stands
    outside."""
    its_class = aliased(SchoolClass)
    own = (select(SchemeOfTerm.scheme).join(Term, Term.id == SchemeOfTerm.term_id)
           .outerjoin(its_class, its_class.id == Course.class_id)
           .where(SchemeOfTerm.course_id == Course.id, Term.starts_on <= day, Term.ends_on >= day,
                  Term.scheme == func.coalesce(Course.term_scheme, its_class.term_scheme, TermScheme.QUARTERS.value)))
    return func.coalesce(own.correlate_except(SchemeOfTerm, Term, its_class).limit(1).scalar_subquery(), Course.scheme)
