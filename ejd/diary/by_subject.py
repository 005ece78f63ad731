"""A pupil's marks by subject in a term: what each was given for, the average, what is expected (R4, R11, R14, R15).
Four statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, or_, select, union_all

from ejd.db import Session
from ejd.diary.queries import (
    Reading,
    expected,
    given_at,
    marks_given,
    owed_of,
    place_of,
    points_of,
    points_scored,
    works_open,
)
from ejd.diary.reach import FIRST, LAST, attended
from ejd.diary.week import Expected, Given, Owed
from ejd.journal.grading import FIGURES, WEIGHTED, average, counting
from ejd.journal.models import Mark
from ejd.names import fold
from ejd.roster.customs import scheme_on
from ejd.roster.models import Course, MarkingScheme, Subject
from ejd.schedule.models import Lesson
from ejd.school.calendar import Calendar, TermDates
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class OfSubject:
    """One subject's marks in order, each with the day of its lesson. `term` names the subject's own, when it is marked
    by other terms than the class (R15)."""

    subject: str
    term: str
    markless: bool
    marks: tuple[tuple[date, Given], ...]
    average: Fraction | None
    weighted: bool  # marks of different weight make it: a plain mean would be another
    expected: tuple[tuple[date, Expected], ...]


@dataclass(frozen=True, slots=True)
class TermMarks:
    """The marks of one term, and the terms begun so far to choose from."""

    class_name: str
    terms: tuple[TermDates, ...]
    term: TermDates | None
    subjects: tuple[OfSubject, ...]
    weighted: bool = False  # by the school's setting
    homework: bool = False  # is expected in some subject (R5)
    owed: tuple[Owed, ...] = ()  # of the whole year

    @property
    def markless(self) -> bool:
        """No subject of this class is marked (R14)."""
        return bool(self.subjects) and all(subject.markless for subject in self.subjects)


def _courses() -> Any:
    mine = attended()
    return (select(Subject.name, scheme_on(FIRST).label("scheme"), Course.homework_expected, Course.term_scheme)
            .join(Course, Course.subject_id == Subject.id).join(mine, mine.c.course_id == Course.id)
            .where(mine.c.from_on <= LAST, or_(mine.c.to_on.is_(None), mine.c.to_on >= FIRST),
                   or_(Course.retired_on.is_(None), Course.retired_on > FIRST)))


def _facts(*, points: bool) -> Any:
    """Marks of the term's lessons and open works of the year's, with subject and day of the lesson; with points where
    the school judges by criteria."""
    marks = (marks_given(Subject.name.label("subject"), Lesson.day.label("lesson_day"))
             .join(Lesson, Lesson.id == Mark.lesson_id).join(Course, Course.id == Lesson.course_id)
             .join(Subject, Subject.id == Course.subject_id).where(Lesson.day.between(FIRST, LAST)))
    scored = points_scored().join(Lesson, Lesson.id == Mark.lesson_id).where(Lesson.day.between(FIRST, LAST))
    return union_all(marks, works_open(), *([scored] if points else []))


_COURSES, _FACTS = _courses(), {points: _facts(points=points) for points in (False, True)}


def marks_of(session: Session, *, pupil_id: int, number: int | None, today: date, now: datetime,
             settings: Settings) -> TermMarks | None:
    """The marks of a term by its number (None: the one that a page opens with); None when there is no such term."""
    place = place_of(session, pupil_id=pupil_id, on=today)
    if place is None:
        return TermMarks("", (), None, ()) if number is None else None
    year = calendar_of(session, place.year_id)
    opens_with = year.of(grade=place.grade, scheme=place.term_scheme).term_to_show(today)
    terms = tuple(term for term in year.terms_by(place.term_scheme) if term.starts_on <= today or term is opens_with)
    term = opens_with if number is None else next((term for term in terms if term.number == number), None)
    if term is None:
        return TermMarks(place.name, terms, None, ()) if number is None else None
    span = {"pupil_id": pupil_id, "first": term.starts_on, "last": term.ends_on, "year": year.starts_on}
    courses = session.execute(_COURSES, span).all()
    own = _own_terms(year, courses, term, today)
    wide = {"first": min([term.starts_on, *(one.starts_on for one in own.values())]),
            "last": max([term.ends_on, *(one.ends_on for one in own.values())])}
    facts = session.execute(_FACTS[settings.value("works.criteria", on=None)], {**span, **wide}).all()
    how, retakes = (settings.value(key, on=min(today, term.ends_on)) for key in ("average", "retake"))
    reading = Reading.of(place, today=today, now=now, settings=settings, points=points_of(facts))
    subjects = _subjects(courses, facts, term, own, how, retakes, reading)
    return TermMarks(place.name, terms, term, subjects, how == WEIGHTED,
                     any(row.homework_expected for row in courses), owed_of(facts, today))


def marked_subjects(session: Session, *, pupil_id: int, first: date, last: date) -> dict[str, str | None]:
    """The subjects in which the pupil is marked in these days, each with the scheme of terms of its own, if it has
    one. One statement."""
    rows = session.execute(_COURSES, {"pupil_id": pupil_id, "first": first, "last": last})
    return {row.name: row.term_scheme for row in rows if row.scheme != MarkingScheme.MARKLESS.value}


def _own_terms(year: Calendar, courses: Iterable[Row[Any]], term: TermDates, today: date) -> dict[str, TermDates]:
    """The terms of subjects that are marked by others than the class: those that the shown one ends in, or runs in."""
    day = max(term.starts_on, min(term.ends_on, today))
    own = {row.name: next((one for one in year.terms_by(row.term_scheme) if one.holds(day)), term)
           for row in courses if row.term_scheme is not None}
    return {name: one for name, one in own.items() if one.scheme != term.scheme}


def _subjects(courses: Iterable[Row[Any]], facts: Iterable[Row[Any]], term: TermDates, own: Mapping[str, TermDates],
              how: str, retakes: str, reading: Reading) -> tuple[OfSubject, ...]:
    """Every subject of the term by name, with or without marks."""
    schemes = {row.name: row.scheme for row in courses}
    of_subject: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in facts:
        if row.what != "points" and own.get(row.subject, term).holds(row.lesson_day):
            of_subject[row.subject].append(row)
    return tuple(_subject(name, own.get(name), schemes.get(name, ""), of_subject[name], how, retakes,
                          reading)
                 for name in sorted(schemes.keys() | of_subject.keys(), key=fold))


def _subject(name: str, own: TermDates | None, scheme: str, facts: list[Row[Any]], how: str, retakes: str,
             reading: Reading) -> OfSubject:
    facts = sorted(facts, key=lambda row: (row.lesson_day, row.place))
    marks = [row for row in facts if row.what == "mark"]
    works = [row for row in facts if row.what == "work"]
    counted = counting(((row.place, row.value, row.weight, row.retakes_id) for row in marks), retakes)
    weights = {weight for value, weight in counted if value in FIGURES}
    return OfSubject(
        name, own.name if own else "", scheme == MarkingScheme.MARKLESS.value,
        tuple(zip((row.lesson_day for row in marks), given_at(marks, lambda row: row.lesson_day, reading),
                  strict=True)),
        average(counted, how), how == WEIGHTED and len(weights) > 1,
        tuple((row.lesson_day, expected(row, reading)) for row in works))
