"""A pupil's marks by subject in a term: what each was given for, the average, what is expected (R4, R11, R14, R15).
Four statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, or_, select, union_all

from ejd.db import Session
from ejd.diary.queries import FIRST, LAST, attended, expected, given, marks_given, place_of, works_open
from ejd.diary.week import Expected, Given
from ejd.journal.grading import average
from ejd.journal.models import Mark, Work
from ejd.roster.models import Course, MarkingScheme, Subject
from ejd.roster.names import fold
from ejd.schedule.models import Lesson
from ejd.school.calendar import TermDates
from ejd.school.queries import calendar_of
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class OfSubject:
    """One subject's marks in order, each with the day of its lesson."""

    subject: str
    markless: bool
    marks: tuple[tuple[date, Given], ...]
    average: Fraction | None
    expected: tuple[tuple[date, Expected], ...]


@dataclass(frozen=True, slots=True)
class TermMarks:
    """The marks of one term, and the terms begun so far to choose from."""

    class_name: str
    terms: tuple[TermDates, ...]
    term: TermDates | None
    subjects: tuple[OfSubject, ...]

    @property
    def markless(self) -> bool:
        """No subject of this class is marked (R14)."""
        return bool(self.subjects) and all(subject.markless for subject in self.subjects)


def _courses() -> Any:
    mine = attended()
    return (select(Subject.name, Course.scheme)
            .join(Course, Course.subject_id == Subject.id).join(mine, mine.c.course_id == Course.id)
            .where(mine.c.from_on <= LAST, or_(mine.c.to_on.is_(None), mine.c.to_on >= FIRST),
                   or_(Course.retired_on.is_(None), Course.retired_on > FIRST)))


def _facts() -> Any:
    """Marks and open works of the term's lessons, with subject and day of the lesson."""
    def of_term(facts: Any, lesson_id: Any) -> Any:
        return (facts.join(Lesson, Lesson.id == lesson_id).join(Course, Course.id == Lesson.course_id)
                .join(Subject, Subject.id == Course.subject_id).where(Lesson.day.between(FIRST, LAST)))

    columns = (Lesson.day.label("lesson_day"), Subject.name.label("subject"))
    return union_all(of_term(marks_given(*columns), Mark.lesson_id), of_term(works_open(*columns), Work.lesson_id))


_COURSES, _FACTS = _courses(), _facts()


def marks_of(session: Session, *, pupil_id: int, number: int | None, today: date,
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
    span = {"pupil_id": pupil_id, "first": term.starts_on, "last": term.ends_on}
    schemes = {row.name: row.scheme for row in session.execute(_COURSES, span)}
    facts: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_FACTS, span):
        facts[row.subject].append(row)
    how = settings.value("average", on=min(today, term.ends_on))
    return TermMarks(place.name, terms, term, tuple(
        _subject(name, schemes.get(name, ""), facts[name], how, today)
        for name in sorted(schemes.keys() | facts.keys(), key=fold)))


def _subject(name: str, scheme: str, facts: list[Row[Any]], how: str, today: date) -> OfSubject:
    facts = sorted(facts, key=lambda row: (row.lesson_day, row.place))
    marks = [row for row in facts if row.what == "mark"]
    markless = scheme == MarkingScheme.MARKLESS.value
    return OfSubject(
        name, markless, tuple((row.lesson_day, given(row, row.lesson_day)) for row in marks),
        average(((row.value, row.weight) for row in marks), how),
        () if markless else tuple((row.lesson_day, expected(row, today)) for row in facts if row.what == "work"))
