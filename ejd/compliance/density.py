"""Journals in which marks are sparser than R13 asks, over a span and filter (R60)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, func, literal, select, union_all

from ejd.compliance import scope as scopes
from ejd.compliance.journals import Journal
from ejd.compliance.metrics import Meaning
from ejd.compliance.scope import MOST_KEPT, Scope
from ejd.db import Session
from ejd.journal.grading import is_sparse, least_marks
from ejd.journal.models import DailySum
from ejd.roster.customs import scheme_on
from ejd.roster.models import Course, MarkingScheme
from ejd.school.models import SchoolYear, TermScheme
from ejd.school.settings import Settings

Density = Sequence[Sequence[int]]  # the setting: weekly half-hours, fewest marks of a quarter
WEEKS_OF_QUARTER = Fraction(34, 4)  # a school year has 34 weeks of lessons


class DensityFigure(StrEnum):
    """The value is the address of the list."""

    SPARSE = "journals-sparse"


MEANINGS = {DensityFigure.SPARSE: Meaning(
    "Журналов, где отметок меньше нормы", "Журналы, где отметок меньше нормы",
    "Журналы с пятибалльной шкалой, где в среднем на ученика отметок меньше, чем просит школа: норма четверти по часам "
    "в неделю (настройка «Накопляемость отметок»), взятая на уроки, которые состоялись в эти дни; в четверти 8,5 "
    "учебной недели.")}


@dataclass(frozen=True, slots=True)
class Norms:
    """Marks of the span by journal, and the weekly half-hours of the journals that R13 speaks of."""

    marks: Mapping[int, int]
    half_hours: Mapping[int, int]

    def least(self, course_id: int, lessons: int, density: Density) -> int:
        """Fewest marks of a pupil for so many lessons held; none where R13 is silent."""
        return least_of(self.half_hours.get(course_id, 0), lessons, density)


def least_of(half_hours: int, lessons: int, density: Density) -> int:
    """R13's fewest marks of a quarter, for the part of its lessons that was held; a half-year has twice as many of
    both. A part of a mark is not asked for."""
    of_quarter = Fraction(half_hours, 2) * WEEKS_OF_QUARTER
    return least_marks(half_hours, TermScheme.QUARTERS, density, Fraction(lessons) / of_quarter) if half_hours else 0


def norms_of(session: Session, *, scope: Scope, day: date) -> Norms:
    """One statement."""
    rows = session.execute(_norms(scope, day)).all()
    return Norms(*({row.course_id: int(row.amount) for row in rows if row.kind == kind} for kind in ("marks", "hours")))


@lru_cache(maxsize=MOST_KEPT)
def _norms(scope: Scope, day: date) -> CompoundSelect[Any]:
    years = select(SchoolYear.id).where(SchoolYear.starts_on <= scope.last, SchoolYear.ends_on >= scope.first)
    return union_all(
        select(literal("marks").label("kind"), DailySum.course_id.label("course_id"),
               func.sum(DailySum.marks).label("amount"))
        .where(scopes.of_sums(scope), DailySum.course_id.in_(select(Course.id).where(Course.year_id.in_(years))))
        .group_by(DailySum.course_id),
        select(literal("hours"), Course.id, Course.half_hours)
        .where(Course.year_id.in_(years), scheme_on(literal(day)) == MarkingScheme.FIVE_POINT.value))


def sparse_in(session: Session, *, scope: Scope, held: Mapping[int, int], journals: Mapping[int, Journal],
              settings: Settings, day: date) -> int | None:
    """How many journals are below R13; a kind of work has no norm. One statement."""
    if scope.kind_id is not None:
        return None
    norms = norms_of(session, scope=scope, day=day)
    return len(sparse_of(norms, held, journals, settings.value("density", on=day)))


def sparse_of(norms: Norms, held: Mapping[int, int], journals: Mapping[int, Journal], density: Density) -> set[int]:
    """The journals below R13, of lessons `held` by journal. Many journals have as many hours and lessons as others."""
    least = cache(lambda half_hours, lessons: least_of(half_hours, lessons, density))
    return {course_id for course_id, lessons in held.items() if is_sparse(
        norms.marks.get(course_id, 0),
        least(norms.half_hours.get(course_id, 0), lessons) * len(journals[course_id].pupils[0]))}
